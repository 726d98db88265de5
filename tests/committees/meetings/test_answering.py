"""Answers to invitations, substitutes, and who may give them until when."""

import datetime
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committees.bodies.enums import Role
from committees.meetings import services
from committees.meetings.enums import Answer
from committees.meetings.models import Meeting, Participant
from kpss import clock
from kpss.workflow import TransitionRefused
from tests.factories import PersonFactory, SeatFactory

from .tables import called, chair_of, committee_at_work, event_in, mails_to, members_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


def substitute_of(committee, member=None):
    return SeatFactory(
        committee=committee,
        role=Role.SUBSTITUTE,
        substitute_for=member and committee.seats.get(person=member),
    )


def test_answer_is_written_down_and_may_be_changed():
    committee = committee_at_work()
    meeting = called(committee)
    member = members_of(committee)[0]

    services.answer_invitation(meeting, person=member, answer=Answer.NO, note="Jsem v lázních.")
    excused = Participant.objects.get(meeting=meeting, person=member)
    services.answer_invitation(meeting, person=member, answer=Answer.YES)
    coming = Participant.objects.get(meeting=meeting, person=member)

    assert (excused.answer, excused.is_excused, excused.note) == ("no", True, "Jsem v lázních.")
    assert (coming.answer, coming.is_excused, coming.note) == ("yes", False, "")


def test_substitute_is_asked_and_let_go():
    committee = committee_at_work()
    member, other = members_of(committee)[:2]
    named, general = substitute_of(committee, member), substitute_of(committee)
    of_other = substitute_of(committee, other)
    meeting = called(committee)
    participant = services.invited(meeting, member)

    offered = services.substitutes_for(participant, meeting)
    assert {seat.pk for seat in offered} == {named.pk, general.pk}
    with pytest.raises(ValidationError):
        services.answer_invitation(
            meeting, person=member, answer=Answer.SUBSTITUTE, substitute=of_other
        )
    for answer, substitute in (
        (Answer.SUBSTITUTE, named),
        (Answer.SUBSTITUTE, general),
        (Answer.YES, None),
    ):
        services.answer_invitation(meeting, person=member, answer=answer, substitute=substitute)
        services.spread(meeting.pk)

    assert [event_in(one)[0] for one in mails_to(named.person)] == ["REQUEST", "CANCEL"]
    assert [event_in(one)[0] for one in mails_to(general.person)] == ["REQUEST", "CANCEL"]
    assert str(member) in mails_to(named.person)[0].body
    assert not meeting.participants.filter(represents__isnull=False).exists()


def test_substitute_stands_in_for_one_member_only():
    committee = committee_at_work()
    first, second = members_of(committee)[:2]
    general = substitute_of(committee)
    meeting = called(committee)
    services.answer_invitation(meeting, person=first, answer=Answer.SUBSTITUTE, substitute=general)

    with pytest.raises(ValidationError):
        services.answer_invitation(
            meeting, person=second, answer=Answer.SUBSTITUTE, substitute=general
        )

    standing_in = meeting.participants.get(person=general.person)
    assert standing_in.represents.person == first


def test_no_substitute_where_the_rules_know_none_or_the_seat_has_no_vote():
    without = committee_at_work(substitutes_allowed=False)
    substitute_of(without)
    meeting = called(without)
    committee = committee_at_work()
    substitute_of(committee)
    secretary = committee.seats.get(role=Role.SECRETARY).person
    other = called(committee)

    assert (
        services.substitutes_for(services.invited(meeting, members_of(without)[0]), meeting) == []
    )
    assert services.substitutes_for(services.invited(other, secretary), other) == []


FORMATS = [
    ("in_person", ["yes", "no"]),
    ("online", ["online", "no"]),
    ("hybrid", ["yes", "online", "no"]),
]


@pytest.mark.parametrize(("format", "answers"), FORMATS)
def test_answers_fit_how_people_meet(format, answers):
    meeting = Meeting(format=format)

    assert services.possible_answers(meeting, []) == answers
    assert services.possible_answers(meeting, [Mock()]) == [*answers, "substitute"]


def test_answers_are_closed_when_the_meeting_begins_or_is_cancelled():
    committee = committee_at_work()
    member = members_of(committee)[0]
    meeting = called(committee)
    begun = called(committee, days=20)
    services.cancel_meeting(begun, actor=chair_of(committee), note="Ruší se.")

    with clock.at(meeting.starts_at), pytest.raises(TransitionRefused):
        services.answer_invitation(meeting, person=member, answer=Answer.YES)
    with pytest.raises(TransitionRefused):
        services.answer_invitation(begun, person=member, answer=Answer.YES)
    with clock.at(meeting.starts_at - datetime.timedelta(seconds=1)):
        services.answer_invitation(meeting, person=member, answer=Answer.YES)


def test_only_those_invited_answer_and_only_who_prepares_writes_for_others():
    committee = committee_at_work()
    meeting = called(committee)
    member, other = members_of(committee)[:2]
    participant = meeting.participants.get(person=member)

    for person in (SeatFactory().person, PersonFactory()):
        with pytest.raises(PermissionDenied):
            services.answer_invitation(meeting, person=person, answer=Answer.YES)
    with pytest.raises(PermissionDenied):
        services.record_answer(participant, actor=other, answer=Answer.YES)
    services.record_answer(participant, actor=chair_of(committee), answer=Answer.YES)

    participant.refresh_from_db()
    assert participant.answer == Answer.YES
