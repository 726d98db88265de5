"""Who sits at the table now: seats represented, quorum, and the roll for a vote. A constant number of queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, QuerySet

from committees.ballots.roll import Entry, Place, represent
from committees.bodies.deciding import has_quorum
from committees.bodies.enums import Role
from committees.bodies.models import Rules, Seat
from kpss import clock

from .models import Meeting, Participant, Presence


@dataclass(frozen=True)
class Table:
    """The table of one meeting at one moment.

    ``places`` are all seats with a vote that day, ``roll`` those of them that have a voice now,
    ``here`` the keys of persons present. ``rules`` are those of the meeting's day.
    """

    rules: Rules | None
    seats: tuple[Seat, ...]
    participants: tuple[Participant, ...]
    here: frozenset[int]
    roll: tuple[Entry, ...] = field(default=())

    @property
    def members_total(self) -> int:
        return sum(1 for seat in self.seats if Role(seat.role).votes)

    @property
    def members_present(self) -> int:
        """How many seats with a vote are represented now."""
        return len(self.roll)

    @property
    def has_quorum(self) -> bool:
        """Whether the committee can decide now by its rules; never without rules."""
        return self.rules is not None and has_quorum(
            self.rules.quorum,
            members_total=self.members_total,
            members_present=self.members_present,
        )

    def later(self, moment: datetime.datetime) -> "Table":
        """The table of the same meeting at a later moment. No queries."""
        seats = tuple(s for s in self.seats if s.ended_at is None or s.ended_at > moment)
        return _laid(self.rules, seats, self.participants, moment)


def table_of(meeting: Meeting, moment: datetime.datetime | None = None) -> Table:
    """Return the table at ``moment`` (now unless told). Four queries."""
    moment = moment or clock.now()
    seats = tuple(seats_of(meeting, moment))
    return _laid(meeting.rules(), seats, tuple(participants_of(meeting)), moment)


def _laid(
    rules: Rules | None,
    seats: tuple[Seat, ...],
    participants: tuple[Participant, ...],
    moment: datetime.datetime,
) -> Table:
    here = frozenset(
        participant.person_id
        for participant in participants
        if participant.person_id and is_here(participant.stretches, moment)  # type: ignore[attr-defined]
    )
    roll = represent(
        _places(seats, participants),
        here,
        substitutes_allowed=rules is not None and rules.substitutes_allowed,
    )
    return Table(rules, seats, participants, here, tuple(roll))


def seats_of(meeting: Meeting, moment: datetime.datetime) -> Iterable[Seat]:
    """Seats of the committee on the meeting's day whose mandate had not ended by ``moment``."""
    return (
        Seat.objects.on(meeting.day)
        .filter(Q(ended_at=None) | Q(ended_at__gt=moment), committee=meeting.committee_id)
        .select_related("person", "organisation")
        .order_by("person__sort_key", "pk")
    )


def participants_of(meeting: Meeting) -> QuerySet[Participant]:
    """Everybody invited or present with their stretches of time in ``stretches``. Two queries."""
    return (
        Participant.objects.filter(meeting=meeting)
        .select_related("person", "seat__organisation", "represents__person")
        .prefetch_related(
            Prefetch("presences", Presence.objects.order_by("arrived_at"), to_attr="stretches")
        )
        .order_by("person__sort_key", "guest_name", "pk")
    )


def is_here(stretches: Iterable[Presence], moment: datetime.datetime) -> bool:
    """Whether one of the stretches of time covers the moment."""
    return any(
        stretch.arrived_at <= moment and (stretch.left_at is None or moment < stretch.left_at)
        for stretch in stretches
    )


def _places(seats: Iterable[Seat], participants: Iterable[Participant]) -> list[Place]:
    """Voting seats with those who may stand in: first whom somebody chose, then the named substitutes."""
    chosen = {p.represents_id: p.person_id for p in participants if p.represents_id and p.person_id}
    named: dict[int, list[int]] = {}
    for seat in seats:
        if seat.role == Role.SUBSTITUTE and seat.substitute_for_id:
            named.setdefault(seat.substitute_for_id, []).append(seat.person_id)
    elsewhere = set(chosen.values())
    return [
        Place(
            seat.pk,
            seat.person_id,
            (
                *([chosen[seat.pk]] if seat.pk in chosen else []),
                *(person for person in named.get(seat.pk, []) if person not in elsewhere),
            ),
        )
        for seat in seats
        if Role(seat.role).votes
    ]
