"""The agenda as a tree with numbers: pure functions over items that somebody has read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .models import AgendaItem


@dataclass(frozen=True)
class AgendaLine:
    """One item with its number ("2.1"), its depth from 1, and the items under it that the reader sees.

    ``is_internal`` counts for an item under an internal one too.
    """

    item: AgendaItem
    number: str
    depth: int
    is_internal: bool
    children: tuple["AgendaLine", ...] = ()


def agenda_tree(items: Iterable[AgendaItem], *, insider: bool) -> tuple[AgendaLine, ...]:
    """The items of one meeting as a tree. Who is no insider sees no internal items.

    Numbers are the same for everybody, so that all speak of the same item 3. No queries.
    """
    under: dict[int | None, list[AgendaItem]] = {}
    for item in sorted(items, key=lambda item: (item.position, item.pk)):
        under.setdefault(item.parent_id, []).append(item)
    return tuple(_lines(under, None, "", internal=False, insider=insider))


def _lines(
    under: dict[int | None, list[AgendaItem]],
    parent: int | None,
    prefix: str,
    *,
    internal: bool,
    insider: bool,
) -> Iterator[AgendaLine]:
    for order, item in enumerate(under.get(parent, []), 1):
        is_internal = internal or item.is_internal
        if is_internal and not insider:
            continue
        number = f"{prefix}{order}"
        children = tuple(
            _lines(under, item.pk, f"{number}.", internal=is_internal, insider=insider)
        )
        depth = number.count(".") + 1
        # "3." and "3.1": a whole number takes a stop, as in every Czech agenda.
        yield AgendaLine(item, number if depth > 1 else f"{number}.", depth, is_internal, children)


def walk(tree: Iterable[AgendaLine]) -> Iterator[AgendaLine]:
    """Every line of the tree in reading order."""
    for line in tree:
        yield line
        yield from walk(line.children)
