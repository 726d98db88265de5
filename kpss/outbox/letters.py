"""How a mail is written: from a template, in Czech, as plain text that reads well everywhere."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.utils.translation import override

from kpss.czech import typo
from kpss.territory.models import Region

LANGUAGE = "cs"
WIDTH = 72
# Controls, halves of characters, separators of lines and paragraphs; and marks that only steer the text.
_BREAKS = {"Cc", "Cs", "Zl", "Zp"}
_UNSEEN = {"Cf"}
_ITEM = re.compile(r"\s*(?:[–•*-]\s|\d+\.\s)?")


def one_line(text: object, limit: int = 200) -> str:
    """The text as one line that is safe in a header: no breaks, controls or encoded words; cut to ``limit``."""
    kinds = ((char, unicodedata.category(char)) for char in str(text))
    seen = "".join(" " if kind in _BREAKS else char for char, kind in kinds if kind not in _UNSEEN)
    line = " ".join(seen.replace("=?", "= ?").split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def write(template: str, context: Mapping[str, Any]) -> str:
    """The text of a mail from ``templates/<template>`` in Czech, with hard spaces, wrapped.

    Beside ``context`` the template knows ``region`` and ``site_url``. Nothing is escaped: it is not HTML.
    """
    facts = {"region": Region.load(), "site_url": settings.SITE_URL, **context}
    with override(LANGUAGE):
        # The engine itself: the loader of pages would escape the values.
        text = Engine.get_default().get_template(template).render(Context(facts, autoescape=False))
    return wrap(typo(text))


def wrap(text: str, width: int = WIDTH) -> str:
    """Break long lines at spaces, items under their first letter; at most one empty line in a row."""
    lines: list[str] = []
    for line in text.splitlines():
        line = line.rstrip()
        if len(line) <= width:
            lines.append(line)
            continue
        item = _ITEM.match(line)
        start = item[0] if item else ""
        lines += textwrap.wrap(
            line[len(start) :],
            width,
            initial_indent=start,
            subsequent_indent=" " * len(start),
            break_long_words=False,
            break_on_hyphens=False,
        )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
