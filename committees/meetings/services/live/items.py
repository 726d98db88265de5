"""Items of the agenda as they are taken up, and conflicts of interest declared at them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _t

from committees.ballots.enums import BallotState
from committees.meetings.models import AgendaItem, Conflict, Meeting, Motion, Participant
from kpss import clock
from kpss.workflow import TransitionRefused

from .guard import lock_own, lock_running, refuse_during_vote
from .running import complete_participants


@transaction.atomic
def take_up(item: AgendaItem, *, actor) -> None:
    """Make the item the one that is discussed now. Refused while people vote on another.

    Members seated since the beginning are written among the participants.
    """
    meeting = lock_running(item.meeting_id, actor)
    if meeting.current_item_id == item.pk:
        return
    refuse_during_vote(meeting)
    make_current(meeting, item)
    complete_participants(meeting, clock.now())


def make_current(meeting: Meeting, item: AgendaItem) -> None:
    """Discuss the item now; the moment when it was first taken up stays. The caller holds the lock."""
    AgendaItem.objects.filter(pk=item.pk, taken_up_at=None).update(taken_up_at=clock.now())
    meeting.current_item = item
    meeting.save(update_fields=["current_item"])


@transaction.atomic
def save_proposal(item: AgendaItem, *, text: str, verb: str, actor) -> None:
    """Change the proposed resolution of the item. What is being voted on no longer changes."""
    lock_running(item.meeting_id, actor)
    if _is_voted_on(item):
        raise TransitionRefused(_t("People are voting on this text. Close the vote first."))
    item.proposal = text.strip()
    item.verb = verb
    item.save(update_fields=["proposal", "verb"])


@transaction.atomic
def declare_conflict(
    item: AgendaItem, participant: Participant, *, reason: str = "", actor
) -> Conflict:
    """Write down that somebody has a conflict of interest at the item and will not vote there.

    Once a vote on the item is open, its roll is settled, so it is refused until that vote ends.
    """
    _refuse_other_meeting(item, participant)
    lock_own(participant, actor)
    if participant.person_id is None:
        raise TransitionRefused(_t("A guest does not vote, so has no conflict to declare."))
    known = Conflict.objects.filter(item=item, participant=participant).first()
    if known is not None:
        return known
    if _is_voted_on(item):
        raise TransitionRefused(
            _t("The vote has been opened already, so it is too late to declare a conflict for it.")
        )
    return Conflict.objects.create(
        item=item, participant=participant, reason=reason.strip(), declared_at=clock.now()
    )


@transaction.atomic
def withdraw_conflict(item: AgendaItem, participant: Participant, *, actor) -> None:
    """Take a declared conflict back; refused once somebody was left out of a vote for it."""
    _refuse_other_meeting(item, participant)
    lock_own(participant, actor)
    conflict = Conflict.objects.filter(item=item, participant=participant).first()
    if conflict is None:
        return
    since = Motion.objects.filter(item=item, ballot__opened_at__gte=conflict.declared_at)
    if since.exclude(ballot__state=BallotState.CANCELLED).exists():
        raise TransitionRefused(
            _t("The vote was held with this conflict of interest, so it stays written down.")
        )
    conflict.delete()


def _is_voted_on(item: AgendaItem) -> bool:
    return Motion.objects.filter(item=item, ballot__state=BallotState.OPEN).exists()


def _refuse_other_meeting(item: AgendaItem, participant: Participant) -> None:
    if item.meeting_id != participant.meeting_id:
        raise PermissionDenied
