"""Where nodes would stand: parents, depths and level names after the file, and the order of siblings."""

from collections import defaultdict, deque
from typing import NamedTuple

from .comparison import Candidate
from .layout import plain
from .report import Change
from .snapshot import NodeState, Snapshot


class Refusal(NamedTuple):
    """A row that cannot stand where it asks, and why."""

    candidate: Candidate
    key: str
    kind: str
    params: dict[str, str]


class Tree:
    """The tree as it would be. Rows that cannot stand where they ask are refused, and with them those below.

    ``codes`` are the nodes there would be, ``depths`` how deep each of them would be.
    """

    def __init__(self, present: Snapshot, candidates: list[Candidate]):
        self.present = present
        self.levels = present.levels
        self.codes: set[str] = set(present.nodes)
        self.depths: dict[str, int] = {}
        self._in_file = {candidate.row.code for candidate in candidates}
        self._asking = {
            candidate.row.code: candidate for candidate in candidates if candidate.is_usable
        }
        self._level_words = [plain(level) for level in self.levels]
        self._just_refused: set[str] = set()
        self._below: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            candidate.above = self._above(candidate)
            self._below[candidate.above].append(candidate)
        self.codes |= set(self._asking)

    @staticmethod
    def _above(candidate: Candidate) -> str:
        if "parent" in candidate.row.values:
            return candidate.row.values["parent"]
        if isinstance(candidate.state, NodeState):
            return candidate.state.parent
        return candidate.row.code.rpartition(".")[0]

    def settle(self) -> None:
        """Refuse until what is left can stand; then note who moves under another node."""
        self._refuse_orphans()
        while self._refuse_once():
            pass
        for candidate in self._asking.values():
            state = candidate.state
            if isinstance(state, NodeState) and candidate.above != state.parent:
                candidate.changes.insert(0, Change("parent", state.parent, candidate.above))

    def _refuse(self, candidate: Candidate, key: str, kind: str, **params: str) -> None:
        self._refuse_all([Refusal(candidate, key, kind, params)])

    def _refuse_all(self, refusals: list[Refusal]) -> None:
        """Refuse rows; a new node takes with it the rows that wanted to stand under it."""
        waiting = deque(refusals)
        while waiting:
            candidate, key, kind, params = waiting.popleft()
            code = candidate.row.code
            if code not in self._asking:
                continue
            candidate.refuse(key, kind, **params)
            del self._asking[code]
            self._just_refused.add(code)
            if candidate.state is None:
                self.codes.discard(code)
                waiting += [
                    Refusal(other, "parent", "parent_refused", {"code": code[:40]})
                    for other in self._below[code]
                ]

    def _refuse_orphans(self) -> None:
        for candidate in list(self._asking.values()):
            above = candidate.above
            if above and above not in self.codes and candidate.is_usable:
                kind = "parent_refused" if above in self._in_file else "parent_unknown"
                self._refuse(candidate, "parent", kind, code=above[:40])

    def _refuse_once(self) -> bool:
        """Measure the tree, refuse what is wrong in it, and say whether anything was.

        One kind of fault at a time: after a refusal the rest is measured again, because an existing
        node then stays where it was.
        """
        parents = {code: state.parent for code, state in self.present.nodes.items()}
        parents |= {code: candidate.above for code, candidate in self._asking.items()}
        self.depths = _depths(parents)
        self._just_refused = set()
        self._refuse_all(
            [
                Refusal(self._asking[code], "parent", "parent_inside", {"code": code[:40]})
                for code in _circles(parents, self.depths)
                if code in self._asking
            ]
        )
        if self._just_refused:
            return True
        for code, depth in self.depths.items():
            if depth > len(self.levels):
                self._blame(code, parents)
        if self._just_refused:
            return True
        for code in self.depths:
            self._check_level(code, parents)
        return bool(self._just_refused)

    def _blame(self, code: str, parents: dict[str, str]) -> None:
        """Refuse the nearest row above (or the node's own) that would bring the node so deep."""
        while code and code not in self._just_refused:
            candidate = self._asking.get(code)
            if candidate:
                state = candidate.state
                if not isinstance(state, NodeState) or state.parent != candidate.above:
                    if not self.levels:
                        self._refuse(candidate, "code", "no_levels")
                    else:
                        self._refuse(candidate, "parent", "level_too_deep", lowest=self.levels[-1])
                    return
            code = parents[code]

    def _check_level(self, code: str, parents: dict[str, str]) -> None:
        depth = self.depths[code]
        candidate = self._asking.get(code)
        level = candidate.row.values.get("level", "") if candidate else ""
        if not candidate or not level or depth > len(self.levels):
            return
        if plain(level) == self._level_words[depth - 1]:
            return
        while code:
            if code in self._just_refused:
                return  # it may stay where it was; measured again
            code = parents[code]
        expected = self.levels[depth - 1]
        self._refuse(candidate, "level", "level_wrong", value=level[:60], expected=expected)


def _circles(parents: dict[str, str], depths: dict[str, int]) -> list[str]:
    """The nodes that would stand under themselves (not those that would only hang on such a circle)."""
    seen: set[str] = set(depths)
    circles: list[str] = []
    for start in parents:
        path: dict[str, None] = {}
        code = start
        while code and code not in seen and code not in path:
            path[code] = None
            code = parents[code]
        if code in path:
            codes = list(path)
            circles += codes[codes.index(code) :]
        seen |= set(path)
    return circles


def _depths(parents: dict[str, str]) -> dict[str, int]:
    """How deep each node is; those in a circle, or under one, are missing."""
    below: dict[str, list[str]] = defaultdict(list)
    for code, above in parents.items():
        below[above].append(code)
    depths: dict[str, int] = {}
    layer, depth = below[""], 1
    while layer:
        depths |= dict.fromkeys(layer, depth)
        layer, depth = [code for above in layer for code in below[above]], depth + 1
    return depths


def merge_order(stay: list[str], wanted: list[str]) -> list[str]:
    """The order of siblings: ``stay`` are there already, ``wanted`` are in the file in its order.

    Those in both take the file's order in the places they hold; what the file does not name keeps its
    place; a newcomer comes after the one that is before it in the file.
    """
    named, staying = set(wanted), set(stay)
    known = [code for code in wanted if code in staying]
    in_file_order = iter(known)
    order = [next(in_file_order) if code in named else code for code in stay]
    after: dict[str, list[str]] = defaultdict(list)
    anchor = ""
    for code in wanted:
        if code in staying:
            anchor = code
        else:
            after[anchor].append(code)
    merged = [code for known_code in order for code in (known_code, *after[known_code])]
    if first := after[""]:
        at = merged.index(known[0]) if known else len(merged)
        merged[at:at] = first
    return merged
