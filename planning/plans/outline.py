"""The tree of one version as the editor draws it: rows with quick facts, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _t

from kpss.czech import czk, number

from .enums import PartyRole
from .models import Chapter, FundingLine, NetworkEntry, PlanNode, PlanVersion, Task, TaskParty
from .templatetags.plan_words import period

# A tree with more rows than this shows the tasks of one node at a time.
FOLDED_FROM = 400


@dataclass
class TaskRow:
    """One task: ``ref`` is its name on the page and in forms, ``lacks`` what it still needs, in words."""

    ref: str
    code: str
    title: str
    facts: list[str]
    lacks: list[str]
    url: str
    move_url: str
    delete_url: str


@dataclass
class Own:
    """The tasks right under one node: how many, and the rows of those that are shown."""

    count: int = 0
    cost: int = 0
    lacking: int = 0
    rows: list[TaskRow] = field(default_factory=list)


@dataclass
class NodeRow:
    """One node with what is under it. ``below`` names the next level, empty at the deepest one."""

    ref: str
    pk: int
    code: str
    title: str
    depth: int
    level: str
    below: str
    url: str
    move_url: str
    delete_url: str
    add_node_url: str
    add_task_url: str
    own: Own
    children: list[NodeRow] = field(default_factory=list)

    @property
    def heading(self) -> int:
        """The level of the row's heading; the page's own is the first."""
        return min(self.depth + 1, 6)

    @property
    def tasks(self) -> list[TaskRow]:
        return self.own.rows

    @property
    def hides_tasks(self) -> bool:
        return len(self.own.rows) < self.own.count

    @property
    def is_empty(self) -> bool:
        return not self.children and not self.own.count

    @property
    def task_count(self) -> int:
        return self.own.count + sum(child.task_count for child in self.children)

    @property
    def lacking(self) -> int:
        """How many tasks under the node still need something."""
        return self.own.lacking + sum(child.lacking for child in self.children)

    @property
    def cost(self) -> int:
        return self.own.cost + sum(child.cost for child in self.children)


@dataclass
class Outline:
    """The whole tree, with what the head of the editor says about it."""

    nodes: list[NodeRow]
    top_level: str
    node_count: int

    @property
    def task_count(self) -> int:
        return sum(node.task_count for node in self.nodes)

    @property
    def cost(self) -> int:
        return sum(node.cost for node in self.nodes)


def outline_of(version: PlanVersion, *, open_node: int | None = None) -> Outline:
    """The version's tree with addresses of everything one can do. Causes six queries.

    In a large tree only the node with the key ``open_node`` shows its tasks.
    """
    slug, version_number = version.plan.slug, version.number
    levels = dict(version.plan.levels.values_list("depth", "singular"))
    own = _own_tasks(version, open_node)
    node_url = _addresses("plans:editor_node", slug, version_number)
    delete_url = _addresses("plans:editor_node_delete", slug, version_number)
    add_node = reverse("plans:editor_node_add", args=[slug, version_number])
    add_task = reverse("plans:editor_task_add", args=[slug, version_number])
    move = reverse("plans:editor_move", args=[slug, version_number])
    rows: dict[int, NodeRow] = {}
    parents: list[tuple[int, int | None]] = []
    for pk, parent, depth, code, title in (
        PlanNode.objects.filter(version=version)
        .order_by("position", "pk")
        .values_list("pk", "parent", "depth", "code", "title")
    ):
        rows[pk] = NodeRow(
            ref=f"n{pk}",
            pk=pk,
            code=code,
            title=title,
            depth=depth,
            level=levels.get(depth, ""),
            below=levels.get(depth + 1, ""),
            url=node_url(pk),
            move_url=f"{move}?item=n{pk}",
            delete_url=delete_url(pk),
            add_node_url=f"{add_node}?parent={pk}",
            add_task_url=f"{add_task}?node={pk}",
            own=own[pk],
        )
        parents.append((pk, parent))
    for pk, parent in parents:
        if parent:
            rows[parent].children.append(rows[pk])
    return Outline(
        nodes=[rows[pk] for pk, parent in parents if parent is None],
        top_level=levels.get(1, ""),
        node_count=len(rows),
    )


def _own_tasks(version: PlanVersion, open_node: int | None) -> dict[int, Own]:
    slug, version_number = version.plan.slug, version.number
    task_url = _addresses("plans:editor_task", slug, version_number)
    delete_url = _addresses("plans:editor_task_delete", slug, version_number)
    move = reverse("plans:editor_move", args=[slug, version_number])
    responsible: dict[int, list[str]] = defaultdict(list)
    for key, name in (
        TaskParty.objects.filter(task__version=version, role=PartyRole.RESPONSIBLE)
        .order_by("position", "pk")
        .values_list("task", "name")
    ):
        responsible[key].append(name)
    amounts: dict[int, list[int | None]] = defaultdict(list)
    for key, amount in FundingLine.objects.filter(task__version=version).values_list(
        "task", "amount"
    ):
        amounts[key].append(amount)
    tasks = list(
        Task.objects.filter(version=version)
        .order_by("position", "pk")
        .only("pk", "node", "code", "title", "date_from", "date_to", "term_text", "cost_planned")
    )
    is_large = len(tasks) > FOLDED_FROM
    own: dict[int, Own] = defaultdict(Own)
    for task in tasks:
        lacks = _lacks(task, responsible[task.pk], amounts[task.pk])
        beside = own[task.node_id]
        beside.count += 1
        beside.cost += task.cost_planned or 0
        beside.lacking += bool(lacks)
        if is_large and task.node_id != open_node:
            continue
        cost = czk(task.cost_planned) if task.cost_planned is not None else ""
        facts = [", ".join(responsible[task.pk]), term_of(task), cost]
        beside.rows.append(
            TaskRow(
                ref=f"t{task.pk}",
                code=task.code,
                title=task.title,
                facts=[fact for fact in facts if fact],
                lacks=lacks,
                url=task_url(task.pk),
                move_url=f"{move}?item=t{task.pk}",
                delete_url=delete_url(task.pk),
            )
        )
    return own


def _lacks(task: Task, responsible: list[str], amounts: list[int | None]) -> list[str]:
    lacks = []
    if not responsible:
        lacks.append(_t("nobody is responsible"))
    if not (task.date_from or task.date_to or task.term_text):
        lacks.append(_t("no term"))
    if differs(task.cost_planned, amounts):
        lacks.append(_t("the sources do not add up to the costs"))
    return lacks


def term_of(task: Task) -> str:
    """When the task is to be done: days, words, or both."""
    return ", ".join(filter(None, [period(task.date_from, task.date_to), task.term_text]))


def differs(cost: int | None, amounts: list[int | None]) -> bool:
    """Whether known amounts of the sources contradict the planned costs.

    Sources without an amount leave room, but the known ones alone may already be too much.
    """
    known = [amount for amount in amounts if amount is not None]
    if cost is None or not known:
        return False
    return sum(known) > cost or (len(known) == len(amounts) and sum(known) != cost)


def _addresses(name: str, slug: str, version_number: int) -> Callable[[int], str]:
    """A quick maker of addresses by key: a tree has thousands of rows, so the pattern is resolved once."""
    before, after = reverse(name, args=[slug, version_number, 0]).rsplit("0", 1)
    return lambda pk: f"{before}{pk}{after}"


@dataclass(frozen=True)
class Part:
    """One thing that stands beside the tree, as a row of its list."""

    ref: str
    title: str
    facts: list[str]
    url: str
    delete_url: str

    @property
    def code(self) -> str:
        """What its buttons are called after; a row of the tree has a code for that."""
        return self.title


def chapter_rows(version: PlanVersion) -> list[Part]:
    """Chapters in order. Causes one query."""
    url = _addresses("plans:editor_chapter", version.plan.slug, version.number)
    delete_url = _addresses("plans:editor_chapter_delete", version.plan.slug, version.number)
    return [
        Part(
            ref=f"c{chapter.pk}",
            title=chapter.title,
            facts=[] if chapter.body.strip() else [_t("no text yet")],
            url=url(chapter.pk),
            delete_url=delete_url(chapter.pk),
        )
        for chapter in Chapter.objects.filter(version=version).order_by("position", "pk")
    ]


def network_rows(version: PlanVersion) -> tuple[list[Part], Decimal, int]:
    """Services of the district network in order, and the sums of jobs and beds. Causes one query."""
    url = _addresses("plans:editor_network_entry", version.plan.slug, version.number)
    remove_url = _addresses("plans:editor_network_remove", version.plan.slug, version.number)
    entries = list(NetworkEntry.objects.filter(version=version).order_by("position", "pk"))
    rows = [
        Part(
            ref=f"s{entry.pk}",
            title=entry.name,
            facts=[
                entry.provider_name,
                *(
                    [_t("full-time jobs: %(count)s") % {"count": number(entry.fte.normalize())}]
                    if entry.fte is not None
                    else []
                ),
                *(
                    [_t("beds: %(count)s") % {"count": number(entry.beds)}]
                    if entry.beds is not None
                    else []
                ),
                *([entry.note] if entry.note else []),
            ],
            url=url(entry.pk),
            delete_url=remove_url(entry.pk),
        )
        for entry in entries
    ]
    jobs = sum((entry.fte for entry in entries if entry.fte is not None), Decimal())
    return rows, jobs, sum(entry.beds or 0 for entry in entries)
