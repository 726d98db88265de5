"""The one lock of a running meeting, and who may write into it."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _t

from committees.ballots.enums import BallotState
from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting, Motion, Participant
from committees.meetings.services.locking import lock
from committees.meetings.services.summoning import seats_in_force
from kpss.workflow import TransitionRefused


def lock_for(meeting_pk: int, actor) -> Meeting:
    """The meeting, held, for who runs it. Raise PermissionDenied for others.

    It is the first lock taken: ballots and the committee come after it, never before.
    """
    meeting = lock(meeting_pk)
    if not actor.has_perm("meetings.run_meeting", meeting):
        raise PermissionDenied
    return meeting


def lock_running(meeting_pk: int, actor) -> Meeting:
    """As ``lock_for``; raise TransitionRefused when the meeting is not under way."""
    meeting = lock_for(meeting_pk, actor)
    refuse_unless_running(meeting)
    return meeting


def lock_own(participant: Participant, actor) -> tuple[Meeting, bool]:
    """The running meeting for who runs it or for the participant herself, and whether it is the latter.

    Raise PermissionDenied for others and for a participant whose mandate has ended.
    """
    meeting = lock(participant.meeting_id)
    if actor.has_perm("meetings.run_meeting", meeting):
        is_own = False
    elif actor.pk == participant.person_id and has_mandate(participant, meeting):
        is_own = True
    else:
        raise PermissionDenied
    refuse_unless_running(meeting)
    return meeting, is_own


def refuse_unless_running(meeting: Meeting) -> None:
    if meeting.state != MeetingState.RUNNING:
        raise TransitionRefused(_t("The meeting is not under way now."))


def has_mandate(participant: Participant, meeting: Meeting) -> bool:
    """Whether the seat by which the participant came still holds; an invited guest has none to lose."""
    if participant.seat_id is None:
        return True
    seats = seats_in_force(meeting)
    return seats.filter(pk=participant.seat_id, person=participant.person_id).exists()


def open_motion(meeting: Meeting) -> Motion | None:
    """What the meeting is voting on now."""
    return (
        Motion.objects.filter(item__meeting=meeting, ballot__state=BallotState.OPEN)
        .select_related("ballot", "item")
        .first()
    )


def refuse_during_vote(meeting: Meeting) -> None:
    if open_motion(meeting) is not None:
        raise TransitionRefused(_t("People are voting now. Close the vote first."))
