"""Pages of nominations: the balance they would make, nominating, appointing by a resolution."""

import re
import uuid

import pytest
from guardian.shortcuts import assign_perm

from committees.bodies.enums import CommitteeKind, Role, Side, Verb
from committees.bodies.models import Seat
from committees.nominations.enums import NominationState
from committees.nominations.models import Nomination
from tests.committees.nominating import appointing, coordinator, interest, nomination
from tests.factories import CommitteeFactory, OrganisationFactory, PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return CommitteeFactory(kind=CommitteeKind.WORKING_GROUP, name="Skupina", slug="skupina")


@pytest.fixture
def signed_in(client):
    client.force_login(coordinator())
    return client


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def sides(groups):
    return {group.side: group.count for group in groups}


def test_page_shows_the_triad_with_those_nominated_and_names_what_is_missing(signed_in, group):
    SeatFactory(committee=group, side=Side.COMMISSIONER)
    nomination(group, side=Side.USER)
    nomination(group, side=Side.USER, role=Role.GUEST)

    page = signed_in.get("/nominace/skupina/")

    balance = page.context["balance"]
    assert sides(balance.now) == {Side.USER: 0, Side.PROVIDER: 0, Side.COMMISSIONER: 1}
    assert sides(balance.then) == {Side.USER: 1, Side.PROVIDER: 0, Side.COMMISSIONER: 1}
    assert "Chybí zástupce poskytovatelů." in text_of(page)


def test_list_counts_who_is_nominated_and_who_wants_to_join(signed_in, group):
    nomination(group)
    nomination(group)
    interest(committees=[group])

    page = text_of(signed_in.get("/nominace/"))

    assert "2 nominovaní · 1 zájemce" in page


@pytest.mark.parametrize("count", [1, 3])
def test_pages_have_constant_query_counts(signed_in, group, count, django_assert_num_queries):
    for _one in range(count):
        nomination(group)
        nomination(CommitteeFactory(kind=CommitteeKind.WORKING_GROUP))
        interest(committees=[group], email=f"{uuid.uuid4().hex}@example.cz")
        appointing(group)

    signed_in.get("/nominace/")
    with django_assert_num_queries(6):
        signed_in.get("/nominace/")
    with django_assert_num_queries(14):
        signed_in.get("/nominace/skupina/")


def test_somebody_known_is_found_and_nominated(signed_in, group):
    person = PersonFactory(first_name="Jiří", last_name="Čermák")
    member = SeatFactory(committee=group)
    charity = OrganisationFactory()
    add = "/nominace/skupina/navrhnout/"

    found = signed_in.get(add, {"q": "cermak"})
    assert f"?person={person.pk}" in found.content.decode()
    assert "Nikdo takový v portálu není." in text_of(signed_in.get(add, {"q": "zzz"}))
    page = signed_in.get(add, {"person": person.pk})
    token = re.search(r'name="token" value="([\w-]+)"', page.content.decode())[1]
    said = {
        "token": token,
        "role": "substitute",
        "side": "poskytovatel",
        "organisation": charity.pk,
        "function": "vedoucí",
        "valid_from": "2030-01-01",
        "substitute_for": member.pk,
    }
    for _time in range(3):
        signed_in.post(f"{add}?person={person.pk}", said)

    made = Nomination.objects.get()
    assert (made.person, made.committee, made.organisation, made.substitute_for) == (
        person,
        group,
        charity,
        member,
    )


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"side": ""}, "side"),
        ({"role": "king"}, "role"),
        ({"valid_from": "31. 2. 2030"}, "valid_from"),
        ({"substitute_for": "999"}, "substitute_for"),
        ({"token": "x"}, "token"),
    ],
)
def test_faults_of_a_nomination_stand_at_their_fields(signed_in, group, said, wrong):
    person = PersonFactory()
    data = {"token": uuid.uuid4(), "role": "member", "side": "uzivatel", **said}

    page = signed_in.post(f"/nominace/skupina/navrhnout/?person={person.pk}", data)

    assert list(page.context["form"].errors) == [wrong]
    assert not Nomination.objects.exists()


def test_represented_member_only_for_a_substitute(signed_in, group):
    member, person = SeatFactory(committee=group), PersonFactory()
    data = {
        "token": uuid.uuid4(),
        "role": "member",
        "side": "uzivatel",
        "substitute_for": member.pk,
    }

    page = signed_in.post(f"/nominace/skupina/navrhnout/?person={person.pk}", data)

    assert "substitute_for" in page.context["form"].errors


