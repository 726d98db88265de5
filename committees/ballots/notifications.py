"""Who is told what about a ballot; nothing is mailed before the transaction commits."""

from .models import Ballot


def ballot_opened(ballot: Ballot) -> None:
    """Ask every voter of a per rollam ballot to vote, each by a personal link."""


def ballot_cancelled(ballot: Ballot, note: str) -> None:
    """Tell those who were asked that the ballot was called off, and why."""


def ballot_closed(ballot: Ballot) -> None:
    """Tell the voters of a per rollam ballot how it ended, and the coordinator that it did."""
