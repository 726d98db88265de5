"""The present tree of a version by code, read in a constant number of queries."""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from planning.plans.enums import PartyRole
from planning.plans.models import FundingLine, Indicator, PlanNode, PlanVersion, Task, TaskParty


@dataclass(frozen=True)
class PartyState:
    pk: int
    organisation: int | None
    name: str


@dataclass(frozen=True)
class FundingState:
    pk: int
    source: int
    amount: int | None
    note: str


@dataclass(frozen=True)
class IndicatorState:
    pk: int
    kind: str
    name: str
    unit: str
    planned: Decimal | None


@dataclass(frozen=True)
class NodeState:
    pk: int
    code: str
    parent: str
    depth: int
    position: int
    title: str
    need: str
    goal: str
    description: str
    planning_group: int | None
    target_groups: frozenset[int]
    municipalities: frozenset[int]


@dataclass(frozen=True)
class TaskState:
    pk: int
    code: str
    node: str
    position: int
    title: str
    description: str
    date_from: datetime.date | None
    date_to: datetime.date | None
    term_text: str
    cost_planned: int | None
    cost_note: str
    responsible: tuple[PartyState, ...]
    partners: tuple[PartyState, ...]
    funding: tuple[FundingState, ...]
    indicators: tuple[IndicatorState, ...]


@dataclass(frozen=True)
class Snapshot:
    """Nodes and tasks in the order of the plan (a node before what stands under it)."""

    nodes: dict[str, NodeState]
    tasks: dict[str, TaskState]
    levels: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Changes whenever anything in the tree does."""
        states: list[NodeState | TaskState] = [*self.nodes.values(), *self.tasks.values()]
        said = repr([_said(state) for state in states])
        return hashlib.sha256(said.encode()).hexdigest()


def _said(state: NodeState | TaskState) -> list[object]:
    return [
        sorted(value) if isinstance(value, frozenset) else value for value in vars(state).values()
    ]


def snapshot(version: PlanVersion) -> Snapshot:
    """Read the version. Ten queries, whatever its size."""
    found = list(PlanNode.objects.filter(version=version).order_by("position", "pk"))
    codes = {node.pk: node.code for node in found}
    target_groups = _linked(PlanNode.target_groups.through, "targetgroup", version)
    municipalities = _linked(PlanNode.municipalities.through, "municipality", version)
    nodes = {
        node.pk: NodeState(
            pk=node.pk,
            code=node.code,
            parent=codes[node.parent_id] if node.parent_id else "",
            depth=node.depth,
            position=node.position,
            title=node.title,
            need=node.need,
            goal=node.goal,
            description=node.description,
            planning_group=node.planning_group_id,
            target_groups=target_groups[node.pk],
            municipalities=municipalities[node.pk],
        )
        for node in found
    }
    order = list(_depth_first({node.pk: node.parent_id for node in found}))
    tasks_of: dict[int, list[TaskState]] = defaultdict(list)
    for node, task in _tasks(version, codes):
        tasks_of[node].append(task)
    return Snapshot(
        nodes={codes[pk]: nodes[pk] for pk in order},
        tasks={task.code: task for pk in order for task in tasks_of[pk]},
        levels=tuple(version.plan.levels.order_by("depth").values_list("singular", flat=True)),
    )


def _linked(through, field: str, version: PlanVersion) -> dict[int, frozenset[int]]:
    links: dict[int, set[int]] = defaultdict(set)
    rows = through.objects.filter(plannode__version=version).values_list("plannode", field)
    for node, other in rows:
        links[node].add(other)
    return defaultdict(frozenset, {node: frozenset(others) for node, others in links.items()})


def _depth_first(parents: dict[int, int | None]) -> Iterator[int]:
    children: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in parents.items():
        children[parent].append(pk)
    waiting = list(reversed(children[None]))
    while waiting:
        pk = waiting.pop()
        yield pk
        waiting += reversed(children[pk])


def _tasks(version: PlanVersion, codes: dict[int, str]) -> Iterator[tuple[int, TaskState]]:
    parties: dict[tuple[int, str], list[PartyState]] = defaultdict(list)
    for pk, owner, role, organisation, name in (
        TaskParty.objects.filter(task__version=version)
        .order_by("position", "pk")
        .values_list("pk", "task", "role", "organisation", "name")
    ):
        parties[owner, role].append(PartyState(pk, organisation, name))
    funding: dict[int, list[FundingState]] = defaultdict(list)
    for pk, owner, source, amount, note in (
        FundingLine.objects.filter(task__version=version)
        .order_by("position", "pk")
        .values_list("pk", "task", "source", "amount", "note")
    ):
        funding[owner].append(FundingState(pk, source, amount, note))
    indicators: dict[int, list[IndicatorState]] = defaultdict(list)
    for pk, owner, kind, name, unit, planned in (
        Indicator.objects.filter(task__version=version)
        .order_by("position", "pk")
        .values_list("pk", "task", "kind", "name", "unit", "planned")
    ):
        indicators[owner].append(IndicatorState(pk, kind, name, unit, planned))
    for task in Task.objects.filter(version=version).order_by("position", "pk"):
        if task.node_id not in codes:
            continue  # made under a new node after the nodes were read; who writes holds the lock
        yield (
            task.node_id,
            TaskState(
                pk=task.pk,
                code=task.code,
                node=codes[task.node_id],
                position=task.position,
                title=task.title,
                description=task.description,
                date_from=task.date_from,
                date_to=task.date_to,
                term_text=task.term_text,
                cost_planned=task.cost_planned,
                cost_note=task.cost_note,
                responsible=tuple(parties[task.pk, PartyRole.RESPONSIBLE]),
                partners=tuple(parties[task.pk, PartyRole.PARTNER]),
                funding=tuple(funding[task.pk]),
                indicators=tuple(indicators[task.pk]),
            ),
        )
