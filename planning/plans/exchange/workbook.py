"""The workbook itself: template, present content, result of an upload, and reading one back."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from kpss.spreadsheets import Column as SheetColumn
from kpss.spreadsheets import Sheet, SpreadsheetRefused, read_sheets, write_workbook
from planning.plans.enums import IndicatorKind
from planning.plans.models import PlanVersion

from . import guide
from .layout import (
    COLUMNS,
    GUIDE_SHEET,
    INDICATOR_KINDS,
    INDICATOR_PARTS,
    INDICATORS_IN_TEMPLATE,
    LEFT_OUT,
    LISTS_SHEET,
    LONGEST_CELL,
    MAX_ROWS,
    SHEET_OF,
    Column,
    Kind,
    indicator_heading,
    letters_of,
    plain,
)
from .parser import RawSheet
from .references import References
from .report import Item, Report
from .snapshot import NodeState, Snapshot, TaskState, snapshot

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_COLUMNS = 1_000
_ESCAPED = re.compile(r"[^\n\t -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x")
_LONGEST_IN_REPORT = LONGEST_CELL // 7  # fits even when every character is escaped
_LISTS = {
    "levels": ("Úrovně", 18),
    "planning_groups": ("Skupiny", 44),
    "target_groups": ("Cílové skupiny", 44),
    "municipalities": ("Obce", 28),
    "funding": ("Zdroje financování", 44),
    "organisations": ("Organizace", 50),
}


# --- Writing ---------------------------------------------------------------------------------------
def template_workbook(version: PlanVersion) -> bytes:
    """The empty workbook with the code lists of today and the names of the plan's levels."""
    return _workbook(version, Snapshot({}, {}, snapshot(version).levels))


def content_workbook(version: PlanVersion) -> bytes:
    """The workbook with everything the tree of the version says; uploaded back it changes nothing."""
    return _workbook(version, snapshot(version))


def _workbook(version: PlanVersion, content: Snapshot) -> bytes:
    references = References()
    lists = _lists(content, references)
    states = content.tasks.values()
    count = max([INDICATORS_IN_TEMPLATE, *(len(task.indicators) for task in states)])
    output = IndicatorKind.OUTPUT
    has_kinds = any(indicator.kind != output for task in states for indicator in task.indicators)
    parts = [part for part in INDICATOR_PARTS if part != "kind" or has_kinds]
    return write_workbook(
        [
            Sheet(
                GUIDE_SHEET,
                [SheetColumn(guide.TITLE, 26), SheetColumn("", 110, wraps=True)],
                _guide(version),
            ),
            Sheet(
                SHEET_OF[Kind.NODE],
                [_column(column, lists) for column in COLUMNS[Kind.NODE]],
                (_node_row(node, content, references) for node in content.nodes.values()),
            ),
            Sheet(
                SHEET_OF[Kind.TASK],
                [
                    *(_column(column, lists) for column in COLUMNS[Kind.TASK]),
                    *_indicator_columns(count, parts),
                ],
                (_task_row(task, references, parts) for task in states),
            ),
            Sheet(
                LISTS_SHEET,
                [SheetColumn(heading, width) for heading, width in _LISTS.values()],
                zip_longest(*lists.values()),
            ),
        ]
    )


def _guide(version: PlanVersion) -> Iterator[Sequence[str]]:
    yield "Plán", f"{version.plan.title}, verze {version.number}"
    for number, rule in enumerate(guide.RULES, start=1):
        yield f"{number}.", rule
    for kind in Kind:
        yield ()
        yield f"List {SHEET_OF[kind]}", ""
        for column in COLUMNS[kind]:
            yield column.heading, guide.COLUMNS[kind, column.key]
    yield "Ukazatel 1, 2, 3…", guide.INDICATORS


def _lists(content: Snapshot, references: References) -> dict[str, list[str]]:
    return {
        "levels": list(content.levels),
        "planning_groups": references.groups.choices(),
        "target_groups": references.target_groups.choices(),
        "municipalities": references.municipalities.choices(),
        "funding": references.sources.choices(),
        "organisations": references.organisation_choices(),
    }


def _column(column: Column, lists: dict[str, list[str]]) -> SheetColumn:
    choices = ""
    if column.choices and lists[column.choices]:
        letters = letters_of(list(_LISTS).index(column.choices))
        last = len(lists[column.choices]) + 1
        choices = f"'{LISTS_SHEET}'!${letters}$2:${letters}${last}"
    return SheetColumn(
        column.heading,
        column.width,
        choices_from=choices,
        choices_bind=column.choices_bind,
        is_text=column.is_text,
        wraps=column.wraps,
    )


def _indicator_columns(count: int, parts: Sequence[str]) -> Iterator[SheetColumn]:
    for number in range(1, count + 1):
        for part in parts:
            choices = list(INDICATOR_KINDS.values()) if part == "kind" else []
            yield SheetColumn(
                indicator_heading(number, part), INDICATOR_PARTS[part][1], choices=choices
            )


