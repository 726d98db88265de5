"""What goes out: columns with their choices, and the result of an upload as a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from kpss.spreadsheets import Column as SheetColumn
from kpss.spreadsheets import Sheet, write_workbook

from .layout import LONGEST_CELL, Column, letters_of
from .report import Item, Report

_LONGEST_IN_REPORT = LONGEST_CELL // 7  # fits even when every character is escaped


def sheet_column(
    column: Column, lists: Mapping[str, Sequence[str]], *, lists_sheet: str
) -> SheetColumn:
    """The column as it is written; its choices lie in the column of ``lists_sheet`` with their key."""
    choices = ""
    if column.choices and lists[column.choices]:
        letters = letters_of(list(lists).index(column.choices))
        last = len(lists[column.choices]) + 1
        choices = f"'{lists_sheet}'!${letters}$2:${letters}${last}"
    return SheetColumn(
        column.heading,
        column.width,
        choices_from=choices,
        choices_bind=column.choices_bind,
        is_text=column.is_text,
        wraps=column.wraps,
    )


def report_workbook(
    report: Report, *, code: SheetColumn, title: str, now: str, absent: str = ""
) -> bytes:
    """The whole report as one sheet: a row for each change, fault and note, in the order of the file.

    ``code`` is the column of codes; ``title`` and ``now`` are headings; ``absent`` is the outcome of
    what the file does not name.
    """
    outcomes = (
        (pgettext("row of a file", "refused"), report.refused),
        (pgettext("row of a file", "new"), report.created),
        (pgettext("row of a file", "change"), report.changed),
        (pgettext("row of a file", "no change"), report.unchanged),
        (absent, report.absent),
    )
    columns = [
        SheetColumn(pgettext("heading of a result", "Outcome"), 26),
        SheetColumn(pgettext("heading of a result", "Sheet"), 20),
        SheetColumn(pgettext("heading of a result", "Row"), 8),
        SheetColumn(pgettext("heading of a result", "Column"), 9),
        code,
        SheetColumn(title, 50, wraps=True),
        SheetColumn(_t("Field"), 20),
        SheetColumn(now, 44, wraps=True),
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
