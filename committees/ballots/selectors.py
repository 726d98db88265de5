"""Ballots shaped for pages and documents."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from committees.bodies.models import Committee, Seat
from committees.people.models import Person
from kpss import clock

from . import wording
from .enums import BallotState
from .models import Ballot, Voter


@dataclass(frozen=True)
class VoterLine:
    """One who is asked: whether they have answered (never how), and by which way they can be reached."""

    voter: Voter
    name: str
    has_answered: bool
    is_excluded: bool
    has_mail: bool
    has_mandate: bool

    @property
    def may_be_entered(self) -> bool:
        """Whether somebody may still write down this voter's answer."""
        return not self.has_answered and not self.is_excluded and self.has_mandate


def ballots_for_list(committee: Committee, user) -> QuerySet[Ballot]:
    """Ballots per rollam of the committee the user may see, the newest first."""
    return (
        Ballot.objects.visible_to(user)
        .per_rollam()
        .filter(committee=committee)
        .select_related("committee", "resolution")
        .order_by("-created_at", "-pk")
    )


def per_rollam_between(
    committee: Committee, start: datetime.datetime, end: datetime.datetime
) -> QuerySet[Ballot]:
    """Ballots per rollam of the committee closed from ``start`` until just before ``end``, in order.

    For ``facts.facts_of``, which reads what else it needs.
    """
    return (
        Ballot.objects.per_rollam()
        .filter(
            committee=committee,
            state=BallotState.CLOSED,
            closed_at__gte=start,
            closed_at__lt=end,
        )
        .select_related("committee", "resolution")
        .order_by("closed_at", "pk")
    )


def course_of(ballot: Ballot) -> list[VoterLine]:
    """Everybody who is asked in an open or finished ballot, in order of names. Two queries."""
    holding = set(
        Seat.objects.current().filter(committee=ballot.committee_id).values_list("pk", flat=True)
    )
    voters = (
        Voter.objects.with_answers()
        .filter(ballot=ballot)
        .select_related("person", "seat")
        .order_by("person__sort_key", "pk")
    )
    return [
        VoterLine(
            voter=voter,
            name=voter.person.get_full_name(),
            has_answered=voter.has_answered or voter.has_voted,
            is_excluded=voter.is_excluded,
            has_mail=is_reachable(voter.person),
            has_mandate=voter.seat_id in holding,
        )
        for voter in voters
    ]


def to_be_asked(committee: Committee) -> list[Person]:
    """Who would be asked if a ballot per rollam opened now, in order of names. One query."""
    seats = (
        Seat.objects.current()
        .filter(committee=committee)
        .voting()
        .select_related("person")
        .order_by("person__sort_key", "pk")
    )
    return [seat.person for seat in seats]


def is_reachable(person: Person) -> bool:
    """Whether the portal can send the person a mail."""
    return bool(person.email) and person.is_active


def waiting_voters(people: Iterable[Person]) -> QuerySet[Voter]:
    """Places in open ballots per rollam where one of ``people`` may still answer."""
    now = clock.now()
    return (
        Voter.objects.unanswered()
        .filter(
            person__in=people,
            ballot__in=Ballot.objects.open().per_rollam().filter(deadline__gt=now),
            seat__in=Seat.objects.current(),
        )
        .select_related("person", "ballot__committee")
        .order_by("ballot__deadline", "ballot_id")
    )


@dataclass(frozen=True)
class BallotRow:
    """A ballot as a line of a list: what it is about, and where it stands in one sentence."""

    ballot: Ballot
    badge: str
    sentence: str

    @classmethod
    def of(cls, ballot: Ballot) -> "BallotRow":
        return cls(ballot, wording.badge(ballot), wording.state_sentence(ballot))
