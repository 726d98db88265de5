"""People who plan, call and answer at the very same moment."""

import threading
import uuid
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models

from committees.bodies.enums import Role
from committees.meetings import services
from committees.meetings.enums import Answer
from committees.meetings.models import AgendaItem, Meeting, MeetingEvent, Participant
from committees.meetings.services import planning
from kpss.outbox.models import Message
from kpss.workflow import TransitionRefused
from tests.factories import SeatFactory
from tests.planning.test_services_race import at_once

from .tables import called, chair_of, committee_at_work, in_days, members_of, planned

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.usefixtures("quick_paper"),
]


def plan_at_once(committee, *tokens):
    actor = chair_of(committee)

    def plan(token):
        return lambda: services.plan_meeting(
            committee=committee, actor=actor, token=token, starts_at=in_days(20)
        )

    return at_once(*[plan(token) for token in tokens])


def test_meetings_planned_at_once_have_numbers_of_their_own():
    committee = committee_at_work(members=1)

    outcomes = plan_at_once(committee, *[uuid.uuid4() for _one in range(8)])

    assert sorted(meeting.number for meeting in outcomes) == list(range(1, 9))


def test_numbers_would_clash_without_the_lock(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite the immediate transaction itself is the guard")
    both_have_read = threading.Barrier(2)
    number = planning._number

    def number_and_wait(meeting):
        number(meeting)
        both_have_read.wait(timeout=20)

    monkeypatch.setattr(planning, "_number", number_and_wait)
    monkeypatch.setattr(
        models.QuerySet, "select_for_update", lambda queryset, **options: queryset.all()
    )

    outcomes = plan_at_once(committee_at_work(members=1), uuid.uuid4(), uuid.uuid4())

    assert sorted(type(outcome) for outcome in outcomes if isinstance(outcome, Exception)) == [
        IntegrityError
    ]


def test_one_form_sent_eight_times_at_once_is_one_meeting_and_one_item():
    committee = committee_at_work(members=1)
    meetings = plan_at_once(committee, *[uuid.uuid4()] * 8)
    meeting, chair, token = meetings[0], chair_of(committee), uuid.uuid4()

    items = at_once(
        *[lambda: services.add_item(meeting, actor=chair, title="Bod", token=token)] * 8
    )

    assert {one.pk for one in meetings} == {Meeting.objects.get().pk}
    assert {one.pk for one in items} == {AgendaItem.objects.get().pk}


def test_meeting_called_many_times_at_once_is_called_once_and_everybody_gets_one_mail():
    committee = committee_at_work(members=3)
    meeting, chair = planned(committee), chair_of(committee)

    calls = at_once(*[lambda: services.call_meeting(meeting, actor=chair)] * 8)
    at_once(*[lambda: services.spread(meeting.pk)] * 8)

    kinds = Counter(type(outcome).__name__ for outcome in calls)
    assert kinds == {"MeetingEvent": 1, "TransitionRefused": 7}
    assert MeetingEvent.objects.filter(transition="invite").count() == 1
    people = list(Message.objects.values_list("person", flat=True))
    assert sorted(people) == sorted(seat.person_id for seat in committee.seats.all())


def called_and_cancelled():
    """A meeting that one person calls and another cancels at once; with the outcomes."""
    committee = committee_at_work(members=1)
    meeting, chair = planned(committee), chair_of(committee)
    return meeting, at_once(
        lambda: services.call_meeting(meeting, actor=chair),
        lambda: services.cancel_meeting(meeting, actor=chair, note="Ruší se."),
    )


def test_called_and_cancelled_at_once_ends_in_one_story():
    for _round in range(5):
        meeting, outcomes = called_and_cancelled()

        assert not [
            one for one in outcomes if not isinstance(one, MeetingEvent | TransitionRefused)
        ]
        meeting.refresh_from_db()
        assert meeting.state == meeting.events.last().to_state == "cancelled"


def test_one_substitute_is_promised_to_one_member():
    for _round in range(5):
        committee = committee_at_work(members=2)
        substitute = SeatFactory(committee=committee, role=Role.SUBSTITUTE)
        meeting = called(committee)

        def send(person, meeting=meeting, substitute=substitute):
            return lambda: services.answer_invitation(
                meeting, person=person, answer=Answer.SUBSTITUTE, substitute=substitute
            )

        outcomes = at_once(*[send(person) for person in members_of(committee)])

        assert sorted(type(outcome).__name__ for outcome in outcomes) == [
            Participant.__name__,
            ValidationError.__name__,
        ]
        assert Participant.objects.filter(meeting=meeting, represents__isnull=False).count() == 1
