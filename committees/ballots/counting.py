"""What a ballot comes to: pure functions over numbers and the rules written down at its opening."""

from dataclasses import dataclass

from committees.bodies.deciding import has_quorum, is_carried, is_tie
from committees.bodies.enums import Silence


@dataclass(frozen=True)
class Terms:
    """The rules of one ballot: from which quorum, by which majority, what silence means."""

    quorum: str
    majority: str
    chair_decides_tie: bool
    members_total: int
    silence: str = Silence.NOT_VOTED


@dataclass(frozen=True)
class Count:
    """Voices as they came. ``present`` sat at the table or, per rollam, answered; ``may_vote`` of
    all who might say something, without those excluded."""

    votes_for: int
    votes_against: int
    abstained: int
    present: int
    excluded: int
    may_vote: int
    chair_voted_for: bool | None = None

    @property
    def silent(self) -> int:
        """How many of those who might vote said nothing."""
        return self.may_vote - self.votes_for - self.votes_against - self.abstained


@dataclass(frozen=True)
class Result:
    """What is written down at the closing; ``votes_for`` has silent consents in it."""

    votes_for: int
    votes_against: int
    abstained: int
    silent: int
    present: int
    excluded: int
    chair_voted_for: bool | None
    is_adopted: bool


def decide(terms: Terms, count: Count) -> Result:
    """Return the result of a finished vote."""
    consents = count.silent if terms.silence == Silence.CONSENT else 0
    votes_for = count.votes_for + consents
    present = count.present + consents
    return Result(
        votes_for=votes_for,
        votes_against=count.votes_against,
        abstained=count.abstained,
        silent=count.silent,
        present=present,
        excluded=count.excluded,
        chair_voted_for=count.chair_voted_for,
        is_adopted=_is_adopted(terms, count, votes_for, present),
    )


def _is_adopted(terms: Terms, count: Count, votes_for: int, present: int) -> bool:
    return has_quorum(
        terms.quorum, members_total=terms.members_total, members_present=present
    ) and is_carried(
        terms.majority,
        votes_for=votes_for,
        members_total=terms.members_total,
        members_present=present,
        excluded=count.excluded,
        chair_decides_tie=terms.chair_decides_tie,
        chair_voted_for=count.chair_voted_for,
    )


def needs_chair(terms: Terms, count: Count) -> bool:
    """Whether the vote is a tie that the chair decides and nobody has said how the chair voted."""
    return (
        terms.chair_decides_tie
        and count.chair_voted_for is None
        and is_tie(
            terms.majority,
            votes_for=count.votes_for,
            members_total=terms.members_total,
            members_present=count.present,
            excluded=count.excluded,
        )
    )


def is_settled(terms: Terms, count: Count) -> bool:
    """Whether no voice still to come per rollam can change the result.

    Only for a majority counted from all members, which per rollam always is.
    """
    left = count.silent
    if left == 0:
        return True
    if _is_adopted(terms, count, count.votes_for, count.present):
        return True
    best = Count(
        votes_for=count.votes_for + left,
        votes_against=count.votes_against,
        abstained=count.abstained,
        present=count.present + left,
        excluded=count.excluded,
        may_vote=count.may_vote,
        chair_voted_for=True if count.chair_voted_for is None else count.chair_voted_for,
    )
    return not _is_adopted(terms, best, best.votes_for, best.present)
