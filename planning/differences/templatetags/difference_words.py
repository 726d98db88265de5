"""How a change reads: the words of its facts and kinds, and long passages that stayed as they were."""

from django import template

from planning.differences.compare import Kind
from planning.differences.wording import FACTS, HAPPENED
from planning.differences.words import Piece, PieceKind

register = template.Library()

# Of a passage that stayed, this many characters are shown at each side of a change.
AROUND = 160


@register.filter
def fact_label(name: str) -> str:
    """What the fact is called."""
    return str(FACTS[name])


@register.filter
def happened(kind: Kind) -> str:
    """What happened to the thing, in a word or two."""
    return str(HAPPENED[kind])


@register.filter
def near(pieces: tuple[Piece, ...]) -> list[Piece]:
    """The pieces with long unchanged passages shortened to what stands around the changes."""
    shown = []
    for place, piece in enumerate(pieces):
        if piece.kind == PieceKind.SAME and len(piece.text) > 2 * AROUND + 40:
            head = "" if place == 0 else piece.text[:AROUND].rsplit(" ", 1)[0]
            tail = "" if place == len(pieces) - 1 else piece.text[-AROUND:].split(" ", 1)[-1]
            shown.append(
                Piece(PieceKind.SAME, f"{head} … {tail}".strip(" ") if head or tail else "…")
            )
        else:
            shown.append(piece)
    return shown
