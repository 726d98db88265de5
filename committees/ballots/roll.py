"""Who votes at a table: each seat has one voice, the member's own or a substitute's. Pure functions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A voting seat: its key, its holder's, and who may stand in for the holder, in order."""

    seat: int
    holder: int
    substitutes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A seat that has a voice now, and the person who gives it."""

    seat: int
    person: int


def represent(
    places: Iterable[Place], present: Collection[int], *, substitutes_allowed: bool
) -> list[Entry]:
    """Return one entry for each seat represented by somebody present, in the order of places.

    The holder always goes first. A person has one voice: who votes for their own seat stands in for
    nobody, and who stands in for one seat does not stand in for another.
    """
    places = list(places)
    taken = {place.holder for place in places}
    found: dict[int, int] = {
        place.seat: place.holder for place in places if place.holder in present
    }
    if substitutes_allowed:
        for place in places:
            if place.seat in found:
                continue
            free = (p for p in place.substitutes if p in present and p not in taken)
            person = next(free, None)
            if person is not None:
                found[place.seat] = person
                taken.add(person)
    return [Entry(place.seat, found[place.seat]) for place in places if place.seat in found]
