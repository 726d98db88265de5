"""Reminders to those who have not answered: by hand once a day, by itself halfway and a day before the end."""

import datetime
import logging

from django.db import transaction

from committees.ballots import notifications
from committees.ballots.enums import BallotState
from committees.ballots.models import Ballot, Voter
from committees.ballots.workflow import BALLOT_WORKFLOW
from committees.bodies.models import Seat
from kpss import clock

from .locking import lock

logger = logging.getLogger(__name__)

BEFORE_THE_END = datetime.timedelta(days=1)


@transaction.atomic
def remind(ballot: Ballot, *, actor) -> int:
    """Remind by mail everybody who has not answered; returns how many mails were written.

    Raise PermissionDenied, or TransitionRefused when a reminder has gone today or nobody is waited for.
    """
    current = lock(ballot.pk)
    event = BALLOT_WORKFLOW.advance(current, "remind", actor=actor)
    return notifications.ask_again(_waited_for(current), key=str(event.pk))


def remind_due(now: datetime.datetime | None = None) -> int:
    """Send the reminders that have come due, each once for a ballot; returns how many mails.

    When both have come due at once (the portal was off), only the last one goes.
    """
    now = now or clock.now()
    sent = 0
    for ballot in Ballot.objects.open().per_rollam().filter(deadline__gt=now):
        if which := _due(ballot, now):
            try:
                sent += _remind_by_itself(ballot.pk, which)
            except Exception:
                logger.exception("Voters of ballot %s could not be reminded", ballot.pk)
    return sent


def _due(ballot: Ballot, now: datetime.datetime) -> str:
    """The latest reminder whose time has come; in a vote of two days or less there is no second one."""
    assert ballot.opened_at
    assert ballot.deadline
    halfway = ballot.opened_at + (ballot.deadline - ballot.opened_at) / 2
    last = ballot.deadline - BEFORE_THE_END
    if last > halfway and now >= last:
        return "remind_last"
    return "remind_halfway" if now >= halfway else ""


@transaction.atomic
def _remind_by_itself(ballot_pk: int, which: str) -> int:
    current = lock(ballot_pk)
    if current.state != BallotState.OPEN or current.events.filter(transition=which).exists():
        return 0
    voters = _waited_for(current)
    if not voters:
        return 0
    BALLOT_WORKFLOW.advance(current, which)
    return notifications.ask_again(voters, key=which.removeprefix("remind_"))


def _waited_for(ballot: Ballot) -> list[Voter]:
    """Voters who have not answered and whose mandate holds."""
    return list(
        ballot.voters.unanswered()
        .filter(seat__in=Seat.objects.current())
        .select_related("person", "ballot__committee")
        .order_by("pk")
    )
