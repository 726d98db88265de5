"""The life of a ballot: draft → open → closed, or cancelled. Nothing else assigns its state.

Reminders leave the state as it is; they are steps so that history remembers them and none goes twice.
"""

import datetime
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from committees.bodies.enums import Mode
from committees.bodies.models import Committee
from kpss import clock
from kpss.workflow import Transition, Workflow

from .enums import BallotState
from .models import Ballot, BallotEvent

REMINDERS = ("remind", "remind_halfway", "remind_last")


def why_not_decide(committee: Committee, *, per_rollam: bool) -> Iterator[str]:
    """Sentences saying why the committee cannot put anything to the vote today."""
    if not committee.exists_on(clock.today()):
        yield _t("The committee does not exist today, so it cannot decide.")
    rules = committee.rules_on(clock.today())
    if rules is None:
        yield _t("The committee has no rules of procedure valid today. Add them first.")
    elif per_rollam and not rules.per_rollam_allowed:
        yield _t("The rules of procedure of this committee do not allow per rollam.")


def _why_not_open(ballot: Ballot) -> Iterator[str]:
    if not ballot.text.strip():
        yield _t("Write the proposed resolution.")
    yield from why_not_decide(ballot.committee, per_rollam=ballot.is_per_rollam)
    rules = ballot.committee.rules_on(clock.today())
    if rules is None or not ballot.is_per_rollam:
        return
    if ballot.deadline is None:
        yield _t("Say until when people may vote.")
    elif ballot.deadline <= clock.now():
        yield _t("The deadline has passed already. Choose a later one.")
    elif (timezone.localdate(ballot.deadline) - clock.today()).days < rules.per_rollam_days:
        yield (
            ngettext(
                "The rules of procedure give at least %(days)s day to vote. Choose a later deadline.",
                "The rules of procedure give at least %(days)s days to vote. Choose a later deadline.",
                rules.per_rollam_days,
            )
            % {"days": rules.per_rollam_days}
        )


def _why_not_close(ballot: Ballot) -> Iterator[str]:
    if ballot.mode == Mode.PER_ROLLAM and ballot.deadline and clock.now() < ballot.deadline:
        yield _t("People may vote until the deadline. The portal closes the ballot then by itself.")


def _why_not_remind(ballot: Ballot) -> Iterator[str]:
    if not ballot.is_per_rollam or (ballot.deadline and ballot.deadline <= clock.now()):
        yield _t("Nobody is waited for any more.")
        return
    today = timezone.make_aware(datetime.datetime.combine(clock.today(), datetime.time.min))
    if ballot.events.filter(transition__in=REMINDERS, at__gte=today).exists():
        yield _t("A reminder has gone today already. Send another one tomorrow.")
    if not ballot.voters.unanswered().exists():
        yield _t("Everybody has answered.")


BALLOT_WORKFLOW = Workflow(
    event_model=BallotEvent,
    event_field="ballot",
    transitions={
        "open": Transition(
            label=_("Open the ballot"),
            sources=frozenset({BallotState.DRAFT}),
            target=BallotState.OPEN,
            permission="ballots.manage_ballot",
            guard=_why_not_open,
        ),
        "close": Transition(
            label=_("Close and count"),
            sources=frozenset({BallotState.OPEN}),
            target=BallotState.CLOSED,
            permission="ballots.manage_ballot",
            guard=_why_not_close,
        ),
        "close_by_itself": Transition(
            label=_("Closed by the portal"),
            sources=frozenset({BallotState.OPEN}),
            target=BallotState.CLOSED,
            internal=True,
        ),
        "remind": Transition(
            label=_("Remind those who have not answered"),
            sources=frozenset({BallotState.OPEN}),
            target=BallotState.OPEN,
            permission="ballots.manage_ballot",
            guard=_why_not_remind,
        ),
        "remind_halfway": Transition(
            label=_("Reminder halfway"),
            sources=frozenset({BallotState.OPEN}),
            target=BallotState.OPEN,
            internal=True,
        ),
        "remind_last": Transition(
            label=_("Reminder a day before the deadline"),
            sources=frozenset({BallotState.OPEN}),
            target=BallotState.OPEN,
            internal=True,
        ),
        "cancel": Transition(
            label=_("Cancel the ballot"),
            sources=frozenset({BallotState.DRAFT, BallotState.OPEN}),
            target=BallotState.CANCELLED,
            permission="ballots.manage_ballot",
            needs_note=True,
        ),
    },
)
