"""Texts in two layers: passages in ``[[ … ]]`` are for insiders only. Pure functions."""

import re

OPEN, CLOSE = "[[", "]]"
HIDDEN = "[neveřejné]"  # a phrase of documents, which are Czech whoever asks for them

MARK = re.compile(r"\[\[|\]\]")


def public_text(text: str, *, markdown: bool = False) -> str:
    """The text as the public reads it. What is unbalanced hides rather more than less.

    In ``markdown`` the sign of a hidden passage is written so that it never makes a link.
    """
    hidden = sign(markdown)
    out, depth, start = [], 0, 0
    for mark in MARK.finditer(text):
        if mark[0] == OPEN:
            if depth == 0:
                out += [text[start : mark.start()], hidden]
            depth += 1
            continue
        if depth == 0:  # nobody knows where the passage began
            out = [hidden]
        depth = max(0, depth - 1)
        start = mark.end()
    return "".join(out) if depth else "".join(out) + text[start:]


def sign(markdown: bool = False) -> str:
    """What stands in place of a hidden passage."""
    return HIDDEN.replace("[", r"\[").replace("]", r"\]") if markdown else HIDDEN
