"""What comes due by itself: late minutes, verifiers who have not answered. Called by ``manage.py tick``."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone

from committees.bodies.enums import Role
from committees.bodies.models import Rules, Seat
from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting
from committees.people.models import Person

from . import notifications
from .enums import MinutesState
from .models import Minutes, MinutesVerifier
from .services.writing import DEFAULT_DAYS

VERIFY_WITHIN = datetime.timedelta(days=3)
REMIND_LATE_EVERY = 7  # days
LOOK_BACK = datetime.timedelta(days=365)  # older meetings were held before the portal


@dataclass(frozen=True)
class Unwritten:
    """A meeting that has ended and whose minutes nobody has begun, with the day when they are due."""

    meeting: Meeting
    due_on: datetime.date

    @property
    def url(self) -> str:
        meeting = self.meeting
        return reverse(
            "minutes:minutes_detail", args=[meeting.committee.slug, meeting.year, meeting.number]
        )


def unwritten(now: datetime.datetime, committees=None) -> list[Unwritten]:
    """Ended meetings of the last year without minutes, the oldest first. Two queries.

    ``committees`` narrows them to a queryset of committees.
    """
    ended = (
        Meeting.objects.filter(state=MeetingState.ENDED, ended_at__gt=now - LOOK_BACK)
        .filter(~Exists(Minutes.objects.filter(meeting=OuterRef("pk"))))
        .select_related("committee")
        .order_by("ended_at")
    )
    if committees is not None:
        ended = ended.filter(committee__in=committees)
    meetings = list(ended)
    days = _days(meetings)
    return [
        Unwritten(
            meeting,
            timezone.localdate(meeting.ended_at) + datetime.timedelta(days=days[meeting.pk]),
        )
        for meeting in meetings
    ]


def _days(meetings: list[Meeting]) -> dict[int, int]:
    """Within how many days the minutes of each meeting are due, by the rules of its day."""
    rules: dict[int, list[Rules]] = {}
    for one in Rules.objects.filter(
        committee__in={meeting.committee_id for meeting in meetings}
    ).order_by("valid_from"):
        rules.setdefault(one.committee_id, []).append(one)
    return {
        meeting.pk: next(
            (
                one.minutes_days
                for one in reversed(rules.get(meeting.committee_id, []))
                if one.valid_from <= meeting.day
            ),
            DEFAULT_DAYS,
        )
        for meeting in meetings
    }


def waiting_verifiers():
    """Verifiers of minutes that are being verified now who have not answered, the longest first."""
    return (
        MinutesVerifier.objects.filter(
            minutes__state=MinutesState.VERIFYING, round=F("minutes__round"), confirmed_at=None
        )
        .select_related("person", "minutes__meeting__committee", "minutes__writer")
        .order_by("asked_at", "pk")
    )


def remind_late(now: datetime.datetime) -> int:
    """Remind writers of late minutes, once a week; return how many mails were written."""
    today = timezone.localdate(now)
    sent = 0
    for meeting, due_on, url, people in _late(now):
        nth = (today - due_on).days // REMIND_LATE_EVERY
        for person in people:
            sent += notifications.late(meeting, person, due_on=due_on, url=url, nth=nth)
    return sent


def _late(
    now: datetime.datetime,
) -> Iterator[tuple[Meeting, datetime.date, str, list[Person]]]:
    today = timezone.localdate(now)
    for minutes in (
        Minutes.objects.filter(due_on__lt=today, state=MinutesState.DRAFT)
        .select_related("meeting__committee", "writer")
        .order_by("due_on")
    ):
        yield minutes.meeting, minutes.due_on, minutes.get_absolute_url(), [minutes.writer]
    late = [one for one in unwritten(now) if one.due_on < today]
    writers = secretaries({one.meeting.committee_id for one in late})
    for one in late:
        yield one.meeting, one.due_on, one.url, writers.get(one.meeting.committee_id, [])


def secretaries(committees: set[int]) -> dict[int, list[Person]]:
    """Who is to write the minutes of each committee: its secretaries, or the chair where it has none."""
    found: dict[int, dict[str, list[Person]]] = {}
    for seat in (
        Seat.objects.current()
        .filter(committee__in=committees, role__in=[Role.SECRETARY, Role.CHAIR])
        .select_related("person")
        .order_by("person__sort_key")
    ):
        found.setdefault(seat.committee_id, {}).setdefault(seat.role, []).append(seat.person)
    return {pk: roles.get(Role.SECRETARY) or roles[Role.CHAIR] for pk, roles in found.items()}


def remind_verifiers(now: datetime.datetime) -> int:
    """Remind verifiers every three days; return how many mails were written."""
    sent = 0
    for verifier in waiting_verifiers().filter(asked_at__lte=now - VERIFY_WITHIN):
        nth = (now - verifier.asked_at) // VERIFY_WITHIN
        sent += notifications.reminded_to_verify(verifier, nth=nth)
    return sent
