"""Giving a voice: once for a seat, only while the ballot is open and the mandate holds."""

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from committees.ballots import urn
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

    ``entered_by`` is who writes down a voice called out at the table. Raise CastRefused with a
    sentence: not open, too late, no mandate now, excluded, voted before.
    """
    try:
        with transaction.atomic():
            current = locking.lock(ballot.pk)
            voter = _voter(current, person)
            if current.method == Method.SECRET:
                receipt = _drop_into_urn(current, voter, choice)
            else:
                receipt = _write(current, voter, choice, channel, reason, entered_by)
            close_when_settled(current)
    except IntegrityError as error:
        # The database keeps one vote for a seat also from who went around the checks above.
        raise CastRefused(_voted_before(), is_repeated=True) from error
    return receipt


def _voter(ballot: Ballot, person) -> Voter:
    if ballot.state != BallotState.OPEN or (ballot.deadline and clock.now() >= ballot.deadline):
        raise CastRefused(_t("The vote has ended, so your voice could not be counted."))
    if ballot.method not in {Method.NAMED, Method.SECRET}:
        raise CastRefused(_t("In this vote hands or slips are counted at the table."))
    voter = Voter.objects.filter(ballot=ballot, person=person).select_related("seat").first()
    if voter is None:
        raise CastRefused(_t("You have no vote here."))
    if voter.is_excluded:
        raise CastRefused(_t("You declared a conflict of interest, so you do not vote here."))
    if not _has_mandate(voter):
        raise CastRefused(_t("Your mandate has ended, so your voice could not be counted."))
    return voter


def _has_mandate(voter: Voter) -> bool:
    """Whether the seat holds now and, for a substitute, also the substitute's own one."""
    seats = locking.in_force(clock.now()).filter(committee=voter.seat.committee_id)
    if not seats.filter(pk=voter.seat_id).exists():
        return False
    return voter.seat.person_id == voter.person_id or seats.filter(person=voter.person_id).exists()


def _write(
    ballot: Ballot, voter: Voter, choice: str, channel: str, reason: str, entered_by
) -> Receipt:
    if has_voted(voter):
        raise CastRefused(_voted_before(), is_repeated=True)
    code = "".join(secrets.choice(_SIGNS) for _sign in range(8))
    Vote.objects.create(
        ballot=ballot,
        voter=voter,
        choice=Choice(choice),
        reason=reason.strip(),
        channel=Channel(channel),
        entered_by=entered_by,
        cast_at=clock.now(),
        receipt=code,
    )
    return Receipt(code)


def has_voted(voter: Voter) -> bool:
    """Whether a named vote of this voter is written down."""
    return Vote.objects.filter(voter=voter).exists()


def _drop_into_urn(ballot: Ballot, voter: Voter, choice: str) -> Receipt:
    claimed = Voter.objects.filter(pk=voter.pk, has_voted=False).update(has_voted=True)
    if not claimed:
        raise CastRefused(_voted_before(), is_repeated=True)
    box = Urn.objects.select_for_update().get(ballot=ballot)
    sums = urn.unseal(box.sealed, about=ballot.token.bytes)
    sums[Choice(choice)] += 1
    box.sealed = urn.seal(sums, about=ballot.token.bytes)
    box.save(update_fields=["sealed"])
    return Receipt()


def _voted_before() -> str:
    return _t("You have voted already. A vote is counted once and cannot be changed.")
