"""Closing: the voices are counted once and the result, with its resolution, written down for good."""

import datetime
import logging
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count as Number
from django.utils import timezone
from django.utils.translation import gettext as _t

from committees.ballots import counting, notifications, urn
from committees.ballots.counting import Count, Result, Terms
from committees.ballots.enums import BallotState, Choice, Method
from committees.ballots.models import Ballot, Urn, Vote, Voter
from committees.ballots.workflow import BALLOT_WORKFLOW
from committees.bodies import numbering
from committees.bodies.enums import Silence
from committees.bodies.models import Resolution
from committees.bodies.services import lock_committee
from kpss import clock

from .locking import lock
from .protocols import make_protocol_task

logger = logging.getLogger(__name__)


@transaction.atomic
def close_ballot(
    ballot: Ballot,
    *,
    actor,
    votes_for: int | None = None,
    votes_against: int | None = None,
    abstained: int | None = None,
    chair_voted_for: bool | None = None,
) -> Ballot:
    """Close an open ballot and count it; where hands or slips are counted, the numbers are given.

    Raise PermissionDenied, TransitionRefused (closed meanwhile, before the deadline), or
    ValidationError by field when the numbers cannot be true or a tie waits for the chair's word.
    """
    current = lock(ballot.pk)
    if not actor.has_perm("ballots.manage_ballot", current):
        raise PermissionDenied
    typed = None
    if Method(current.method).is_counted:
        typed = (votes_for or 0, votes_against or 0, abstained or 0, chair_voted_for)
    return _close(current, "close", actor=actor, typed=typed)


