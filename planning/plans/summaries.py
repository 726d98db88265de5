"""What a plan adds up to: pure functions over ``PlanContent`` for the printed tables and the page."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kpss.czech import sort_key

from .content import NodeContent, PlanContent, TaskContent


@dataclass(frozen=True)
class SourceRow:
    """One source of money: how many tasks count on it and how much of it is known, in CZK."""

    name: str
    tasks: int
    amount: int | None


@dataclass(frozen=True)
class SourceTable:
    """Sources in the order in which the plan first names them; the rows and the rest make the total."""

    rows: tuple[SourceRow, ...]
    unassigned: int
    total: int

    @property
    def has_amounts(self) -> bool:
        return any(row.amount for row in self.rows)


def costs_by_source(content: PlanContent) -> SourceTable:
    """Planned costs by source. The only source of a task without an amount bears all its costs."""
    counts: dict[str, int] = defaultdict(int)
    amounts: dict[str, int | None] = {}
    total = known = 0
    for task in content.all_tasks():
        total += task.cost_planned or 0
        for line in task.funding:
            amount = line.amount
            if amount is None and len(task.funding) == 1:
                amount = task.cost_planned
            counts[line.source_name] += 1
            amounts.setdefault(line.source_name, None)
            if amount is not None:
                amounts[line.source_name] = (amounts[line.source_name] or 0) + amount
                known += amount
    rows = tuple(SourceRow(name, counts[name], amounts[name]) for name in counts)
    return SourceTable(rows, max(total - known, 0), max(total, known))


@dataclass(frozen=True)
class PriorityCosts:
    """A top node with all its tasks and what they cost together, in CZK."""

    node: NodeContent
    tasks: tuple[TaskContent, ...]
    cost: int


def costs_by_priority(content: PlanContent) -> tuple[PriorityCosts, ...]:
    """The plan's priorities that have tasks, in the plan's order."""
    rows = (PriorityCosts(node, tuple(node.all_tasks()), node.cost) for node in content.nodes)
    return tuple(row for row in rows if row.tasks)


@dataclass(frozen=True)
class PartyTasks:
    """A responsible organisation and its tasks."""

    name: str
    tasks: tuple[TaskContent, ...]


def tasks_by_responsible(content: PlanContent) -> tuple[PartyTasks, ...]:
    """Responsible organisations in the Czech order; a task of two stands under both."""
    tasks: dict[str, list[TaskContent]] = defaultdict(list)
    for task in content.all_tasks():
        for name in task.responsible:
            tasks[name].append(task)
    return tuple(PartyTasks(name, tuple(tasks[name])) for name in sorted(tasks, key=sort_key))


@dataclass(frozen=True)
class Bar:
    """A stretch of columns of the timetable: empty, or one task's time with its words."""

    span: int
    label: str = ""

    @property
    def is_filled(self) -> bool:
        return bool(self.label)


@dataclass(frozen=True)
class TimetableRow:
    """A task's line: bars that fill the columns, or words where the plan gives no dates."""

    task: TaskContent
    bars: tuple[Bar, ...]
    words: str = ""


@dataclass(frozen=True)
class Timetable:
    """When the tasks run: columns are months of a plan up to a year and a half, years of a longer one."""

    columns: tuple[str, ...]
    groups: "tuple[TimetableGroup, ...]"
    by_months: bool

    @property
    def span(self) -> int:
        """Columns that a priority's title takes: the task's and all the times."""
        return len(self.columns) + 1


@dataclass(frozen=True)
class TimetableGroup:
    """The lines of one priority."""

    node: NodeContent
    rows: tuple[TimetableRow, ...]


MONTHS_AT_MOST = 18


def timetable(content: PlanContent) -> Timetable:
    """The timetable of all tasks; times outside the plan's period are cut to it."""
    first, last = content.period_from, content.period_to
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    by_months = months <= MONTHS_AT_MOST
    if by_months:
        columns = tuple(str((first.month - 1 + i) % 12 + 1) for i in range(months))
    else:
        columns = tuple(str(year) for year in range(first.year, last.year + 1))

    def column(day: datetime.date) -> int:
        at = (
            (day.year - first.year) * 12 + day.month - first.month
            if by_months
            else day.year - first.year
        )
        return min(max(at, 0), len(columns) - 1)

    def bars(task: TaskContent) -> Iterator[Bar]:
        start = column(task.date_from or task.date_to or first)
        end = column(task.date_to or last)
        label = columns[start] if start == end else f"{columns[start]}–{columns[end]}"
        if start:
            yield Bar(start)
        yield Bar(end - start + 1, label)
        if end < len(columns) - 1:
            yield Bar(len(columns) - 1 - end)

    def row(task: TaskContent) -> TimetableRow:
        if task.date_from or task.date_to:
            return TimetableRow(task, tuple(bars(task)))
        return TimetableRow(task, (), task.term_text)

    return Timetable(
        columns=columns,
        groups=tuple(
            TimetableGroup(priority.node, tuple(row(task) for task in priority.tasks))
            for priority in costs_by_priority(content)
        ),
        by_months=by_months,
    )


@dataclass(frozen=True)
class NetworkTotal:
    """What the network adds up to; None where no service gives the figure.

    ``places`` is how many decimals the jobs need, so that they stand under one another.
    """

    fte: Decimal | None
    beds: int | None
    places: int


def network_total(content: PlanContent) -> NetworkTotal:
    """Full-time jobs and beds of the whole district network."""
    jobs = [entry.fte for entry in content.network if entry.fte is not None]
    beds = [entry.beds for entry in content.network if entry.beds is not None]
    return NetworkTotal(
        fte=sum(jobs, Decimal()) if jobs else None,
        beds=sum(beds) if beds else None,
        places=max((-int(job.as_tuple().exponent) for job in jobs), default=0),
    )
