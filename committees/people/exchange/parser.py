"""Sheet → typed rows with their places. Knows the workbook and nothing of who is in the portal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from django.utils.translation import gettext as _t

from committees.bodies.models import Seat
from committees.people.models import Person
from kpss import phones
from kpss.exchange.cells import UNPRINTABLE, CellProblem, as_date, as_text
from kpss.exchange.layout import plain
from kpss.exchange.report import Place
from kpss.exchange.sheets import FileUnreadable, RawSheet, filled_rows, find_headings
from kpss.typography import NBSP

from .layout import (
    GUIDE_SHEET,
    LISTS_SHEET,
    PEOPLE_SHEET,
    PERSON_FIELDS,
    REQUIRED,
    ROLE_OF_WORD,
    ROLES,
    SEAT_FIELDS,
    SIDE_OF_WORD,
    SIDES,
    heading_of,
    key_of,
)
from .report import Problem


def _limit(model: type[Model], name: str) -> int:
    return getattr(model._meta.get_field(name), "max_length", None) or 0


_LIMITS: dict[str, int] = {
    **{name: _limit(Person, name) for name in PERSON_FIELDS},
    "function": _limit(Seat, "function"),
}
_LONGEST_NAME = 200  # of a committee or an organisation; a longer one is none of ours


@dataclass(frozen=True)
class Row:
    """One filled row. ``values`` has only what is filled in: an empty cell changes nothing."""

    number: int
    values: Mapping[str, Any]
    columns: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """First and last name as they are written."""
        parts = (self.values.get("first_name", ""), self.values.get("last_name", ""))
        return " ".join(part for part in parts if part)

    @property
    def has_seat(self) -> bool:
        return "committee" in self.values

    def problem(self, key: str, kind: str, /, **params: str) -> Problem:
        place = Place(PEOPLE_SHEET, self.number, self.columns.get(key, ""))
        return Problem(place, kind, params)


@dataclass(frozen=True)
class Parsed:
    """A file read: rows in its order, and what was noticed on the way."""

    rows: tuple[Row, ...]
    notices: tuple[Problem, ...] = ()


def parse(sheets: Iterable[RawSheet]) -> Parsed:
    """Read the sheet of people; every fault of a cell is kept with its place, not only the first.

    Raise FileUnreadable with sentences when there is no such sheet, no headings, too many rows or none.
    """
    notices: list[Problem] = []
    rows: list[Row] | None = None
    ours = {plain(GUIDE_SHEET), plain(LISTS_SHEET)}
    for sheet in sheets:
        name = plain(sheet.name)
        if name == plain(PEOPLE_SHEET):
            rows, noticed = _read_sheet(RawSheet(PEOPLE_SHEET, sheet.rows))
            notices += noticed
        elif name not in ours:
            notices.append(Problem(Place(sheet.name), "sheet_unknown", {"value": sheet.name}))
    if rows is None:
        raise FileUnreadable(
            _t("The file does not have the sheet “%(people)s”. Start from the template.")
            % {"people": PEOPLE_SHEET}
        )
    if not rows:
        raise FileUnreadable(_t("There is no filled row in the file."))
    return Parsed(tuple(rows), tuple(notices))


def _read_sheet(sheet: RawSheet) -> tuple[list[Row], list[Problem]]:
    if not sheet.rows:
        return [], []
    headings = find_headings(sheet, key_of=key_of, heading_of=heading_of, required=REQUIRED)
    notices = [
        Problem(place, "column_unknown", {"value": heading})
        for place, heading in headings.strangers
    ]
    rows = [
        _read_row(number, cells, headings.letters) for number, cells in filled_rows(sheet, headings)
    ]
    return rows, notices


def _read_row(number: int, cells: Mapping[str, object], letters: Mapping[str, str]) -> Row:
    bare = Row(number, {}, letters)
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, cell in cells.items():
        try:
            value = _READERS.get(key, _line)(key, cell)
        except CellProblem as fault:
            problems.append(bare.problem(key, fault.kind, **fault.params))
        else:
            if value not in (None, ""):
                values[key] = value
    if "last_name" not in values and not any(
        p.place.column == letters["last_name"] for p in problems
    ):
        problems.append(bare.problem("last_name", "last_name_missing"))
    if "committee" not in values and any(key in values for key in SEAT_FIELDS):
        problems.append(bare.problem("committee", "committee_missing"))
    return Row(number, values, letters, tuple(problems))


def _line(key: str, cell: object) -> str:
    """The cell as one line that fits into the database."""
    text = " ".join(as_text(cell).replace(NBSP, " ").split())
    if UNPRINTABLE.search(text):
        raise CellProblem("unprintable")
    limit = _LIMITS.get(key, _LONGEST_NAME)
    if len(text) > limit:
        raise CellProblem("too_long", length=str(len(text)), limit=str(limit))
    return text


def _email(key: str, cell: object) -> str:
    text = _line(key, cell).lower()
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise CellProblem("email_wrong", value=text) from error
    return text


def _phone(key: str, cell: object) -> str:
    text = _line(key, cell)
    if text and not phones.href(text):
        raise CellProblem("phone_wrong", value=text)
    return phones.readable(text).replace(NBSP, " ") if text else ""


def _word_of(
    words: Mapping[str, Any], choices: Iterable[str], fault: str
) -> Callable[[str, object], Any]:
    listed = ", ".join(choices)

    def read(key: str, cell: object) -> Any:
        text = _line(key, cell)
        if not text:
            return None
        if plain(text) not in words:
            raise CellProblem(fault, value=text, choices=listed)
        return words[plain(text)]

    return read


_READERS: dict[str, Callable[[str, object], Any]] = {
    "email": _email,
    "phone": _phone,
    "role": _word_of(ROLE_OF_WORD, (words[0] for words in ROLES.values()), "role_unknown"),
    "side": _word_of(SIDE_OF_WORD, (words[0] for words in SIDES.values()), "side_unknown"),
    "valid_from": lambda key, cell: as_date(cell),
    "valid_to": lambda key, cell: as_date(cell),
}
