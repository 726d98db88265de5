"""Excel in and out: tables from strangers read safely, tables for people written without formulas.

Reading walks the XML itself: the usual library changes texts (``_x005F_``), fills gaps up to any row
number and builds the whole row in memory. Writing uses openpyxl.
"""

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple
from xml.parsers import expat

from django.utils import timezone
from django.utils.translation import gettext as _

from kpss.archives import FileRefused, Package, open_package

MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_TEXT = 32_767
MAX_STRINGS = 300_000
MAX_CELLS = 300_000
MAX_UNCOMPRESSED = 32 * 1024 * 1024
EXCEL_ROWS = 1_048_576

Value = str | int | float | bool | dt.date | dt.datetime | dt.time | None


class SpreadsheetRefused(FileRefused):
    """The file is no spreadsheet that can be taken; the text is a sentence for the person."""


class Row(NamedTuple):
    """One row that has something in it, under its number in Excel (from 1)."""

    number: int
    values: list[Value]


# --- Reading ---------------------------------------------------------------------------------------
def read_rows(
    data: bytes,
    *,
    sheet: str | None = None,
    max_rows: int = MAX_ROWS,
    max_columns: int = MAX_COLUMNS,
    max_uncompressed: int = MAX_UNCOMPRESSED,
) -> Iterator[Row]:
    """Return the rows of a sheet (the first one, or the one called ``sheet``) that are not empty.

    Values are typed: texts as written, whole numbers int, others float, days date, moments datetime,
    results of formulas as Excel saved them; a row ends with its last value. The file is checked before anything is parsed. Raise SpreadsheetRefused at once or
    while walking.
    """
    try:
        package = open_package(data, max_uncompressed=max_uncompressed)
        book = _Book(package)
        part = book.sheet_part(sheet)
    except SpreadsheetRefused:
        raise
    except FileRefused as error:
        raise SpreadsheetRefused(str(error)) from error
    return _rows(package, book, part, max_rows, max_columns)


def read_sheets(
    data: bytes,
    *,
    max_rows: int = MAX_ROWS,
    max_columns: int = MAX_COLUMNS,
    max_uncompressed: int = MAX_UNCOMPRESSED,
) -> dict[str, Iterator[Row]]:
    """Return every sheet by its name, in order, as ``read_rows`` would; the file is checked once.

    Nothing of a sheet is parsed before its rows are asked for. Raise SpreadsheetRefused.
    """
    try:
        package = open_package(data, max_uncompressed=max_uncompressed)
        book = _Book(package)
        parts = {name: book.sheet_part(name) for name in book.sheets}
    except SpreadsheetRefused:
        raise
    except FileRefused as error:
        raise SpreadsheetRefused(str(error)) from error
    return {name: _rows(package, book, part, max_rows, max_columns) for name, part in parts.items()}


def sheet_names(data: bytes, *, max_uncompressed: int = MAX_UNCOMPRESSED) -> list[str]:
    """Return the names of the sheets in order; raise SpreadsheetRefused."""
    try:
        return list(_Book(open_package(data, max_uncompressed=max_uncompressed)).sheets)
    except SpreadsheetRefused:
        raise
    except FileRefused as error:
        raise SpreadsheetRefused(str(error)) from error


def _unreadable() -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _("The file cannot be read as a table. Save it in Excel as .xlsx and retry.")
    )


class _Handler:
    """Walks one XML part of a package by local names; a subclass says what it is looking for."""

    def __init__(self):
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = lambda name, attributes: self.start(
            name[name.find(" ") + 1 :], attributes
        )
        self._parser.EndElementHandler = lambda name: self.end(name[name.find(" ") + 1 :])
        self._parser.CharacterDataHandler = self.text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""

    def end(self, name: str) -> None:
        """Meet the end of an element."""

    def text(self, text: str) -> None:
        """Meet a piece of text."""

    def walk(self, package: Package, part: str) -> Iterator[None]:
        """Parse the part piece by piece, giving way after each."""
        try:
            for chunk in package.chunks(part):
                self._parser.Parse(chunk, False)
                yield
            self._parser.Parse(b"", True)
            yield
        except SpreadsheetRefused:
            raise
        except FileRefused as error:
            raise SpreadsheetRefused(str(error)) from error
        except (expat.ExpatError, ValueError, LookupError, OverflowError) as error:
            raise _unreadable() from error

    def walk_all(self, package: Package, part: str) -> None:
        for _step in self.walk(package, part):
            pass


