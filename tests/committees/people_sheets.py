"""Sheets of people as Excel would hand them over."""

from committees.people.exchange.comparison import work_out
from committees.people.exchange.layout import PEOPLE_SHEET
from committees.people.exchange.parser import parse
from kpss.exchange.sheets import RawSheet
from kpss.spreadsheets import Column, Sheet, write_workbook
from tests.factories import PersonFactory

HEADINGS = ("Jméno", "Příjmení", "E-mail", "Telefon", "Orgán", "Role", "Strana", "Organizace", "Funkce", "Od", "Do")  # fmt: skip
_KEYS = ("first", "last", "email", "phone", "committee", "role", "side", "organisation", "function", "begins", "ends")  # fmt: skip


def cells(**said):
    """One row of the sheet; ``cells(first="Jana", last="Nová", begins="1. 1. 2021")``."""
    assert not set(said) - set(_KEYS)
    return tuple(said.get(key) for key in _KEYS)


def workbook(*rows, headings=HEADINGS, name=PEOPLE_SHEET) -> bytes:
    return write_workbook([Sheet(name, [Column(heading) for heading in headings], rows)])


def parsed(*rows, headings=HEADINGS):
    return parse([RawSheet(PEOPLE_SHEET, list(enumerate([headings, *rows], start=1)))])


def dry_run(*rows, actor=None):
    """The report of what the rows would do; they stand on rows 2, 3…"""
    return work_out(parsed(*rows), actor=actor or PersonFactory.build(is_superuser=True)).report


def faults(report):
    return [(p.place.row, p.place.column, p.kind) for p in report.problems]
