"""Plans out to Excel and back: parser, dry run, one transaction, report (docs/glossary.md: výměna s Excelem)."""

from .changes import plan_changes
from .parser import FileRefused, IndicatorCells, Parsed, RawSheet, Row, parse
from .report import Change, Item, Place, Problem, Report
from .writing import RowsRefused, apply_rows

__all__ = [
    "Change",
    "FileRefused",
    "IndicatorCells",
    "Item",
    "Parsed",
    "Place",
    "Problem",
    "RawSheet",
    "Report",
    "Row",
    "RowsRefused",
    "apply_rows",
    "parse",
    "plan_changes",
]
