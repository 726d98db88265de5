"""Votes in words, for templates of every house."""

from django import template

from committees.bodies import wording
from kpss import passages

register = template.Library()
register.filter(passages.public_text)


@register.filter
def text_for(text: str, is_insider: bool) -> str:
    """The text as this reader may read it: passages in ``[[ … ]]`` are for insiders only."""
    return text if is_insider else passages.public_text(text)


@register.filter
def vote_sentence(resolution) -> str:
    """Return "Přijato: pro 8, proti 0, zdržel se 1 z 9 členů"."""
    return wording.vote_sentence(resolution)


@register.filter
def attendance_sentence(resolution) -> str:
    """Return "Přítomno 14 z 15 členů"."""
    return wording.attendance_sentence(resolution)
