"""Calling a meeting, telling of its agenda, cancelling it, and guests."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _t
from django.utils.translation import override

from committees.meetings import notifications, wording
from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting, MeetingEvent, Participant
from committees.meetings.workflow import MEETING_WORKFLOW
from committees.people.models import Person
from kpss import clock
from kpss.workflow import TransitionRefused

from .locking import BEFORE_END, lock, lock_for
from .planning import ShortNotice
from .spreading import spread_after_commit
from .summoning import summon


@transaction.atomic
def call_meeting(meeting: Meeting, *, actor, short_notice_confirmed: bool = False) -> MeetingEvent:
    """Call all who sit on the committee on the day of the meeting, and the guests on its list.

    Each gets a mail with a personal link, a file for the calendar and the invitation on paper, which
    the worker makes. When fewer days are left than the rules ask for, it has to be confirmed and
    stands in the history and in the invitation. Raise PermissionDenied, ShortNotice, or
    TransitionRefused with sentences.
    """
    current = lock(meeting.pk)
    short = wording.short_notice(current)
    now = clock.now()
    if (
        short
        and not short_notice_confirmed
        and current.state == MeetingState.PLANNED
        and actor.has_perm("meetings.prepare_meeting", current)
    ):
        raise ShortNotice(short)
    with override(wording.CZECH):
        note = wording.short_notice(current)
    event = MEETING_WORKFLOW.advance(
        current,
        "invite",
        actor=actor,
        note=note,
        changes={
            "invited_at": now,
            "revised_at": now,
            "untold_since": None,
            "sequence": F("sequence") + 1,
        },
    )
    summon(current)
    spread_after_commit(current)
    return event


@transaction.atomic
def announce_agenda(meeting: Meeting, *, actor) -> Meeting:
    """Tell those invited that the agenda or its papers have changed since they were told last.

    Nothing happens when they have not. Raise PermissionDenied, or TransitionRefused.
    """
    current = lock_for(meeting.pk, actor, states=frozenset({MeetingState.INVITED}))
    if current.untold_since is None:
        return current
    MEETING_WORKFLOW.advance(
        current,
        "change",
        actor=actor,
        note=wording.agenda_changed(),
        changes={
            "untold_since": None,
            "revised_at": clock.now(),
            "sequence": F("sequence") + 1,
            "invitation": None,
        },
    )
    summon(current)
    spread_after_commit(current)
    return current


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, actor, note: str) -> MeetingEvent:
    """Cancel a meeting that has not begun, with a reason which those invited and the public read.

    Raise PermissionDenied, or TransitionRefused with sentences.
    """
    current = lock(meeting.pk)
    event = MEETING_WORKFLOW.advance(
        current,
        "cancel",
        actor=actor,
        note=note,
        changes={
            "revised_at": clock.now(),
            "untold_since": None,
            "sequence": F("sequence") + 1,
        },
    )
    spread_after_commit(current)
    return event


@transaction.atomic
def add_guest(
    meeting: Meeting, *, actor, person: Person | None = None, name: str = ""
) -> Participant:
    """Put a guest on the list: a person the portal knows, who is invited by mail, or a bare name.

    Who is on the list already stays there once. Raise PermissionDenied, ValidationError when neither
    or both are given, or TransitionRefused.
    """
    current = lock_for(meeting.pk, actor, states=BEFORE_END)
    name = " ".join(name.split())
    if (person is None) == (not name):
        raise ValidationError(_t("Choose a person or write the name of a guest."))
    guest, is_new = Participant.objects.get_or_create(
        meeting=current, person=person, guest_name="" if person else name
    )
    if is_new and current.state == MeetingState.INVITED:
        spread_after_commit(current)
    return guest


@transaction.atomic
def remove_guest(participant: Participant, *, actor) -> None:
    """Take a guest off the list of a meeting that has not begun, and tell them when they were invited.

    Raise PermissionDenied, or TransitionRefused for a member: members are invited by their seat.
    """
    current = lock_for(participant.meeting_id, actor)
    if current.state not in {MeetingState.PLANNED, MeetingState.INVITED}:
        raise TransitionRefused(_t("The meeting has begun; who was there stays written down."))
    guest = Participant.objects.select_related("person").filter(pk=participant.pk).first()
    if guest is None:
        return
    if guest.seat_id or guest.represents_id:
        raise TransitionRefused(_t("Members are invited by their seat and stay on the list."))
    notifications.released(current, guest)
    guest.delete()
