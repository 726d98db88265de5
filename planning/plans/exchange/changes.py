"""The dry run: what a parsed file would do to a version. Reads the plan, writes nothing."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from planning.plans.models import PlanVersion

from .comparison import Candidate, compare
from .layout import Kind
from .parser import Parsed
from .references import References
from .report import Change, Item, Report
from .snapshot import NodeState, Snapshot, TaskState, snapshot
from .tree import Tree, merge_order

_LONGEST_CODE, _LONGEST_TITLE = 40, 400  # in the report; longer ones are refused anyway


@dataclass(frozen=True)
class Write:
    """One row to be made or changed: only the fields that differ."""

    code: str
    state: NodeState | TaskState | None
    values: dict[str, Any]
    above: str


@dataclass(frozen=True)
class Changes:
    """The report for a person, and for ``apply`` what to write: rows and where everything stands."""

    report: Report
    nodes: tuple[Write, ...]
    tasks: tuple[Write, ...]
    depths: dict[str, int]
    node_positions: dict[str, int]
    task_positions: dict[str, int]
    snapshot: Snapshot


def plan_changes(version: PlanVersion, parsed: Parsed) -> Report:
    """What the file would create, change, leave alone and refuse in the version, and what it does not name.

    The count of queries does not depend on the size of the file or of the plan.
    """
    return work_out(version, parsed).report


def work_out(version: PlanVersion, parsed: Parsed) -> Changes:
    """``plan_changes`` together with what is to be written."""
    present = snapshot(version)
    references = References()
    nodes = compare(parsed.nodes, present.nodes, references)
    tasks = compare(parsed.tasks, present.tasks, references)
    tree = Tree(present, nodes)
    tree.settle()
    _settle_tasks(tasks, tree, {row.code for row in parsed.nodes})
    node_positions = _order(nodes, present.nodes, lambda state: state.parent)
    task_positions = _order(tasks, present.tasks, lambda state: state.node)
    return Changes(
        report=_report(parsed, present, [*nodes, *tasks]),
        nodes=_writes(nodes),
        tasks=_writes(tasks),
        depths=tree.depths,
        node_positions=node_positions,
        task_positions=task_positions,
        snapshot=present,
    )


# --- Tasks in the tree, order ------------------------------------------------------------------------
def _settle_tasks(tasks: list[Candidate], tree: Tree, codes_in_file: set[str]) -> None:
    for task in tasks:
        old = task.state.node if isinstance(task.state, TaskState) else ""
        if "node" in task.row.values:
            task.above = task.row.values["node"]
        elif "node" in task.row.columns:
            continue  # the cell could not be read and says so
        else:
            task.above = old or task.row.code.rpartition(".")[0]
        if not task.above:
            task.refuse("node", "node_missing")
        elif task.above not in tree.codes:
            kind = "parent_refused" if task.above in codes_in_file else "parent_unknown"
            task.refuse("node", kind, code=task.above[:40])
        elif task.state and task.above != old:
            task.changes.insert(0, Change("node", old, task.above))


def _order(
    candidates: list[Candidate], states: dict[str, Any], above_of: Callable[[Any], str]
) -> dict[str, int]:
    """New positions by code, only where they differ; notes on rows that the file puts elsewhere."""
    usable = {candidate.row.code: candidate for candidate in candidates if candidate.is_usable}
    before: dict[str, list[str]] = defaultdict(list)
    stay: dict[str, list[str]] = defaultdict(list)
    for code, state in states.items():
        before[above_of(state)].append(code)
        if code not in usable or usable[code].above == above_of(state):
            stay[above_of(state)].append(code)
    wanted: dict[str, list[str]] = defaultdict(list)
    for code, candidate in usable.items():
        wanted[candidate.above].append(code)
    positions: dict[str, int] = {}
    for above in {**before, **wanted}:
        after = merge_order(stay[above], wanted[above])
        if after == before[above]:
            continue
        _note_order(usable, stay[above], wanted[above], after)
        for position, code in enumerate(after, start=1):
            if code not in states or states[code].position != position:
                positions[code] = position
    return positions


def _note_order(
    usable: dict[str, Candidate], stay: list[str], wanted: list[str], after: list[str]
) -> None:
    named = set(wanted)
    old = [code for code in stay if code in named]
    staying = set(stay)
    new = [code for code in wanted if code in staying]
    for code, other in zip(old, new, strict=True):
        if code != other:
            change = Change("order", f"{stay.index(code) + 1}.", f"{after.index(code) + 1}.")
            usable[code].changes.append(change)


# --- The outcome ---------------------------------------------------------------------------------------
def _report(parsed: Parsed, present: Snapshot, candidates: list[Candidate]) -> Report:
    outcomes: dict[str, list[Item]] = defaultdict(list)
    named: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for candidate in candidates:
        row = candidate.row
        named[row.kind].add(row.code)
        outcome = (
            "refused"
            if candidate.problems
            else "created"
            if candidate.state is None
            else "changed"
            if candidate.changes
            else "unchanged"
        )
        title = row.values.get("title") or (candidate.state.title if candidate.state else "")
        is_refused = outcome == "refused"
        outcomes[outcome].append(
            Item(
                row.kind,
                row.code[:_LONGEST_CODE],
                title[:_LONGEST_TITLE],
                row.number,
                () if is_refused else tuple(candidate.changes),
                tuple(candidate.problems),
            )
        )
    absent = [
        Item(kind, state.code, state.title)
        for kind, states in ((Kind.NODE, present.nodes), (Kind.TASK, present.tasks))
        for state in states.values()
        if kind in parsed.sheets and state.code not in named[kind]
    ]
    return Report(
        **{outcome: tuple(items) for outcome, items in outcomes.items()},
        absent=tuple(absent),
        notices=parsed.notices,
        state=present.fingerprint,
    )


def _writes(candidates: list[Candidate]) -> tuple[Write, ...]:
    return tuple(
        Write(candidate.row.code, candidate.state, candidate.wanted, candidate.above)
        for candidate in candidates
        if candidate.is_usable and (candidate.state is None or candidate.changes)
    )
