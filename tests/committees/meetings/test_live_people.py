"""Who is at the table: coming, leaving, taking back, guests, substitutes."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from committees.bodies.seating import end_seat
from committees.meetings.enums import Answer, Format
from committees.meetings.models import Participant, Presence
from committees.meetings.services import live
from committees.meetings.table import table_of
from kpss import clock
from kpss.workflow import TransitionRefused
from tests.committees.meetings.live_table import (
    MINUTE,
    count,
    of,
    operator,
    participants,
    put,
    running,
    substitute,
)
from tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


def stretches(participant):
    return [
        (one.arrived_at, one.left_at, one.is_online)
        for one in Presence.objects.filter(participant=participant).order_by("pk")
    ]


def later(minutes):
    return clock.at(timezone.now() + minutes * MINUTE)


def test_coming_late_leaving_and_coming_back_are_stretches_with_times():
    meeting, actor = running(3, here=0), operator()
    one = participants(meeting)[0]

    with later(1):
        live.arrive(one, actor=actor)
    with later(20):
        live.leave(one, actor=actor)
    with later(30):
        live.arrive(one, actor=actor)

    (first, second) = stretches(one)
    assert first[1] - first[0] > 18 * MINUTE
    assert second[1] is None
    assert second[0] > first[1]
    with later(25):
        assert table_of(meeting).members_present == 0
    with later(31):
        assert table_of(meeting).members_present == 1


def test_second_click_makes_no_second_stretch():
    meeting, actor = running(3, here=0), operator()
    one = participants(meeting)[0]

    live.arrive(one, actor=actor)
    live.arrive(one, actor=actor)
    live.leave(one, actor=actor)
    live.leave(one, actor=actor)

    assert len(stretches(one)) == 1


def test_a_changed_way_begins_a_new_stretch_but_a_fresh_mistake_is_put_right():
    meeting, actor = running(3, here=0, format=Format.HYBRID), operator()
    one, other = participants(meeting)[:2]
    live.arrive(one, actor=actor)
    live.arrive(other, actor=actor)

    live.arrive(one, online=True, actor=actor)
    with later(10):
        live.arrive(other, online=True, actor=actor)

    assert [online for _from, _to, online in stretches(one)] == [True]
    assert [online for _from, _to, online in stretches(other)] == [False, True]
    assert stretches(other)[0][1] == stretches(other)[1][0]


@pytest.mark.parametrize(("format", "online"), [(Format.IN_PERSON, True), (Format.ONLINE, False)])
def test_people_come_only_the_way_the_meeting_is_held(format, online):
    meeting = running(3, here=0, format=format)

    with pytest.raises(TransitionRefused, match="je jen"):
        live.arrive(participants(meeting)[0], online=online, actor=operator())


def test_coming_forgets_the_excuse_and_who_is_here_is_not_excused():
    meeting, actor = running(3, here=0), operator()
    one = participants(meeting)[0]
    live.excuse(one, actor=actor)

    live.arrive(one, actor=actor)

    one.refresh_from_db()
    assert not one.is_excused
    with pytest.raises(TransitionRefused, match="odchod"):
        live.excuse(one, actor=actor)


def test_a_wrong_arrival_and_a_wrong_leaving_are_taken_back():
    meeting, actor = running(3, here=0), operator()
    one = participants(meeting)[0]
    live.arrive(one, actor=actor)
    with later(2):
        live.undo(one, actor=actor)
    assert stretches(one) == []

    live.arrive(one, actor=actor)
    live.leave(one, actor=actor)
    live.undo(one, actor=actor)

    (only,) = stretches(one)
    assert only[1] is None


def test_a_changed_way_is_taken_back_in_one_step():
    meeting, actor = running(3, here=0, format=Format.HYBRID), operator()
    one = participants(meeting)[0]
    live.arrive(one, actor=actor)

    with later(10):
        live.arrive(one, online=True, actor=actor)
    with later(11):
        live.undo(one, actor=actor)

    assert [(to, online) for _from, to, online in stretches(one)] == [(None, False)]


def test_nothing_older_than_five_minutes_is_taken_back():
    meeting, actor = running(3, here=1), operator()

    with later(6), pytest.raises(TransitionRefused, match="pět minut"):
        live.undo(participants(meeting)[0], actor=actor)


def test_nothing_before_a_vote_is_taken_back():
    meeting, actor = running(3), operator()
    ballot = put(meeting, actor=actor)

    with pytest.raises(TransitionRefused, match="se hlasovalo"):
        live.undo(participants(meeting)[0], actor=actor)

    live.call_off(ballot, reason="Omyl", actor=actor)
    live.undo(participants(meeting)[0], actor=actor)
    assert table_of(meeting).members_present == 2


def test_everybody_comes_but_those_who_refused_or_are_excused():
    meeting, actor = running(5, here=0, format=Format.HYBRID), operator()
    excused, refusing, online, here, _plain = participants(meeting)
    live.excuse(excused, actor=actor)
    Participant.objects.filter(pk=refusing.pk).update(answer=Answer.NO)
    Participant.objects.filter(pk=online.pk).update(answer=Answer.ONLINE)
    live.arrive(here, actor=actor)

    first, second = (live.everybody_here(meeting, actor=actor) for _click in range(2))

    assert (first, second) == (2, 0)
    assert stretches(excused) == stretches(refusing) == []
    assert [way for *_times, way in stretches(online)] == [True]
    assert Presence.objects.count() == 3


def test_a_substitute_is_not_among_everybody_unless_promised():
    meeting, actor = running(2, here=0), operator()
    seat, promised = substitute(meeting.committee), substitute(meeting.committee)
    live.everybody_here(meeting, actor=actor)  # writes them among the participants
    Participant.objects.filter(seat=promised).update(answer=Answer.YES)

    live.everybody_here(meeting, actor=actor)

    here = table_of(meeting).here
    assert promised.person_id in here
    assert seat.person_id not in here


def test_a_guest_is_written_down_once_and_never_votes():
    meeting, actor = running(3), operator()

    guest = live.add_guest(meeting, "  Petr   Host ", actor=actor)
    again = live.add_guest(meeting, "Petr Host", actor=actor)

    assert guest == again
    assert guest.guest_name == "Petr Host"
    assert len(stretches(guest)) == 1
    assert table_of(meeting).members_present == 3


# --- Substitutes ------------------------------------------------------------------------------------------------------


def test_a_chosen_substitute_has_the_voice_until_the_member_comes():
    meeting, actor = running(3, here=2, substitutes_allowed=True), operator()
    away = participants(meeting)[2]
    spare = substitute(meeting.committee)
    meeting.participants.create(person=spare.person, seat=spare)
    deputy = of(meeting, spare.person)
    live.arrive(deputy, actor=actor)

    live.represent(deputy, away.seat, actor=actor)

    ballot = put(meeting, actor=actor)
    assert ballot.voters.get(seat=away.seat).person == spare.person
    count(ballot, 3)
    live.arrive(away, actor=actor)
    assert put(meeting, actor=actor).voters.get(seat=away.seat).person == away.person


def test_standing_in_is_refused_where_the_rules_or_the_roles_do_not_allow_it():
    meeting, actor = running(3, substitutes_allowed=True), operator()
    first, second, third = participants(meeting)
    named = substitute(meeting.committee, named_for=first.seat)
    spare = substitute(meeting.committee)
    elsewhere = SeatFactory()
    for seat in (named, spare):
        meeting.participants.create(person=seat.person, seat=seat)
    live.represent(of(meeting, spare.person), second.seat, actor=actor)

    for deputy, seat, sentence in (
        (third, first.seat, "jen náhradník"),
        (of(meeting, named.person), second.seat, "za jiného"),
        (of(meeting, spare.person), elsewhere, "který v tomto orgánu hlasuje"),
        (of(meeting, spare.person), named, "který v tomto orgánu hlasuje"),
    ):
        with pytest.raises(TransitionRefused, match=sentence):
            live.represent(deputy, seat, actor=actor)

    other = substitute(meeting.committee)
    meeting.participants.create(person=other.person, seat=other)
    with pytest.raises(TransitionRefused, match="zastupuje někdo jiný"):
        live.represent(of(meeting, other.person), second.seat, actor=actor)
    live.represent(of(meeting, spare.person), None, actor=actor)
    live.represent(of(meeting, other.person), second.seat, actor=actor)
    meeting.committee.rules.update(substitutes_allowed=False)
    with pytest.raises(TransitionRefused, match="nepřipouští"):
        live.represent(of(meeting, other.person), third.seat, actor=actor)


# --- A member herself -------------------------------------------------------------------------------------------------


def test_a_member_comes_and_leaves_online_by_herself_but_not_to_the_table():
    meeting = running(3, here=0, format=Format.HYBRID)
    _chair, one, other = participants(meeting)
    person = one.person

    live.arrive(one, online=True, actor=person)
    assert [way for *_times, way in stretches(one)] == [True]
    live.leave(one, actor=person)
    assert stretches(one)[0][1] is not None
    with pytest.raises(PermissionDenied):
        live.arrive(one, actor=person)
    with pytest.raises(PermissionDenied):
        live.arrive(other, online=True, actor=person)
    live.arrive(one, actor=operator())
    with pytest.raises(PermissionDenied):
        live.leave(one, actor=person)


def test_whose_mandate_has_ended_writes_nothing_and_has_no_voice():
    meeting = running(3, format=Format.ONLINE)
    _chair, one, _other = participants(meeting)
    person = one.person
    live.leave(one, actor=operator())
    end_seat(one.seat, actor=operator(), reason="Rezignace")

    with pytest.raises(PermissionDenied):
        live.arrive(one, online=True, actor=person)

    live.arrive(one, online=True, actor=operator())
    assert table_of(meeting).members_present == 2
    assert table_of(meeting).members_total == 2
