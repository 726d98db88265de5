"""One row of a file beside what the plan has under its code: what differs and what is wrong."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from kpss.exchange.cells import UNPRINTABLE
from planning.plans.enums import IndicatorKind
from planning.plans.models import CODE, FundingLine, Indicator, PlanNode, Task, TaskParty

from . import cells
from .cells import CellProblem
from .layout import INDICATOR_KINDS, Kind
from .parser import IndicatorCells, Row
from .references import Codes, Money, References
from .report import Change, Problem
from .snapshot import IndicatorState, NodeState, TaskState

T = TypeVar("T")

_TEXTS = {
    Kind.NODE: ("title", "need", "goal", "description"),
    Kind.TASK: ("title", "description", "term_text", "cost_note"),
}
_PLAIN = {Kind.NODE: (), Kind.TASK: ("date_from", "date_to", "cost_planned")}


def _limit(model: type[models.Model], name: str) -> int | None:
    return getattr(model._meta.get_field(name), "max_length", None)


_LIMITS = {
    (kind, name): _limit(model, name)
    for kind, model in ((Kind.NODE, PlanNode), (Kind.TASK, Task))
    for name in _TEXTS[kind]
}
_CODE_LIMIT = _limit(PlanNode, "code") or 0
_PARTY_LIMIT = _limit(TaskParty, "name") or 0
_NOTE_LIMIT = _limit(FundingLine, "note") or 0
_INDICATOR_LIMITS = {"name": _limit(Indicator, "name") or 0, "unit": _limit(Indicator, "unit") or 0}


@dataclass(frozen=True)
class IndicatorValue:
    kind: str
    name: str
    unit: str
    planned: Decimal | None


@dataclass
class Candidate:
    """A row of the file beside what the plan has under its code, and what would be written."""

    row: Row
    state: NodeState | TaskState | None
    problems: list[Problem]
    wanted: dict[str, Any] = field(default_factory=dict)  # only what differs
    changes: list[Change] = field(default_factory=list)
    above: str = ""  # the code under which it would stand

    @property
    def is_usable(self) -> bool:
        return not self.problems

    def refuse(self, key: str, kind: str, **params: str) -> None:
        self.problems.append(self.row.problem(key, kind, **params))


def compare(
    rows: Iterable[Row], states: Mapping[str, NodeState | TaskState], references: References
) -> list[Candidate]:
    """Rows of one sheet beside the plan, each judged by itself; where they stand is settled later."""
    rows = list(rows)
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        numbers[row.code].append(row.number)
    found = []
    for row in rows:
        candidate = Candidate(row, states.get(row.code), list(row.problems))
        _check_code(candidate, numbers)
        _Comparison(candidate, references).run()
        found.append(candidate)
    return found


def _check_code(candidate: Candidate, numbers: dict[str, list[int]]) -> None:
    row, code = candidate.row, candidate.row.code
    if not code:
        if "code" in row.values:
            candidate.refuse("code", "code_missing")
        return
    if len(numbers[code]) > 1:
        rows = ", ".join(str(number) for number in numbers[code])
        candidate.refuse("code", "code_twice", code=code[:40], rows=rows)
    if candidate.state:
        return
    try:
        CODE(code)
    except ValidationError:
        candidate.refuse("code", "code_wrong", value=code[:40])
    else:
        if len(code) > _CODE_LIMIT:
            _too_long(candidate, "code", code, _CODE_LIMIT)


def _too_long(candidate: Candidate, key: str, text: str, limit: int) -> None:
    candidate.refuse(key, "too_long", length=str(len(text)), limit=str(limit))


class _Comparison:
    """Compares the fields of one row with the plan, and notes what differs and what is wrong."""

    def __init__(self, candidate: Candidate, references: References):
        self.candidate = candidate
        self.row = candidate.row
        self.state = candidate.state
        self.references = references

    def run(self) -> None:
        kind = self.row.kind
        self._title()
        for key in _TEXTS[kind]:
            self._text(key)
        for key in _PLAIN[kind]:
            self._plain(key)
        if kind == Kind.NODE:
            self._group()
            self._codes("target_groups", self.references.target_groups)
            self._codes("municipalities", self.references.municipalities)
        else:
            self._term()
            self._parties("responsible")
            self._parties("partners")
            self._funding()
            self._indicators()
        self.candidate.problems.sort(key=lambda p: (len(p.place.column), p.place.column))

    def _differs(self, key: str, value: Any, old_text: str, new_text: str) -> None:
        self.candidate.wanted[key] = value
        if self.state:
            self.candidate.changes.append(Change(key, old_text, new_text))

    def _title(self) -> None:
        if not self.row.values.get("title", "" if self.state is None else "-"):
            self.candidate.refuse("title", "title_missing")

    def _text(self, key: str) -> None:
        if key not in self.row.values:
            return
        new = self.row.values[key]
        old = getattr(self.state, key) if self.state else ""
        if cells.as_text(old) == new:
            return
        limit = _LIMITS[self.row.kind, key]
        if UNPRINTABLE.search(new):
            self.candidate.refuse(key, "unprintable")
        elif limit and len(new) > limit:
            _too_long(self.candidate, key, new, limit)
        else:
            self._differs(key, new, old, new)

    def _plain(self, key: str) -> None:
        old = getattr(self.state, key) if self.state else None
        if key in self.row.values and self.row.values[key] != old:
            new = self.row.values[key]
            self._differs(key, new, cells.as_text(old), cells.as_text(new))

    def _term(self) -> None:
        start, end = (
            self.row.values.get(key, getattr(self.state, key, None))
            for key in ("date_from", "date_to")
        )
        if start and end and end < start:
            key = "date_to" if "date_to" in self.row.columns else "date_from"
            self.candidate.refuse(key, "term_reversed")

    def _group(self) -> None:
        text = self.row.values.get("planning_group")
        if text is None:
            return
        old = self.state.planning_group if isinstance(self.state, NodeState) else None
        codes = self.references.groups
        try:
            new = codes.find(text) if text else None
        except CellProblem as fault:
            self.candidate.refuse("planning_group", fault.kind, **fault.params)
            return
        if new == old:
            return
        if new is not None and new not in codes.current:
            self.candidate.refuse("planning_group", "not_in_use", value=text)
            return
        self._differs(
            "planning_group", new, codes.write(old) if old else "", codes.write(new) if new else ""
        )

    def _codes(self, key: str, codes: Codes) -> None:
        items = self._found(key, codes.find)
        if items is None:
            return
        old: frozenset[int] = getattr(self.state, key) if self.state else frozenset()
        new = frozenset(items)
        if new == old:
            return
        if retired := sorted(new - old - codes.current):
            self.candidate.refuse(key, "not_in_use", value=codes.labels[retired[0]])
            return
        self._differs(key, new, codes.write_all(old), codes.write_all(new))

    def _found(self, key: str, find: Callable[[str], T]) -> list[T] | None:
        """What the items of a list cell mean; None when the column is absent or an item unknown."""
        if key not in self.row.values:
            return None
        found, is_whole = [], True
        for text in self.row.values[key]:
            try:
                found.append(find(text))
            except CellProblem as fault:
                self.candidate.refuse(key, fault.kind, **fault.params)
                is_whole = False
        return found if is_whole else None

    def _fits(self, key: str, text: str, limit: int) -> bool:
        if UNPRINTABLE.search(text):
            self.candidate.refuse(key, "unprintable")
        elif len(text) > limit:
            _too_long(self.candidate, key, text, limit)
        else:
            return True
        return False

    def _parties(self, key: str) -> None:
        new = self._found(key, self.references.party)
        if new is None:
            return
        old = getattr(self.state, key) if self.state else ()
        if [(party.organisation, party.name) for party in old] == [
            (party.organisation, party.name) for party in new
        ]:
            return
        standing = {party.name for party in old}
        if twice := _first_twice(party.name for party in new):
            self.candidate.refuse(key, "party_twice", value=twice[:80])
        elif all(
            party.name in standing or self._fits(key, party.name, _PARTY_LIMIT) for party in new
        ):
            write = self.references.write_parties
            self._differs(key, tuple(new), write(old), write(new))

    def _funding(self) -> None:
        new = self._found("funding", self.references.money)
        if new is None:
            return
        old = self.state.funding if isinstance(self.state, TaskState) else ()
        before = [Money(line.source, line.amount, line.note) for line in old]
        if new == before:
            return
        sources = self.references.sources
        standing = {line.source for line in before}
        retired = [line.source for line in new if line.source not in standing | sources.current]
        if twice := _first_twice(str(line.source) for line in new):
            self.candidate.refuse("funding", "source_twice", value=sources.labels[int(twice)])
        elif retired:
            self.candidate.refuse("funding", "not_in_use", value=sources.labels[retired[0]])
        elif all(line in before or self._fits("funding", line.note, _NOTE_LIMIT) for line in new):
            write = self.references.write_funding
            self._differs("funding", tuple(new), write(before), write(new))

    def _indicators(self) -> None:
        if "indicators" not in self.row.values:
            return
        old = self.state.indicators if isinstance(self.state, TaskState) else ()
        standing = {cells.as_text(indicator.name): indicator for indicator in old}
        given: tuple[IndicatorCells, ...] = self.row.values["indicators"]
        if twice := _first_twice(indicator.name for indicator in given if indicator.name):
            at = [indicator.number for indicator in given if indicator.name == twice][1]
            self.candidate.refuse(f"indicator.{at}.name", "indicator_twice", value=twice[:80])
            return
        new = [self._indicator(cell, standing.get(cell.name)) for cell in given]
        before = [IndicatorValue(i.kind, i.name, i.unit, i.planned) for i in old]
        if new != before:
            self._differs("indicators", tuple(new), _indicators_text(before), _indicators_text(new))

    def _indicator(self, cell: IndicatorCells, old: IndicatorState | None) -> IndicatorValue:
        """The indicator as it would be; a part without a column keeps what the plan has."""
        unit = cell.given.get("unit", old.unit if old else "")
        if old and cells.as_text(old.unit) == unit:
            unit = old.unit
        else:
            self._fits(f"indicator.{cell.number}.unit", unit, _INDICATOR_LIMITS["unit"])
        if not old:
            self._fits(f"indicator.{cell.number}.name", cell.name, _INDICATOR_LIMITS["name"])
        kind = cell.given.get("kind") or (old.kind if old else IndicatorKind.OUTPUT)
        planned = cell.given.get("planned", old.planned if old else None)
        return IndicatorValue(str(kind), old.name if old else cell.name, unit, planned)


def _first_twice(texts: Iterable[str]) -> str:
    return next((text for text, count in Counter(texts).items() if count > 1), "")


def _indicators_text(indicators: Iterable[IndicatorValue]) -> str:
    return "; ".join(
        " ".join(
            filter(
                None,
                [
                    f"{i.name}:" if i.planned is not None or i.unit else i.name,
                    cells.number_text(i.planned),
                    i.unit,
                    f"({INDICATOR_KINDS[i.kind]})" if i.kind != IndicatorKind.OUTPUT else "",
                ],
            )
        )
        for i in indicators
    )
