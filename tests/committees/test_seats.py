"""Seats and rosters: one at a time, true on any day, names of the users' side only by consent."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from committees.bodies.enums import Role, Side
from committees.bodies.models import Seat
from committees.bodies.selectors import by_side, missing_sides, roster
from tests.factories import CommitteeFactory, OrganisationFactory, PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db


def day(text):
    return datetime.date.fromisoformat(text)


# --- One seat at a time -----------------------------------------------------------------------------------------------

CLASHES = [
    ("2020-01-01", None),
    ("2020-06-01", "2020-07-01"),
    ("2019-01-01", "2020-01-01"),
    ("2020-12-31", None),
    ("2018-01-01", None),
]
FREE = [
    ("2019-01-01", "2019-12-31"),
    ("2021-01-01", None),
    ("2021-01-01", "2021-01-01"),
]


@pytest.mark.parametrize(("valid_from", "valid_to"), CLASHES)
def test_second_seat_at_the_same_time_is_refused(valid_from, valid_to):
    held = SeatFactory(valid_from=day("2020-01-01"), valid_to=day("2020-12-31"))
    second = Seat(
        committee=held.committee,
        person=held.person,
        side=Side.PROVIDER,
        valid_from=day(valid_from),
        valid_to=valid_to and day(valid_to),
    )

    with pytest.raises(ValidationError) as refused:
        second.full_clean()
    assert "person" in refused.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    assert Seat.objects.get() == held


@pytest.mark.parametrize(("valid_from", "valid_to"), FREE)
def test_seat_before_and_after_is_free(valid_from, valid_to):
    held = SeatFactory(valid_from=day("2020-01-01"), valid_to=day("2020-12-31"))
    second = Seat(
        committee=held.committee,
        person=held.person,
        side=Side.PROVIDER,
        valid_from=day(valid_from),
        valid_to=valid_to and day(valid_to),
    )

    second.full_clean()
    second.save()

    assert Seat.objects.filter(person=held.person).count() == 2


def test_seats_of_others_and_elsewhere_are_free():
    held = SeatFactory()

    SeatFactory(committee=held.committee)
    SeatFactory(person=held.person)

    assert Seat.objects.count() == 3


def test_seat_cannot_be_stretched_over_another():
    first = SeatFactory(ended=True)
    SeatFactory(committee=first.committee, person=first.person, valid_from=day("2021-01-01"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=first.pk).update(valid_to=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=first.pk).update(valid_to=day("2021-01-01"))
    Seat.objects.filter(pk=first.pk).update(valid_to=day("2020-06-30"))

    first.refresh_from_db()
    assert first.valid_to == day("2020-06-30")


def test_raw_sql_meets_the_same_rule():
    held = SeatFactory()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bodies_seat (committee_id, person_id, role, side, function, valid_from,"
            " name_consent_text) VALUES (%s, %s, 'member', 'zadavatel', '', '2030-01-01', '')",
            [held.committee_id, held.person_id],
        )


def test_seat_cannot_end_before_it_begins():
    seat = Seat(
        committee=CommitteeFactory(),
        person=PersonFactory(),
        side=Side.USER,
        valid_from=day("2020-01-02"),
        valid_to=day("2020-01-01"),
    )

    with pytest.raises(ValidationError):
        seat.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        seat.save()


def test_consent_needs_its_words():
    seat = SeatFactory(side=Side.USER)
    seat.name_consent_on = day("2020-01-01")

    with pytest.raises(ValidationError):
        seat.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        seat.save()
    seat.name_consent_text = "Souhlasím."
    seat.full_clean()
    seat.save()

    assert seat.name_is_public


def test_substitute_stands_for_a_seat_of_the_same_committee():
    member = SeatFactory()
    elsewhere = SeatFactory()
    substitute = SeatFactory(committee=member.committee, role=Role.SUBSTITUTE)

    substitute.substitute_for = elsewhere
    with pytest.raises(ValidationError) as refused:
        substitute.full_clean()
    assert list(refused.value.message_dict) == ["substitute_for"]
    substitute.substitute_for = member
    substitute.full_clean()
    substitute.role = Role.MEMBER
    with pytest.raises(ValidationError) as refused:
        substitute.full_clean()

    assert list(refused.value.message_dict) == ["substitute_for"]


def test_committees_do_not_work_under_one_another_in_a_circle():
    top = CommitteeFactory()
    middle = CommitteeFactory(parent=top)
    bottom = CommitteeFactory(parent=middle)
    bottom.full_clean()

    top.parent = bottom
    with pytest.raises(ValidationError) as refused:
        top.full_clean()

    assert list(refused.value.message_dict) == ["parent"]


# --- Roster -----------------------------------------------------------------------------------------------------------


def names(committee, on):
    return [line.name_or_role for line in roster(committee, on)]


def test_roster_is_true_on_any_day():
    committee = CommitteeFactory()
    former = SeatFactory(committee=committee, ended=True)
    present = SeatFactory(committee=committee, valid_from=day("2020-06-01"))
    coming = SeatFactory(committee=committee, valid_from=day("2030-01-01"))
    SeatFactory()

    def on(text):
        return set(names(committee, day(text)))

    assert on("2019-12-31") == set()
    assert on("2020-01-01") == {str(former.person)}
    assert on("2020-06-01") == {str(former.person), str(present.person)}
    assert on("2020-12-31") == {str(former.person), str(present.person)}
    assert on("2021-01-01") == {str(present.person)}
    assert on("2030-01-01") == {str(present.person), str(coming.person)}


def test_roster_hides_everything_about_a_user_without_consent():
    committee = CommitteeFactory()
    person = PersonFactory(first_name="Kanárek", last_name="Skrytý")
    hidden = SeatFactory(
        committee=committee,
        person=person,
        side=Side.USER,
        function="pečuje o syna",
        organisation=OrganisationFactory(name="Stacionář Kanárek"),
    )

    [line] = roster(committee, day("2020-06-01"))

    assert "Kanárek" not in repr(line)
    assert "pečuje" not in repr(line)
    assert not line.is_named
    assert line.side == Side.USER
    Seat.objects.filter(pk=hidden.pk).update(
        name_consent_on=day("2020-01-05"), name_consent_text="Souhlasím se zveřejněním jména."
    )
    [line] = roster(committee, day("2020-06-01"))
    assert line.name_or_role == "Kanárek Skrytý"
    assert line.function == "pečuje o syna"
    assert line.organisation == "Stacionář Kanárek"


def test_roster_goes_by_side_then_role_then_czech_name_and_hidden_come_last():
    committee = CommitteeFactory()

    def seat(last_name, **kwargs):
        SeatFactory(
            committee=committee, person=PersonFactory(first_name="", last_name=last_name), **kwargs
        )

    seat("Zeman")
    seat("Chalupa")
    seat("Hora")
    seat("Čech")
    seat("Cibulka")
    seat("Šimek", chair=True)
    seat("Adam", side=Side.USER)
    seat("Žák", side=Side.USER, name_consent_on=day("2020-01-01"), name_consent_text="Ano.")
    seat("Beran", side=Side.PROVIDER)

    lines = roster(committee, day("2020-06-01"))

    assert [line.name_or_role for line in lines if line.is_named] == [
        "Žák", "Beran", "Šimek", "Cibulka", "Čech", "Hora", "Chalupa", "Zeman",
    ]  # fmt: skip
    assert [line.is_named for line in lines[:2]] == [True, False]


def test_order_of_hidden_members_does_not_follow_their_names():
    committee = CommitteeFactory()
    for last_name in ("Zdeněk", "Adam"):
        SeatFactory(committee=committee, side=Side.USER, person=PersonFactory(last_name=last_name))
    SeatFactory(committee=committee, side=Side.USER, chair=True)

    lines = roster(committee, day("2020-06-01"))

    assert [bool(line.role) for line in lines] == [True, False, False]
    assert lines[1] == lines[2]


def test_balance_counts_votes_and_names_who_is_missing():
    committee = CommitteeFactory()
    SeatFactory.create_batch(2, committee=committee, side=Side.COMMISSIONER)
    SeatFactory(committee=committee, side=Side.COMMISSIONER, secretary=True)
    SeatFactory(committee=committee, side=Side.PROVIDER, role=Role.GUEST)

    groups = by_side(roster(committee, day("2020-06-01")))

    assert [(group.side, group.count) for group in groups] == [
        (Side.USER, 0),
        (Side.PROVIDER, 0),
        (Side.COMMISSIONER, 2),
    ]
    assert len(missing_sides(groups)) == 2

    SeatFactory(committee=committee, side=Side.PROVIDER)
    SeatFactory(committee=committee, side=Side.USER)
    SeatFactory(committee=committee, side=Side.PUBLIC)
    groups = by_side(roster(committee, day("2020-06-01")))
    assert [group.side for group in groups] == list(Side)
    assert missing_sides(groups) == []


def test_unnamed_members_are_told_as_a_number():
    committee = CommitteeFactory()
    SeatFactory.create_batch(3, committee=committee, side=Side.USER)
    SeatFactory(committee=committee, side=Side.USER, chair=True)

    users = by_side(roster(committee, day("2020-06-01")))[0]

    assert users.count == 4
    assert [line.is_named for line in users.listed] == [False]
    assert users.unnamed.startswith("3")


@pytest.mark.parametrize("count", [1, 3])
def test_roster_takes_one_query(count, django_assert_num_queries):
    committee = CommitteeFactory()
    SeatFactory.create_batch(count, committee=committee, organisation=OrganisationFactory())

    with django_assert_num_queries(1):
        lines = roster(committee, day("2020-06-01"))

    assert len(lines) == count