def _fitting(text: str) -> str:
    """The text as a cell can hold it; a longer one is left out and says so."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    escaped = len(text) + 6 * len(_ESCAPED.findall(text))
    return text if escaped <= LONGEST_CELL else LEFT_OUT


def _node_row(node: NodeState, content: Snapshot, references: References) -> list[Any]:
    levels = content.levels
    row = [
        node.code,
        node.parent,
        levels[node.depth - 1] if node.depth <= len(levels) else "",
        node.title,
        _fitting(node.need),
        _fitting(node.goal),
        _fitting(node.description),
        references.groups.write(node.planning_group) if node.planning_group else "",
        _fitting(references.target_groups.write_all(node.target_groups)),
        _fitting(references.municipalities.write_all(node.municipalities)),
    ]
    return [value or None for value in row]


def _task_row(task: TaskState, references: References, parts: Sequence[str]) -> list[Any]:
    row: list[Any] = [
        task.code,
        task.node,
        task.title,
        _fitting(task.description),
        task.date_from,
        task.date_to,
        task.term_text,
        task.cost_planned,
        task.cost_note,
        _fitting(references.write_parties(task.responsible)),
        _fitting(references.write_parties(task.partners)),
        _fitting(references.write_funding(task.funding)),
    ]
    for indicator in task.indicators:
        values = vars(indicator) | {"kind": INDICATOR_KINDS[indicator.kind]}
        row += [values[part] for part in parts]
    return [None if value == "" else value for value in row]


def report_workbook(report: Report) -> bytes:
    """The whole report as one sheet: a row for each change, fault and note, in the order of the file."""
    outcomes = (
        (pgettext("row of a file", "refused"), report.refused),
        (pgettext("row of a file", "new"), report.created),
        (pgettext("row of a file", "change"), report.changed),
        (pgettext("row of a file", "no change"), report.unchanged),
        (pgettext("row of a file", "only in the plan"), report.absent),
    )
    columns = [
        SheetColumn(pgettext("heading of a result", "Outcome"), 26),
        SheetColumn(pgettext("heading of a result", "Sheet"), 20),
        SheetColumn(pgettext("heading of a result", "Row"), 8),
        SheetColumn(pgettext("heading of a result", "Column"), 9),
        SheetColumn(_t("Code"), 10, is_text=True),
        SheetColumn(_t("Title"), 50, wraps=True),
        SheetColumn(_t("Field"), 20),
        SheetColumn(_t("In the plan now"), 44, wraps=True),
        SheetColumn(_t("In the file"), 44, wraps=True),
        SheetColumn(_t("Reason"), 70, wraps=True),
    ]
    rows = [row for outcome, items in outcomes for item in items for row in _lines(outcome, item)]
    rows += [
        [
            pgettext("row of a file", "note"),
            n.place.sheet,
            n.place.row or None,
            n.place.column,
            *[""] * 5,
            n.reason,
        ]
        for n in report.notices
    ]
    return write_workbook([Sheet(_t("Result"), columns, rows)])


def _lines(outcome: str, item: Item) -> Iterator[list[Any]]:
    about = [item.code, item.title]
    for problem in item.problems:
        place = problem.place
        yield [outcome, place.sheet, place.row, place.column, *about, "", "", "", problem.reason]
    for change in item.changes:
        values = [change.label, change.old[:_LONGEST_IN_REPORT], change.new[:_LONGEST_IN_REPORT]]
        yield [outcome, item.place.sheet, item.row, "", *about, *values, ""]
    if not item.problems and not item.changes:
        yield [outcome, item.place.sheet, item.row or None, "", *about, "", "", "", ""]


# --- Reading ---------------------------------------------------------------------------------------
def read_workbook(data: bytes, file_name: str) -> list[RawSheet]:
    """The sheets of an Excel file; those that are not ours without their rows.

    Raise FileRefused with a sentence for anything that is not a harmless workbook.
    """
    if not file_name.lower().endswith(".xlsx"):
        raise SpreadsheetRefused(
            _t(
                "Only Excel workbooks with the extension .xlsx are taken. Save it as “Excel workbook”."
            )
        )
    if not data.startswith(b"PK"):
        raise SpreadsheetRefused(
            _t(
                "This is not an Excel workbook, although its name says so, or it is locked by a password."
                " Open it in Excel and save it as “Excel workbook (.xlsx)”."
            )
        )
    ours = {plain(name) for name in SHEET_OF.values()}
    sheets = read_sheets(data, max_rows=2 * MAX_ROWS, max_columns=MAX_COLUMNS)
    return [
        RawSheet(
            name,
            [(row.number, row.values) for row in rows] if plain(name) in ours else [],
        )
        for name, rows in sheets.items()
    ]
