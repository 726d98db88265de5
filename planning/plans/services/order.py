"""Order among siblings: positions 1, 2, 3… without gaps, whoever moves what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _t

from planning.plans.models import Chapter, NetworkEntry, PlanNode, Task

from .guards import EditRefused, fresh, open_for_edit

# What two things must share to be siblings.
_BESIDE = {PlanNode: "parent_id", Task: "node_id", Chapter: None, NetworkEntry: None}


@dataclass(frozen=True)
class Place:
    """Where a thing stands after a move: its number among its siblings, and whether it moved."""

    number: int
    count: int
    moved: bool


def siblings(item: PlanNode | Task | Chapter | NetworkEntry) -> models.QuerySet:
    """Everything that stands beside ``item`` in its version, itself included, in order."""
    field = _BESIDE[type(item)]
    beside = {field: getattr(item, field)} if field else {}
    return (
        type(item)
        ._default_manager.filter(version=item.version_id, **beside)
        .order_by("position", "pk")
    )


def number_again(ordered: Sequence[PlanNode | Task | Chapter | NetworkEntry]) -> None:
    """Write positions 1, 2, 3… in the given order; rows already right are left alone."""
    wrong: list[Any] = []
    for position, item in enumerate(ordered, start=1):
        if item.position != position:
            item.position = position
            wrong.append(item)
    if wrong:
        type(wrong[0])._default_manager.bulk_update(wrong, ["position"], batch_size=500)


def put_after(item: PlanNode | Task | Chapter | NetworkEntry, after: int | None) -> Place:
    """Put ``item`` among its siblings after the one with the key ``after``; first when None.

    Raise EditRefused when ``after`` is not a sibling (any more).
    """
    others = [other for other in siblings(item) if other.pk != item.pk]
    if after is None:
        index = 0
    else:
        keys = [other.pk for other in others]
        if after not in keys:
            raise EditRefused(
                _t("The plan has changed in the meantime. Look at it again and repeat the move.")
            )
        index = keys.index(after) + 1
    ordered = [*others[:index], item, *others[index:]]
    number_again(ordered)
    return Place(number=index + 1, count=len(ordered), moved=True)


@transaction.atomic
def reorder(item: PlanNode | Task | Chapter | NetworkEntry, *, actor, step: int) -> Place:
    """Move ``item`` by ``step`` places among its siblings: −1 is up, 1 is down.

    At the end of the list nothing happens and the place says so. Raise PermissionDenied,
    ContentLocked or Vanished.
    """
    version = open_for_edit(item.version_id, actor)
    item = fresh(type(item), item.pk, version)
    ordered = list(siblings(item))
    old = [other.pk for other in ordered].index(item.pk)
    new = min(max(old + step, 0), len(ordered) - 1)
    ordered.insert(new, ordered.pop(old))
    number_again(ordered)
    return Place(number=new + 1, count=len(ordered), moved=new != old)
