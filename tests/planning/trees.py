"""What holds for the tree of every version, whoever moved what."""

from planning.plans.models import PlanVersion


def assert_is_tree(version: PlanVersion) -> None:
    """Every node hangs on the top by steps of one, within the named levels; positions have no gaps."""
    nodes = {node.pk: node for node in version.nodes.all()}
    levels = version.plan.levels.count()
    for node in nodes.values():
        seen, above, depth = {node.pk}, node.parent_id, 1
        while above is not None:
            assert above not in seen, "a node hangs under itself"
            seen.add(above)
            above = nodes[above].parent_id
            depth += 1
        assert node.depth == depth <= levels
    groups: dict[tuple, list[int]] = {}
    for node in nodes.values():
        groups.setdefault(("node", node.parent_id), []).append(node.position)
    for task in version.tasks.all():
        groups.setdefault(("task", task.node_id), []).append(task.position)
    for positions in groups.values():
        assert sorted(positions) == list(range(1, len(positions) + 1))
