"""The life of a meeting and of a task: who may walk which arrow, in every state; and random walks."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.bodies.enums import Role
from committees.meetings import services
from committees.meetings.enums import Answer, MeetingState, TaskState
from committees.meetings.models import Meeting, MeetingEvent, MeetingTask, Participant
from committees.meetings.workflow import MEETING_WORKFLOW, TASK_WORKFLOW
from kpss.workflow import TransitionRefused
from tests.factories import (
    AgendaItemFactory,
    MeetingFactory,
    MeetingTaskFactory,
    PersonFactory,
    SeatFactory,
)
from tests.trials import Walk, rounds, wander

from .tables import committee_at_work, in_days, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]

STATES = list(MeetingState)
RUNS = ["chair", "vice_chair", "secretary", "coordinator"]
ROLES = [*RUNS, "member", "substitute", "guest", "elsewhere", "former", "nobody"]
# Who × from where × which arrow: what is not written here is refused.
ALLOWED = {
    (role, state, name)
    for role in RUNS
    for state, name in (
        (MeetingState.PLANNED, "invite"),
        (MeetingState.PLANNED, "start"),
        (MeetingState.PLANNED, "cancel"),
        (MeetingState.INVITED, "start"),
        (MeetingState.INVITED, "cancel"),
        (MeetingState.RUNNING, "end"),
        (MeetingState.ENDED, "resume"),
    )
}
# "change" is walked by code only, for whoever; the services ask before it.
BY_CODE = {(role, MeetingState.INVITED, "change") for role in ROLES}


def people(committee):
    coordinator = PersonFactory(superuser=True)
    return {
        "chair": committee.seats.get(role=Role.CHAIR).person,
        "vice_chair": SeatFactory(committee=committee, role=Role.VICE_CHAIR).person,
        "secretary": committee.seats.get(role=Role.SECRETARY).person,
        "coordinator": coordinator,
        "member": committee.seats.filter(role=Role.MEMBER).first().person,
        "substitute": SeatFactory(committee=committee, role=Role.SUBSTITUTE).person,
        "guest": SeatFactory(committee=committee, role=Role.GUEST).person,
        "elsewhere": SeatFactory(chair=True).person,
        "former": SeatFactory(committee=committee, chair=True, ended=True).person,
        "nobody": PersonFactory(),
    }


def in_state(committee, state):
    now = timezone.now()
    begun = now - datetime.timedelta(minutes=1)
    later = {MeetingState.PLANNED: in_days(0, 23), MeetingState.INVITED: in_days(0, 23)}
    meeting = MeetingFactory(
        committee=committee,
        state=state,
        starts_at=max(later.get(state, now), now + datetime.timedelta(seconds=30)),
        invited_at=None if state == MeetingState.PLANNED else begun,
        started_at=begun if state in {MeetingState.RUNNING, MeetingState.ENDED} else None,
        ended_at=now if state == MeetingState.ENDED else None,
        number=Meeting.objects.filter(committee=committee).count() + 1,
    )
    AgendaItemFactory(meeting=meeting)
    return meeting


def test_every_role_in_every_state_walks_only_what_is_allowed():
    committee = committee_at_work()
    everybody = people(committee)
    walked = set()

    for state in STATES:
        for role, actor in everybody.items():
            for name in MEETING_WORKFLOW.transitions:
                meeting = in_state(committee, state)
                changes = {"invite": {"invited_at": timezone.now()}}.get(name, {})
                changes |= {"start": {"started_at": timezone.now()}}.get(name, {})
                changes |= {"end": {"ended_at": timezone.now()}}.get(name, {})
                try:
                    MEETING_WORKFLOW.advance(
                        meeting, name, actor=actor, note="Proto.", changes=changes
                    )
                except (PermissionDenied, TransitionRefused):
                    assert Meeting.objects.get(pk=meeting.pk).state == state
                else:
                    walked.add((role, state, name))

    assert walked == ALLOWED | BY_CODE


TASK_ALLOWED = {
    (role, state, step)
    for role, settled in {
        "chair": True, "vice_chair": True, "secretary": True, "coordinator": True, "doer": False,
    }.items()
    for state, step in (
        (TaskState.OPEN, "finish"),
        *(
            ((TaskState.OPEN, "cancel"), (TaskState.DONE, "reopen"), (TaskState.CANCELLED, "reopen"))
            if settled
            else ()
        ),
    )
}  # fmt: skip


def test_every_role_settles_only_tasks_it_may():
    committee = committee_at_work()
    everybody = people(committee) | {"doer": PersonFactory()}
    steps = {
        "finish": services.finish_task,
        "cancel": services.cancel_task,
        "reopen": services.reopen_task,
    }
    assert set(steps) == set(TASK_WORKFLOW.transitions)
    walked = set()

    for state in TaskState:
        for role, actor in everybody.items():
            for name, step in steps.items():
                closed = None if state == TaskState.OPEN else timezone.now()
                task = MeetingTaskFactory(
                    meeting__committee=committee,
                    person=everybody["doer"],
                    state=state,
                    closed_at=closed,
                )
                try:
                    step(task, actor=actor, note="Proto.")
                except (PermissionDenied, TransitionRefused):
                    assert MeetingTask.objects.get(pk=task.pk).state == state
                else:
                    walked.add((role, state, name))

    assert walked == TASK_ALLOWED


def test_second_click_loses():
    committee = committee_at_work()
    chair = committee.seats.get(role=Role.CHAIR).person
    meeting = planned(committee)
    stale = Meeting.objects.get(pk=meeting.pk)

    services.cancel_meeting(meeting, actor=chair, note="Ruší se.")
    with pytest.raises(TransitionRefused):
        services.cancel_meeting(stale, actor=chair, note="Ruší se podruhé.")

    assert MeetingEvent.objects.filter(transition="cancel").count() == 1


def test_database_keeps_what_states_promise():
    for values in (
        {"state": MeetingState.INVITED},
        {"state": MeetingState.RUNNING},
        {"state": MeetingState.ENDED, "started_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            MeetingFactory(**values)
    for values in ({"closed_at": timezone.now()}, {"state": TaskState.DONE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MeetingTaskFactory(**values)
    event = MEETING_WORKFLOW.record_birth(MeetingFactory())
    for change in (
        lambda: MeetingEvent.objects.filter(pk=event.pk).update(note="jinak"),
        lambda: MeetingEvent.objects.filter(pk=event.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- Random walks ------------------------------------------------------------------------------------------------------


class PlanningWalk(Walk):
    """One committee and whatever may happen to its meetings before they begin."""

    def __init__(self, dice):
        super().__init__(dice)
        self.committee = committee_at_work()
        self.chair = self.committee.seats.get(role=Role.CHAIR).person
        self.members = [seat.person for seat in self.committee.seats.filter(role=Role.MEMBER)]
        SeatFactory(committee=self.committee, role=Role.SUBSTITUTE)
        planned(self.committee, items=0)
        self.memory.seen = {}  # meeting: its sequence and state when last looked at

    def take(self, name):
        meetings = self.committee.meetings.order_by("pk")
        self.steps[name][1](self, self.dice.choice(list(meetings)))

    def plan(self, _meeting):
        if self.committee.meetings.count() == 4:
            raise TransitionRefused
        planned(self.committee, items=0)

    def item(self, meeting):
        items = list(meeting.items.order_by("pk"))
        if items and self.dice.random() < 0.4:
            services.remove_item(self.dice.choice(items), actor=self.chair)
        else:
            parent = self.dice.choice([None, *items])
            services.add_item(meeting, actor=self.chair, title="Bod", parent=parent)

    def call(self, meeting):
        services.call_meeting(meeting, actor=self.chair, short_notice_confirmed=True)

    def move(self, meeting):
        days = self.dice.choice([-1, 1, 8, 20])
        values = self.dice.choice([{"starts_at": in_days(days)}, {"place": ""}, {"place": "Klub"}])
        services.change_meeting(meeting, actor=self.chair, short_notice_confirmed=True, **values)

    def announce(self, meeting):
        services.announce_agenda(meeting, actor=self.chair)

    def answer(self, meeting):
        person = self.dice.choice([*self.members, self.chair])
        answer = self.dice.choice(list(Answer))
        place = services.invited(meeting, person)
        choice = services.substitutes_for(place, meeting) if place else []
        substitute = self.dice.choice(choice) if choice else None
        services.answer_invitation(meeting, person=person, answer=answer, substitute=substitute)

    def guest(self, meeting):
        services.add_guest(meeting, actor=self.chair, name=self.dice.choice("AB"))

    def cancel(self, meeting):
        services.cancel_meeting(meeting, actor=self.chair, note="Ruší se.")

    def spread(self, meeting):
        services.spread(meeting.pk)

    steps = {
        "plan": (1, plan),
        "item": (1.5, item),
        "call": (2.5, call),
        "move": (1, move),
        "announce": (2, announce),
        "answer": (2, answer),
        "guest": (1, guest),
        "cancel": (0.3, cancel),
        "spread": (1, spread),
    }

    def check(self):
        meetings = list(Meeting.objects.filter(committee=self.committee))
        numbers = [(meeting.year, meeting.number) for meeting in meetings]
        assert len(set(numbers)) == len(numbers)
        for meeting in meetings:
            before = self.memory.seen.get(meeting.pk, (0, ""))
            assert meeting.sequence >= before[0]
            assert not (before[1] == MeetingState.CANCELLED and meeting.state != before[1])
            self.memory.seen[meeting.pk] = (meeting.sequence, meeting.state)
            last = meeting.events.last()
            assert last.to_state == meeting.state
            if meeting.state == MeetingState.INVITED:
                assert meeting.place
                assert meeting.participants.filter(seat__isnull=False).exists()
            if meeting.state == MeetingState.PLANNED:
                assert not meeting.participants.filter(seat__isnull=False).exists()
        standing_in = Participant.objects.filter(
            represents__isnull=False, meeting__committee=self.committee
        )
        assert {p.represents_id for p in standing_in} == set(
            Participant.objects.filter(
                answer=Answer.SUBSTITUTE, meeting__in=standing_in.values("meeting")
            ).values_list("seat", flat=True)
        )

    def ends(self):
        return list(self.committee.meetings.values_list("state", flat=True))


def test_whatever_happens_before_a_meeting_the_books_stay_true():
    figures = wander(PlanningWalk, seed=12, sequences=rounds(10_000, 100), length=10)

    assert set(figures.done) == set(PlanningWalk.steps)
    assert set(figures.ends) == {"planned", "invited", "cancelled"}
