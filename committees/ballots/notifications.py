"""Who is told what about a ballot; nothing is mailed before the transaction commits."""

from .models import Ballot, Vote, Voter


def ballot_opened(ballot: Ballot) -> None:
    """Ask every voter of a per rollam ballot to vote, each by a personal link."""


def ballot_cancelled(ballot: Ballot, note: str) -> None:
    """Tell those who were asked that the ballot was called off, and why."""


def ballot_closed(ballot: Ballot) -> None:
    """Tell the voters of a per rollam ballot how it ended, and the coordinator that it did."""


def vote_counted(ballot: Ballot, vote: Vote) -> None:
    """Send the receipt of a vote per rollam to who gave it."""


def conflict_declared(ballot: Ballot, voter: Voter) -> None:
    """Confirm to a voter per rollam that the conflict of interest is written down."""
