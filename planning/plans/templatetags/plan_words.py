"""How a plan's facts read: terms of tasks, amounts, fingerprints."""

import datetime
import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpss.czech import EN_DASH, NBSP
from kpss.markup import to_html
from kpss.templatetags.czech import cz_date, typo
from planning.plans.content import TaskContent

register = template.Library()

_TAG = re.compile(r"(<[^>]*>)")
_RANGE = re.compile(r"\d+–\d+")


@register.filter
def paper(text: str) -> SafeString:
    """Text, or safe HTML, for a printed line: Czech typography, and ranges like 2020–2023 never broken."""
    parts = _TAG.split(conditional_escape(typo(text)))
    return mark_safe(  # escaped just above; only spans are added
        "".join(
            part if part.startswith("<") else _RANGE.sub(r'<span class="nowrap">\g<0></span>', part)
            for part in parts
        )
    )


@register.filter
def chapter_text(source: str, level: int) -> SafeString:
    """Markdown of a chapter as HTML; its headings start at ``level`` and never skip one."""
    return to_html(source, shift=level - 1)


@register.filter
def term(task: TaskContent) -> str:
    """When a task is to be done: "rok 2021", "1. 3. – 30. 11. 2021", "do 30. 6. 2021", or nothing."""
    return period(task.date_from, task.date_to)


@register.simple_tag
def period(start: datetime.date | None, end: datetime.date | None) -> str:
    """Two days as one piece of text, whole years and equal years shortened; open ends in words."""
    if not start and not end:
        return ""
    if not start:
        return _("until %(date)s") % {"date": cz_date(end)}
    if not end:
        return _("from %(date)s") % {"date": cz_date(start)}
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        if start.year == end.year:
            return _("year %(year)s") % {"year": start.year}
        return _("years %(first)s–%(last)s") % {"first": start.year, "last": end.year}
    if start == end:
        return cz_date(start)
    if start.year == end.year and get_language() == "cs":
        return f"{start.day}.{NBSP}{start.month}.{NBSP}{EN_DASH} {cz_date(end)}"
    return f"{cz_date(start)}{NBSP}{EN_DASH} {cz_date(end)}"


@register.filter
def fours(digits: str) -> list[str]:
    """A fingerprint cut into groups of four, so that two people can compare it aloud."""
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]


@register.filter
def within(code: str, codes: frozenset[str]) -> bool:
    """Whether ``code`` is one of ``codes``."""
    return code in codes


@register.filter
def deeper(level: int) -> int:
    """The level of a heading under one of this ``level``."""
    return min(level + 1, 6)
