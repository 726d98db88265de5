"""What of meetings waits on desks: invitations, a meeting under way, tasks; for who prepares, what to do."""

import datetime
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from committees.bodies.models import Committee, Rules, Seat
from committees.bodies.rules import roles_with
from committees.people.models import Person
from kpss import clock
from kpss.czech import datetime_
from kpss.desk import Line, Pile

from .enums import MeetingState
from .models import Meeting, MeetingTask, Participant
from .pages import address

PREPARES = "meetings.prepare_meeting"
# A meeting not called yet stands on the desk this long before the last day on which it can be.
CALL_SOON = datetime.timedelta(days=7)


# --- Everybody -------------------------------------------------------------------------------------------------------


def waiting_for(person: Person) -> list[Line]:
    """A meeting under way, invitations without an answer, open tasks of the person. Two queries."""
    return [*_invitations(person), *_tasks(person)]


def _invitations(person: Person) -> Iterator[Line]:
    now = clock.now()
    holds = Q(seat__valid_to=None) | Q(seat__valid_to__gte=clock.today())
    lasts = Q(seat__ended_at=None) | Q(seat__ended_at__gt=now)
    asked = Q(meeting__state=MeetingState.INVITED, meeting__starts_at__gt=now, answer="")
    places = (
        Participant.objects.filter(Q(seat=None) | holds & lasts, person=person)
        .filter(Q(meeting__state=MeetingState.RUNNING) | asked)
        .select_related("meeting__committee")
        .order_by("meeting__starts_at", "pk")
    )
    for place in places:
        meeting = place.meeting
        if meeting.state == MeetingState.RUNNING:
            yield Line(
                what=_t("The meeting is under way"),
                about=meeting.committee.name,
                url=address("answer", meeting),
                action=_t("Open the meeting"),
                when=_t("now"),
            )
        else:
            yield Line(
                what=_t("Will you come to the meeting?"),
                about=_about(meeting),
                url=address("answer", meeting),
                action=pgettext("button of an invitation", "Answer"),
                until=meeting.starts_at,
            )


def _tasks(person: Person) -> Iterator[Line]:
    tasks = (
        MeetingTask.objects.open()
        .filter(person=person)
        .select_related("meeting__committee")
        .order_by("due_on", "pk")
    )
    for task in tasks:
        yield Line(
            what=_t("Your task from a meeting: %(text)s") % {"text": task.text},
            about=task.meeting.committee.name,
            url=reverse("meetings:task_list", args=[task.meeting.committee.slug]),
            action=_t("Open the task"),
            until=task.due_on,
        )


# --- Who prepares meetings -------------------------------------------------------------------------------------------


def waiting_for_manager(user: Person) -> list[Line]:
    """All that waits for who prepares meetings: of every committee, or of those where they may."""
    return [line for _pile, lines in OFFICE for line in lines(user)]


def meetings_today(user: Person) -> list[Line]:
    """Meetings of this day that have not ended. Two queries."""
    meetings = _managed(user).filter(
        state__in=[MeetingState.PLANNED, MeetingState.INVITED, MeetingState.RUNNING],
        starts_at__gte=_midnight(clock.today()),
        starts_at__lt=_midnight(clock.today() + datetime.timedelta(days=1)),
    )
    return [
        Line(
            what=_t("The meeting is today"),
            about=_about(meeting),
            url=meeting.get_absolute_url(),
            action=_t("Open the meeting"),
            when=datetime_(meeting.starts_at),
        )
        for meeting in meetings
    ]


def meetings_to_call(user: Person) -> list[Line]:
    """Meetings that nobody has been called to, when the last day on which it can be is near. Three queries."""
    meetings = list(_managed(user).filter(state=MeetingState.PLANNED, starts_at__gt=clock.now()))
    rules = list(
        Rules.objects.filter(committee__in={meeting.committee_id for meeting in meetings}).order_by(
            "valid_from"
        )
    )
    lines = []
    for meeting in meetings:
        notice = _notice_days(meeting, rules)
        last_day = meeting.day - datetime.timedelta(days=notice)
        if last_day - CALL_SOON <= clock.today():
            lines.append(
                Line(
                    what=_t("Call the meeting"),
                    about=_about(meeting),
                    url=address("call", meeting),
                    action=_t("Check and call"),
                    until=last_day,
                )
            )
    return lines


def _notice_days(meeting: Meeting, rules: list[Rules]) -> int:
    """How many days ahead people have to be called by the rules of the meeting's day."""
    valid = [
        one.notice_days
        for one in rules
        if one.committee_id == meeting.committee_id and one.valid_from <= meeting.day
    ]
    return valid[-1] if valid else 0


def agendas_to_announce(user: Person) -> list[Line]:
    """Called meetings whose agenda has changed since people were told. Two queries."""
    meetings = _managed(user).filter(
        state=MeetingState.INVITED, untold_since__isnull=False, starts_at__gt=clock.now()
    )
    return [
        Line(
            what=_t("The agenda has changed and those invited do not know"),
            about=_about(meeting),
            url=meeting.get_absolute_url(),
            action=_t("Tell them"),
            when=datetime_(meeting.starts_at),
        )
        for meeting in meetings
    ]


def overdue_tasks(user: Person) -> list[Line]:
    """Tasks from meetings whose term has passed. Two queries."""
    tasks = (
        MeetingTask.objects.open()
        .filter(due_on__lt=clock.today(), meeting__in=_managed(user))
        .select_related("meeting__committee", "person")
        .order_by("due_on", "pk")
    )
    return [
        Line(
            what=_t("The task is not done: %(text)s") % {"text": task.text},
            about=str(task.person or task.responsible),
            url=reverse("meetings:task_list", args=[task.meeting.committee.slug]),
            action=_t("Open the task"),
            until=task.due_on,
        )
        for task in tasks
    ]


OFFICE = (
    (Pile.TODAY, meetings_today),
    (Pile.UNDER_WAY, meetings_to_call),
    (Pile.UNDER_WAY, agendas_to_announce),
    (Pile.OVERDUE, overdue_tasks),
)


def _managed(user: Person) -> QuerySet[Meeting]:
    """Meetings that the user prepares: all, or those of committees where a seat lets them."""
    meetings = Meeting.objects.select_related("committee").order_by("starts_at", "pk")
    if user.has_perm(PREPARES):
        return meetings
    seats = Seat.objects.current().filter(person=user, role__in=roles_with(PREPARES))
    return meetings.filter(committee__in=Committee.objects.filter(seats__in=seats))


def _about(meeting: Meeting) -> str:
    return f"{meeting.committee.name}, {datetime_(meeting.starts_at)}"


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
