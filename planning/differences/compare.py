"""What changed between two texts of a plan, thing by thing."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planning.plans.content import PlanContent

from .items import Fact, Item, What, items_of
from .words import Piece, is_same_text, word_changes


class Kind(StrEnum):
    """What happened to a thing; one thing may have moved and been reworded at once."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    REWORDED = "reworded"
    VALUE = "value"


@dataclass(frozen=True)
class FactChange:
    """One fact before and after; ``pieces`` are there for texts."""

    name: str
    old: str
    new: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Change:
    """What happened to one thing. ``item`` is it as it is now, or as it was when it is gone."""

    item: Item
    kinds: tuple[Kind, ...]
    code_before: str = ""
    above_before: str = ""
    above_now: str = ""
    facts: tuple[FactChange, ...] = ()

    @property
    def is_gone(self) -> bool:
        return Kind.REMOVED in self.kinds

    @property
    def is_new(self) -> bool:
        return Kind.ADDED in self.kinds


@dataclass(frozen=True)
class Difference:
    """Changes in reading order; what was removed stands where it used to be."""

    head: tuple[FactChange, ...]
    changes: tuple[Change, ...]
    cost_before: int
    cost_now: int

    @property
    def is_empty(self) -> bool:
        return not self.head and not self.changes

    def count(self, kind: Kind) -> int:
        return sum(kind in change.kinds for change in self.changes)


def difference(old: PlanContent, new: PlanContent) -> Difference:
    """Compare by lineage: the same thing keeps its changes whatever its code and place.

    Time grows with the number of things; only texts that differ are compared by words.
    """
    before, now = items_of(old), items_of(new)
    was = {(item.what, item.key): item for item in before}
    is_now = {(item.what, item.key): item for item in now}
    names_before = {item.key: _name(item) for item in before}
    names_now = {item.key: _name(item) for item in now}
    moved = _moved(before, now)
    changes = []
    for item in _in_reading_order(before, now):
        key = (item.what, item.key)
        if key not in is_now:
            changes.append(
                Change(item, (Kind.REMOVED,), above_before=names_before.get(item.parent, ""))
            )
        elif key not in was:
            changes.append(Change(item, (Kind.ADDED,), above_now=names_now.get(item.parent, "")))
        else:
            change = _change(was[key], item, is_moved=key in moved)
            if change.kinds:
                above = names_before.get(was[key].parent, ""), names_now.get(item.parent, "")
                changes.append(
                    Change(item, change.kinds, was[key].code, *above, facts=change.facts)
                )
    return Difference(_head(old, new), tuple(changes), _cost(old), _cost(new))


def _change(old: Item, new: Item, *, is_moved: bool) -> Change:
    facts = tuple(_fact_changes(old.facts, new.facts))
    kinds = [Kind.MOVED] * is_moved
    kinds += [Kind.RENUMBERED] * (old.code != new.code)
    kinds += [Kind.REWORDED] * any(fact.pieces for fact in facts)
    kinds += [Kind.VALUE] * any(not fact.pieces for fact in facts)
    return Change(new, tuple(kinds), facts=facts)


def _fact_changes(old: Iterable[Fact], new: Iterable[Fact]) -> Iterable[FactChange]:
    for was, now in zip(old, new, strict=True):
        if not is_same_text(was.text, now.text):
            pieces = word_changes(was.text, now.text) if now.is_text else ()
            yield FactChange(now.name, was.text, now.text, pieces)


def _moved(before: Sequence[Item], now: Sequence[Item]) -> set[tuple[What, str]]:
    """Things under another parent, and those that change the order of siblings: as few as possible."""
    was = {(item.what, item.key): (item.parent, place) for place, item in enumerate(before)}
    moved = set()
    siblings: dict[tuple[What, str], list[tuple[int, tuple[What, str]]]] = defaultdict(list)
    for item in now:
        key = (item.what, item.key)
        if key in was:
            parent, place = was[key]
            if parent != item.parent:
                moved.add(key)
            else:
                siblings[item.what, parent].append((place, key))
    for ordered in siblings.values():
        stay = _longest_increasing([place for place, _key in ordered])
        moved |= {key for index, (_place, key) in enumerate(ordered) if index not in stay}
    return moved


def _longest_increasing(numbers: Sequence[int]) -> set[int]:
    """Indexes of a longest increasing run of ``numbers``, which need not be neighbours."""
    tails: list[int] = []  # the least last number of a run of each length
    ends: list[int] = []  # where that number stands
    above: list[int] = []  # what stands before each number in its run
    for index, value in enumerate(numbers):
        length = bisect_left(tails, value)
        above.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            ends.append(index)
        else:
            tails[length], ends[length] = value, index
    chosen = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        chosen.add(index)
        index = above[index]
    return chosen


def _in_reading_order(before: Sequence[Item], now: Sequence[Item]) -> list[Item]:
    """All things of now, each followed by what stood right after it and is gone."""
    here = {(item.what, item.key) for item in now}
    after: dict[tuple[What, str] | None, list[Item]] = defaultdict(list)
    last: tuple[What, str] | None = None
    for item in before:
        if (item.what, item.key) in here:
            last = (item.what, item.key)
        else:
            after[last].append(item)
    ordered = list(after[None])
    for item in now:
        ordered.append(item)
        ordered += after[item.what, item.key]
    return ordered


def _head(old: PlanContent, new: PlanContent) -> tuple[FactChange, ...]:
    """Title, period, summary and names of levels; another plan or year is said by the page itself."""
    return tuple(
        _fact_changes(
            [Fact("summary", old.summary, True), Fact("levels", _levels(old))],
            [Fact("summary", new.summary, True), Fact("levels", _levels(new))],
        )
    )


def _levels(content: PlanContent) -> str:
    return ", ".join([*(one for one, _many in content.levels), content.task_singular])


def _name(item: Item) -> str:
    return f"{item.code} {item.title}".strip()


def _cost(content: PlanContent) -> int:
    return sum(task.cost_planned or 0 for task in content.all_tasks())