class _Book:
    """What one needs to know of a workbook to read its sheets."""

    def __init__(self, package: Package):
        workbook = _Workbook()
        if "xl/workbook.xml" not in package.names:
            raise _unreadable()
        workbook.walk_all(package, "xl/workbook.xml")
        relations = _Relations()
        if "xl/_rels/workbook.xml.rels" in package.names:
            relations.walk_all(package, "xl/_rels/workbook.xml.rels")
        self.epoch = workbook.epoch
        self.sheets = {
            name: _part_name(relations.targets.get(relation, ""))
            for name, relation in workbook.sheets
        }
        self.strings = _Strings()
        if "xl/sharedStrings.xml" in package.names:
            self.strings.walk_all(package, "xl/sharedStrings.xml")
        self.styles = _Styles()
        if "xl/styles.xml" in package.names:
            self.styles.walk_all(package, "xl/styles.xml")
        self._names = package.names

    def sheet_part(self, name: str | None) -> str:
        if name is None:
            part = next(iter(self.sheets.values()), "")
        elif name in self.sheets:
            part = self.sheets[name]
        else:
            raise SpreadsheetRefused(_("The sheet “%(name)s” is missing.") % {"name": name})
        if part not in self._names:
            raise _unreadable()
        return part


def _part_name(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


class _Workbook(_Handler):
    def __init__(self):
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.epoch = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - cells of Excel have no time zone

    def start(self, name, attributes):
        if name == "sheet":
            relation = next(
                (v for k, v in attributes.items() if k.endswith("relationships id")), ""
            )
            self.sheets.append((_decoded(attributes.get("name", "")), relation))
        elif name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            self.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001


class _Relations(_Handler):
    def __init__(self):
        super().__init__()
        self.targets: dict[str, str] = {}

    def start(self, name, attributes):
        if name == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Texts(_Handler):
    """Gathers the text of ``t`` elements, without the phonetic ones."""

    def __init__(self):
        super().__init__()
        self._pieces: list[str] = []
        self._in_text = False
        self._in_phonetic = False

    def start(self, name, attributes):
        if name == "rPh":
            self._in_phonetic = True
        self._in_text = name == "t" and not self._in_phonetic

    def end(self, name):
        self._in_text = False
        if name == "rPh":
            self._in_phonetic = False

    def text(self, text):
        if self._in_text:
            self._pieces.append(text)

    def take(self) -> str:
        joined = "".join(self._pieces)
        self._pieces.clear()
        return _decoded(joined)


class _Strings(_Texts):
    """The table of texts that cells point to."""

    def __init__(self):
        super().__init__()
        self.items: list[str] = []

    def end(self, name):
        super().end(name)
        if name == "si":
            self.items.append(self.take())
            if len(self.items) > MAX_STRINGS:
                raise SpreadsheetRefused(_("The table is too large."))


class _Styles(_Handler):
    """Knows which styles of cells show days and hours."""

    _BUILT_IN = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
    _NOT_CODES = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.IGNORECASE)

    def __init__(self):
        super().__init__()
        self._dated_formats = set(self._BUILT_IN)
        self._in_cells = False
        self.dated: list[bool] = []

    def start(self, name, attributes):
        if name == "numFmt":
            codes = self._NOT_CODES.sub("", attributes.get("formatCode", ""))
            if re.search(r"[dmyhs]", codes, re.IGNORECASE):
                self._dated_formats.add(int(attributes.get("numFmtId", "0")))
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self.dated.append(int(attributes.get("numFmtId", "0")) in self._dated_formats)

    def end(self, name):
        if name == "cellXfs":
            self._in_cells = False


