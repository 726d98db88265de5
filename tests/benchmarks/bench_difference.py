"""What changed in a plan of forty priorities: found and drawn, against reading both texts from their frozen bytes."""

import dataclasses
import random
import time

from django.template.loader import render_to_string

from kpss.canonical import canonical
from planning.differences.compare import difference
from planning.plans.content import NodeContent, PlanContent, parse
from tests.benchmarks import Row, in_turns
from tests.benchmarks.bench_pdf import plan_of

ROUNDS = 5


def run() -> list[Row]:
    """A tenth of everything reworded and dearer; then everything."""
    return [_row(share, f"{share:.0%} of things changed") for share in (0.1, 1.0)]


def _row(share: float, name: str) -> Row:
    old = plan_of(priorities=40, measures=10, tasks=10)
    chance = random.Random(20211)
    new = dataclasses.replace(old, nodes=tuple(_changed(node, share, chance) for node in old.nodes))
    frozen = [canonical(old), canonical(new)]

    def ours() -> None:
        found = difference(old, new)
        for change in found.changes[:100]:
            render_to_string("differences/_change.html", {"change": change})

    def reading() -> list[PlanContent]:
        return [parse(data) for data in frozen]

    finding, both = in_turns(ours, reading, ROUNDS, time.process_time)
    return Row(
        f"440 nodes and 4,000 tasks, {name}: compared, a page drawn",
        finding,
        both,
        "parsing both frozen texts; processor time",
        at_most=3,
    )


def _changed(node: NodeContent, share: float, chance: random.Random) -> NodeContent:
    tasks = tuple(
        dataclasses.replace(task, title=f"{task.title} i v malých obcích", cost_planned=1_000)
        if chance.random() < share
        else task
        for task in node.tasks
    )
    more = " Přibyla jedna věta." if chance.random() < share else ""
    children = tuple(_changed(child, share, chance) for child in node.children)
    return dataclasses.replace(
        node, tasks=tasks, children=children, description=node.description + more
    )
