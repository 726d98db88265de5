"""Giving a voice: once for a seat, only while the ballot is open and the mandate holds."""

import secrets
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from committees.ballots import notifications, urn
from committees.ballots.enums import BallotState, Channel, Choice, Method
from committees.ballots.models import Ballot, Urn, Vote, Voter
from kpss import clock

from . import locking
from .counting import close_when_settled

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class CastRefused(Exception):
    """The vote was not counted; the text is a sentence for the one who voted.

    ``is_repeated`` when the same person has voted before.
    """

    def __init__(self, sentence: str, *, is_repeated: bool = False):
        self.is_repeated = is_repeated
        super().__init__(sentence)


@dataclass(frozen=True)
class Receipt:
    """That a vote is counted; a secret one has no code, which could betray it."""

    code: str = ""


def cast_vote(
    ballot: Ballot,
    person,
    choice: str,
    *,
    channel: str,
    reason: str = "",
    entered_by=None,
) -> Receipt:
    """Count the voice of ``person`` and return its receipt; the server's clock decides about time.

    ``entered_by`` is who writes the voice down on the member's behalf (channel OPERATOR). Raise
    PermissionDenied when they may not manage the ballot, and CastRefused with a sentence: not open,
    too late, no mandate now, excluded, voted before, a secret vote given by somebody else.
    """
    choice, channel = Choice(choice), Channel(channel)
    try:
        with transaction.atomic():
            current = locking.lock(ballot.pk)
            _check_operator(current, channel, entered_by)
            voter = _voter(current, person)
            if current.method == Method.SECRET:
                receipt = _drop_into_urn(current, voter, choice, channel)
            else:
                receipt = _write(current, voter, choice, channel, reason, entered_by)
            close_when_settled(current)
    except IntegrityError as error:
        # The database keeps one vote for a seat also from who went around the checks above.
        if not Vote.objects.filter(ballot=ballot.pk, voter__person=person).exists():
            raise
        raise CastRefused(_voted_before(), is_repeated=True) from error
    return receipt


@transaction.atomic
def declare_conflict(
    ballot: Ballot, person, *, reason: str = "", channel: str, entered_by=None
) -> Voter:
    """Exclude ``person`` from an open ballot for a conflict of interest; it cannot be taken back.

    Raises as ``cast_vote``; who has voted cannot declare a conflict any more.
    """
    current = locking.lock(ballot.pk)
    _check_operator(current, Channel(channel), entered_by)
    voter = _voter(current, person)
    if voter.has_voted or has_voted(voter):
        raise CastRefused(_voted_before(), is_repeated=True)
    voter.is_excluded = True
    voter.excluded_at = clock.now()
    voter.excluded_by = entered_by
    voter.conflict = reason.strip()[:300]
    voter.save(update_fields=["is_excluded", "excluded_at", "excluded_by", "conflict"])
    notifications.conflict_declared(current, voter)
    close_when_settled(current)
    return voter


def _check_operator(ballot: Ballot, channel: Channel, entered_by) -> None:
    if (channel == Channel.OPERATOR) != (entered_by is not None):
        raise ValueError("An operator, and nobody else, enters votes of others.")
    if entered_by is not None and not entered_by.has_perm("ballots.manage_ballot", ballot):
        raise PermissionDenied


def _voter(ballot: Ballot, person) -> Voter:
    if ballot.state == BallotState.CANCELLED:
        raise CastRefused(_t("The vote was called off, so no voices are counted."))
    if ballot.state != BallotState.OPEN or (ballot.deadline and clock.now() >= ballot.deadline):
        raise CastRefused(_t("The vote has ended, so your voice could not be counted."))
    if ballot.method not in {Method.NAMED, Method.SECRET}:
        raise CastRefused(_t("In this vote hands or slips are counted at the table."))
    voter = Voter.objects.filter(ballot=ballot, person=person).select_related("seat").first()
    if voter is None:
        raise CastRefused(_t("You have no vote here."))
    if voter.is_excluded:
        raise CastRefused(_t("You declared a conflict of interest, so you do not vote here."))
    assert ballot.opened_at, "the database keeps no open ballot without the moment"
    if not locking.holds_mandate(voter, since=ballot.opened_at):
        raise CastRefused(_t("Your mandate has ended, so your voice could not be counted."))
    return voter


def _write(
    ballot: Ballot, voter: Voter, choice: Choice, channel: Channel, reason: str, entered_by
) -> Receipt:
    if has_voted(voter):
        raise CastRefused(_voted_before(), is_repeated=True)
    code = "".join(secrets.choice(_SIGNS) for _sign in range(8))
    vote = Vote.objects.create(
        ballot=ballot,
        voter=voter,
        choice=choice,
        reason=reason.strip(),
        channel=channel,
        entered_by=entered_by,
        cast_at=clock.now(),
        receipt=code,
    )
    notifications.vote_counted(ballot, vote)
    return Receipt(code)


def has_voted(voter: Voter) -> bool:
    """Whether a named vote of this voter is written down."""
    return Vote.objects.filter(voter=voter).exists()


def _drop_into_urn(ballot: Ballot, voter: Voter, choice: Choice, channel: Channel) -> Receipt:
    if channel == Channel.OPERATOR:
        raise CastRefused(_t("In a secret vote each gives the voice alone."))
    claimed = Voter.objects.filter(pk=voter.pk, has_voted=False).update(has_voted=True)
    if not claimed:
        raise CastRefused(_voted_before(), is_repeated=True)
    box = Urn.objects.select_for_update().get(ballot=ballot)
    sums = urn.unseal(box.sealed, about=ballot.token.bytes)
    sums[choice] += 1
    box.sealed = urn.seal(sums, about=ballot.token.bytes)
    box.save(update_fields=["sealed"])
    return Receipt()


def _voted_before() -> str:
    return _t("You have voted already. A vote is counted once and cannot be changed.")
