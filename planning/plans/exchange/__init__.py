"""Plans out to Excel and back: parser, dry run, one transaction, report."""

from .changes import plan_changes
from .parser import IndicatorCells, Parsed, PlanUnreadable, RawSheet, Row, parse
from .report import Change, Item, Place, Problem, Report
from .writing import RowsRefused, apply_rows

__all__ = [
    "Change",
    "PlanUnreadable",
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
