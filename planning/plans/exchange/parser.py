"""Sheets → typed rows with their places. Knows the workbook and nothing of the plan or the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _t

from kpss.exchange.layout import plain
from kpss.exchange.sheets import FileUnreadable, RawSheet, filled_rows, find_headings, is_filled

from . import cells
from .cells import CellProblem
from .layout import (
    GUIDE_SHEET,
    INDICATOR_KINDS,
    LEFT_OUT,
    LISTS_SHEET,
    NODE_SHEET,
    REQUIRED,
    SHEET_OF,
    TASK_SHEET,
    Kind,
    heading_of,
    key_of,
)
from .report import Place, Problem


@dataclass(frozen=True)
class IndicatorCells:
    """One indicator of a task; a part is missing from ``given`` when its column is not in the file."""

    number: int
    name: str
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One filled row. ``values`` has a key for each column in the file, so a missing one says "no change".

    A cell that cannot be read is in ``problems`` and not in ``values``. Lists (organisations, sources,
    groups, municipalities) are tuples of texts: names are looked up later.
    """

    kind: Kind
    number: int
    values: Mapping[str, Any]
    columns: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def code(self) -> str:
        return self.values.get("code", "")

    def place(self, key: str = "") -> Place:
        return Place(SHEET_OF[self.kind], self.number, self.columns.get(key, ""))

    def problem(self, key: str, kind: str, **params: str) -> Problem:
        return Problem(self.place(key), kind, params)


@dataclass(frozen=True)
class Parsed:
    """A file read: rows by kind in the order of the file, and what was noticed on the way."""

    nodes: tuple[Row, ...] = ()
    tasks: tuple[Row, ...] = ()
    notices: tuple[Problem, ...] = ()
    sheets: frozenset[Kind] = frozenset(Kind)

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.nodes + self.tasks


_READERS = {
    "date_from": cells.as_date,
    "date_to": cells.as_date,
    "cost_planned": cells.as_amount,
}
_CODES = ("code", "parent", "node")
_LISTS = ("target_groups", "municipalities", "responsible", "partners", "funding")
_KIND_OF_WORD = {plain(word): kind for kind, word in INDICATOR_KINDS.items()}


def parse(sheets: Iterable[RawSheet]) -> Parsed:
    """Read the sheets of a workbook; every fault of a cell is kept with its place, not only the first.

    Raise FileUnreadable with sentences when a sheet or a column that cannot be missed is missing, when
    there are too many rows, or none.
    """
    known = {plain(name): kind for kind, name in SHEET_OF.items()}
    ours = {plain(GUIDE_SHEET), plain(LISTS_SHEET)}
    read: dict[Kind, tuple[Row, ...]] = {}
    notices: list[Problem] = []
    faults: list[str] = []
    for sheet in sheets:
        kind = known.get(plain(sheet.name))
        if kind is not None:
            try:
                read[kind], noticed = _read_sheet(kind, sheet)
                notices += noticed
            except FileUnreadable as refusal:
                faults += refusal.reasons
        elif plain(sheet.name) not in ours:
            notices.append(Problem(Place(sheet.name), "sheet_unknown", {"value": sheet.name}))
    if faults:
        raise FileUnreadable(*faults)
    if not read:
        raise FileUnreadable(
            _t(
                "The file has neither the sheet “%(nodes)s” nor “%(tasks)s”. Start from the template."
            )
            % {"nodes": NODE_SHEET, "tasks": TASK_SHEET}
        )
    if not any(read.values()):
        raise FileUnreadable(_t("There is no filled row in the file."))
    for kind in Kind:
        if kind not in read:
            name = SHEET_OF[kind]
            notices.append(Problem(Place(name), "sheet_absent", {"value": name}))
    return Parsed(
        nodes=read.get(Kind.NODE, ()),
        tasks=read.get(Kind.TASK, ()),
        notices=tuple(notices),
        sheets=frozenset(read),
    )


def _read_sheet(kind: Kind, sheet: RawSheet) -> tuple[tuple[Row, ...], list[Problem]]:
    if not any(is_filled(values) for _number, values in sheet.rows):
        return (), []
    sheet = RawSheet(SHEET_OF[kind], sheet.rows)
    headings = find_headings(
        sheet,
        key_of=partial(key_of, kind),
        heading_of=partial(heading_of, kind),
        required=REQUIRED,
    )
    notices = [
        Problem(place, "column_unknown", {"value": heading})
        for place, heading in headings.strangers
    ]
    rows: list[Row] = []
    for number, ours in filled_rows(sheet, headings):
        row, noticed = _read_row(kind, number, ours, headings.letters)
        rows.append(row)
        notices += noticed
    return tuple(rows), notices


def _read_row(
    kind: Kind, number: int, raw: Mapping[str, object], letters: Mapping[str, str]
) -> tuple[Row, list[Problem]]:
    bare = Row(kind, number, {}, letters)
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    notices: list[Problem] = []
    parts: dict[int, dict[str, object]] = defaultdict(dict)
    for key, value in raw.items():
        if key.startswith("indicator."):
            _word, order, part = key.split(".")
            parts[int(order)][part] = value
            continue
        if cells.as_text(value) == LEFT_OUT:
            continue
        try:
            values[key], was_number = _read_cell(key, value)
        except CellProblem as fault:
            problems.append(bare.problem(key, fault.kind, **fault.params))
        else:
            if was_number:
                notices.append(bare.problem(key, "code_was_number", code=values[key]))
    if parts:
        values["indicators"], faults = _read_indicators(bare, parts)
        problems += faults
    problems.sort(key=lambda problem: (len(problem.place.column), problem.place.column))
    return Row(kind, number, values, letters, tuple(problems)), notices


def _read_cell(key: str, value: object) -> tuple[Any, bool]:
    if key in _CODES:
        return cells.as_code(value)
    if key in _LISTS:
        return tuple(cells.split_items(cells.as_text(value))), False
    if reader := _READERS.get(key):
        return reader(value), False
    return cells.as_text(value), False


def _read_indicators(
    bare: Row, parts: Mapping[int, Mapping[str, object]]
) -> tuple[tuple[IndicatorCells, ...], list[Problem]]:
    indicators: list[IndicatorCells] = []
    problems: list[Problem] = []
    for number in sorted(parts):
        raw = parts[number]
        if not is_filled(raw.values()):
            continue
        given: dict[str, Any] = {}
        for part, value in raw.items():
            try:
                given[part] = _read_part(part, value)
            except CellProblem as fault:
                key = f"indicator.{number}.{part}"
                problems.append(bare.problem(key, fault.kind, **fault.params))
        name = given.pop("name", "")
        if not name:
            filled = next(part for part in raw if cells.as_text(raw[part]))
            key = f"indicator.{number}.{'name' if 'name' in raw else filled}"
            problems.append(bare.problem(key, "indicator_nameless"))
        indicators.append(IndicatorCells(number, name, given))
    return tuple(indicators), problems


def _read_part(part: str, value: object) -> str | Decimal | None:
    if part == "planned":
        return cells.as_decimal(value)
    text = cells.as_text(value)
    if part != "kind" or not text:
        return text
    kind = _KIND_OF_WORD.get(plain(text))
    if not kind:
        choices = ", ".join(INDICATOR_KINDS.values())
        raise CellProblem("indicator_kind_unknown", value=text, choices=choices)
    return kind
