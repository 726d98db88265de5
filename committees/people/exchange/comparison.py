"""The dry run: what rows of a file would do with people and seats. Reads the portal, writes nothing."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from committees.bodies.enums import Role
from committees.people.models import Person
from kpss import clock, phones
from kpss.exchange.cells import CellProblem, date_text

from .layout import PERSON_FIELDS, SEAT_FIELDS, Kind, role_word, side_word
from .matching import Matching, Subject
from .parser import Parsed, Row
from .references import People, References, SeatState, seats_by_place
from .report import Change, Item, Report

_LONGEST_TITLE = 300  # in the report


@dataclass
class SeatPlan:
    """What one row would do with a seat: make it (``old`` is None) or change it."""

    row: Row
    subject: Subject
    wanted: SeatState
    old: SeatState | None
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Changes:
    """The report for a person, and for writing what is to be made and changed."""

    report: Report
    subjects: tuple[Subject, ...]
    seats: tuple[SeatPlan, ...]


def work_out(parsed: Parsed, *, actor: Person, locked: bool = False) -> Changes:
    """What the file would create, change, leave alone and refuse. Four queries, whatever its size.

    ``locked`` keeps people as they are until the end of the transaction.
    """
    return _Comparison(parsed, actor, People(locked=locked)).run()


class _Comparison:
    def __init__(self, parsed: Parsed, actor: Person, people: People):
        self.parsed = parsed
        self.actor = actor
        self.matching = Matching(people)
        self.references = References()
        self.standing = seats_by_place()
        self.problems = {row.number: list(row.problems) for row in parsed.rows}
        self.subject_of: dict[int, Subject] = {}
        self.plans: dict[int, SeatPlan] = {}
        self.today = clock.today()

    def run(self) -> Changes:
        rows = self.parsed.rows
        # Rows with an e-mail say who is meant; those without may mean the same people.
        for row in sorted(rows, key=lambda row: "email" not in row.values):
            if not self.problems[row.number]:
                self._find_subject(row)
        for row in rows:
            if row.number in self.subject_of and not self.problems[row.number]:
                self._take_person(row)
        self._plan_seats([row for row in rows if row.has_seat])
        return self._changes()

    def _is_good(self, row: Row) -> bool:
        return not self.problems[row.number] and row.number in self.subject_of

    def _refuse(self, row: Row, key: str, kind: str, /, **params: str) -> None:
        self.problems[row.number].append(row.problem(key, kind, **params))

    # --- People -------------------------------------------------------------------------------
    def _find_subject(self, row: Row) -> None:
        try:
            self.subject_of[row.number] = self.matching.subject(row)
        except CellProblem as fault:
            key = "email" if fault.kind in ("other_email", "email_of_two") else "last_name"
            self._refuse(row, key, fault.kind, **fault.params)

    def _take_person(self, row: Row) -> None:
        """What the row says of its person; rows of one person must not contradict one another."""
        subject = self.subject_of[row.number]
        given = {name: row.values[name] for name in PERSON_FIELDS if name in row.values}
        if subject.state and not (subject.by_email and "email" in row.values):
            # Found by the name, so the name is right as it stands, accents included.
            del given["last_name"]
            given.pop("first_name", None)
        for name, value in given.items():
            said = subject.said.get(name)
            if said and not _same(name, said[0], value):
                self._refuse(row, name, "contradicts", row=str(said[1]), value=said[0])
        if not row.has_seat and (twin := subject.bare_row):
            self._refuse(row, "last_name", "row_twice", row=str(twin))
        changes = subject.changes_by(given)
        if changes and subject.is_administrator and not self.actor.is_superuser:
            self._refuse(row, changes[0].field, "administrator")
        if self._is_good(row):
            subject.take(row, given)

    # --- Seats --------------------------------------------------------------------------------
    def _plan_seats(self, rows: list[Row]) -> None:
        """Seats that stand are corrected first: one may end so that another begins."""
        timeline: dict[tuple[int, int | str], list[tuple[SeatState, int]]] = defaultdict(list)
        found = [(row, *self._named(row)) for row in rows]
        plans: list[SeatPlan] = []
        for row, committee, organisation in found:
            if committee is not None and self._is_good(row):
                plan = self._plan(row, committee, organisation)
                if plan:
                    plans.append(plan)
        for plan in sorted(plans, key=lambda plan: plan.old is None):
            place = (plan.wanted.committee, plan.subject.key)
            if place not in timeline and plan.subject.state:
                standing = self.standing.get((plan.wanted.committee, plan.subject.state.pk), [])
                timeline[place] = [(seat, 0) for seat in standing]
            self._place(plan, timeline[place])

    def _named(self, row: Row) -> tuple[int | None, int | None]:
        committee = organisation = None
        try:
            committee = self.references.committee(row.values["committee"])
        except CellProblem as fault:
            self._refuse(row, "committee", fault.kind, **fault.params)
        if text := row.values.get("organisation"):
            try:
                organisation = self.references.organisation(text)
            except CellProblem as fault:
                self._refuse(row, "organisation", fault.kind, **fault.params)
        return committee, organisation

    def _plan(self, row: Row, committee: int, organisation: int | None) -> SeatPlan | None:
        subject = self.subject_of[row.number]
        given = {name: row.values[name] for name in SEAT_FIELDS if name in row.values}
        if organisation:
            given["organisation"] = organisation
        person = subject.state.pk if subject.state else 0
        old = self._standing_seat(committee, person, given.get("valid_from"))
        if old:
            given.pop("valid_from", None)
            wanted = replace(old, **given)
            plan = SeatPlan(row, subject, wanted, old, self._differences(old, wanted))
        else:
            for name in {"valid_from", "side"} - given.keys():
                self._refuse(row, name, "from_missing" if name == "valid_from" else "side_missing")
            if not self._is_good(row):
                return None
            fields = {
                "role": Role.MEMBER,
                "organisation": None,
                "function": "",
                "valid_to": None,
                **given,
            }
            plan = SeatPlan(row, subject, SeatState(committee, person, **fields), None)
            if not self.references.committees[committee].exists_on(plan.wanted.valid_from):
                day = date_text(plan.wanted.valid_from)
                self._refuse(row, "valid_from", "committee_away", day=day)
        self._check_order(plan)
        return plan if self._is_good(row) else None

    def _standing_seat(
        self, committee: int, person: int, begins: datetime.date | None
    ) -> SeatState | None:
        """The seat from that day; without a day the only one held now or to come."""
        seats = self.standing.get((committee, person), [])
        if begins:
            return next((seat for seat in seats if seat.valid_from == begins), None)
        lasting = [seat for seat in seats if seat.valid_to is None or seat.valid_to >= self.today]
        return lasting[0] if len(lasting) == 1 else None

    def _check_order(self, plan: SeatPlan) -> None:
        begins, ends = plan.wanted.valid_from, plan.wanted.valid_to
        if ends and ends < begins:
            words = {"from": date_text(begins), "to": date_text(ends)}
            self._refuse(plan.row, "valid_to", "dates_reversed", **words)

    def _place(self, plan: SeatPlan, seats: list[tuple[SeatState, int]]) -> None:
        """Put the seat among the others of the person there, from the portal and from the file."""
        others = [(seat, number) for seat, number in seats if not _is_same(seat, plan.old)]
        twin = next((number for seat, number in seats if number and _is_same(seat, plan.old)), 0)
        clash = next(((seat, n) for seat, n in others if seat.overlaps(plan.wanted)), None)
        if twin:
            self._refuse(plan.row, "committee", "row_twice", row=str(twin))
        elif clash is None:
            seats[:] = [*others, (plan.wanted, plan.row.number)]
            self.plans[plan.row.number] = plan
        else:
            self._refuse_clash(plan.row, *clash)

    def _refuse_clash(self, row: Row, seat: SeatState, number: int) -> None:
        if number:
            self._refuse(row, "committee", "row_twice", row=str(number))
            return
        words = {"from": date_text(seat.valid_from), "to": date_text(seat.valid_to)}
        kind = "seat_overlaps" if seat.valid_to else "seat_overlaps_open"
        self._refuse(row, "valid_from", kind, **words)

    def _differences(self, old: SeatState, new: SeatState) -> list[Change]:
        changes = []
        for name in SEAT_FIELDS:
            before, after = getattr(old, name), getattr(new, name)
            if before != after:
                changes.append(Change(name, self._word(name, before), self._word(name, after)))
        return changes

    def _word(self, name: str, value: Any) -> str:
        if name == "role":
            return role_word(value)
        if name == "side":
            return side_word(value)
        if name == "organisation":
            return self.references.organisations.get(value, "")
        return date_text(value) if name.startswith("valid_") else value

    # --- The outcome --------------------------------------------------------------------------
    def _changes(self) -> Changes:
        outcomes: dict[str, list[Item]] = defaultdict(list)
        subjects: dict[int | str, Subject] = {}
        seats = []
        for row in self.parsed.rows:
            email = row.values.get("email", "")
            if problems := self.problems[row.number]:
                problems.sort(key=lambda problem: problem.place.column)
                title = row.name[:_LONGEST_TITLE]
                item = Item(Kind.PERSON, email, title, row.number, (), tuple(problems))
                outcomes["refused"].append(item)
                continue
            subject = self.subject_of[row.number]
            if subject.key not in subjects and subject.is_wanted:
                subjects[subject.key] = subject
                outcomes[subject.outcome].append(_person_item(subject, row))
            if plan := self.plans.get(row.number):
                seats.append(plan)
                outcomes[_outcome(plan)].append(self._seat_item(plan))
        report = Report(
            created=tuple(outcomes["created"]),
            changed=tuple(outcomes["changed"]),
            unchanged=tuple(outcomes["unchanged"]),
            refused=tuple(outcomes["refused"]),
            notices=self.parsed.notices,
        )
        return Changes(report, tuple(subjects.values()), tuple(seats))

    def _seat_item(self, plan: SeatPlan) -> Item:
        committee = self.references.committee_word(plan.wanted.committee)
        title = f"{plan.subject.name} – {committee}"[:_LONGEST_TITLE]
        return Item(Kind.SEAT, plan.subject.email, title, plan.row.number, tuple(plan.changes))


def _person_item(subject: Subject, row: Row) -> Item:
    title = subject.name[:_LONGEST_TITLE]
    return Item(Kind.PERSON, subject.email, title, row.number, tuple(subject.changes))


def _outcome(plan: SeatPlan) -> str:
    if plan.old is None:
        return "created"
    return "changed" if plan.changes else "unchanged"


def _is_same(seat: SeatState, old: SeatState | None) -> bool:
    return old is not None and seat.pk == old.pk


def _same(name: str, one: str, other: str) -> bool:
    return phones.href(one) == phones.href(other) if name == "phone" else one == other
