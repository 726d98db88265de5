"""Sheets of a workbook as read, and the row with headings found in one."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _t

from kpss.spreadsheets import SpreadsheetRefused, read_sheets

from .cells import as_text, number_text
from .layout import HEADING_ROWS, MAX_ROWS, letters_of, plain
from .report import Place

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_COLUMNS = 1_000
_LONGEST_HEADING = 60


class FileUnreadable(Exception):
    """The file cannot be read as what it should be; ``reasons`` are sentences for who sent it."""

    def __init__(self, *reasons: str):
        self.reasons = tuple(str(reason) for reason in reasons)
        super().__init__(" ".join(self.reasons))


@dataclass(frozen=True)
class RawSheet:
    """A sheet as read: numbered rows of what Excel holds in the cells."""

    name: str
    rows: Sequence[tuple[int, Sequence[object]]]


@dataclass(frozen=True)
class Headings:
    """Where the row with headings is (``index`` among the rows read), and where each column is.

    ``strangers`` are columns that are not ours: their places and headings.
    """

    index: int
    columns: Mapping[str, int]
    strangers: tuple[tuple[Place, str], ...] = ()

    @property
    def letters(self) -> dict[str, str]:
        """The letters over each column by its key."""
        return {key: letters_of(at) for key, at in self.columns.items()}


def read_workbook(data: bytes, file_name: str, ours: Collection[str]) -> list[RawSheet]:
    """The sheets of an Excel file; those that are not among ``ours`` without their rows.

    Raise FileRefused with a sentence for anything that is not a harmless workbook, FileUnreadable
    when one of ``ours`` stands there twice.
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
    wanted = {plain(name) for name in ours}
    sheets = read_sheets(data, max_rows=2 * MAX_ROWS, max_columns=MAX_COLUMNS)
    # Nobody could say which one is meant; and a small file of many broad sheets would fill the memory.
    counts = Counter(plain(name) for name in sheets)
    if twice := [name for name in sheets if plain(name) in wanted and counts[plain(name)] > 1]:
        raise FileUnreadable(
            _t("The file has the sheet “%(sheet)s” twice. Keep only the one that is to be used.")
            % {"sheet": twice[0]}
        )
    return [
        RawSheet(
            name,
            [(row.number, row.values) for row in rows] if plain(name) in wanted else [],
        )
        for name, rows in sheets.items()
    ]


def is_filled(values: Iterable[object]) -> bool:
    """Whether any cell says anything."""
    return any(value is not None and value != "" and as_text(value) for value in values)


def find_headings(
    sheet: RawSheet,
    *,
    key_of: Callable[[str], str],
    heading_of: Callable[[str], str],
    required: Sequence[str],
) -> Headings:
    """The first row that has all the ``required`` columns; ``key_of`` tells "" for none of ours.

    Raise FileUnreadable when there is none, or when a column stands there twice.
    """
    best: set[str] = set()
    for index, (number, values) in enumerate(sheet.rows[:HEADING_ROWS]):
        keys = [key_of(value) if isinstance(value, str) else "" for value in values]
        if not set(required) <= set(keys):
            best = max(best, set(keys) - {""}, key=len)
            continue
        columns: dict[str, int] = {}
        strangers: list[tuple[Place, str]] = []
        for at, (key, value) in enumerate(zip(keys, values, strict=True)):
            if key in columns:
                raise FileUnreadable(
                    _t(
                        "The sheet “%(sheet)s” has the column “%(column)s” twice: %(first)s and %(second)s."
                    )
                    % {
                        "sheet": sheet.name,
                        "column": heading_of(key),
                        "first": letters_of(columns[key]),
                        "second": letters_of(at),
                    }
                )
            if key:
                columns[key] = at
            elif heading := as_text(value):
                place = Place(sheet.name, number, letters_of(at))
                strangers.append((place, heading[:_LONGEST_HEADING]))
        return Headings(index, columns, tuple(strangers))
    missing = [heading_of(key) for key in required if key not in best]
    raise FileUnreadable(
        _t("On the sheet “%(sheet)s” we did not find the row with headings. Missing: %(columns)s.")
        % {"sheet": sheet.name, "columns": ", ".join(missing)}
    )


def filled_rows(sheet: RawSheet, headings: Headings) -> Iterable[tuple[int, dict[str, object]]]:
    """The rows under the headings that say anything in our columns: number and cells by key.

    Raise FileUnreadable when there are more than ``MAX_ROWS``.
    """
    count = 0
    for number, values in sheet.rows[headings.index + 1 :]:
        cells = {
            key: values[at] if at < len(values) else None for key, at in headings.columns.items()
        }
        if not is_filled(cells.values()):
            continue
        if count == MAX_ROWS:
            raise FileUnreadable(
                _t("The sheet “%(sheet)s” has more than %(count)s rows. Divide it into more files.")
                % {"sheet": sheet.name, "count": number_text(MAX_ROWS)}
            )
        count += 1
        yield number, cells
