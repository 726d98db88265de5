"""What happens to a seat: it ends at a moment, its holder lets the name be known or not."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from committees.bodies import grants, panels
from committees.bodies.enums import Role, SeatChange, Side
from committees.bodies.erasing import forget_member
from committees.bodies.models import Seat, SeatEvent
from committees.bodies.seating import end_seat, give_name_consent, withdraw_name_consent
from committees.bodies.selectors import committees_for_list, roster
from committees.people import roles
from kpss import clock
from planning.approvals import document
from planning.plans.content import content_of
from tests.factories import (
    CommitteeFactory,
    PersonFactory,
    PlanFactory,
    PlanVersionFactory,
    RulesFactory,
    SeatFactory,
)
from tests.planning.approving import HIDDEN, complete_version, pass_steps

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
SECOND = datetime.timedelta(seconds=1)
WORDS = "Souhlasím, aby portál uváděl mé jméno."


def told(seat):
    return [(event.what, event.actor, event.note) for event in seat.events.all()]


def user_seat(**fields):
    return SeatFactory(side=Side.USER, person=PersonFactory(last_name="Kanárek"), **fields)


# --- The end ----------------------------------------------------------------------------------------------------------


def test_rights_end_that_very_moment():
    committee = CommitteeFactory(is_public=False)
    version = PlanVersionFactory(plan=PlanFactory(committee=committee))
    seat = SeatFactory(committee=committee, chair=True)
    actor = PersonFactory(coordinator=True)
    roles.sync()
    actor.groups.add(roles.coordinators())
    grants.grant(committee, "plans.edit_content", version, actor=actor)
    asked = ["bodies.view_committee_work", committee], ["plans.edit_content", version]
    assert [seat.person.has_perm(*question) for question in asked] == [True, True]

    end_seat(seat, actor=actor, reason="Vzdal se dopisem.")

    assert [seat.person.has_perm(*question) for question in asked] == [False, False]
    assert not Seat.objects.current().filter(pk=seat.pk).exists()
    assert Seat.objects.on(timezone.localdate()).get() == seat
    assert seat.valid_to == timezone.localdate()
    assert told(seat) == [(SeatChange.ENDED, actor, "Vzdal se dopisem.")]


def test_other_seats_and_rights_by_name_stay():
    person, actor = PersonFactory(), PersonFactory(superuser=True)
    ended, kept = SeatFactory(person=person), SeatFactory(person=person)
    version = PlanVersionFactory()
    grants.grant(person, "plans.edit_content", version, actor=actor)

    end_seat(ended, actor=actor)

    assert person.has_perm("plans.edit_content", version)
    assert list(Seat.objects.current()) == [kept]


def test_seat_ends_at_the_given_moment_not_before():
    seat = SeatFactory()
    at = timezone.now() + 2 * SECOND

    end_seat(seat, actor=None, at=at)

    with clock.at(at - SECOND):
        assert seat.is_open
        assert Seat.objects.current().get() == seat
    with clock.at(at):
        assert not seat.is_open
        assert not Seat.objects.current().exists()
        assert [line for line in roster(seat.committee, clock.today())] == []
        assert committees_for_list(seat.person, clock.today()).get().member_count is None


def test_roster_of_that_day_later_still_has_who_sat_then():
    seat = SeatFactory()
    end_seat(seat, actor=None)
    last_day = seat.valid_to

    with clock.at(timezone.now() + 2 * DAY):
        assert len(roster(seat.committee, last_day)) == 1
        assert roster(seat.committee, last_day + DAY) == []


def test_seat_ends_once_and_not_before_it_begins():
    seat = SeatFactory()
    end_seat(seat, actor=None)
    for again in (SeatFactory(ended=True), seat):
        with pytest.raises(ValidationError):
            end_seat(again, actor=None)
    to_come = SeatFactory(valid_from=timezone.localdate() + DAY)
    with pytest.raises(ValidationError):
        end_seat(to_come, actor=None)

    assert SeatEvent.objects.count() == 1


def test_planned_end_can_be_moved_nearer():
    seat = SeatFactory(valid_to=timezone.localdate() + 30 * DAY)

    end_seat(seat, actor=None)

    seat.refresh_from_db()
    assert seat.valid_to == timezone.localdate()
    assert not seat.is_open


def test_end_leaves_changes_made_meanwhile():
    seat = SeatFactory()
    Seat.objects.filter(pk=seat.pk).update(role=Role.CHAIR)

    end_seat(seat, actor=None)

    assert Seat.objects.get().role == Role.CHAIR


def test_ended_moment_needs_a_last_day():
    seat = SeatFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(ended_at=timezone.now())


# --- The name -----------------------------------------------------------------------------------------------------------


def test_consent_shows_the_name_and_its_withdrawal_hides_it_at_once_everywhere(client, monkeypatch):
    monkeypatch.setattr(panels, "_panels", [])
    seat = user_seat()
    today = timezone.localdate()

    def places():
        page = client.get(seat.committee.get_absolute_url())
        past = client.get(seat.committee.get_absolute_url(), {"ke-dni": "2020-06-01"})
        return [
            "Kanárek" in page.content.decode(),
            "Kanárek" in past.content.decode(),
            any("Kanárek" in line.name_or_role for line in roster(seat.committee, today)),
        ]

    assert places() == [False, False, False]
    give_name_consent(seat, day=today, text=WORDS, actor=seat.person)
    assert places() == [True, True, True]
    withdraw_name_consent(seat, actor=seat.person)
    assert places() == [False, False, False]

    assert told(seat) == [
        (SeatChange.CONSENT_GIVEN, seat.person, WORDS),
        (SeatChange.CONSENT_WITHDRAWN, seat.person, ""),
    ]
    seat.refresh_from_db()
    assert (seat.name_consent_on, seat.name_consent_text) == (today, WORDS)
    assert seat.name_consent_withdrawn_on == today


def test_paper_of_a_plan_made_after_the_withdrawal_does_not_name():
    version = complete_version()
    seat = Seat.objects.get(person__last_name=HIDDEN)
    give_name_consent(seat, day=datetime.date(2020, 1, 2), text=WORDS, actor=None)
    version = pass_steps(version)
    assert HIDDEN in document.html_of(version, content_of(version))

    withdraw_name_consent(seat, actor=None)

    assert HIDDEN not in document.html_of(version, content_of(version))


def test_consent_can_be_given_again():
    seat = user_seat()
    today = timezone.localdate()
    give_name_consent(seat, day=today - 10 * DAY, text="Ano.", actor=None)
    withdraw_name_consent(seat, actor=None, day=today - 5 * DAY)

    give_name_consent(seat, day=today, text=WORDS, actor=None)

    seat.refresh_from_db()
    assert (seat.name_consent_on, seat.name_consent_text) == (today, WORDS)
    assert seat.name_is_public
    assert len(told(seat)) == 3


def test_impossible_consents_are_refused():
    seat = user_seat()
    today = timezone.localdate()

    def refused(work, seat, **facts):
        with pytest.raises(ValidationError) as error:
            work(seat, actor=None, **facts)
        return list(getattr(error.value, "error_dict", ["__all__"]))

    assert refused(give_name_consent, seat, day=today + DAY, text=WORDS) == ["day"]
    assert refused(give_name_consent, seat, day=today, text=" ") == ["text"]
    assert refused(give_name_consent, SeatFactory(), day=today, text=WORDS) == ["__all__"]
    assert refused(withdraw_name_consent, seat) == ["__all__"]
    give_name_consent(seat, day=today, text=WORDS, actor=None)
    assert refused(give_name_consent, seat, day=today, text=WORDS) == ["__all__"]
    assert refused(withdraw_name_consent, seat, day=today - DAY) == ["day"]
    assert refused(withdraw_name_consent, seat, day=today + DAY) == ["day"]
    assert seat.events.count() == 1


def test_second_withdrawal_is_as_the_first():
    seat = user_seat()
    give_name_consent(seat, day=timezone.localdate(), text=WORDS, actor=None)

    for _ in range(2):
        withdraw_name_consent(seat, actor=None)

    assert seat.events.count() == 2


@pytest.mark.parametrize(
    "columns",
    [
        {"name_consent_withdrawn_on": datetime.date(2020, 5, 1)},
        {
            "name_consent_on": datetime.date(2020, 5, 2),
            "name_consent_text": WORDS,
            "name_consent_withdrawn_on": datetime.date(2020, 5, 1),
        },
    ],
)
def test_database_refuses_a_withdrawal_without_a_consent_before_it(columns):
    seat = user_seat()

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(**columns)


# --- Substitutes --------------------------------------------------------------------------------------------------------


def test_only_a_substitute_stands_for_another_also_in_the_database():
    member = SeatFactory()
    substitute = SeatFactory(
        committee=member.committee, role=Role.SUBSTITUTE, substitute_for=member
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=substitute.pk).update(role=Role.MEMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatFactory(committee=member.committee, substitute_for=member)


@pytest.mark.parametrize(
    ("role", "is_allowed"),
    [
        (Role.CHAIR, True),
        (Role.VICE_CHAIR, True),
        (Role.MEMBER, True),
        (Role.SECRETARY, False),
        (Role.SUBSTITUTE, False),
        (Role.GUEST, False),
    ],
)
def test_substitute_stands_for_one_who_votes(role, is_allowed):
    represented = SeatFactory(role=role)
    substitute = SeatFactory(committee=represented.committee, role=Role.SUBSTITUTE)
    substitute.substitute_for = represented

    if is_allowed:
        substitute.full_clean()
        return
    with pytest.raises(ValidationError) as refused:
        substitute.full_clean()
    assert list(refused.value.message_dict) == ["substitute_for"]


# --- History ------------------------------------------------------------------------------------------------------------


def test_history_of_a_seat_only_grows():
    seat = user_seat()
    end_seat(seat, actor=PersonFactory(), reason="Vzdal se.")
    event = seat.events.get()

    changes = [
        {"what": SeatChange.CHANGED},
        {"at": timezone.now() - DAY},
        {"note": "Jinak."},
        {"actor": PersonFactory()},
        {"actor": None},
        {"seat": SeatFactory()},
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            SeatEvent.objects.filter(pk=event.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        event.delete()
    with pytest.raises(ProtectedError):
        seat.delete()

    assert seat.events.get().note == "Vzdal se."


def test_erased_person_leaves_the_history_without_words():
    seat, actor = user_seat(), PersonFactory()
    give_name_consent(seat, day=timezone.localdate(), text=WORDS, actor=actor)
    end_seat(seat, actor=actor, reason="Nemoc.")

    forget_member(seat.person, actor)

    assert told(seat) == [
        (SeatChange.CONSENT_GIVEN, actor, ""),
        (SeatChange.ENDED, actor, ""),
    ]
    seat.refresh_from_db()
    assert not seat.name_is_public


def test_overlap_is_still_kept_by_the_database():
    seat = SeatFactory()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bodies_seat (committee_id, person_id, role, side, function, valid_from,"
            " name_consent_text) VALUES (%s, %s, 'member', 'zadavatel', '', '2030-01-01', '')",
            [seat.committee_id, seat.person_id],
        )


# --- Pages of the member ------------------------------------------------------------------------------------------------


def addresses(seat):
    return (
        reverse("bodies:consent_give", args=[seat.pk]),
        reverse("bodies:consent_withdraw", args=[seat.pk]),
    )


def test_member_gives_and_takes_back_her_consent(client):
    seat = user_seat(committee=CommitteeFactory(name="Skupina seniorů"))
    client.force_login(seat.person)
    give, withdraw = addresses(seat)
    words = "Souhlasím, aby portál u mého členství v orgánu „Skupina seniorů“ zveřejňoval mé jméno."

    asked = client.get(give)
    assert words in asked.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert withdraw not in asked.content.decode()
    for _ in range(2):
        assert client.post(give).status_code == 302
    seat.refresh_from_db()
    assert (seat.name_is_public, seat.name_consent_text) == (True, words)
    assert withdraw in client.get(give).content.decode()
    for _ in range(2):
        assert client.post(withdraw).status_code == 302

    seat.refresh_from_db()
    assert not seat.name_is_public
    assert [what for what, _actor, _note in told(seat)] == [
        SeatChange.CONSENT_GIVEN,
        SeatChange.CONSENT_WITHDRAWN,
    ]
    assert {actor for _what, actor, _note in told(seat)} == {seat.person}


def test_consent_is_only_one_s_own(client):
    seat = user_seat()
    give_name_consent(seat, day=timezone.localdate(), text=WORDS, actor=None)
    provider = SeatFactory(side=Side.PROVIDER)
    give, withdraw = addresses(seat)
    assert client.post(withdraw).status_code == 302  # to the sign-in

    for person in (provider.person, PersonFactory(superuser=True)):
        client.force_login(person)
        assert client.get(give).status_code == 404
        assert client.post(give).status_code == 404
        assert client.post(withdraw).status_code == 404
    client.force_login(provider.person)
    assert client.get(addresses(provider)[0]).status_code == 404
    client.force_login(seat.person)
    assert client.get(withdraw).status_code == 405

    seat.refresh_from_db()
    assert seat.name_is_public


def test_former_member_may_hide_the_name_but_not_show_it(client):
    seat = user_seat()
    give_name_consent(seat, day=timezone.localdate(), text=WORDS, actor=None)
    end_seat(seat, actor=None)
    client.force_login(seat.person)
    give, withdraw = addresses(seat)

    client.post(withdraw)
    seat.refresh_from_db()
    assert not seat.name_is_public
    client.post(give)

    seat.refresh_from_db()
    assert not seat.name_is_public
    assert client.get(give).status_code == 200


# --- Roster as of a day, for everybody ------------------------------------------------------------------------------------


@pytest.fixture
def renewed(monkeypatch):
    """A committee established on 2020-01-29 whose member changed at the end of August 2020."""
    monkeypatch.setattr(panels, "_panels", [])
    committee = CommitteeFactory(established_on=datetime.date(2020, 1, 29))
    RulesFactory(committee=committee)
    for last_name, since, until in [
        ("Fiala", datetime.date(2020, 1, 29), datetime.date(2020, 8, 31)),
        ("Hrdlička", datetime.date(2020, 9, 1), None),
    ]:
        SeatFactory(
            committee=committee,
            person=PersonFactory(last_name=last_name),
            valid_from=since,
            valid_to=until,
        )
    return committee


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (None, "Hrdlička"),
        ("", "Hrdlička"),
        ("2020-01-29", "Fiala"),
        ("2020-08-31", "Fiala"),
        ("31.8.2020", "Fiala"),
        ("2020-09-01", "Hrdlička"),
    ],
)
def test_public_roster_is_true_on_any_day(client, renewed, asked, name):
    query = {} if asked is None else {"ke-dni": asked}

    response = client.get(renewed.get_absolute_url(), query)

    assert [line.name_or_role for line in response.context["members"]] == [f"Jana {name}"]
    is_past = bool(asked) and asked != "2020-09-01" or asked == "2020-09-01"
    assert ("Zobrazit dnešní složení" in response.content.decode()) is is_past


@pytest.mark.parametrize("asked", ["včera", "2020-02-30", "2999-01-01", "'", "9" * 30])
def test_impossible_day_is_told_at_the_field_and_today_is_shown(client, renewed, asked):
    response = client.get(renewed.get_absolute_url(), {"ke-dni": asked})

    assert response.status_code == 200
    assert list(response.context["roster_form"].errors) == ["day"]
    assert [line.name_or_role for line in response.context["members"]] == ["Jana Hrdlička"]
    assert 'aria-invalid="true"' in response.content.decode()


def test_before_the_committee_was_established_there_is_a_sentence(client, renewed):
    response = client.get(renewed.get_absolute_url(), {"ke-dni": "2019-12-31"})

    text = response.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Ke dni 31. 12. 2019 tento orgán ještě neexistoval. Vznikl 29. 1. 2020." in text
    assert "Hrdlička" not in text
