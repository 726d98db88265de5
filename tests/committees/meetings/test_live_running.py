"""The beginning and the end of a meeting."""

import datetime

import pytest
from django.utils import timezone

from committees.ballots.enums import BallotState
from committees.bodies.models import Seat
from committees.meetings.enums import MeetingState
from committees.meetings.models import MeetingEvent, Presence
from committees.meetings.services import live
from kpss import clock
from kpss.workflow import TransitionRefused
from tests.committees.ballots.building import committee_of
from tests.committees.meetings.live_table import (
    MINUTE,
    begun,
    count,
    item,
    of,
    operator,
    participants,
    planned,
    put,
    running,
    substitute,
)
from tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


def test_everybody_with_a_seat_that_day_is_written_down_at_the_beginning():
    committee = committee_of(3)
    substitute(committee)
    SeatFactory(committee=committee, ended=True)
    invited = planned(committee)
    first = committee.seats.order_by("pk").first()
    invited.participants.create(person=first.person)  # came by an invitation without a seat

    meeting = live.start_meeting(invited, actor=operator())

    assert meeting.state == MeetingState.RUNNING
    assert meeting.started_at is not None
    assert {one.seat_id for one in participants(meeting)} == set(
        Seat.objects.on(meeting.day).filter(committee=committee).values_list("pk", flat=True)
    )
    assert meeting.participants.count() == 4


def test_second_click_on_the_beginning_changes_nothing():
    meeting, actor = planned(committee_of(3)), operator()
    first = live.start_meeting(meeting, actor=actor)

    second = live.start_meeting(meeting, actor=actor)

    assert second.started_at == first.started_at
    assert MeetingEvent.objects.filter(meeting=meeting, transition="start").count() == 1


def test_a_meeting_of_tomorrow_does_not_begin():
    meeting = planned(committee_of(3), starts_at=timezone.now() + datetime.timedelta(days=1))

    with pytest.raises(TransitionRefused):
        live.start_meeting(meeting, actor=operator())


def test_the_end_closes_every_stretch_and_going_on_opens_them_again():
    meeting, actor = running(3), operator()
    left, *_others = participants(meeting)
    live.leave(left, actor=actor)

    ended = live.end_meeting(meeting, actor=actor)
    live.end_meeting(meeting, actor=actor)

    assert ended.current_item is None
    assert not Presence.objects.filter(left_at=None).exists()
    assert Presence.objects.filter(left_at=ended.ended_at).count() == 2
    resumed = live.resume_meeting(ended, actor=actor)
    live.resume_meeting(ended, actor=actor)
    assert resumed.state == MeetingState.RUNNING
    assert resumed.ended_at is None
    assert Presence.objects.filter(left_at=None).count() == 2
    assert not left.presences.filter(left_at=None).exists()


def test_the_meeting_does_not_end_while_people_vote():
    meeting, actor = running(3), operator()
    ballot = put(meeting)

    with pytest.raises(TransitionRefused):
        live.end_meeting(meeting, actor=actor)

    count(ballot, 3)
    assert live.end_meeting(meeting, actor=actor).state == MeetingState.ENDED


def test_only_a_meeting_of_today_goes_on():
    meeting, actor = running(3), operator()
    live.end_meeting(meeting, actor=actor)

    with (
        clock.at(timezone.now() + datetime.timedelta(days=1)),
        pytest.raises(TransitionRefused),
    ):
        live.resume_meeting(meeting, actor=actor)


def test_the_moment_an_item_was_first_taken_up_stays():
    meeting, actor = running(3), operator()
    first, second = item(meeting, 1), item(meeting, 2)
    live.take_up(first, actor=actor)
    taken = item(meeting, 1).taken_up_at

    with clock.at(timezone.now() + MINUTE):
        live.take_up(second, actor=actor)
        live.take_up(first, actor=actor)

    meeting.refresh_from_db()
    assert meeting.current_item == first
    assert item(meeting, 1).taken_up_at == taken
    assert item(meeting, 2).taken_up_at is not None


def test_another_item_waits_until_the_vote_ends():
    meeting, actor = running(3), operator()
    live.take_up(item(meeting, 1), actor=actor)
    ballot = put(meeting)

    with pytest.raises(TransitionRefused, match="hlasuje"):
        live.take_up(item(meeting, 2), actor=actor)

    live.call_off(ballot, reason="Zmatečné hlasování", actor=actor)
    live.take_up(item(meeting, 2), actor=actor)
    ballot.refresh_from_db()
    assert ballot.state == BallotState.CANCELLED


def test_who_is_seated_during_the_meeting_joins_at_the_next_item():
    meeting, actor = running(3), operator()
    newcomer = SeatFactory(committee=meeting.committee).person

    live.take_up(item(meeting, 1), actor=actor)
    live.arrive(of(meeting, newcomer), actor=actor)

    assert put(meeting).voters.filter(person=newcomer).exists()


@pytest.mark.parametrize("state", ["before", "after"])
def test_nothing_is_written_outside_a_running_meeting(state):
    meeting, actor = planned(committee_of(3)), operator()
    if state == "after":
        meeting = begun(meeting)
        live.end_meeting(meeting, actor=actor)
    one = participants(meeting).first() or meeting.participants.create(
        person=meeting.committee.seats.first().person
    )
    point = item(meeting)

    for attempt in (
        lambda: live.arrive(one, actor=actor),
        lambda: live.leave(one, actor=actor),
        lambda: live.excuse(one, actor=actor),
        lambda: live.undo(one, actor=actor),
        lambda: live.everybody_here(meeting, actor=actor),
        lambda: live.add_guest(meeting, "Petr Host", actor=actor),
        lambda: live.represent(one, None, actor=actor),
        lambda: live.take_up(point, actor=actor),
        lambda: live.declare_conflict(point, one, actor=actor),
        lambda: live.save_proposal(point, text="Jinak.", verb="schvaluje", actor=actor),
        lambda: put(meeting, actor=actor),
    ):
        with pytest.raises(TransitionRefused, match="neprobíhá"):
            attempt()
