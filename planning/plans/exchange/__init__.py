"""Plans out to Excel and back: parser, dry run, one transaction, report."""

from kpss.exchange.sheets import FileUnreadable, RawSheet
from kpss.exchange.uploads import RowsRefused

from .changes import plan_changes
from .parser import IndicatorCells, Parsed, Row, parse
from .report import Change, Item, Place, Problem, Report
from .writing import apply_rows

__all__ = [
    "Change",
    "FileUnreadable",
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