_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class _Sheet(_Texts):
    """Turns the cells of a sheet into finished rows."""

    def __init__(self, book: _Book, max_rows: int, max_columns: int):
        super().__init__()
        self._book = book
        self._max_rows = max_rows
        self._max_columns = max_columns
        self._number = 0
        self._column = 0
        self._values: dict[int, Value] = {}
        self._kind = "n"
        self._is_dated = False
        self._in_value = False
        self._raw: list[str] = []
        self._count = 0
        self._cells = 0
        self.finished: list[Row] = []

    def start(self, name, attributes):
        super().start(name, attributes)
        if name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._count_one()
            if not 1 <= self._number <= EXCEL_ROWS:
                raise _unreadable()
            self._column = 0
            self._values = {}
        elif name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self._in_value = True

    def _count_one(self):
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise SpreadsheetRefused(_("The table is too large."))

    def _start_cell(self, attributes):
        self._count_one()
        if reference := attributes.get("r"):
            match = _REFERENCE.fullmatch(reference)
            if match is None:
                raise _unreadable()
            self._column = _column(match[1])
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        style = int(attributes.get("s", "0"))
        dated = self._book.styles.dated
        self._is_dated = 0 <= style < len(dated) and dated[style]

    def text(self, text):
        super().text(text)
        if self._in_value:
            self._raw.append(text)

    def end(self, name):
        super().end(name)
        if name == "v":
            self._in_value = False
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._values:
            self._count += 1
            if self._count > self._max_rows:
                raise SpreadsheetRefused(
                    _("The table has more than %(count)s rows.") % {"count": self._max_rows}
                )
            width = max(self._values)
            values = [self._values.get(column) for column in range(1, width + 1)]
            self.finished.append(Row(self._number, values))

    def _end_cell(self):
        raw, inline = "".join(self._raw), self.take()
        self._raw.clear()
        value = self._typed(raw, inline)
        if value is None or value == "":
            return
        if self._column > self._max_columns:
            raise SpreadsheetRefused(
                _("The table has more than %(count)s columns.") % {"count": self._max_columns}
            )
        self._values[self._column] = value

    def _typed(self, raw: str, inline: str) -> Value:
        if self._kind == "inlineStr":
            return inline
        if not raw:
            return None
        match self._kind:
            case "s":
                index = int(raw)
                return self._book.strings.items[index] if index >= 0 else None
            case "str" | "e":
                return _decoded(raw)
            case "b":
                return raw.strip() in {"1", "true"}
            case "d":
                return _day_or_moment(dt.datetime.fromisoformat(raw).replace(tzinfo=None))
            case "n":
                return self._dated(float(raw)) if self._is_dated else _number(raw)
        raise _unreadable()

    def _dated(self, serial: float) -> Value:
        if not 0 <= serial < 2_958_466:
            return serial
        if serial < 1:
            return (self._book.epoch + dt.timedelta(seconds=round(serial * 86_400))).time()
        return _day_or_moment(self._book.epoch + dt.timedelta(seconds=round(serial * 86_400)))


def _number(raw: str) -> int | float:
    value = float(raw)
    if not math.isfinite(value):
        raise _unreadable()
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _day_or_moment(moment: dt.datetime) -> dt.date | dt.datetime:
    return moment.date() if moment.time() == dt.time() else moment


def _rows(
    package: Package, book: _Book, part: str, max_rows: int, max_columns: int
) -> Iterator[Row]:
    sheet = _Sheet(book, max_rows, max_columns)
    for _step in sheet.walk(package, part):
        finished, sheet.finished = sheet.finished, []
        yield from finished


