"""Texts of minutes in two layers: hidden passages and hidden names. Pure functions."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _t

from kpss.passages import CLOSE, HIDDEN, MARK, OPEN, public_text, sign
from kpss.search import keys, plain

_WORD = re.compile(r"[^\W\d_]+")


def unbalanced(text: str) -> str:
    """A sentence saying which bracket of a hidden passage lacks its other one; empty when none does."""
    begun = None
    for mark in MARK.finditer(text):
        if mark[0] == OPEN and begun:
            return _t("A hidden passage begins inside another one: …%(place)s…") % {
                "place": _beside(text, mark)
            }
        if mark[0] == CLOSE and not begun:
            return _t("Here ]] closes a hidden passage that never began: …%(place)s…") % {
                "place": _beside(text, mark)
            }
        begun = mark if mark[0] == OPEN else None
    if begun:
        return _t("A hidden passage is not closed by ]]: …%(place)s…") % {
            "place": _beside(text, begun)
        }
    return ""


def names_outside(text: str, surnames: Iterable[str]) -> list[str]:
    """Words of the public text, in their order, that look like one of ``surnames`` in any case."""
    sought = _keys_of(surnames)
    found = (word for word in _WORD.findall(public_text(text)) if _is_name(word, sought))
    return list(dict.fromkeys(found))


def without_names(text: str, surnames: Iterable[str], *, markdown: bool = False) -> str:
    """The public text with the sign of a hidden passage in the place of words that look like a surname."""
    shown, sought = public_text(text, markdown=markdown), _keys_of(surnames)
    if not sought:
        return shown
    hidden = sign(markdown)
    return _WORD.sub(lambda word: hidden if _is_name(word[0], sought) else word[0], shown)


def name_or_sign(name: str, surnames: Iterable[str]) -> str:
    """A field that holds a name, or the sign of a hidden passage when the name is not public."""
    return HIDDEN if names_outside(name, surnames) else public_text(name)


def _keys_of(surnames: Iterable[str]) -> frozenset[str]:
    parts = (part for surname in surnames for part in _WORD.findall(surname))
    return frozenset(key for part in parts if len(part) > 1 for key in _forms(part))


def _is_name(word: str, sought: frozenset[str]) -> bool:
    return word[0].isupper() and not sought.isdisjoint(_forms(word))


def _forms(word: str) -> frozenset[str]:
    return keys(word.lower()) | {plain(word)}


def _beside(text: str, mark: re.Match[str]) -> str:
    """The words at a bracket, by which the writer finds it."""
    return " ".join(text[max(0, mark.start() - 15) : mark.end() + 25].split())
