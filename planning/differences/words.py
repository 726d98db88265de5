"""What changed in a text, word by word. The time is bounded whatever is compared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Two runs of words whose lengths multiply to more are compared by sentences, and if those are still
# too long, as wholes: finding the fewest changes takes time with the square of the length.
MOST = 400 * 400

_WORDS = re.compile(r"\s+|[^\W_]+|[\W_]", re.UNICODE)
_SENTENCES = re.compile(r".+?(?:[.!?…]+[”“\"')]*\s+|\n+|$)", re.DOTALL)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})


class PieceKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of text that stands in both, only in the new one, or only in the old one."""

    kind: PieceKind
    text: str


def word_changes(old: str, new: str) -> tuple[Piece, ...]:
    """The new text with what was added and what was removed in it, in reading order.

    Hard and common spaces are the same. Added and same pieces make the new text, removed and same
    ones the old.
    """
    old, new = old.translate(_SPACES), new.translate(_SPACES)
    return tuple(_joined(_smoothed(list(_changes(_WORDS.findall(old), _WORDS.findall(new))))))


def is_same_text(old: str, new: str) -> bool:
    """Whether the texts differ by nothing but the kind of their spaces."""
    return old.translate(_SPACES).strip() == new.translate(_SPACES).strip()


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Pieces between two sequences of words, by the longest common runs or within bounds."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    before, after = old[:start], old[len(old) - end :]
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    yield _piece(PieceKind.SAME, before)
    if len(left) * len(right) <= MOST:
        yield from _matched(left, right)
    else:
        yield from _by_sentences("".join(left), "".join(right))
    yield _piece(PieceKind.SAME, after)


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield _piece(PieceKind.SAME, new[j1:j2])
        else:
            yield _piece(PieceKind.REMOVED, old[i1:i2])
            yield _piece(PieceKind.ADDED, new[j1:j2])


def _by_sentences(old: str, new: str) -> Iterator[Piece]:
    """Long texts: whole sentences are matched first, and words only within those that differ."""
    left, right = _SENTENCES.findall(old), _SENTENCES.findall(new)
    if len(left) * len(right) > MOST:
        yield from _whole(old, new)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        was, now = "".join(left[i1:i2]), "".join(right[j1:j2])
        if tag == "equal":
            yield Piece(PieceKind.SAME, now)
            continue
        words, others = _WORDS.findall(was), _WORDS.findall(now)
        if len(words) * len(others) <= MOST:
            yield from _matched(words, others)
        else:
            yield from _whole(was, now)


def _whole(old: str, new: str) -> Iterator[Piece]:
    yield Piece(PieceKind.REMOVED, old)
    yield Piece(PieceKind.ADDED, new)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    count = 0
    for left, right in zip(old, new, strict=False):
        if left != right:
            break
        count += 1
    return count


def _piece(kind: PieceKind, words: Sequence[str]) -> Piece:
    return Piece(kind, "".join(words))


def _smoothed(pieces: list[Piece]) -> Iterator[Piece]:
    """Let no lone space or mark stand between two changes: people read phrases, not crumbs."""
    for place, piece in enumerate(pieces):
        between = 0 < place < len(pieces) - 1
        if piece.kind == PieceKind.SAME and between and not any(map(str.isalnum, piece.text)):
            around = pieces[place - 1].kind, pieces[place + 1].kind
            if piece.text and PieceKind.SAME not in around:
                yield Piece(PieceKind.REMOVED, piece.text)
                yield Piece(PieceKind.ADDED, piece.text)
                continue
        yield piece


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece; of a change the removed text comes first."""
    gone = come = ""
    for piece in [*pieces, Piece(PieceKind.SAME, "\0")]:
        if not piece.text:
            continue
        if piece.kind == PieceKind.REMOVED:
            gone += piece.text
        elif piece.kind == PieceKind.ADDED:
            come += piece.text
        else:
            if gone:
                yield Piece(PieceKind.REMOVED, gone)
            if come:
                yield Piece(PieceKind.ADDED, come)
            gone = come = ""
            if piece.text != "\0":
                yield piece
