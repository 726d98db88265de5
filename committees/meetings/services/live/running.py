"""The beginning and the end of a meeting."""

import datetime

from django.db import transaction

from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting, Participant, Presence
from committees.meetings.table import seats_of
from committees.meetings.workflow import MEETING_WORKFLOW
from kpss import clock

from .guard import lock_for


@transaction.atomic
def start_meeting(meeting: Meeting, *, actor) -> Meeting:
    """Begin the meeting; everybody who holds a seat that day is written among the participants."""
    current = lock_for(meeting.pk, actor)
    if current.state == MeetingState.RUNNING:
        return current
    now = clock.now()
    MEETING_WORKFLOW.advance(current, "start", actor=actor, changes={"started_at": now})
    complete_participants(current, now)
    return current


@transaction.atomic
def end_meeting(meeting: Meeting, *, actor) -> Meeting:
    """End the meeting at this moment for everybody who is still there. Refused while people vote."""
    current = lock_for(meeting.pk, actor)
    if current.state == MeetingState.ENDED:
        return current
    now = clock.now()
    MEETING_WORKFLOW.advance(
        current, "end", actor=actor, changes={"ended_at": now, "current_item": None}
    )
    Presence.objects.filter(participant__meeting=current, left_at=None).update(left_at=now)
    return current


@transaction.atomic
def resume_meeting(meeting: Meeting, *, actor) -> Meeting:
    """Go on with a meeting of today that was ended; who stayed to its end is there again."""
    current = lock_for(meeting.pk, actor)
    if current.state == MeetingState.RUNNING:
        return current
    ended_at = current.ended_at
    MEETING_WORKFLOW.advance(current, "resume", actor=actor, changes={"ended_at": None})
    Presence.objects.filter(participant__meeting=current, left_at=ended_at).update(left_at=None)
    complete_participants(current, clock.now())
    return current


def complete_participants(meeting: Meeting, now: datetime.datetime) -> None:
    """Write down everybody who holds a seat and was not invited by it; the caller holds the lock."""
    known = list(Participant.objects.filter(meeting=meeting))
    by_seat = {one.seat_id for one in known if one.seat_id}
    by_person = {one.person_id: one for one in known if one.person_id}
    new = []
    for seat in seats_of(meeting, now):
        if seat.pk in by_seat:
            continue
        invited = by_person.get(seat.person_id)
        if invited is None:
            new.append(Participant(meeting=meeting, person_id=seat.person_id, seat=seat))
        else:  # came as a guest, or by a seat that has ended
            invited.seat = seat
            invited.save(update_fields=["seat"])
    Participant.objects.bulk_create(new)
