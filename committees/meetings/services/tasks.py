"""Tasks given at meetings: who does what until when, and when it is done."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _t

from committees.meetings.enums import MeetingState
from committees.meetings.models import AgendaItem, Meeting, MeetingTask, MeetingTaskEvent
from committees.meetings.workflow import TASK_WORKFLOW
from committees.people.models import Person
from kpss import clock
from kpss.workflow import TransitionRefused

from .locking import too_late


@transaction.atomic
def add_task(
    meeting: Meeting,
    *,
    actor,
    text: str,
    person: Person | None = None,
    responsible: str = "",
    due_on: datetime.date | None = None,
    item: AgendaItem | None = None,
    token: uuid.UUID | None = None,
) -> MeetingTask:
    """Give a task at the meeting, also later when minutes are written. The same ``token`` is the same.

    Raise PermissionDenied for who neither prepares nor runs the meeting, ValidationError by field
    when nobody is to do it or nothing is to be done, TransitionRefused for a cancelled meeting.
    """
    if not (
        actor.has_perm("meetings.prepare_meeting", meeting)
        or actor.has_perm("meetings.run_meeting", meeting)
    ):
        raise PermissionDenied
    if meeting.state == MeetingState.CANCELLED:
        raise TransitionRefused(too_late(meeting))
    if not text.strip():
        raise ValidationError({"text": _t("Write what is to be done.")})
    if person is None and not responsible.strip():
        raise ValidationError({"person": _t("Say who does it.")})
    if item is not None and item.meeting_id != meeting.pk:
        raise ValidationError({"item": _t("Choose an item of this meeting.")})
    task, is_new = MeetingTask.objects.get_or_create(
        token=token or uuid.uuid4(),
        defaults={
            "meeting": meeting,
            "item": item,
            "text": text.strip(),
            "person": person,
            "responsible": "" if person else responsible.strip(),
            "due_on": due_on,
            "created_at": clock.now(),
        },
    )
    if is_new:
        TASK_WORKFLOW.record_birth(task, actor=actor)
    return task


def may_finish(user, task: MeetingTask) -> bool:
    """Whether the user may say that the task is done: who does it, or who prepares meetings."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.pk == task.person_id or user.has_perm("meetings.prepare_meeting", task)


def finish_task(task: MeetingTask, *, actor, note: str = "") -> MeetingTaskEvent:
    """The task is done. Raise PermissionDenied, or TransitionRefused when it is settled already."""
    if not may_finish(actor, task):
        raise PermissionDenied
    return TASK_WORKFLOW.advance(
        task, "finish", actor=actor, note=note, changes={"closed_at": clock.now()}
    )


def cancel_task(task: MeetingTask, *, actor, note: str) -> MeetingTaskEvent:
    """The task is not needed any more, for a reason. Raises as ``finish_task``."""
    return TASK_WORKFLOW.advance(
        task, "cancel", actor=actor, note=note, changes={"closed_at": clock.now()}
    )


def reopen_task(task: MeetingTask, *, actor, note: str = "") -> MeetingTaskEvent:
    """The task is to be done after all. Raises as ``finish_task``."""
    return TASK_WORKFLOW.advance(
        task, "reopen", actor=actor, note=note, changes={"closed_at": None}
    )
