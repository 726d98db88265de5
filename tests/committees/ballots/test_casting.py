"""Giving a voice: who may, when, and what is written down."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from committees.ballots import services
from committees.ballots.enums import Channel, Method
from committees.ballots.models import Vote
from committees.ballots.roll import Entry
from committees.ballots.services import CastRefused
from committees.bodies.enums import Role
from committees.bodies.models import Seat
from committees.bodies.seating import end_seat
from kpss import clock
from tests.committees.ballots.building import (
    after_deadline,
    at_meeting,
    cast,
    committee_of,
    draft,
    manager,
    members_of,
    opened,
    voter_of,
)
from tests.factories import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db


def refusal(*args, **kwargs) -> str:
    """The sentence with which a vote is refused."""
    with pytest.raises(CastRefused) as refused:
        cast(*args, **kwargs)
    return str(refused.value)


def test_a_vote_is_written_down_once_with_its_receipt():
    committee = committee_of(3)
    ballot = opened(committee)
    person = members_of(committee)[1]

    receipt = cast(ballot, person, "proti", reason="  Je to drahé.  ")

    vote = Vote.objects.get(ballot=ballot)
    assert (vote.voter.person, vote.choice, vote.reason) == (person, "proti", "Je to drahé.")
    assert (vote.channel, vote.entered_by) == (Channel.SIGNED_IN, None)
    assert vote.receipt == receipt.code
    assert len(receipt.code) == 8
    with pytest.raises(CastRefused, match="už je započítaný") as refused:
        cast(ballot, person, "pro")
    assert refused.value.is_repeated
    assert Vote.objects.get(ballot=ballot).choice == "proti"


def test_nobody_votes_for_whom_the_ballot_is_not():
    committee = committee_of(3)
    ballot = opened(committee)
    newcomer = SeatFactory(committee=committee).person
    elsewhere = SeatFactory().person

    for person in (newcomer, elsewhere, manager()):
        assert refusal(ballot, person) == "V tomto hlasování hlas nemáte."
    assert Vote.objects.count() == 0


def test_seats_without_a_vote_are_not_asked():
    committee = committee_of(2)
    for role in (Role.SECRETARY, Role.SUBSTITUTE, Role.GUEST):
        SeatFactory(committee=committee, role=role)

    ballot = opened(committee)

    assert ballot.voters.count() == ballot.members_total == 2


@pytest.mark.parametrize(("seconds", "counts"), [(-1, True), (0, False), (1, False)])
def test_the_deadline_is_sharp_by_the_clock_of_the_server(seconds, counts):
    committee = committee_of(2)
    ballot = opened(committee)
    person = members_of(committee)[0]

    with clock.at(ballot.deadline + datetime.timedelta(seconds=seconds)):
        if counts:
            cast(ballot, person)
        else:
            assert "skončilo" in refusal(ballot, person)

    assert Vote.objects.count() == counts


@pytest.mark.parametrize(
    "deadline",
    [
        datetime.datetime(2027, 3, 28, 0, 59, 59, tzinfo=datetime.UTC),  # 1:59:59, then it is 3:00
        datetime.datetime(2027, 3, 28, 1, 0, tzinfo=datetime.UTC),  # 3:00:00 of summer time
        datetime.datetime(2027, 10, 31, 0, 30, tzinfo=datetime.UTC),  # the first 2:30
        datetime.datetime(2027, 10, 31, 1, 30, tzinfo=datetime.UTC),  # the second 2:30
    ],
)
def test_a_second_decides_also_when_the_clock_is_changed(deadline):
    committee = committee_of(2)
    with clock.at(deadline - datetime.timedelta(days=20)):
        ballot = opened(committee, deadline=deadline)
    first, second = members_of(committee)

    with clock.at(deadline - datetime.timedelta(seconds=1)):
        cast(ballot, first)
    with clock.at(deadline):
        assert "skončilo" in refusal(ballot, second)


def test_a_draft_and_a_finished_ballot_take_no_votes():
    committee = committee_of(2)
    person = members_of(committee)[0]
    waiting, called_off, over = draft(committee), opened(committee), opened(committee)
    services.cancel_ballot(called_off, actor=manager(), note="Návrh byl stažen.")
    with after_deadline(over):
        services.close_due()

    assert "skončilo" in refusal(waiting, person)
    assert "zrušeno" in refusal(called_off, person)
    assert "skončilo" in refusal(over, person)


def test_a_mandate_ended_meanwhile_gives_no_voice():
    committee = committee_of(3)
    ballot = opened(committee)
    person = members_of(committee)[1]
    end_seat(Seat.objects.get(committee=committee, person=person), actor=None)

    assert "mandát" in refusal(ballot, person)
    assert Vote.objects.count() == 0


def test_a_substitute_votes_while_both_mandates_hold():
    committee = committee_of(3)
    seat = committee.seats.order_by("pk").last()
    own = SeatFactory(committee=committee, role=Role.SUBSTITUTE, substitute_for=seat)
    by_power_of_attorney = PersonFactory()
    first, second = (
        at_meeting(committee, roll=[Entry(seat.pk, person.pk)])
        for person in (own.person, by_power_of_attorney)
    )
    cast(second, by_power_of_attorney)  # has no seat here and needs none

    end_seat(own, actor=None)
    assert "mandát" in refusal(first, own.person)
    third = at_meeting(committee, roll=[Entry(seat.pk, by_power_of_attorney.pk)])
    end_seat(seat, actor=None)
    assert "mandát" in refusal(third, by_power_of_attorney)


def test_an_operator_enters_the_voice_of_somebody_who_called():
    committee = committee_of(2)
    ballot = opened(committee)
    person, other = members_of(committee)
    actor = manager()

    cast(ballot, person, channel=Channel.OPERATOR, entered_by=actor)

    vote = Vote.objects.get()
    assert (vote.voter.person, vote.channel, vote.entered_by) == (person, "operator", actor)
    with pytest.raises(PermissionDenied):
        cast(ballot, other, channel=Channel.OPERATOR, entered_by=SeatFactory().person)
    with pytest.raises(ValueError, match="operator"):
        cast(ballot, other, channel=Channel.LINK, entered_by=actor)
    with pytest.raises(ValueError, match="operator"):
        cast(ballot, other, channel=Channel.OPERATOR)
    assert Vote.objects.count() == 1


def test_who_declares_a_conflict_is_excluded_for_good():
    committee = committee_of(4)
    ballot = opened(committee)
    chair, second, third, _fourth = members_of(committee)
    cast(ballot, second)

    voter = services.declare_conflict(
        ballot, chair, reason=" Žadatelem je můj syn. ", channel=Channel.LINK
    )

    voter.refresh_from_db()
    assert (voter.is_excluded, voter.conflict) == (True, "Žadatelem je můj syn.")
    assert voter.excluded_at is not None
    assert "střet zájmů" in refusal(ballot, chair)
    with pytest.raises(CastRefused, match="střet zájmů"):
        services.declare_conflict(ballot, chair, channel=Channel.LINK)
    with pytest.raises(CastRefused, match="už je započítaný"):
        services.declare_conflict(ballot, second, channel=Channel.LINK)
    with pytest.raises(PermissionDenied):
        services.declare_conflict(ballot, third, channel=Channel.OPERATOR, entered_by=third)
    assert ballot.voters.filter(is_excluded=True).get() == voter


def test_hands_and_slips_are_counted_by_people():
    committee = committee_of(2)
    for method in (Method.HANDS, Method.SECRET_PAPER):
        ballot = at_meeting(committee, method=method)
        assert "u stolu" in refusal(ballot, members_of(committee)[0])


def test_an_unknown_choice_is_a_fault_of_the_caller():
    committee = committee_of(2)
    with pytest.raises(ValueError, match="jako"):
        cast(opened(committee), members_of(committee)[0], "jako")


def test_the_database_itself_keeps_one_vote_for_a_seat():
    committee = committee_of(2)
    ballot = opened(committee)
    person = members_of(committee)[0]
    cast(ballot, person)
    again = Vote(
        ballot=ballot, voter=voter_of(ballot, person), choice="proti", channel="link", receipt="X"
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
