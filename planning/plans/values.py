"""What people write about a node, a task, a chapter or a service in the network, as plain values.

Forms and imports fill these; services write them. ``plain`` turns them into what JSON can carry, so that a form can
remember what it was filled with and the service can tell whether somebody has changed it since.
"""

import datetime
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from .models import Chapter, NetworkEntry, PlanNode, Task


@dataclass(frozen=True)
class NodeValues:
    """A priority, goal or measure. An empty code asks for a proposal; keys of related rows are sorted."""

    title: str
    code: str = ""
    need: str = ""
    goal: str = ""
    description: str = ""
    planning_group: int | None = None
    target_groups: tuple[int, ...] = ()
    municipalities: tuple[int, ...] = ()


@dataclass(frozen=True)
class PartyValues:
    """A party to a task. An empty name is filled from the organisation."""

    role: str
    name: str = ""
    organisation: int | None = None


@dataclass(frozen=True)
class FundingValues:
    source: int
    amount: int | None = None
    note: str = ""


@dataclass(frozen=True)
class IndicatorValues:
    kind: str
    name: str
    unit: str = ""
    planned: Decimal | None = None


@dataclass(frozen=True)
class TaskValues:
    """A task with its parties, funding lines and indicators. An empty code asks for a proposal."""

    title: str
    code: str = ""
    description: str = ""
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    term_text: str = ""
    cost_planned: int | None = None
    cost_note: str = ""
    parties: tuple[PartyValues, ...] = ()
    funding: tuple[FundingValues, ...] = ()
    indicators: tuple[IndicatorValues, ...] = ()


@dataclass(frozen=True)
class ChapterValues:
    title: str
    body: str = ""


@dataclass(frozen=True)
class NetworkValues:
    service: int
    fte: Decimal | None = None
    beds: int | None = None
    note: str = ""


Values = NodeValues | TaskValues | ChapterValues | NetworkValues


def plain(values: Values) -> dict[str, Any]:
    """The values as JSON can carry them; equal values give equal plain values."""
    return {key: _plain(value) for key, value in asdict(values).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def node_values(node: PlanNode) -> NodeValues:
    """What is saved about the node. Causes two queries."""
    return NodeValues(
        title=node.title,
        code=node.code,
        need=node.need,
        goal=node.goal,
        description=node.description,
        planning_group=node.planning_group_id,
        target_groups=tuple(sorted(node.target_groups.values_list("pk", flat=True))),
        municipalities=tuple(sorted(node.municipalities.values_list("pk", flat=True))),
    )


def task_values(task: Task) -> TaskValues:
    """What is saved about the task. Causes three queries."""
    return TaskValues(
        title=task.title,
        code=task.code,
        description=task.description,
        date_from=task.date_from,
        date_to=task.date_to,
        term_text=task.term_text,
        cost_planned=task.cost_planned,
        cost_note=task.cost_note,
        parties=tuple(
            PartyValues(role, name, organisation)
            for role, name, organisation in task.parties.order_by(
                "-role", "position", "pk"
            ).values_list("role", "name", "organisation")
        ),
        funding=tuple(
            FundingValues(source, amount, note)
            for source, amount, note in task.funding.order_by("position", "pk").values_list(
                "source", "amount", "note"
            )
        ),
        indicators=tuple(
            IndicatorValues(kind, name, unit, planned)
            for kind, name, unit, planned in task.indicators.order_by("position", "pk").values_list(
                "kind", "name", "unit", "planned"
            )
        ),
    )


def chapter_values(chapter: Chapter) -> ChapterValues:
    return ChapterValues(title=chapter.title, body=chapter.body)


def network_values(entry: NetworkEntry) -> NetworkValues:
    return NetworkValues(service=entry.service_id, fte=entry.fte, beds=entry.beds, note=entry.note)
