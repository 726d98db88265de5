"""Holding a meeting while it is being changed, for who may prepare it."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _t

from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting
from kpss.workflow import TransitionRefused

# While the agenda may change: a point is added even when the meeting is under way.
BEFORE_END = frozenset({MeetingState.PLANNED, MeetingState.INVITED, MeetingState.RUNNING})
BEFORE_START = frozenset({MeetingState.PLANNED, MeetingState.INVITED})


def lock(pk: int) -> Meeting:
    """The meeting with its row held until the transaction ends, which must be open."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("committee").get(pk=pk)


def lock_for(pk: int, actor, *, states: frozenset[MeetingState] = BEFORE_END) -> Meeting:
    """The held meeting for ``actor`` who prepares it, in one of ``states``.

    Raise PermissionDenied, or TransitionRefused when it has got further meanwhile.
    """
    meeting = lock(pk)
    if not actor.has_perm("meetings.prepare_meeting", meeting):
        raise PermissionDenied
    if meeting.state not in states:
        raise TransitionRefused(too_late(meeting))
    return meeting


def too_late(meeting: Meeting) -> str:
    """Why a meeting in this state can no longer be prepared."""
    return {
        MeetingState.RUNNING: _t("The meeting is under way, so this no longer changes."),
        MeetingState.ENDED: _t("The meeting has ended, so this no longer changes."),
        MeetingState.CANCELLED: _t("The meeting is cancelled, so nothing of it changes."),
    }.get(MeetingState(meeting.state), _t("This step is not possible in the present state."))