# --- Writing ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Column:
    """A column of a written sheet: its heading, width in letters, and the values to choose from.

    ``choices_from`` offers the cells of a range instead ("'Lists'!$A$2:$A$9"); with ``choices_bind``
    off other values may be written too. ``is_text`` keeps what people type as they type it,
    ``wraps`` breaks long texts into lines.
    """

    heading: str
    width: int = 20
    choices: Sequence[str] = ()
    choices_from: str = ""
    choices_bind: bool = True
    is_text: bool = False
    wraps: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet to be written: a bold frozen first row of headings, then the rows."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]] = field(default=())


def write_rows(headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str) -> bytes:
    """Return an Excel file of one sheet; see ``write_workbook``."""
    return write_workbook([Sheet(title, [Column(heading) for heading in headings], rows)])


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return an Excel file in which every text is a text, whatever it begins with.

    Texts that Excel would take for formulas are marked as texts, control characters are written in
    Excel's own escapes; ``read_rows`` gives both back unchanged. An empty text comes back as None.
    Raise ValueError for a text longer than Excel can hold and TypeError for what is no cell value.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import

    book = Workbook(write_only=True)
    try:
        for sheet in sheets:
            _write_sheet(book.create_sheet(_sheet_title(sheet.title)), sheet)
        target = io.BytesIO()
        book.save(target)
    finally:
        for page in book.worksheets:
            if not page.closed:
                page.close()
    return target.getvalue()


def _write_sheet(page, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    page.freeze_panes = "A2"
    for index, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(index)
        page.column_dimensions[letter].width = column.width
        if column.is_text:
            page.column_dimensions[letter].number_format = "@"
        if column.choices or column.choices_from:
            _offer(page, f"{letter}2:{letter}{EXCEL_ROWS}", column)
    page.append([_cell(page, column.heading, bold=True) for column in sheet.columns])
    for row in sheet.rows:
        page.append(
            [_cell(page, value, column) for value, column in zip_longest(row, sheet.columns)]
        )


def _offer(page, cells: str, column: Column) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    validation = DataValidation(
        type="list",
        formula1=column.choices_from or _listed(column.choices),
        allow_blank=True,
        showErrorMessage=column.choices_bind,
    )
    validation.add(cells)
    page.data_validations.append(validation)


def _listed(choices: Sequence[str]) -> str:
    listed = ",".join(choices)
    if len(listed) > 255 or '"' in listed or listed.count(",") >= len(choices):
        raise ValueError("Choices of a column fit in 255 characters, without commas and quotes.")
    return f'"{listed}"'


def _sheet_title(title: str) -> str:
    return re.sub(r"[\\/*?:\[\]\x00-\x1f]", " ", title).strip("' ")[:31] or "List 1"


def _cell(page, value: object, column: Column | None = None, *, bold: bool = False):
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, int) and abs(value) >= 10**15:
        value = str(value)  # Excel would round it
    if not isinstance(value, str):
        if isinstance(value, float | Decimal) and not math.isfinite(value):
            raise ValueError(f"{value} has no place in a table.")
        if value is not None and not isinstance(
            value, bool | int | float | Decimal | dt.date | dt.time
        ):
            raise TypeError(f"{type(value).__name__} has no place in a table.")
        cell = WriteOnlyCell(page, value)
        if isinstance(value, dt.datetime):
            cell.number_format = r"d\.\ m\.\ yyyy\ h:mm"
        elif isinstance(value, dt.date):
            cell.number_format = r"d\.\ m\.\ yyyy"
        return cell
    text = _encoded(value)
    if len(text) > MAX_TEXT:
        raise ValueError(f"Excel holds texts of {MAX_TEXT} characters at most.")
    cell = WriteOnlyCell(page)
    # Set past the setter, which would make a formula of a text beginning with "=".
    cell._value, cell.data_type = text, "s"
    cell.quotePrefix = text[:1] in {"=", "+", "-", "@", "'"} or text[:1].isspace()
    if bold:
        cell.font = Font(bold=True)
    if column and column.is_text:
        cell.number_format = "@"
    if column and column.wraps:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


# --- Characters that XML cannot hold -----------------------------------------------------------------
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)"
)


def _encoded(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def _decoded(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
