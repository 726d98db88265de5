"""Nodes of the tree: priorities, goals, measures. Every change is one transaction under the version's lock."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from planning.plans.models import PlanNode, PlanVersion, Task
from planning.plans.values import NodeValues, node_values

from .codes import propose_code, refuse_taken_code
from .guards import AlreadyMade, EditRefused, fresh, open_for_edit, refuse_stale
from .order import Place, number_again, put_after, siblings

_WORDS = ["code", "title", "need", "goal", "description"]


@transaction.atomic
def add_node(
    version: PlanVersion,
    *,
    actor,
    values: NodeValues,
    parent: PlanNode | None = None,
    lineage: UUID | None = None,
) -> PlanNode:
    """Add a node as the last one under ``parent`` (at the top when None) and return it.

    ``lineage`` makes the call repeatable: the same form sent twice makes one node, and other words
    sent under the same lineage raise AlreadyMade. Raise PermissionDenied, ContentLocked, Vanished
    (the parent is gone), EditRefused (too deep) or ValidationError (at the field).
    """
    version = open_for_edit(version.pk, actor)
    if lineage and (made := PlanNode.objects.filter(version=version, lineage=lineage).first()):
        saved = node_values(made)
        if values not in (saved, NodeValues(**{**vars(saved), "code": ""})):
            raise AlreadyMade(made)
        return made
    if parent:
        parent = fresh(PlanNode, parent.pk, version)
    depth = parent.depth + 1 if parent else 1
    _refuse_too_deep(version, depth)
    node = PlanNode(version=version, parent=parent, depth=depth, lineage=lineage or uuid4())
    _write(node, values, code=values.code or propose_code(version, parent))
    number_again([*(other for other in siblings(node) if other.pk != node.pk), node])
    return node


@transaction.atomic
def update_node(
    node: PlanNode, *, actor, values: NodeValues, loaded: Mapping[str, Any] | None = None
) -> PlanNode:
    """Write new values of a node and return it; its place in the tree stays.

    ``loaded`` are the plain values the form was filled with: when somebody has saved others since,
    EditConflict carries them and nothing is written. Raise also PermissionDenied, ContentLocked,
    Vanished or ValidationError. An empty code keeps the present one.
    """
    version = open_for_edit(node.version_id, actor)
    node = fresh(PlanNode, node.pk, version)
    refuse_stale(loaded, node_values(node))
    _write(node, values, code=values.code or node.code)
    return node


def _write(node: PlanNode, values: NodeValues, *, code: str) -> None:
    for field in _WORDS:
        setattr(node, field, getattr(values, field))
    node.code = code
    node.planning_group_id = values.planning_group
    refuse_taken_code(node)
    node.full_clean()
    node.save()
    node.target_groups.set(values.target_groups)
    node.municipalities.set(values.municipalities)


def burden(node: PlanNode) -> tuple[int, int]:
    """How many nodes (this one included) and tasks go when the node goes. Causes two queries."""
    keys = subtree(node)
    return len(keys), Task.objects.filter(node__in=keys).count()


@transaction.atomic
def delete_node(node: PlanNode, *, actor, confirmed: tuple[int, int] | None = None) -> None:
    """Delete the node with everything under it.

    ``confirmed`` is the burden the person was told of; when it has grown since, nothing is deleted
    and EditRefused says so. Raise also PermissionDenied, ContentLocked or Vanished.
    """
    version = open_for_edit(node.version_id, actor)
    node = fresh(PlanNode, node.pk, version)
    if confirmed is not None and burden(node) != confirmed:
        raise EditRefused(
            _t("Something has changed under it in the meantime. Look at what would be deleted now.")
        )
    left = [other for other in siblings(node) if other.pk != node.pk]
    node.delete()
    number_again(left)


@transaction.atomic
def move_node(node: PlanNode, *, actor, parent: PlanNode | None, after: int | None = None) -> Place:
    """Put the node with all that is under it below ``parent``, after the sibling ``after``.

    ``parent`` None is the top of the tree, ``after`` None the first place. Codes and lineage stay;
    depths follow. Raise PermissionDenied, ContentLocked, Vanished, or EditRefused when the node
    would get under itself or deeper than the plan has named levels.
    """
    version = open_for_edit(node.version_id, actor)
    node = fresh(PlanNode, node.pk, version)
    keys = subtree(node)
    if parent:
        parent = fresh(PlanNode, parent.pk, version)
        if parent.pk in keys:
            raise EditRefused(_t("Nothing can be moved under itself."))
    depth = parent.depth + 1 if parent else 1
    shift = depth - node.depth
    if shift > 0:
        deepest = (
            PlanNode.objects.filter(pk__in=keys)
            .order_by("-depth")
            .values_list("depth", flat=True)[0]
        )
        _refuse_too_deep(version, deepest + shift)
    left = [other for other in siblings(node) if other.pk != node.pk]
    moved_away = node.parent_id != (parent.pk if parent else None)
    if moved_away:
        node.parent = parent
        node.save(update_fields=["parent"])
        number_again(left)
    if shift:
        PlanNode.objects.filter(pk__in=keys).update(depth=F("depth") + shift)
    return put_after(node, after)


def subtree(node: PlanNode) -> set[int]:
    """Keys of the node and of everything under it. Causes one query."""
    children = defaultdict(list)
    for key, parent in PlanNode.objects.filter(version=node.version_id).values_list("pk", "parent"):
        children[parent].append(key)
    found, ahead = set(), [node.pk]
    while ahead:
        key = ahead.pop()
        found.add(key)
        ahead += children[key]
    return found


def _refuse_too_deep(version: PlanVersion, depth: int) -> None:
    levels = version.plan.levels.count()
    if not levels:
        raise EditRefused(
            _t("The levels of this plan have no names yet. Name them first on the plan.")
        )
    if depth > levels:
        raise EditRefused(
            ngettext(
                "The tree of this plan has %(count)s level. It cannot go deeper.",
                "The tree of this plan has %(count)s levels. It cannot go deeper.",
                levels,
            )
            % {"count": levels}
        )
