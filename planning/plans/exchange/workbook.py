"""The workbook itself: template, present content, result of an upload, and reading one back."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from kpss.exchange.layout import LONGEST_CELL
from kpss.exchange.sheets import RawSheet, read_workbook
from kpss.exchange.workbook import report_workbook, sheet_column
from kpss.spreadsheets import Column as SheetColumn
from kpss.spreadsheets import Sheet, write_workbook
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
    SHEET_OF,
    Kind,
    indicator_heading,
)
from .references import References
from .report import Report
from .snapshot import NodeState, Snapshot, TaskState, snapshot

_ESCAPED = re.compile(r"[^\n\t -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x")
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
                [
                    sheet_column(column, lists, lists_sheet=LISTS_SHEET)
                    for column in COLUMNS[Kind.NODE]
                ],
                (_node_row(node, content, references) for node in content.nodes.values()),
            ),
            Sheet(
                SHEET_OF[Kind.TASK],
                [
                    *(
                        sheet_column(column, lists, lists_sheet=LISTS_SHEET)
                        for column in COLUMNS[Kind.TASK]
                    ),
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


def result_workbook(report: Report) -> bytes:
    """The whole report as one sheet, in the words of plans."""
    return report_workbook(
        report,
        code=SheetColumn(_t("Code"), 10, is_text=True),
        title=_t("Title"),
        now=_t("In the plan now"),
        absent=pgettext("row of a file", "only in the plan"),
    )


# --- Reading ---------------------------------------------------------------------------------------
def read_sheets_of_plan(data: bytes, file_name: str) -> list[RawSheet]:
    """The sheets of an Excel file; raise FileRefused for anything that is not a harmless workbook."""
    return read_workbook(data, file_name, SHEET_OF.values())
