"""Votes at the table: who votes is settled at the opening, the result is counted by the rules."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.ballots.enums import BallotState, Channel, Method
from committees.ballots.models import Ballot, Vote
from committees.ballots.services import CastRefused, cast_vote
from committees.bodies.enums import CommitteeKind, Majority, Mode, Quorum
from committees.bodies.models import Resolution
from committees.bodies.seating import end_seat
from committees.meetings.enums import Format
from committees.meetings.models import Conflict
from committees.meetings.services import live
from committees.meetings.table import table_of
from kpss import clock
from kpss.workflow import TransitionRefused
from tests.committees.meetings.live_table import (
    MINUTE,
    count,
    item,
    members_of,
    of,
    operator,
    participants,
    put,
    running,
)
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def tally(ballot):
    ballot.refresh_from_db()
    return (
        ballot.votes_for,
        ballot.votes_against,
        ballot.abstained,
        ballot.silent,
        ballot.excluded,
        ballot.is_adopted,
    )


def test_a_hand_vote_makes_a_numbered_resolution_and_the_item_the_current_one():
    meeting = running(3, format=Format.ONLINE)

    ballot = put(meeting, number=2)
    closed = count(ballot, 2, 0, 1)

    meeting.refresh_from_db()
    assert meeting.current_item == item(meeting, 2)
    assert tally(closed) == (2, 0, 1, 0, 0, True)
    resolution = Resolution.objects.get()
    assert closed.resolution == resolution
    assert resolution.number == f"1/{meeting.year}/{meeting.number}"
    assert resolution.text == ballot.text
    assert (resolution.mode, resolution.members_present) == (Mode.ONLINE, 3)


def test_an_item_is_voted_on_more_than_once_the_amendment_first():
    meeting = running(3)

    amendment = put(meeting, title="Pozměňovací návrh", text="Skupina schvaluje návrh se změnou.")
    count(amendment, 0, 3)
    main = put(meeting)
    count(main, 3)

    assert [motion.ballot for motion in item(meeting).motions.order_by("pk")] == [amendment, main]
    assert [motion.ballot.is_adopted for motion in item(meeting).motions.order_by("pk")] == [
        False,
        True,
    ]


def test_the_same_form_sent_twice_is_one_vote_and_one_count():
    meeting, token = running(3), uuid.uuid4()

    first, second = put(meeting, token=token), put(meeting, token=token)
    counts = [count(first, 3), count(first, 3)]

    assert first == second
    assert Ballot.objects.count() == Resolution.objects.count() == 1
    assert counts[0] == counts[1]
    with pytest.raises(TransitionRefused):
        count(first, 2, 1)
    assert put(meeting, token=token).state == BallotState.CLOSED


def test_a_token_of_another_meeting_is_refused():
    token = uuid.uuid4()
    put(running(3), token=token)

    with pytest.raises(TransitionRefused, match="neplatí"):
        put(running(3), token=token)


def test_only_one_vote_is_open_in_a_meeting():
    meeting = running(3)
    first = put(meeting)

    for number in (1, 2):
        with pytest.raises(TransitionRefused, match="jiné hlasování"):
            put(meeting, number=number)

    count(first, 3)
    assert put(meeting, number=2).state == BallotState.OPEN


def test_without_quorum_nothing_is_put_to_the_vote():
    meeting = running(5, here=2, quorum=Quorum.MAJORITY_OF_ALL)

    with pytest.raises(TransitionRefused, match="málo"):
        put(meeting)

    live.arrive(participants(meeting)[2], actor=operator())
    assert put(meeting).state == BallotState.OPEN


def test_quorum_lost_in_the_middle_of_a_vote_does_not_change_it_and_stops_the_next():
    meeting, actor = running(5, here=3), operator()
    ballot = put(meeting)

    live.leave(participants(meeting)[0], actor=actor)
    assert not table_of(meeting).has_quorum
    count(ballot, 3)

    assert tally(ballot) == (3, 0, 0, 0, 0, True)
    assert ballot.members_present == 3
    with pytest.raises(TransitionRefused, match="málo"):
        put(meeting, number=2)


def test_who_comes_during_a_vote_votes_in_the_next_one():
    meeting, actor = running(5, here=3), operator()
    ballot = put(meeting, method=Method.NAMED)
    late = participants(meeting)[3]

    live.arrive(late, actor=actor)

    with pytest.raises(CastRefused, match="hlas nemáte"):
        cast_vote(ballot, late.person, "pro", channel=Channel.LINK)
    live.close_vote(ballot, actor=actor)
    assert put(meeting, method=Method.NAMED).voters.filter(person=late.person).exists()


def test_more_hands_than_people_are_refused():
    meeting = running(3, here=2, quorum=Quorum.NONE)
    ballot = put(meeting)

    with pytest.raises(ValidationError) as refusal:
        count(ballot, 2, 1)

    assert set(refusal.value.message_dict) == {"votes_for"}
    ballot.refresh_from_db()
    assert ballot.state == BallotState.OPEN


@pytest.mark.parametrize(("chair_voted_for", "adopted"), [(True, True), (False, False)])
def test_a_tie_asks_how_the_chair_voted(chair_voted_for, adopted):
    meeting = running(4, majority=Majority.OF_PRESENT, chair_decides_tie=True)
    ballot = put(meeting)

    with pytest.raises(ValidationError) as refusal:
        count(ballot, 2, 2)
    closed = count(ballot, 2, 2, chair_voted_for=chair_voted_for)

    assert set(refusal.value.message_dict) == {"chair_voted_for"}
    assert closed.is_adopted is adopted


def test_slips_are_counted_and_nobody_is_asked_about_the_chair():
    meeting = running(4, majority=Majority.OF_PRESENT, chair_decides_tie=True)

    closed = count(put(meeting, method=Method.SECRET_PAPER), 2, 1, 1)

    assert tally(closed) == (2, 1, 1, 0, 0, False)


# --- Conflicts of interest --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "majority", "adopted"),
    [
        # 5 of 5 present, 2 left out: 2 of 3 carry among the present, but not among all five.
        (CommitteeKind.WORKING_GROUP, Majority.OF_PRESENT, True),
        (CommitteeKind.WORKING_GROUP, Majority.OF_ALL, False),
        (CommitteeKind.COMMISSION, Majority.OF_ALL, False),
    ],
)
def test_those_in_conflict_are_left_out_of_the_count(kind, majority, adopted):
    meeting, actor = running(5, kind=kind, majority=majority), operator()
    for one in participants(meeting)[:2]:
        live.declare_conflict(item(meeting), one, reason="Zaměstnanec žadatele", actor=actor)

    closed = count(put(meeting), 2, 1)

    assert tally(closed) == (2, 1, 0, 0, 2, adopted)
    with pytest.raises(TransitionRefused):
        count(closed, 3, 1)


def test_a_conflict_belongs_to_its_item_only():
    meeting = running(3)
    live.declare_conflict(item(meeting, 1), participants(meeting)[0], actor=operator())

    assert put(meeting, number=2).voters.filter(is_excluded=True).count() == 0


def test_a_conflict_is_declared_once_and_taken_back_until_a_vote():
    meeting, actor = running(3), operator()
    point, one = item(meeting), participants(meeting)[0]

    first = live.declare_conflict(point, one, reason="Příbuzný", actor=actor)
    assert live.declare_conflict(point, one, actor=actor) == first
    live.withdraw_conflict(point, one, actor=actor)
    live.withdraw_conflict(point, one, actor=actor)
    assert not Conflict.objects.exists()

    live.declare_conflict(point, one, actor=actor)
    ballot = put(meeting)
    with pytest.raises(TransitionRefused, match="zůstává zapsaný"):
        live.withdraw_conflict(point, one, actor=actor)
    live.call_off(ballot, reason="Chyba", actor=actor)
    live.withdraw_conflict(point, one, actor=actor)
    assert not Conflict.objects.exists()


def test_a_conflict_after_the_vote_opened_comes_too_late_for_it():
    meeting, actor = running(3), operator()
    ballot = put(meeting)

    with pytest.raises(TransitionRefused, match="nejde zapsat"):
        live.declare_conflict(item(meeting), participants(meeting)[0], actor=actor)

    count(ballot, 3)
    live.declare_conflict(item(meeting), participants(meeting)[0], actor=actor)
    assert put(meeting).voters.filter(is_excluded=True).count() == 1


def test_when_all_are_in_conflict_there_is_no_vote():
    meeting, actor = running(2), operator()
    for one in participants(meeting):
        live.declare_conflict(item(meeting), one, actor=actor)

    with pytest.raises(TransitionRefused, match="nemá tedy kdo"):
        put(meeting)


def test_a_member_declares_her_own_conflict_and_nobody_elses():
    meeting = running(3)
    _chair, one, other = participants(meeting)
    point = item(meeting)

    live.declare_conflict(point, one, reason="Dcera u žadatele", actor=one.person)

    assert Conflict.objects.get().participant == one
    with pytest.raises(PermissionDenied):
        live.declare_conflict(point, other, actor=one.person)
    with pytest.raises(PermissionDenied):
        live.withdraw_conflict(point, one, actor=other.person)
    with pytest.raises(PermissionDenied):
        live.declare_conflict(item(running(3)), one, actor=operator())


# --- By name and secretly ---------------------------------------------------------------------------------------------


def test_by_name_some_vote_on_phones_and_some_call_out():
    meeting, actor = running(3, votes_public=True), operator()
    chair, second, third = members_of(meeting)
    ballot = put(meeting, method=Method.NAMED)

    cast_vote(ballot, second, "proti", channel=Channel.LINK)
    live.call_out(ballot, chair, "pro", actor=actor)
    live.call_out(ballot, third, "pro", actor=actor)
    with pytest.raises(CastRefused):
        live.call_out(ballot, second, "pro", actor=actor)
    first, again = (live.close_vote(ballot, actor=actor) for _click in range(2))

    assert tally(ballot) == (2, 1, 0, 0, 0, True)
    assert first == again
    assert set(Vote.objects.values_list("channel", "entered_by")) == {
        (Channel.LINK, None),
        (Channel.OPERATOR, actor.pk),
    }


def test_a_secret_vote_is_never_called_out():
    meeting, actor = running(3), operator()
    ballot = put(meeting, method=Method.SECRET)
    chair, second, _third = members_of(meeting)

    with pytest.raises(CastRefused, match="po jménech"):
        live.call_out(ballot, chair, "pro", actor=actor)
    cast_vote(ballot, chair, "pro", channel=Channel.SIGNED_IN)
    cast_vote(ballot, second, "pro", channel=Channel.LINK)
    live.close_vote(ballot, actor=actor)

    assert tally(ballot) == (2, 0, 0, 1, 0, True)
    assert not Vote.objects.exists()


def test_a_mandate_ended_during_the_vote_gives_no_voice():
    meeting, actor = running(4), operator()
    one = participants(meeting)[1]
    ballot = put(meeting, method=Method.NAMED)

    end_seat(one.seat, actor=actor, reason="Rezignace")

    with pytest.raises(CastRefused, match="mandát"):
        cast_vote(ballot, one.person, "pro", channel=Channel.LINK)


def test_a_vote_called_off_says_why_and_counts_for_nothing():
    meeting, actor = running(3), operator()
    ballot = put(meeting, method=Method.NAMED)
    live.call_out(ballot, members_of(meeting)[0], "pro", actor=actor)

    with pytest.raises(TransitionRefused):
        live.call_off(ballot, reason="  ", actor=actor)
    first, again = (live.call_off(ballot, reason="Špatný text", actor=actor) for _click in "12")

    assert first.state == again.state == BallotState.CANCELLED
    assert ballot.events.get(transition="cancel").note == "Špatný text"
    assert not Resolution.objects.exists()


# --- Texts -----------------------------------------------------------------------------------------------------------


def test_the_text_changes_before_the_vote_and_not_during_it():
    meeting, actor = running(3), operator()
    point = item(meeting)
    live.save_proposal(point, text=" Skupina doporučuje návrh. ", verb="doporucuje", actor=actor)
    assert item(meeting).proposal == "Skupina doporučuje návrh."

    ballot = put(meeting)
    with pytest.raises(TransitionRefused, match="se právě hlasuje"):
        live.save_proposal(point, text="Jinak.", verb="schvaluje", actor=actor)

    assert ballot.text == "Skupina doporučuje návrh."


# --- Rights -----------------------------------------------------------------------------------------------------------


def test_each_action_is_for_who_runs_the_meeting():
    meeting = running(4, substitutes_allowed=True)
    chair, member, other, _fourth = participants(meeting)
    ballot = put(meeting, method=Method.NAMED)
    strangers = [
        member.person,
        PersonFactory(),
        running(3).committee.seats.get(role="chair").person,
    ]
    actions = [
        lambda actor: live.arrive(other, actor=actor),
        lambda actor: live.leave(other, actor=actor),
        lambda actor: live.excuse(other, actor=actor),
        lambda actor: live.undo(other, actor=actor),
        lambda actor: live.everybody_here(meeting, actor=actor),
        lambda actor: live.add_guest(meeting, "Host", actor=actor),
        lambda actor: live.represent(other, None, actor=actor),
        lambda actor: live.take_up(item(meeting, 2), actor=actor),
        lambda actor: live.save_proposal(item(meeting, 2), text="X", verb="bere", actor=actor),
        lambda actor: live.declare_conflict(item(meeting, 2), other, actor=actor),
        lambda actor: live.withdraw_conflict(item(meeting, 2), other, actor=actor),
        lambda actor: put(meeting, actor=actor),
        lambda actor: live.count_hands(
            ballot, votes_for=1, votes_against=0, abstained=0, actor=actor
        ),
        lambda actor: live.call_out(ballot, other.person, "pro", actor=actor),
        lambda actor: live.close_vote(ballot, actor=actor),
        lambda actor: live.call_off(ballot, reason="X", actor=actor),
        lambda actor: live.end_meeting(meeting, actor=actor),
        lambda actor: live.resume_meeting(meeting, actor=actor),
        lambda actor: live.start_meeting(meeting, actor=actor),
    ]

    for act in actions:
        for stranger in strangers:
            with pytest.raises(PermissionDenied):
                act(stranger)

    live.call_out(ballot, other.person, "pro", actor=chair.person)
    live.close_vote(ballot, actor=chair.person)
    live.take_up(item(meeting, 2), actor=chair.person)
    with clock.at(timezone.now() + MINUTE):
        live.leave(of(meeting, other.person), actor=chair.person)
        live.end_meeting(meeting, actor=chair.person)
