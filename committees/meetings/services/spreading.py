"""Telling people about a meeting: every one of them once for each thing that happened.

What is to be told stands in the database: events nobody has been told of, and participants nobody has
invited. The worker comes at once, and ``spread_due`` finds what a crash left.
"""

import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from committees.bodies.enums import Role
from committees.meetings import notifications, printing
from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting, MeetingEvent, Participant
from committees.meetings.selectors import seats_in_force
from kpss import clock

from .locking import lock
from .summoning import is_invited, summon

TOLD = ("invite", "change", "cancel")
# What is older and still not told was left by a crash; the worker needs a moment for the PDF.
LEFT_AFTER = datetime.timedelta(minutes=5)


def spread_after_commit(meeting: Meeting) -> None:
    """Have people told in the background; while the past is being retold, at once."""
    if clock.is_retold():
        spread(meeting.pk)
    else:
        transaction.on_commit(partial(spread_task.enqueue, meeting.pk), robust=True)


@task()
def spread_task(meeting_pk: int) -> int:
    """``spread`` as work in the background; safe to run again."""
    return spread(meeting_pk)


def spread(meeting_pk: int) -> int:
    """Invite whom nobody has invited and tell the others what happened; return how many mails.

    The invitation on paper is made first and goes with the mail; where it cannot be made, the mail
    goes without it. When somebody changes the meeting meanwhile, the next run tells all.
    """
    meeting = Meeting.objects.select_related("committee", "invitation").get(pk=meeting_pk)
    if not _untold(meeting).exists() and not _uninvited(meeting):
        return 0
    paper = printing.keep_invitation(meeting) if meeting.state == MeetingState.INVITED else None
    with transaction.atomic():
        current = lock(meeting_pk)
        if current.sequence != meeting.sequence:
            return 0
        events = list(_untold(current))
        sent = _send(current, events, paper)
        MeetingEvent.objects.filter(pk__in=[event.pk for event in events]).update(
            notified_at=clock.now()
        )
    return sent


def _untold(meeting: Meeting) -> QuerySet[MeetingEvent]:
    return MeetingEvent.objects.filter(meeting=meeting, transition__in=TOLD, notified_at=None)


def _uninvited(meeting: Meeting) -> list[Participant]:
    """Those who are to come, can be reached by mail and nobody has invited them."""
    if meeting.state != MeetingState.INVITED:
        return []
    seats = set(seats_in_force(meeting).values_list("pk", flat=True))
    return [
        participant
        for participant in notifications.reachable(meeting)
        if participant.invited_at is None and is_invited(participant, seats)
    ]


def _send(meeting: Meeting, events: list[MeetingEvent], paper: bytes | None) -> int:
    told = [p for p in notifications.reachable(meeting) if p.invited_at]
    if meeting.state == MeetingState.CANCELLED:
        reason = next((event.note for event in events if event.transition == "cancel"), None)
        if reason is None:
            return 0
        return sum(notifications.cancelled(meeting, participant, reason) for participant in told)
    if meeting.state != MeetingState.INVITED:
        return 0
    letter = notifications.Letter.about(meeting, paper)
    sent = 0
    for participant in _uninvited(meeting):
        if letter.invite(participant):
            participant.invited_at = clock.now()
            participant.save(update_fields=["invited_at"])
            sent += 1
    news = "\n".join(event.note for event in events if event.transition == "change")
    if news:
        seats = set(seats_in_force(meeting).values_list("pk", flat=True))
        sent += sum(letter.tell_change(p, news) for p in told if is_invited(p, seats))
    return sent


def spread_due(now: datetime.datetime) -> int:
    """Invite those seated since the call and tell what a crash left untold; return how many mails."""
    left = set(
        MeetingEvent.objects.filter(
            transition__in=TOLD, notified_at=None, at__lte=now - LEFT_AFTER
        ).values_list("meeting", flat=True)
    )
    to_come = Meeting.objects.filter(
        state=MeetingState.INVITED, starts_at__gt=now, invited_at__lte=now - LEFT_AFTER
    )
    for meeting in to_come:
        if _newcomers(meeting):
            with transaction.atomic():
                summon(lock(meeting.pk))
        if _uninvited(meeting):
            left.add(meeting.pk)
    return sum(spread(pk) for pk in sorted(left))


def _newcomers(meeting: Meeting) -> bool:
    known = Participant.objects.filter(meeting=meeting, person__isnull=False).values("person")
    return seats_in_force(meeting).exclude(role=Role.SUBSTITUTE).exclude(person__in=known).exists()
