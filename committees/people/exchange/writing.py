"""Writes what the dry run found: a few statements for thousands of rows, in the caller's transaction."""

from typing import Any

from committees.bodies.enums import SeatChange
from committees.bodies.models import Seat, SeatEvent
from committees.people.models import Person
from kpss import clock

from .comparison import Changes, SeatPlan
from .layout import PERSON_FIELDS, SEAT_FIELDS

_BATCH = 500


def write(changes: Changes, *, actor: Person) -> None:
    """Make and change people, then seats: those that stand first, so that a new one may follow.

    Raise IntegrityError when somebody else has meanwhile taken the e-mail or the seat.
    """
    keys = _write_people(changes)
    seats = [plan for plan in changes.seats if plan.old is None or plan.changes]
    _change_seats([plan for plan in seats if plan.old], actor)
    _make_seats([plan for plan in seats if not plan.old], keys, actor)


def _write_people(changes: Changes) -> dict[int | str, int]:
    """Write people and return their keys by the keys of the subjects."""
    keys: dict[int | str, int] = {s.key: s.state.pk for s in changes.subjects if s.state}
    new = [subject for subject in changes.subjects if subject.state is None]
    people = [_person(subject.values) for subject in new]
    for subject, person in zip(new, Person.objects.bulk_create(people, _BATCH), strict=True):
        keys[subject.key] = person.pk
    changed = {s.state.pk: s.changes for s in changes.subjects if s.state and s.changes}
    found = Person.objects.in_bulk(list(changed))
    for pk, person in found.items():
        for change in changed[pk]:
            setattr(person, change.field, change.new)
        person.fill_keys()
    columns = [*PERSON_FIELDS, "sort_key", "search_name"]
    Person.objects.bulk_update(found.values(), columns, _BATCH)
    return keys


def _person(values: dict[str, str]) -> Person:
    person = Person(**values)
    person.email = person.email or None
    person.set_unusable_password()
    person.fill_keys()
    return person


def _columns(plan: SeatPlan) -> dict[str, Any]:
    return {
        "organisation_id" if name == "organisation" else name: getattr(plan.wanted, name)
        for name in SEAT_FIELDS
    }


def _change_seats(plans: list[SeatPlan], actor: Person) -> None:
    found = Seat.objects.in_bulk([plan.old.pk for plan in plans if plan.old])
    events = []
    for plan in plans:
        assert plan.old
        assert plan.old.pk
        seat = found[plan.old.pk]
        for name, value in _columns(plan).items():
            setattr(seat, name, value)
        ends = plan.old.valid_to is None and plan.wanted.valid_to is not None
        events.append(_event(seat, SeatChange.ENDED if ends else SeatChange.CHANGED, actor))
    Seat.objects.bulk_update(found.values(), SEAT_FIELDS, _BATCH)
    SeatEvent.objects.bulk_create(events, _BATCH)


def _make_seats(plans: list[SeatPlan], keys: dict[int | str, int], actor: Person) -> None:
    seats = Seat.objects.bulk_create(
        (
            Seat(
                committee_id=plan.wanted.committee,
                person_id=keys[plan.subject.key],
                **_columns(plan),
            )
            for plan in plans
        ),
        _BATCH,
    )
    SeatEvent.objects.bulk_create(
        [_event(seat, SeatChange.SEATED, actor) for seat in seats], _BATCH
    )


def _event(seat: Seat, what: SeatChange, actor: Person) -> SeatEvent:
    return SeatEvent(seat=seat, what=what, actor=actor, at=clock.now())
