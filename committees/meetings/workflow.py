"""The life of a meeting and of the tasks given at it. Nothing else assigns their states."""

from collections.abc import Iterator

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from committees.ballots.enums import BallotState
from committees.bodies.models import Seat
from kpss import clock
from kpss.workflow import Transition, Workflow

from .enums import Format, MeetingState, TaskState
from .models import AgendaItem, Meeting, MeetingEvent, MeetingTaskEvent, Motion


def _why_not_invite(meeting: Meeting) -> Iterator[str]:
    if not AgendaItem.objects.filter(meeting=meeting).exists():
        yield _t("The agenda is empty. Add at least one item.")
    yield from why_nobody_could_come(meeting)
    if not Seat.objects.on(meeting.day).filter(committee=meeting.committee_id).exists():
        yield _t("Nobody sits on the committee on that day. Fill its seats first.")
    if meeting.rules() is None:
        yield _t("The committee has no rules of procedure valid on that day. Add them first.")
    if meeting.starts_at <= clock.now():
        yield _t("The meeting would begin in the past. Change its time.")


def why_nobody_could_come(meeting: Meeting) -> Iterator[str]:
    """What people would miss in the invitation: the place, the link for attending online."""
    if meeting.format != Format.ONLINE and not meeting.place:
        yield _t("Say where the meeting takes place.")
    if meeting.format != Format.IN_PERSON and not meeting.online_url:
        yield _t("Add the link for online attendance.")


def _why_not_start(meeting: Meeting) -> Iterator[str]:
    if meeting.rules() is None:
        yield _t("The committee has no rules of procedure valid on that day. Add them first.")
    if clock.today() < meeting.day:
        yield _t("The day of the meeting has not come yet.")


def _why_not_end(meeting: Meeting) -> Iterator[str]:
    if Motion.objects.filter(item__meeting=meeting, ballot__state=BallotState.OPEN).exists():
        yield _t("A vote is still open. Close it first.")


def _why_not_resume(meeting: Meeting) -> Iterator[str]:
    if meeting.day != clock.today():
        yield _t("Only a meeting of today can go on.")


MEETING_WORKFLOW = Workflow(
    event_model=MeetingEvent,
    event_field="meeting",
    transitions={
        "invite": Transition(
            label=_("Call the meeting"),
            sources=frozenset({MeetingState.PLANNED}),
            target=MeetingState.INVITED,
            permission="meetings.prepare_meeting",
            guard=_why_not_invite,
        ),
        "change": Transition(
            label=_("Change what those invited know"),
            sources=frozenset({MeetingState.INVITED}),
            target=MeetingState.INVITED,
            internal=True,  # services.change_meeting and announce_agenda ask who may
        ),
        "start": Transition(
            label=_("Begin the meeting"),
            sources=frozenset({MeetingState.PLANNED, MeetingState.INVITED}),
            target=MeetingState.RUNNING,
            permission="meetings.run_meeting",
            guard=_why_not_start,
        ),
        "end": Transition(
            label=_("End the meeting"),
            sources=frozenset({MeetingState.RUNNING}),
            target=MeetingState.ENDED,
            permission="meetings.run_meeting",
            guard=_why_not_end,
        ),
        "resume": Transition(
            label=_("Go on with the meeting"),
            sources=frozenset({MeetingState.ENDED}),
            target=MeetingState.RUNNING,
            permission="meetings.run_meeting",
            guard=_why_not_resume,
        ),
        "cancel": Transition(
            label=_("Cancel the meeting"),
            sources=frozenset({MeetingState.PLANNED, MeetingState.INVITED}),
            target=MeetingState.CANCELLED,
            permission="meetings.prepare_meeting",
            needs_note=True,
        ),
    },
)

TASK_WORKFLOW = Workflow(
    event_model=MeetingTaskEvent,
    event_field="task",
    transitions={
        "finish": Transition(
            label=_("Done"),
            sources=frozenset({TaskState.OPEN}),
            target=TaskState.DONE,
            internal=True,  # services.finish_task asks who may
        ),
        "reopen": Transition(
            label=_("Not done yet"),
            sources=frozenset({TaskState.DONE, TaskState.CANCELLED}),
            target=TaskState.OPEN,
            permission="meetings.prepare_meeting",
        ),
        "cancel": Transition(
            label=_("No longer needed"),
            sources=frozenset({TaskState.OPEN}),
            target=TaskState.CANCELLED,
            permission="meetings.prepare_meeting",
            needs_note=True,
        ),
    },
)