def test_those_ticked_are_appointed_by_the_resolution(signed_in, group):
    chosen = [nomination(group), nomination(group, person=PersonFactory(email=None, last_name="Bezmailová"))]  # fmt: skip
    left = nomination(group)
    resolution = appointing(group)
    appointing(group, verb=Verb.TAKES_NOTE)

    form = signed_in.get("/nominace/skupina/").context["form"]
    assert list(form.fields["resolution"].queryset) == [resolution]
    done = signed_in.post(
        "/nominace/skupina/jmenovat/",
        {"nominations": [one.pk for one in chosen], "resolution": resolution.pk},
        follow=True,
    )

    assert "Jmenováni jsou 2 lidé." in text_of(done)
    assert "Bez e-mailu, dejte jim vědět sami: Jana Bezmailová" in text_of(done)
    assert set(Seat.objects.values_list("person", flat=True)) == {one.person_id for one in chosen}
    left.refresh_from_db()
    assert left.state == NominationState.PROPOSED


def test_every_reason_is_shown_and_nobody_is_appointed(signed_in, group):
    made = [nomination(group), nomination(group)]
    for one in made:
        SeatFactory(committee=group, person=one.person)
    resolution = appointing(group)

    page = signed_in.post(
        "/nominace/skupina/jmenovat/",
        {"nominations": [one.pk for one in made], "resolution": resolution.pk},
    )

    for one in made:
        assert one.person.get_full_name() in str(page.context["form"].non_field_errors())
    assert Seat.objects.count() == 2


def test_without_a_resolution_the_page_says_what_to_do(signed_in, group):
    nomination(group)

    page = text_of(signed_in.get("/nominace/skupina/"))

    assert "V portálu zatím není usnesení, kterým by šlo jmenovat." in page
    assert "/admin/bodies/resolution/add/" in page


def test_nomination_is_turned_down_or_withdrawn(signed_in, group):
    turned_down, withdrawn = nomination(group), nomination(group)

    signed_in.post(f"/nominace/skupina/{turned_down.pk}/neprijata/", {"reason": "Obsazeno."})
    signed_in.post(f"/nominace/skupina/{withdrawn.pk}/stazena/", {"reason": "Na žádost."})
    nothing = signed_in.post(f"/nominace/skupina/{withdrawn.pk}/stazena/", {"reason": ""}, follow=True)  # fmt: skip

    turned_down.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (turned_down.state, turned_down.reason) == (NominationState.DECLINED, "Obsazeno.")
    assert withdrawn.state == NominationState.WITHDRAWN
    assert "uveďte důvod" in text_of(nothing).lower() or "důvod" in text_of(nothing)
    page = text_of(signed_in.get("/nominace/skupina/"))
    assert "Obsazeno." in page


def test_nomination_of_another_committee_is_not_found(signed_in, group):
    other = nomination(CommitteeFactory(kind=CommitteeKind.WORKING_GROUP))

    answer = signed_in.post(f"/nominace/skupina/{other.pk}/neprijata/", {"reason": "x"})

    assert answer.status_code == 404


def test_who_only_sees_cannot_decide(client, group):
    viewer = PersonFactory(coordinator=True)
    assign_perm("nominations.view_nomination", viewer)
    client.force_login(viewer)
    made, resolution = nomination(group), appointing(group)

    page = text_of(client.get("/nominace/skupina/"))
    appoint = {"nominations": [made.pk], "resolution": resolution.pk}

    assert made.person.get_full_name() in page
    assert "Jmenovat podle usnesení" not in page
    assert client.post("/nominace/skupina/jmenovat/", appoint).status_code == 403
    assert (
        client.post(f"/nominace/skupina/{made.pk}/neprijata/", {"reason": "x"}).status_code == 403
    )
    assert client.get("/nominace/skupina/navrhnout/").status_code == 403


def test_admin_shows_and_changes_nothing(client, group):
    client.force_login(coordinator())
    made, asked = nomination(group), interest()

    for address, word in (
        ("/admin/nominations/nomination/", made.person.last_name),
        (f"/admin/nominations/nomination/{made.pk}/change/", "Otevřít stránku"),
        ("/admin/nominations/interest/", asked.name),
        (f"/admin/nominations/interest/{asked.pk}/change/", "jana@example.cz"),
    ):
        page = client.get(address)
        assert word in text_of(page)
        assert 'name="_save"' not in page.content.decode()
    assert client.get("/admin/nominations/interest/add/").status_code == 403
