"""The workbook itself: template, the people of today, the result of an upload, and reading one back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from kpss import clock
from kpss.exchange.sheets import read_workbook
from kpss.exchange.workbook import report_workbook, sheet_column
from kpss.spreadsheets import Column as SheetColumn
from kpss.spreadsheets import Sheet, write_workbook

from . import guide
from .layout import (
    COLUMNS,
    GUIDE_SHEET,
    LISTS_SHEET,
    PEOPLE_SHEET,
    PERSON_FIELDS,
    ROLES,
    SIDES,
    role_word,
    side_word,
)
from .parser import Parsed, parse
from .references import People, References, SeatState, seats_by_place
from .report import Report

_LISTS = {
    "committees": ("Orgány", 60),
    "roles": ("Role", 34),
    "sides": ("Strany", 26),
    "organisations": ("Organizace", 50),
}


def template_workbook() -> bytes:
    """The empty workbook with the committees and organisations of today."""
    return _workbook(References(), ())


def content_workbook() -> bytes:
    """Everybody, once for each seat held now or to come; uploaded back it changes nothing."""
    references = References()
    return _workbook(references, _rows(references))


def result_workbook(report: Report) -> bytes:
    """The whole report as one sheet, in the words of people and seats."""
    return report_workbook(
        report,
        code=SheetColumn(_t("E-mail"), 30, is_text=True),
        title=pgettext("people in Excel", "Person or seat"),
        now=_t("In the portal now"),
    )


def read_people(data: bytes, file_name: str) -> Parsed:
    """The rows of an Excel file. Raise FileRefused or FileUnreadable with sentences."""
    return parse(read_workbook(data, file_name, [PEOPLE_SHEET]))


def _workbook(references: References, rows) -> bytes:
    lists = _lists(references)
    return write_workbook(
        [
            Sheet(
                GUIDE_SHEET,
                [SheetColumn(guide.TITLE, 26), SheetColumn("", 110, wraps=True)],
                _guide(),
            ),
            Sheet(
                PEOPLE_SHEET,
                [sheet_column(column, lists, lists_sheet=LISTS_SHEET) for column in COLUMNS],
                rows,
            ),
            Sheet(
                LISTS_SHEET,
                [SheetColumn(heading, width) for heading, width in _LISTS.values()],
                zip_longest(*lists.values()),
            ),
        ]
    )


def _lists(references: References) -> dict[str, list[str]]:
    today = clock.today()
    return {
        "committees": [
            committee.name
            for committee in references.committees.values()
            if committee.dissolved_on is None or committee.dissolved_on >= today
        ],
        "roles": [role_word(role) for role in ROLES],
        "sides": [side_word(side) for side in SIDES],
        "organisations": [
            word for pk in references.organisations if (word := references.organisation_word(pk))
        ],
    }


def _guide() -> Iterator[Sequence[str]]:
    for number, rule in enumerate(guide.RULES, start=1):
        yield f"{number}.", rule
    yield ()
    for column in COLUMNS:
        yield column.heading, guide.COLUMNS[column.key]


def _rows(references: References) -> Iterator[list[Any]]:
    today = clock.today()
    seats_of: dict[int, list[SeatState]] = defaultdict(list)
    for (_committee, pk), seats in seats_by_place().items():
        seats_of[pk] += [s for s in seats if s.valid_to is None or s.valid_to >= today]
    for person in People().by_pk.values():
        about = [getattr(person, name) or None for name in PERSON_FIELDS]
        for seat in seats_of[person.pk]:
            yield [*about, *_seat_cells(seat, references)]
        if not seats_of[person.pk]:
            yield about


def _seat_cells(seat: SeatState, references: References) -> list[Any]:
    return [
        references.committee_word(seat.committee),
        role_word(seat.role),
        side_word(seat.side),
        references.organisation_word(seat.organisation) or None,
        seat.function or None,
        seat.valid_from,
        seat.valid_to,
    ]
