"""Committees, people and resolutions in the admin: what a coordinator does there, and what she cannot."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from committees.bodies import admin as bodies_admin
from committees.bodies.enums import Role, Side
from committees.bodies.models import Committee, GrantEvent, Resolution, Rules, Seat
from committees.people import roles
from committees.people.models import Person
from planning.approvals import workflow
from tests.factories import (
    CommitteeFactory,
    OrganisationFactory,
    PersonFactory,
    ResolutionFactory,
    RulesFactory,
    SeatFactory,
    plan_ready_for_approval,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    roles.sync()
    person = PersonFactory(coordinator=True, last_name="Koordinátorka")
    person.groups.add(roles.coordinators())
    client.force_login(person)
    return person


def page(client, name, *args, **query):
    response = client.get(reverse(f"admin:{name}", args=args), query)
    assert response.status_code == 200
    return response


def listed(response):
    return list(response.context["cl"].result_list)


# --- People -----------------------------------------------------------------------------------------------------------


def person_fields(**changes):
    return {
        "title_before": "", "first_name": "Jana", "last_name": "Malá", "title_after": "", "phone": "",
        "email": "", "is_active": "on", "seats-TOTAL_FORMS": "0", "seats-INITIAL_FORMS": "0",
    } | changes  # fmt: skip


def test_person_is_added_without_email_and_password(client, coordinator):
    response = client.post(reverse("admin:people_person_add"), person_fields())

    assert response.status_code == 302
    person = Person.objects.get(last_name="Malá")
    assert person.email is None
    assert not person.has_usable_password()


def test_two_people_without_email_can_be_added(client, coordinator):
    for _turn in range(2):
        client.post(reverse("admin:people_person_add"), person_fields())

    assert Person.objects.filter(last_name="Malá", email=None).count() == 2


def test_taken_email_is_refused_at_the_field(client, coordinator):
    PersonFactory(email="jana@example.cz")

    response = client.post(
        reverse("admin:people_person_add"), person_fields(email="JANA@example.cz")
    )

    assert list(response.context["adminform"].form.errors) == ["email"]
    assert not Person.objects.filter(last_name="Malá").exists()


def test_coordinator_neither_sees_nor_sets_rights(client, coordinator):
    person = PersonFactory()
    change = reverse("admin:people_person_change", args=[person.pk])
    assert "is_superuser" not in client.get(change).content.decode()

    client.post(
        change,
        person_fields(
            is_staff="on", is_superuser="on", groups=[str(Group.objects.get().pk)], last_name="Jiná"
        ),
    )

    person.refresh_from_db()
    assert person.last_name == "Jiná"
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)


def test_superuser_sets_rights(client):
    client.force_login(PersonFactory(superuser=True))
    roles.sync()
    person = PersonFactory()
    group = roles.coordinators()

    client.post(
        reverse("admin:people_person_change", args=[person.pk]),
        person_fields(is_staff="on", groups=[str(group.pk)]),
    )

    person.refresh_from_db()
    assert person.is_staff
    assert list(person.groups.all()) == [group]


def test_coordinator_does_not_take_over_the_administrator(client, coordinator):
    administrator = PersonFactory(superuser=True, email="spravce@example.cz")
    change = reverse("admin:people_person_change", args=[administrator.pk])

    response = client.post(change, person_fields(email="podvrh@example.cz"))

    assert response.status_code == 403
    delete = reverse("admin:people_person_delete", args=[administrator.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    administrator.refresh_from_db()
    assert administrator.email == "spravce@example.cz"


def test_people_are_found_without_accents_and_shown_with_their_seats(client, coordinator):
    found = PersonFactory(first_name="Jiří", last_name="Čermák")
    seat = SeatFactory(person=found)
    SeatFactory(person=found, ended=True, committee=CommitteeFactory(name="Bývalá komise"))
    PersonFactory(last_name="Novák")

    response = page(client, "people_person_changelist", q="jiri cermak")

    assert listed(response) == [found]
    assert seat.committee.name in response.content.decode()
    assert "Bývalá komise" not in response.content.decode()


def test_autocomplete_of_people_goes_without_accents(client, coordinator):
    found = PersonFactory(first_name="Jiří", last_name="Čermák")
    PersonFactory(last_name="Novák")

    response = client.get(
        reverse("admin:autocomplete"),
        {"term": "cermak", "app_label": "bodies", "model_name": "seat", "field_name": "person"},
    )

    assert [result["id"] for result in response.json()["results"]] == [str(found.pk)]


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_people_has_a_constant_number_of_queries(
    client, coordinator, count, django_assert_max_num_queries
):
    for _number in range(count):
        SeatFactory.create_batch(count, person=PersonFactory())

    with django_assert_max_num_queries(12):
        page(client, "people_person_changelist")


# --- Committees, rules and seats --------------------------------------------------------------------------------------


def no_inlines(*prefixes):
    return {
        f"{prefix}-{name}": "0"
        for prefix in (*prefixes, "rules", "seats", "seats-2")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }


def committee_fields(committee=None, **changes):
    fields = {
        "name": "Komise nová", "short_name": "", "kind": "komise_rady", "parent": "", "purpose": "",
        "municipality": "", "planning_group": "", "established_on": "", "dissolved_on": "",
        "is_public": "on", "position": "0", "slug": "",
        "numbering": "{jednani}/{rok}/{poradi}", "numbering_per_rollam": "PR {poradi}/{rok}",
    }  # fmt: skip
    if committee:
        fields |= {"name": committee.name, "slug": committee.slug}
    return fields | no_inlines() | changes


def rules_row(number, rules=None, **changes):
    fields = {
        "valid_from": "2020-01-01", "notice_days": "7", "minutes_days": "10",
        "min_meetings_per_year": "0", "quorum": "majority", "majority": "of_all",
        "per_rollam_days": "7", "per_rollam_silence": "not_voted", "document_version": "",
    } | changes  # fmt: skip
    if rules:
        fields |= {"id": rules.pk, "committee": rules.committee_id}
    return {f"rules-{number}-{name}": value for name, value in fields.items()}


def seat_row(number, person, **changes):
    fields = {
        "person": person.pk, "role": "member", "side": "zadavatel", "organisation": "",
        "function": "", "valid_from": "2020-01-01", "valid_to": "", "name_consent_on": "",
        "name_consent_text": "",
    } | changes  # fmt: skip
    return {f"seats-2-{number}-{name}": value for name, value in fields.items()}


def test_committee_is_founded_with_rules_and_seats_at_once(client, coordinator):
    one, two = PersonFactory.create_batch(2)

    response = client.post(
        reverse("admin:bodies_committee_add"),
        committee_fields(**{"rules-TOTAL_FORMS": "1", "seats-2-TOTAL_FORMS": "2"})
        | rules_row(0, quorum="half")
        | seat_row(0, one, role="chair")
        | seat_row(1, two, side="uzivatel", name_consent_on="2020-02-01", name_consent_text="Ano."),
    )

    assert response.status_code == 302, response.context["errors"]
    committee = Committee.objects.get()
    assert committee.slug == "komise-nova"
    assert committee.rules.get().quorum == "half"
    seats = committee.seats.order_by("pk")
    assert [(seat.person, seat.role, seat.side) for seat in seats] == [
        (one, Role.CHAIR, Side.COMMISSIONER),
        (two, Role.MEMBER, Side.USER),
    ]
    assert seats[1].name_is_public


def test_seating_somebody_twice_is_refused_at_the_person(client, coordinator):
    committee = RulesFactory().committee
    person = PersonFactory()
    held = SeatFactory(committee=committee)
    change = reverse("admin:bodies_committee_change", args=[committee.pk])

    together = client.post(
        change,
        committee_fields(committee, **{"seats-2-TOTAL_FORMS": "2"})
        | seat_row(0, person)
        | seat_row(1, person, valid_from="2021-01-01"),
    )
    beside = client.post(
        change,
        committee_fields(committee, **{"seats-2-TOTAL_FORMS": "1"}) | seat_row(0, held.person),
    )

    for response in (together, beside):
        assert response.status_code == 200
        formset = response.context["inline_admin_formsets"][2].formset
        assert [list(form.errors) for form in formset.forms][-1] == ["person"]
    assert list(Seat.objects.all()) == [held]


def test_new_seat_may_follow_an_ended_one(client, coordinator):
    ended = SeatFactory(ended=True)

    client.post(
        reverse("admin:bodies_committee_change", args=[ended.committee.pk]),
        committee_fields(ended.committee, **{"seats-2-TOTAL_FORMS": "1"})
        | seat_row(0, ended.person, valid_from="2021-01-01"),
    )

    assert Seat.objects.filter(person=ended.person).count() == 2


def test_used_rules_stay_and_new_ones_are_added(client, coordinator):
    rules = RulesFactory(majority="of_all", committee=CommitteeFactory(kind="ridici_skupina"))
    ResolutionFactory(committee=rules.committee, rules=rules)
    change = reverse("admin:bodies_committee_change", args=[rules.committee.pk])
    forms = {"kind": "ridici_skupina", "rules-TOTAL_FORMS": "2", "rules-INITIAL_FORMS": "1"}
    kept = {"rules-0-per_rollam_allowed": "on"}

    changed = client.post(
        change,
        committee_fields(rules.committee, **forms)
        | rules_row(0, rules, majority="of_present")
        | rules_row(1, valid_from="2021-01-01", majority="of_present"),
    )
    assert changed.status_code == 200
    deleted = client.post(
        change,
        committee_fields(rules.committee, **forms)
        | rules_row(0, rules)
        | kept
        | {"rules-0-DELETE": "on"}
        | rules_row(1, valid_from="2021-01-01"),
    )
    assert deleted.status_code == 200
    rules.refresh_from_db()
    assert rules.majority == "of_all"
    assert Rules.objects.count() == 1

    added = client.post(
        change,
        committee_fields(rules.committee, **forms)
        | rules_row(0, rules)
        | kept
        | rules_row(1, valid_from="2021-01-01", majority="of_present"),
    )
    assert added.status_code == 302
    assert Rules.objects.count() == 2


def test_statutory_body_cannot_choose_an_easier_majority(client, coordinator):
    committee = CommitteeFactory(kind="komise_rady")

    response = client.post(
        reverse("admin:bodies_committee_change", args=[committee.pk]),
        committee_fields(committee, **{"rules-TOTAL_FORMS": "1"})
        | rules_row(0, majority="of_present"),
    )

    formset = response.context["inline_admin_formsets"][0].formset
    assert list(formset.forms[0].errors) == ["majority"]
    assert not Rules.objects.exists()


def test_roster_as_of_any_day(client, coordinator):
    former = SeatFactory(ended=True)
    present = SeatFactory(committee=former.committee, valid_from=datetime.date(2021, 1, 1))
    elsewhere = SeatFactory()
    of_committee = {"committee__id__exact": former.committee.pk}

    def roster(**query):
        return set(listed(page(client, "bodies_seat_changelist", **query)))

    assert roster() == {former, present, elsewhere}
    assert roster(k="2020-06-30", **of_committee) == {former}
    assert roster(k="2021-01-01", **of_committee) == {present}
    assert roster(k=timezone.localdate().isoformat()) == {present, elsewhere}
    assert roster(k="nesmysl") == {former, present, elsewhere}
    form = page(client, "bodies_seat_changelist", k="2020-06-30", **of_committee).content.decode()
    assert 'name="committee__id__exact"' in form


def test_coordinator_sees_the_hidden_name(client, coordinator):
    seat = SeatFactory(side=Side.USER, person=PersonFactory(last_name="Kanárek"))

    for name, args in [
        ("bodies_seat_changelist", []),
        ("bodies_seat_change", [seat.pk]),
        ("bodies_committee_change", [seat.committee.pk]),
        ("people_person_changelist", []),
    ]:
        assert "Kanárek" in page(client, name, *args).content.decode()


@pytest.mark.parametrize(
    ("name", "asked"),
    [("committee", "REZIM zvlast"), ("seat", "capkova"), ("resolution", "prijima radu")],
)
def test_search_minds_no_accents(client, coordinator, name, asked):
    committee = RulesFactory(committee=CommitteeFactory(name="Zvláštní režim")).committee
    seat = SeatFactory(committee=committee, person=PersonFactory(last_name="Čapková"))
    resolution = ResolutionFactory(committee=committee, text="Komise přijímá radu.")
    ResolutionFactory(committee=SeatFactory().committee)

    response = page(client, f"bodies_{name}_changelist", q=asked)

    assert listed(response) == [
        {"committee": committee, "seat": seat, "resolution": resolution}[name]
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_have_a_constant_number_of_queries(
    client, coordinator, count, django_assert_max_num_queries
):
    committee = RulesFactory(committee=CommitteeFactory(parent=CommitteeFactory())).committee
    for _number in range(count):
        SeatFactory(committee=committee, organisation=OrganisationFactory())
    ResolutionFactory.create_batch(count, committee=committee)

    for name in ("committee", "seat", "resolution"):
        with django_assert_max_num_queries(12):
            page(client, f"bodies_{name}_changelist")


@pytest.mark.parametrize("count", [1, 3])
def test_committee_page_has_a_constant_number_of_queries(
    client, coordinator, count, django_assert_max_num_queries
):
    committee = RulesFactory().committee
    for _number in range(count):
        SeatFactory(committee=committee, organisation=OrganisationFactory())

    with django_assert_max_num_queries(22):
        page(client, "bodies_committee_change", committee.pk)


# --- Resolutions ------------------------------------------------------------------------------------------------------


def resolution_fields(committee, **changes):
    return {
        "committee": committee.pk, "number": "2/2020", "adopted_on": "2020-11-12",
        "mode": "meeting", "verb": "schvaluje", "text": "Komise schvaluje.", "members_total": "9",
        "members_present": "9", "votes_for": "8", "votes_against": "0", "abstained": "1",
        "chair_voted_for": "", "url": "",
    } | changes  # fmt: skip


def test_resolution_is_added_and_decided(client, coordinator):
    committee = RulesFactory().committee

    response = client.post(
        reverse("admin:bodies_resolution_add"), resolution_fields(committee, votes_for="4")
    )

    assert response.status_code == 302
    resolution = Resolution.objects.get()
    assert not resolution.is_adopted
    assert resolution.recorded_by == coordinator


def test_resolution_without_rules_is_refused_at_the_day(client, coordinator):
    response = client.post(
        reverse("admin:bodies_resolution_add"), resolution_fields(CommitteeFactory())
    )

    assert list(response.context["adminform"].form.errors) == ["adopted_on"]
    assert not Resolution.objects.exists()


def test_unused_resolution_is_corrected_and_decided_anew(client, coordinator):
    resolution = ResolutionFactory()

    client.post(
        reverse("admin:bodies_resolution_change", args=[resolution.pk]),
        resolution_fields(resolution.committee, votes_for="4"),
    )

    resolution.refresh_from_db()
    assert (resolution.votes_for, resolution.is_adopted) == (4, False)


def test_used_resolution_is_only_shown(client, coordinator):
    superuser = PersonFactory(superuser=True)
    step = workflow.open_approval(plan_ready_for_approval(), actor=superuser)[0]
    resolution = ResolutionFactory(committee=step.committee)
    workflow.pass_step(step, resolution, actor=superuser)
    change = reverse("admin:bodies_resolution_change", args=[resolution.pk])
    delete = reverse("admin:bodies_resolution_delete", args=[resolution.pk])

    for person in (coordinator, superuser):
        client.force_login(person)
        shown = client.get(change)
        assert shown.status_code == 200
        assert resolution.text in shown.content.decode()
        assert 'name="votes_for"' not in shown.content.decode()
        assert client.post(change, resolution_fields(step.committee)).status_code == 403
        assert client.post(delete, {"post": "yes"}).status_code == 403
        client.post(
            reverse("admin:bodies_resolution_changelist"),
            {"action": "delete_selected", "_selected_action": [resolution.pk], "post": "yes"},
        )

    assert Resolution.objects.get(pk=resolution.pk).votes_for == 8


@pytest.mark.parametrize("fault", [IntegrityError("frozen meanwhile")])
def test_refusal_of_the_last_moment_is_a_message_not_a_crash(
    client, coordinator, monkeypatch, fault
):
    resolution = ResolutionFactory()

    def too_late(*args, **kwargs):
        raise fault

    monkeypatch.setattr(bodies_admin, "correct_resolution", too_late)
    response = client.post(
        reverse("admin:bodies_resolution_change", args=[resolution.pk]),
        resolution_fields(resolution.committee),
        follow=True,
    )

    assert response.status_code == 200
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


# --- Rights by name ---------------------------------------------------------------------------------------------------


def test_rights_are_given_and_withdrawn_on_the_page_of_the_object(client, coordinator):
    committee = CommitteeFactory(is_public=False)
    person = PersonFactory()
    address = reverse("admin:bodies_committee_grants", args=[committee.pk])
    assert address in page(client, "bodies_committee_change", committee.pk).content.decode()

    given = client.post(
        address,
        {
            "action": "grant",
            "permission": "bodies.view_committee_work",
            "person": person.pk,
            "note": "Pozorovatelka kraje.",
        },
        follow=True,
    )

    [held] = given.context["grants"]
    assert held.holder == person
    assert Person.objects.get(pk=person.pk).has_perm("bodies.view_committee_work", committee)
    client.post(address, {"action": "withdraw", "grant": held.key})
    client.post(address, {"action": "withdraw", "grant": held.key})
    assert not Person.objects.get(pk=person.pk).has_perm("bodies.view_committee_work", committee)
    assert [event.action for event in GrantEvent.objects.order_by("pk")] == ["granted", "withdrawn"]
    assert (
        "Pozorovatelka kraje."
        in page(client, "bodies_committee_grants", committee.pk).content.decode()
    )
    assert len(listed(page(client, "bodies_grantevent_changelist"))) == 2


def test_right_goes_either_to_a_person_or_to_a_committee(client, coordinator):
    committee, group = CommitteeFactory.create_batch(2)
    address = reverse("admin:bodies_committee_grants", args=[committee.pk])
    asked = {"action": "grant", "permission": "bodies.view_committee_work", "note": "Proto."}

    nobody = client.post(address, asked)
    both = client.post(address, asked | {"person": coordinator.pk, "committee": group.pk})
    other = client.post(
        address, asked | {"committee": group.pk, "permission": "bodies.delete_committee"}
    )

    assert list(nobody.context["form"].errors) == ["person"]
    assert list(both.context["form"].errors) == ["person"]
    assert list(other.context["form"].errors) == ["permission"]
    assert not GrantEvent.objects.exists()


def test_page_of_rights_is_for_those_who_hand_them_out(client):
    committee = CommitteeFactory()
    address = reverse("admin:bodies_committee_grants", args=[committee.pk])

    client.force_login(PersonFactory(coordinator=True))
    assert client.get(address).status_code == 403
    client.force_login(SeatFactory(committee=committee, chair=True).person)
    assert client.get(address).status_code in {302, 403}


def test_log_of_rights_is_only_read(client, coordinator):
    client.post(
        reverse("admin:bodies_committee_grants", args=[CommitteeFactory().pk]),
        {
            "action": "grant",
            "permission": "bodies.view_committee_work",
            "person": coordinator.pk,
            "note": "Proto.",
        },
    )
    event = GrantEvent.objects.get()

    assert client.get(reverse("admin:bodies_grantevent_add")).status_code == 403
    change = reverse("admin:bodies_grantevent_change", args=[event.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"note": "jinak"}).status_code == 403
    delete = reverse("admin:bodies_grantevent_delete", args=[event.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert GrantEvent.objects.get().note == "Proto."


def test_right_to_write_a_working_version_is_given_on_its_page(client, coordinator):
    version = plan_ready_for_approval()
    group = SeatFactory().committee
    address = reverse("admin:plans_planversion_grants", args=[version.pk])
    assert address in page(client, "plans_planversion_change", version.pk).content.decode()

    client.post(
        address,
        {
            "action": "grant",
            "permission": "plans.edit_content",
            "committee": group.pk,
            "note": "Píše kapitolu.",
        },
    )

    assert group.seats.get().person.has_perm("plans.edit_content", version)
