"""Who and what is in the portal, read in a constant number of queries, and found as people write it."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass

from committees.bodies.models import FAR_FUTURE, Committee, Seat
from committees.people.models import Person
from kpss.exchange.cells import CellProblem
from kpss.exchange.layout import plain
from providers.directory.models import Organisation

_MARKED = re.compile(r"(.*?) ?\[(\d{8})\]")


@dataclass(frozen=True)
class PersonState:
    pk: int
    title_before: str
    first_name: str
    last_name: str
    title_after: str
    email: str
    phone: str
    is_superuser: bool


@dataclass(frozen=True)
class SeatState:
    """A seat as it stands; what a row of the file makes of it has the same shape and no ``pk``."""

    committee: int
    person: int
    role: str
    side: str
    organisation: int | None
    function: str
    valid_from: datetime.date
    valid_to: datetime.date | None
    pk: int | None = None

    def overlaps(self, other: "SeatState") -> bool:
        """Whether both are held on some day."""
        return self.valid_from <= (other.valid_to or FAR_FUTURE) and other.valid_from <= (
            self.valid_to or FAR_FUTURE
        )


class People:
    """Everybody in the portal but those erased, by e-mail and by name. One query.

    With ``locked`` nobody changes them before the transaction ends.
    """

    def __init__(self, *, locked: bool = False) -> None:
        rows = Person.objects.filter(erased_at=None).order_by("sort_key", "pk")
        if locked:
            # Rows that only point to people may be written meanwhile.
            rows = rows.select_for_update(no_key=True)
        self.by_pk: dict[int, PersonState] = {}
        self.by_email: dict[str, PersonState] = {}
        self.by_name: dict[str, list[PersonState]] = defaultdict(list)
        for row in rows.values(*PersonState.__dataclass_fields__):
            state = PersonState(**row | {"email": row["email"] or ""})
            self.by_pk[state.pk] = state
            if state.email:
                self.by_email[state.email] = state
            self.by_name[name_key(state.first_name, state.last_name)].append(state)


def name_key(first_name: str, last_name: str) -> str:
    """The name as it is compared: "jana|novakova"."""
    return f"{plain(first_name)}|{plain(last_name)}"


def seats_by_place() -> dict[tuple[int, int], list[SeatState]]:
    """All seats by committee and person, from the oldest. One query."""
    found: dict[tuple[int, int], list[SeatState]] = defaultdict(list)
    columns = SeatState.__dataclass_fields__
    for row in Seat.objects.order_by("valid_from", "pk").values(*columns):
        seat = SeatState(**row)
        found[seat.committee, seat.person].append(seat)
    return found


class References:
    """What names of committees and organisations in cells may mean. Two queries."""

    def __init__(self) -> None:
        self.committees: dict[int, Committee] = {}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        for committee in Committee.objects.only(
            "name", "short_name", "established_on", "dissolved_on"
        ).order_by("position", "sort_key"):
            self.committees[committee.pk] = committee
            for name in {committee.name, committee.short_name} - {""}:
                self._by_name[plain(name)].add(committee.pk)
        self.organisations: dict[int, str] = {}
        self._icos: dict[int, str] = {}
        self._by_ico: dict[str, int] = {}
        self._by_title: dict[str, list[int]] = defaultdict(list)
        for pk, name, ico in Organisation.objects.order_by("sort_key", "pk").values_list(
            "pk", "name", "ico"
        ):
            self.organisations[pk] = name
            self._icos[pk] = ico or ""
            self._by_title[plain(name)].append(pk)
            if ico:
                self._by_ico[ico] = pk

    def committee(self, text: str) -> int:
        """The committee by its name or short name; raise CellProblem for none or more."""
        found = self._by_name.get(plain(text), set())
        if len(found) > 1:
            # A whole name says more than a short one of another committee.
            found = {pk for pk in found if plain(self.committees[pk].name) == plain(text)} or found
        if len(found) != 1:
            kind = "committee_ambiguous" if found else "committee_unknown"
            raise CellProblem(kind, value=text)
        return next(iter(found))

    def organisation(self, text: str) -> int:
        """The organisation by its IČO, its name, or "name [IČO]"; raise CellProblem for none or more."""
        mark = _MARKED.fullmatch(text)
        ico = mark[2] if mark else "".join(text.split()).zfill(8)
        if ico.isdigit():
            if ico in self._by_ico:
                return self._by_ico[ico]
            raise CellProblem("organisation_unknown", value=text)
        found = self._by_title.get(plain(text), [])
        if not found:
            raise CellProblem("organisation_unknown", value=text)
        if len(found) > 1:
            known = next((self._icos[pk] for pk in found if self._icos[pk]), "")
            raise CellProblem("organisation_ambiguous", value=text, example=known or "12345678")
        return found[0]

    def committee_word(self, pk: int) -> str:
        """The committee as it is written into a cell."""
        return self.committees[pk].name

    def organisation_word(self, pk: int | None) -> str:
        """The organisation as it is written into a cell: with its IČO where the name is not enough.

        Nothing, which changes nothing, where it has no IČO either.
        """
        if pk is None:
            return ""
        name, ico = self.organisations[pk], self._icos[pk]
        if len(self._by_title[plain(name)]) == 1:
            return name
        return f"{name} [{ico}]" if ico else ""
