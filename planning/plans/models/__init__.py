"""Plans: a tree with named levels, in versions; an approved version is frozen by the database.

``Plan`` → ``PlanVersion`` → ``Chapter`` and ``PlanNode`` (priority, goal, measure… as the plan calls them) → ``Task`` →
parties, funding lines, indicators.
"""

from .content import (
    CODE,
    Chapter,
    FundingLine,
    FundingSource,
    Indicator,
    NetworkEntry,
    PlanNode,
    Task,
    TaskParty,
)
from .plan import (
    Plan,
    PlanLevel,
    PlanQuerySet,
    PlanUpload,
    PlanVersion,
    PlanVersionEvent,
    PlanVersionQuerySet,
)
from .snapshot import Snapshot, SnapshotQuerySet, SnapshotSending

__all__ = [
    "CODE",
    "Chapter",
    "FundingLine",
    "FundingSource",
    "Indicator",
    "NetworkEntry",
    "Plan",
    "PlanLevel",
    "PlanNode",
    "PlanQuerySet",
    "PlanUpload",
    "PlanVersion",
    "PlanVersionEvent",
    "PlanVersionQuerySet",
    "Snapshot",
    "SnapshotQuerySet",
    "SnapshotSending",
    "Task",
    "TaskParty",
]
