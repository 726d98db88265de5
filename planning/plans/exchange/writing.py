"""Writes what the dry run found: a few statements for thousands of rows, under the version's lock."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction

from kpss.exchange.uploads import RowsRefused
from planning.plans.enums import PartyRole, VersionState
from planning.plans.models import FundingLine, Indicator, PlanNode, PlanVersion, Task, TaskParty
from planning.plans.services.guards import open_for_edit

from .changes import Changes, Write, work_out
from .comparison import IndicatorValue
from .parser import Parsed
from .references import Money, Party
from .report import Report
from .snapshot import (
    FundingState,
    IndicatorState,
    NodeState,
    PartyState,
    TaskState,
)

_BATCH = 500
_ROLES = {"responsible": PartyRole.RESPONSIBLE, "partners": PartyRole.PARTNER}
_LINKS = {"target_groups": "targetgroup_id", "municipalities": "municipality_id"}
_BESIDE_TASK = ("responsible", "partners", "funding", "indicators")


@transaction.atomic
def apply_rows(version: PlanVersion, parsed: Parsed, *, actor, only_good: bool = False) -> Report:
    """Bring parsed rows into a draft in one transaction and return the report of what was done.

    Nothing that the rows do not name is touched, nothing is ever deleted. Raise RowsRefused when a
    row cannot be used (unless ``only_good``, which leaves such rows out), PermissionDenied, or
    ContentLocked when the version is not a draft.
    """
    version = open_for_edit(version.pk, actor)
    changes = work_out(version, parsed)
    if changes.report.refused and not only_good:
        raise RowsRefused(changes.report.problems)
    write(version, changes)
    return changes.report


def write(version: PlanVersion, changes: Changes) -> None:
    """Write the changes into the version, which the caller has locked in this transaction."""
    keys = {code: state.pk for code, state in changes.snapshot.nodes.items()}
    _make_nodes(version, changes, keys)
    _change_nodes(changes, keys)
    tasks = {code: state.pk for code, state in changes.snapshot.tasks.items()}
    _make_tasks(version, changes, keys, tasks)
    _change_tasks(changes, keys)
    _write_links(changes, keys)
    for role in _ROLES:
        _write_parties(role, changes, tasks)
    _write_funding(changes, tasks)
    _write_indicators(changes, tasks)


# --- Nodes and tasks --------------------------------------------------------------------------------
def _make_nodes(version: PlanVersion, changes: Changes, keys: dict[str, int]) -> None:
    """Make new nodes layer by layer, because a node needs the key of the one above; fill in ``keys``."""
    layers: dict[int, list[Write]] = defaultdict(list)
    for row in changes.nodes:
        if row.state is None:
            layers[changes.depths[row.code]].append(row)
    lineages = _known_lineages(
        PlanNode, version, [row.code for rows in layers.values() for row in rows]
    )
    for depth in sorted(layers):
        nodes = [
            PlanNode(
                version=version,
                parent_id=keys[row.above] if row.above else None,
                code=row.code,
                depth=depth,
                position=changes.node_positions[row.code],
                lineage=lineages.get(row.code) or uuid4(),
                **_columns(row, _LINKS),
            )
            for row in layers[depth]
        ]
        for node in PlanNode.objects.bulk_create(nodes, batch_size=_BATCH):
            keys[node.code] = node.pk


def _columns(row: Write, beside: Iterable[str]) -> dict[str, Any]:
    """The fields that are columns of the row itself; a group goes by its key."""
    return {
        "planning_group_id" if name == "planning_group" else name: value
        for name, value in row.values.items()
        if name not in beside
    }


def _known_lineages(
    model: type[PlanNode] | type[Task], version: PlanVersion, codes: list[str]
) -> dict[str, UUID]:
    """What has the same code in an older version of the plan, or in the plan above, is the same thing.

    The newest older version decides; what was discarded does not count. One query for the versions,
    two for the lineages.
    """
    if not codes:
        return {}
    plan = version.plan
    relatives = PlanVersion.objects.exclude(state=VersionState.DISCARDED).order_by("-number")
    older = [
        *relatives.filter(plan=plan, number__lt=version.number).values_list("pk", flat=True),
        *relatives.filter(plan=plan.parent_id, state=VersionState.APPROVED).values_list(
            "pk", flat=True
        ),
        *relatives.filter(plan=plan.parent_id)
        .exclude(state=VersionState.APPROVED)
        .values_list("pk", flat=True),
    ]
    taken = set(model.objects.filter(version=version).values_list("lineage", flat=True))
    wanted = set(codes)
    rank = {pk: place for place, pk in enumerate(older)}
    found: dict[str, tuple[int, UUID]] = {}
    for pk, code, lineage in model.objects.filter(version__in=older).values_list(
        "version", "code", "lineage"
    ):
        if code in wanted and (code not in found or rank[pk] < found[code][0]):
            found[code] = (rank[pk], lineage)
    lineages: dict[str, UUID] = {}
    for code, (_place, lineage) in found.items():
        if lineage not in taken:
            lineages[code] = lineage
            taken.add(lineage)
    return lineages


def _change_nodes(changes: Changes, keys: dict[str, int]) -> None:
    updates: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in changes.nodes:
        if isinstance(row.state, NodeState):
            updates[row.state.pk] |= _columns(row, _LINKS)
            if row.above != row.state.parent:
                updates[row.state.pk]["parent_id"] = keys[row.above] if row.above else None
    for code, state in changes.snapshot.nodes.items():
        if changes.depths[code] != state.depth:
            updates[state.pk]["depth"] = changes.depths[code]
        if code in changes.node_positions:
            updates[state.pk]["position"] = changes.node_positions[code]
    _update(PlanNode, updates)


def _make_tasks(
    version: PlanVersion, changes: Changes, nodes: dict[str, int], keys: dict[str, int]
) -> None:
    new = [row for row in changes.tasks if row.state is None]
    lineages = _known_lineages(Task, version, [row.code for row in new])
    tasks = [
        Task(
            version=version,
            node_id=nodes[row.above],
            code=row.code,
            position=changes.task_positions[row.code],
            lineage=lineages.get(row.code) or uuid4(),
            **_columns(row, _BESIDE_TASK),
        )
        for row in new
    ]
    for task in Task.objects.bulk_create(tasks, batch_size=_BATCH):
        keys[task.code] = task.pk


def _change_tasks(changes: Changes, nodes: dict[str, int]) -> None:
    updates: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in changes.tasks:
        if isinstance(row.state, TaskState):
            updates[row.state.pk] |= _columns(row, _BESIDE_TASK)
            if row.above != row.state.node:
                updates[row.state.pk]["node_id"] = nodes[row.above]
    for code, state in changes.snapshot.tasks.items():
        if code in changes.task_positions:
            updates[state.pk]["position"] = changes.task_positions[code]
    _update(Task, updates)


def _update(model: type[models.Model], updates: Mapping[int, Mapping[str, Any]]) -> None:
    """Write only the columns that change; rows that change the same columns go together."""
    alike: dict[tuple[str, ...], list[models.Model]] = defaultdict(list)
    for pk, values in updates.items():
        if values:
            alike[tuple(sorted(values))].append(model(pk=pk, **values))
    for columns, rows in alike.items():
        fields = [model._meta.get_field(column.removesuffix("_id")).name for column in columns]
        model._default_manager.bulk_update(rows, fields, batch_size=_BATCH)


# --- What stands beside them ---------------------------------------------------------------------------
def _write_links(changes: Changes, keys: dict[str, int]) -> None:
    for name, column in _LINKS.items():
        through = getattr(PlanNode, name).through
        added, removed = [], []
        for row in changes.nodes:
            if name not in row.values:
                continue
            old: frozenset[int] = getattr(row.state, name) if row.state else frozenset()
            new: frozenset[int] = row.values[name]
            node = keys[row.code]
            added += [through(plannode_id=node, **{column: pk}) for pk in sorted(new - old)]
            removed += [(node, pk) for pk in old - new]
        through.objects.bulk_create(added, batch_size=_BATCH)
        _remove_links(through, column, removed)


def _remove_links(through, column: str, removed: Sequence[tuple[int, int]]) -> None:
    gone = set(removed)
    nodes = sorted({node for node, _other in gone})
    pks = [
        pk
        for start in range(0, len(nodes), _BATCH)
        for pk, node, other in through.objects.filter(
            plannode__in=nodes[start : start + _BATCH]
        ).values_list("pk", "plannode_id", column)
        if (node, other) in gone
    ]
    _delete(through, pks)


def _delete(model: type[models.Model], pks: Sequence[int]) -> None:
    for start in range(0, len(pks), _BATCH):
        model._default_manager.filter(pk__in=pks[start : start + _BATCH]).delete()


class _Lines:
    """Gathers lines beside tasks: those that stay keep their rows, the rest are made or removed."""

    def __init__(self, model: type[models.Model]):
        self.model = model
        self.made: list[models.Model] = []
        self.updates: dict[int, dict[str, Any]] = {}
        self.removed: list[int] = []

    def settle(
        self,
        task: int,
        old: Sequence[PartyState | FundingState | IndicatorState],
        new: Sequence[tuple[object, dict[str, Any]]],
        key: str,
        **shared: Any,
    ) -> None:
        """``new`` are pairs of the identity (an attribute ``key`` of the old line) and columns.

        A line whose identity is new takes the row of one that is leaving, so that a corrected name
        is still the same line.
        """
        standing = {getattr(line, key): line.pk for line in old}
        named = {identity for identity, _columns in new}
        leaving = [line.pk for line in old if getattr(line, key) not in named]
        for position, (identity, columns) in enumerate(new, start=1):
            columns = {**columns, "position": position}
            pk = standing.get(identity) or (leaving.pop(0) if leaving else None)
            if pk:
                self.updates[pk] = columns
            else:
                self.made.append(self.model(task_id=task, **shared, **columns))
        self.removed += leaving

    def write(self) -> None:
        _delete(self.model, self.removed)
        _update(self.model, self.updates)
        self.model._default_manager.bulk_create(self.made, batch_size=_BATCH)


def _write_parties(role: str, changes: Changes, keys: dict[str, int]) -> None:
    lines = _Lines(TaskParty)
    for row in changes.tasks:
        parties: tuple[Party, ...] | None = row.values.get(role)
        if parties is not None:
            lines.settle(
                keys[row.code],
                getattr(row.state, role) if row.state else (),
                [(p.name, {"name": p.name, "organisation_id": p.organisation}) for p in parties],
                "name",
                role=_ROLES[role],
            )
    lines.write()


def _write_funding(changes: Changes, keys: dict[str, int]) -> None:
    lines = _Lines(FundingLine)
    for row in changes.tasks:
        funding: tuple[Money, ...] | None = row.values.get("funding")
        if funding is not None:
            lines.settle(
                keys[row.code],
                row.state.funding if isinstance(row.state, TaskState) else (),
                [
                    (m.source, {"source_id": m.source, "amount": m.amount, "note": m.note})
                    for m in funding
                ],
                "source",
            )
    lines.write()


def _write_indicators(changes: Changes, keys: dict[str, int]) -> None:
    lines = _Lines(Indicator)
    for row in changes.tasks:
        indicators: tuple[IndicatorValue, ...] | None = row.values.get("indicators")
        if indicators is not None:
            lines.settle(
                keys[row.code],
                row.state.indicators if isinstance(row.state, TaskState) else (),
                [(indicator.name, vars(indicator)) for indicator in indicators],
                "name",
            )
    lines.write()