def close_due(now: datetime.datetime | None = None) -> int:
    """Close every ballot whose deadline has passed; returns how many. Safe to run at once elsewhere.

    A ballot that cannot be counted is logged and stops no other.
    """
    closed = 0
    for pk in list(Ballot.objects.due(now or clock.now()).values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                current = lock(pk)
                if current.state == BallotState.OPEN:
                    _close(current, "close_by_itself", actor=None)
                    closed += 1
        except Exception:
            logger.exception("Ballot %s could not be closed", pk)
    return closed


def close_when_settled(ballot: Ballot) -> None:
    """Close a per rollam ballot when its rules say so and no voice can change the result any more.

    The caller holds the lock.
    """
    if ballot.closes_early and counting.is_settled(_terms(ballot), _count(ballot, is_over=False)):
        _close(ballot, "close_by_itself", actor=None)


def _close(ballot: Ballot, transition: str, *, actor, typed: tuple | None = None) -> Ballot:
    if ballot.state != BallotState.OPEN:
        BALLOT_WORKFLOW.advance(ballot, transition, actor=actor)  # refuses with its sentence
    count = _typed(ballot, *typed) if typed is not None else _count(ballot)
    terms = _terms(ballot)
    if ballot.method == Method.HANDS and counting.needs_chair(terms, count):
        raise ValidationError(
            {
                "chair_voted_for": _t(
                    "The vote is a tie and the chair decides. Say how the chair voted."
                )
            }
        )
    result = counting.decide(terms, count)
    BALLOT_WORKFLOW.advance(
        ballot,
        transition,
        actor=actor,
        changes={
            "closed_at": clock.now(),
            "members_present": result.present,
            "excluded": result.excluded,
            "votes_for": result.votes_for,
            "votes_against": result.votes_against,
            "abstained": result.abstained,
            "silent": result.silent,
            "chair_voted_for": result.chair_voted_for,
            "is_adopted": result.is_adopted,
        },
    )
    Urn.objects.filter(ballot=ballot).delete()
    if result.is_adopted:
        ballot.resolution = _enact(ballot, result, actor)
        ballot.save(update_fields=["resolution"])
    notifications.ballot_closed(ballot)
    if ballot.is_per_rollam:
        # What is not handed over for any reason is found by ``make_due_protocols``.
        transaction.on_commit(partial(make_protocol_task.enqueue, ballot.pk), robust=True)
    return ballot


def _terms(ballot: Ballot) -> Terms:
    assert ballot.members_total, "the database keeps no open ballot without its members"
    return Terms(
        quorum=ballot.quorum,
        majority=ballot.majority,
        chair_decides_tie=ballot.chair_decides_tie,
        members_total=ballot.members_total,
        silence=ballot.silence or Silence.NOT_VOTED,
    )


def _roll_sizes(ballot: Ballot) -> tuple[int, int]:
    """How many are on the roll, and how many of them are excluded."""
    sizes = dict(
        Voter.objects.filter(ballot=ballot)
        .order_by()
        .values_list("is_excluded")
        .annotate(number=Number("pk"))
    )
    return sum(sizes.values()), sizes.get(True, 0)


def _typed(
    ballot: Ballot,
    votes_for: int,
    votes_against: int,
    abstained: int,
    chair_voted_for: bool | None,
) -> Count:
    on_roll, excluded = _roll_sizes(ballot)
    may_vote = on_roll - excluded
    votes = votes_for + votes_against + abstained
    if votes > may_vote:
        raise ValidationError(
            {
                "votes_for": _t("%(votes)s votes are too many: %(may_vote)s people may vote here.")
                % {"votes": votes, "may_vote": may_vote}
            }
        )
    if Method(ballot.method).is_secret:
        chair_voted_for = None
    return Count(votes_for, votes_against, abstained, on_roll, excluded, may_vote, chair_voted_for)


def _count(ballot: Ballot, *, is_over: bool = True) -> Count:
    """The voices so far; when the vote ``is_over``, silence means what the rules say."""
    on_roll, excluded = _roll_sizes(ballot)
    sums = _sums(ballot)
    votes = sum(sums.values())
    return Count(
        votes_for=sums.get(Choice.FOR, 0),
        votes_against=sums.get(Choice.AGAINST, 0),
        abstained=sums.get(Choice.ABSTAINED, 0),
        present=votes + excluded if ballot.is_per_rollam else on_roll,
        excluded=excluded,
        may_vote=on_roll - excluded,
        chair_voted_for=_chair_voted_for(
            ballot, silence_is_consent=is_over and ballot.silence == Silence.CONSENT
        ),
    )


def _sums(ballot: Ballot) -> dict[str, int]:
    if ballot.method == Method.SECRET:
        box = Urn.objects.select_for_update().get(ballot=ballot)
        return {
            str(choice): n for choice, n in urn.unseal(box.sealed, about=ballot.token.bytes).items()
        }
    return dict(
        Vote.objects.filter(ballot=ballot)
        .order_by()
        .values_list("choice")
        .annotate(number=Number("pk"))
    )


def _chair_voted_for(ballot: Ballot, *, silence_is_consent: bool) -> bool | None:
    """How the presiding member voted; in a secret ballot nobody knows, so a tie is not carried."""
    if ballot.method == Method.SECRET:
        return None
    vote = Vote.objects.filter(ballot=ballot, voter__presides=True).first()
    if vote is not None:
        return vote.choice == Choice.FOR
    if not silence_is_consent:
        return None
    presides = Voter.objects.filter(ballot=ballot, presides=True, is_excluded=False).exists()
    return True if presides else None


def _decided_on(ballot: Ballot) -> datetime.date:
    """The day of the decision: of the deadline, even if the portal came to the count only later."""
    moment = min(filter(None, [clock.now(), ballot.deadline]))
    return timezone.localdate(moment)


def _enact(ballot: Ballot, result: Result, actor) -> Resolution:
    """The resolution that an adopted ballot makes, numbered by the committee's own pattern."""
    assert ballot.rules, "the database keeps no open ballot without its rules"
    assert ballot.members_total
    committee = lock_committee(ballot.committee_id)
    day = _decided_on(ballot)
    return Resolution.objects.create(
        committee=committee,
        number=numbering.next_number(committee, day=day, meeting_number=ballot.meeting_number),
        adopted_on=day,
        mode=ballot.mode,
        verb=ballot.verb,
        text=ballot.text,
        votes_for=result.votes_for,
        votes_against=result.votes_against,
        abstained=result.abstained,
        excluded=result.excluded,
        members_total=ballot.members_total,
        members_present=result.present,
        chair_voted_for=result.chair_voted_for,
        rules=ballot.rules,
        is_adopted=True,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
