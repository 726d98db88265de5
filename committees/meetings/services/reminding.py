"""Reminders that come due: answers to invitations, terms of tasks. Lines of the daily mail, each once."""

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import override

from committees.meetings import notifications, wording
from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting, MeetingTask
from committees.meetings.selectors import seats_in_force
from kpss import czech
from kpss.links import services as links
from kpss.outbox import services as outbox
from kpss.outbox.models import Notice

from .summoning import is_invited

ASK_AGAIN = datetime.timedelta(days=2)
TERM_NEAR = datetime.timedelta(days=3)
TASK = "meeting-task"


@override(wording.CZECH)
def remind_of_answers(now: datetime.datetime) -> int:
    """Two days before a meeting ask those who have not answered; return how many lines are new."""
    meetings = Meeting.objects.filter(
        state=MeetingState.INVITED, starts_at__gt=now, starts_at__lte=now + ASK_AGAIN
    ).select_related("committee")
    told = 0
    for meeting in meetings:
        silent = notifications.reachable(meeting).filter(answer="", invited_at__isnull=False)
        keys = {f"jednani-odpoved:{one.pk}:{meeting.sequence}": one for one in silent}
        missing = _not_told(keys)
        if not missing:
            continue
        seats = set(seats_in_force(meeting).values_list("pk", flat=True))
        for key in missing:
            participant = keys[key]
            if not is_invited(participant, seats):
                continue
            link = notifications.personal_link(meeting, participant.person)
            notice = outbox.tell(
                participant.person,
                kind=notifications.REMINDER,
                text=_t("Please answer whether you will come: %(committee)s, %(when)s.")
                % {
                    "committee": meeting.committee.name,
                    "when": czech.datetime_(meeting.starts_at),
                },
                url=links.placeholder(link),
                key=key,
            )
            told += notice is not None
    return told


@override(wording.CZECH)
def remind_of_tasks(now: datetime.datetime) -> int:
    """Three days before the term of a task, and every week after it, tell who does it; how many lines."""
    today = timezone.localdate(now)
    tasks = (
        MeetingTask.objects.open()
        .filter(person__isnull=False, due_on__lte=today + TERM_NEAR)
        .select_related("person", "meeting__committee")
    )
    lines = {_task_key(task, today): task for task in tasks}
    told = 0
    for key in _not_told(lines):
        task = lines[key]
        notice = outbox.tell(
            task.person,
            kind=TASK,
            text=_task_text(task, today),
            url=reverse("meetings:task_list", args=[task.meeting.committee.slug]),
            key=key,
        )
        told += notice is not None
    return told


def _task_key(task: MeetingTask, today: datetime.date) -> str:
    """One line for a term to come; after it one for each week that has passed."""
    key = f"jednani-ukol:{task.pk}:{task.due_on}"
    late = _days_late(task, today)
    return f"{key}:{late // 7}" if late > 0 else key


def _task_text(task: MeetingTask, today: datetime.date) -> str:
    sentence = (
        _t("The term of your task from the meeting passed on %(date)s: %(text)s")
        if _days_late(task, today) > 0
        else _t("Your task from the meeting is due on %(date)s: %(text)s")
    )
    return sentence % {"date": czech.date(task.due_on), "text": task.text}


def _days_late(task: MeetingTask, today: datetime.date) -> int:
    return (today - task.due_on).days if task.due_on else 0


def _not_told(keys: Iterable[str]) -> list[str]:
    """The keys of lines that nobody has written yet. One query."""
    keys = list(keys)
    if not keys:
        return []
    known: QuerySet[Notice] = Notice.objects.filter(dedup_key__in=keys)
    told = set(known.values_list("dedup_key", flat=True))
    return [key for key in keys if key not in told]
