"""What a version says, as plain data: the one source for the page, the PDF and the fingerprint.

``content_of`` reads a version's rows in a constant number of queries. ``canonical`` turns the content into bytes that are
the same whenever the content is the same; their SHA-256 is the fingerprint printed in the plan. ``read_content`` gives
what a reader should see: of an approved version those very bytes, so that a code list corrected later changes nothing.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch

from documents import store
from kpss.canonical import canonical, fingerprint
from kpss.canonical import parse as parse_as

from .enums import PartyRole
from .models import (
    Chapter,
    FundingLine,
    Indicator,
    NetworkEntry,
    PlanNode,
    PlanVersion,
    Task,
    TaskParty,
)

__all__ = ["PlanContent", "canonical", "content_of", "fingerprint", "parse", "read_content"]


@dataclass(frozen=True)
class FundingContent:
    source: str
    source_name: str
    amount: int | None
    note: str


@dataclass(frozen=True)
class IndicatorContent:
    kind: str
    name: str
    unit: str
    planned: Decimal | None


@dataclass(frozen=True)
class TaskContent:
    lineage: str
    code: str
    title: str
    description: str
    date_from: datetime.date | None
    date_to: datetime.date | None
    term_text: str
    cost_planned: int | None
    cost_note: str
    responsible: tuple[str, ...]
    partners: tuple[str, ...]
    funding: tuple[FundingContent, ...]
    indicators: tuple[IndicatorContent, ...]


@dataclass(frozen=True)
class NodeContent:
    lineage: str
    code: str
    depth: int
    level: str
    title: str
    need: str
    goal: str
    description: str
    planning_group: str
    target_groups: tuple[str, ...]
    municipalities: tuple[str, ...]
    tasks: tuple[TaskContent, ...]
    children: "tuple[NodeContent, ...]"

    def all_tasks(self) -> list[TaskContent]:
        """The tasks of the node and of everything under it, in order."""
        tasks = list(self.tasks)
        for child in self.children:
            tasks += child.all_tasks()
        return tasks

    @property
    def cost(self) -> int:
        """Planned costs of everything under the node in CZK."""
        return sum(task.cost_planned or 0 for task in self.all_tasks())


@dataclass(frozen=True)
class ChapterContent:
    lineage: str
    title: str
    body: str


@dataclass(frozen=True)
class NetworkContent:
    name: str
    provider: str
    fte: Decimal | None
    beds: int | None
    note: str


@dataclass(frozen=True)
class PlanContent:
    title: str
    kind: str
    period_from: datetime.date
    period_to: datetime.date
    summary: str
    parent_title: str
    version: int
    levels: tuple[tuple[str, str], ...]
    task_singular: str
    task_plural: str
    chapters: tuple[ChapterContent, ...]
    nodes: tuple[NodeContent, ...]
    network: tuple[NetworkContent, ...] = field(default=())

    def all_tasks(self) -> list[TaskContent]:
        return [task for node in self.nodes for task in node.all_tasks()]


def content_of(version: PlanVersion) -> PlanContent:
    """Everything the version says, in the coordinator's order. A constant number of queries."""
    plan = version.plan
    levels = list(plan.levels.order_by("depth"))
    names = {level.depth: level.singular for level in levels}
    tasks_by_node: dict[int, list[TaskContent]] = defaultdict(list)
    for task in (
        Task.objects.filter(version=version)
        .order_by("position", "pk")
        .prefetch_related(
            Prefetch("parties", TaskParty.objects.order_by("-role", "position", "pk")),
            Prefetch(
                "funding", FundingLine.objects.select_related("source").order_by("position", "pk")
            ),
            Prefetch("indicators", Indicator.objects.order_by("position", "pk")),
        )
    ):
        tasks_by_node[task.node_id].append(_task(task))
    children: dict[int | None, list[PlanNode]] = defaultdict(list)
    for node in (
        PlanNode.objects.filter(version=version)
        .order_by("position", "pk")
        .select_related("planning_group")
        .prefetch_related("target_groups", "municipalities")
    ):
        children[node.parent_id].append(node)

    def build(node: PlanNode) -> NodeContent:
        return NodeContent(
            lineage=str(node.lineage),
            code=node.code,
            depth=node.depth,
            level=names.get(node.depth, ""),
            title=node.title,
            need=node.need,
            goal=node.goal,
            description=node.description,
            planning_group=node.planning_group.name_cs if node.planning_group else "",
            target_groups=tuple(group.name_cs for group in node.target_groups.all()),
            municipalities=tuple(place.name for place in node.municipalities.all()),
            tasks=tuple(tasks_by_node[node.pk]),
            children=tuple(build(child) for child in children[node.pk]),
        )

    return PlanContent(
        title=plan.title,
        kind=plan.kind,
        period_from=plan.period_from,
        period_to=plan.period_to,
        summary=plan.summary,
        parent_title=plan.parent.title if plan.parent else "",
        version=version.number,
        levels=tuple((level.singular, level.plural) for level in levels),
        task_singular=plan.task_singular,
        task_plural=plan.task_plural,
        chapters=tuple(
            ChapterContent(str(chapter.lineage), chapter.title, chapter.body)
            for chapter in Chapter.objects.filter(version=version).order_by("position", "pk")
        ),
        nodes=tuple(build(node) for node in children[None]),
        network=tuple(
            NetworkContent(
                entry.name, entry.provider_name, _exact(entry.fte), entry.beds, entry.note
            )
            for entry in NetworkEntry.objects.filter(version=version).order_by("position", "pk")
        ),
    )


def _exact(value: Decimal | None) -> Decimal | None:
    """A number without the zeros that only the column adds: 9.5, not 9.50."""
    return None if value is None else value.normalize()


def _task(task: Task) -> TaskContent:
    parties = list(task.parties.all())
    return TaskContent(
        lineage=str(task.lineage),
        code=task.code,
        title=task.title,
        description=task.description,
        date_from=task.date_from,
        date_to=task.date_to,
        term_text=task.term_text,
        cost_planned=task.cost_planned,
        cost_note=task.cost_note,
        responsible=tuple(p.name for p in parties if p.role == PartyRole.RESPONSIBLE),
        partners=tuple(p.name for p in parties if p.role == PartyRole.PARTNER),
        funding=tuple(
            FundingContent(line.source.code, line.source.name_cs, line.amount, line.note)
            for line in task.funding.all()
        ),
        indicators=tuple(
            IndicatorContent(i.kind, i.name, i.unit, _exact(i.planned))
            for i in task.indicators.all()
        ),
    )


def parse(data: bytes) -> PlanContent:
    """The content that ``canonical`` wrote. Raise ValueError, KeyError or TypeError for other data."""
    return parse_as(PlanContent, data)


def read_content(version: PlanVersion) -> PlanContent:
    """What the version says: frozen content of an approved one, present rows of any other.

    Raise ``documents.store.StoreError`` when the frozen content is lost or damaged.
    """
    if version.content is None:
        return content_of(version)
    return parse(store.read(version.content))
