"""Two people at the table's keyboard, and members' telephones, at the very same moment."""

import threading
import uuid
from functools import partial

import pytest
from django.db import connection, models

from committees.ballots.enums import BallotState, Channel, Method
from committees.ballots.models import Ballot
from committees.ballots.services import CastRefused, cast_vote
from committees.bodies.models import Resolution
from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting, MeetingEvent, Motion, Participant, Presence
from committees.meetings.services import live
from committees.meetings.services.live import votes
from kpss.workflow import TransitionRefused
from tests.committees.ballots.building import committee_of
from tests.committees.meetings.live_table import (
    item,
    members_of,
    operator,
    participants,
    planned,
    put,
    running,
)
from tests.planning.test_services_race import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def two_votes_at_once():
    """Two people put two items to the vote at once; returns the meeting and the outcomes."""
    meeting, actor = running(3), operator()
    outcomes = at_once(
        lambda: put(meeting, number=1, actor=actor),
        lambda: put(meeting, number=2, actor=actor),
    )
    return meeting, outcomes


def open_votes(meeting):
    return Motion.objects.filter(item__meeting=meeting, ballot__state=BallotState.OPEN).count()


def test_of_two_votes_opened_at_once_one_waits():
    for _round in range(8):
        meeting, outcomes = two_votes_at_once()

        assert open_votes(meeting) == 1
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [
            "Ballot",
            "TransitionRefused",
        ]


def test_two_votes_would_be_open_without_the_lock(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite the immediate transaction itself is the guard")
    both_have_read = threading.Barrier(2)
    read = votes.open_motion

    def read_and_wait(meeting):
        found = read(meeting)
        both_have_read.wait(timeout=20)
        return found

    monkeypatch.setattr(votes, "open_motion", read_and_wait)
    monkeypatch.setattr(
        models.QuerySet, "select_for_update", lambda queryset, **options: queryset.all()
    )

    meeting, _outcomes = two_votes_at_once()

    assert open_votes(meeting) == 2


def test_one_form_sent_eight_times_at_once_is_one_vote():
    meeting, actor, token = running(3), operator(), uuid.uuid4()

    outcomes = at_once(*[lambda: put(meeting, token=token, actor=actor)] * 8)

    assert {outcome.pk for outcome in outcomes} == {Ballot.objects.get().pk}


def test_eight_beginnings_and_eight_ends_at_once_are_one_of_each():
    actor, meeting = operator(), planned(committee_of(4))

    at_once(*[lambda: live.start_meeting(meeting, actor=actor)] * 8)
    assert Participant.objects.count() == 4
    outcomes = at_once(*[lambda: live.end_meeting(meeting, actor=actor)] * 8)

    assert {outcome.state for outcome in outcomes} == {MeetingState.ENDED}
    moves = MeetingEvent.objects.order_by("pk").values_list("transition", flat=True)
    assert list(moves) == ["start", "end"]


def test_comings_and_leavings_at_once_leave_one_stretch_at_a_time():
    meeting, actor = running(3, here=0), operator()
    one = participants(meeting)[0]
    clicks = [lambda: live.arrive(one, actor=actor), lambda: live.leave(one, actor=actor)]

    outcomes = at_once(*clicks * 6)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    stretches = list(Presence.objects.filter(participant=one).order_by("pk"))
    assert sum(stretch.left_at is None for stretch in stretches) <= 1
    for before, after in zip(stretches, stretches[1:], strict=False):
        assert before.left_at is not None
        assert before.left_at <= after.arrived_at


def test_the_same_count_from_two_keyboards_is_one_resolution():
    meeting, actor = running(3), operator()
    ballot = put(meeting, actor=actor)

    outcomes = at_once(
        *[lambda: live.count_hands(ballot, votes_for=3, votes_against=0, abstained=0, actor=actor)]
        * 4
    )

    assert {outcome.pk for outcome in outcomes} == {ballot.pk}
    assert Resolution.objects.count() == 1


def test_a_vote_closed_while_phones_vote_counts_what_was_taken():
    actor = operator()
    for _round in range(4):
        meeting = running(8)
        ballot = put(meeting, method=Method.NAMED, actor=actor)
        voters = members_of(meeting)

        *cast, _closed = at_once(
            *[partial(cast_vote, ballot, person, "pro", channel=Channel.LINK) for person in voters],
            partial(live.close_vote, ballot, actor=actor),
        )

        ballot.refresh_from_db()
        refused = [outcome for outcome in cast if isinstance(outcome, Exception)]
        assert all(isinstance(outcome, CastRefused) for outcome in refused), refused
        assert ballot.state == BallotState.CLOSED
        assert ballot.votes_for == len(voters) - len(refused)


def test_an_end_and_a_vote_at_once_never_leave_a_vote_in_an_ended_meeting():
    actor = operator()
    for _round in range(6):
        meeting = running(3)

        ended, put_to = at_once(
            partial(live.end_meeting, meeting, actor=actor), partial(put, meeting, actor=actor)
        )

        state = Meeting.objects.get(pk=meeting.pk).state
        assert (state == MeetingState.ENDED) == (open_votes(meeting) == 0)
        assert [isinstance(one, TransitionRefused) for one in (ended, put_to)].count(True) == 1


def test_a_conflict_and_an_opening_at_once_agree():
    actor = operator()
    for _round in range(6):
        meeting = running(3)
        one = participants(meeting)[0]

        declared, ballot = at_once(
            partial(live.declare_conflict, item(meeting), one, actor=actor),
            partial(put, meeting, actor=actor),
        )

        left_out = ballot.voters.filter(is_excluded=True).count()
        assert left_out == (0 if isinstance(declared, TransitionRefused) else 1)
