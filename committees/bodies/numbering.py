"""Numbers of resolutions by a committee's own pattern, such as "{jednani}/{rok}/{poradi}"."""

import datetime
import re
from collections.abc import Collection, Iterable
from string import Formatter
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .models import Committee

AT_MEETING = "{jednani}/{rok}/{poradi}"
PER_ROLLAM = "PR {poradi}/{rok}"

PLACEHOLDERS = {
    "jednani": _("number of the meeting in the year"),
    "rok": _("year"),
    "poradi": _("order within the meeting; per rollam, within the year"),
    "poradi_v_roce": _("order within the year among all resolutions"),
}
ORDERS = frozenset({"poradi", "poradi_v_roce"})
LONGEST_NUMBER = 40  # as long as the column of the number


def validate(pattern: str) -> None:
    """Raise ValidationError with a sentence when ``pattern`` could not number resolutions."""
    used = _placeholders(pattern)
    if unknown := sorted(used - PLACEHOLDERS.keys()):
        raise ValidationError(
            _t("%(name)s is not known here. You can use %(known)s.")
            % {
                "name": "{" + unknown[0] + "}",
                "known": ", ".join("{" + name + "}" for name in PLACEHOLDERS),
            }
        )
    if not used & ORDERS:
        raise ValidationError(
            _t("Without {poradi} or {poradi_v_roce} all resolutions would have the same number.")
        )
    longest = number(pattern, meeting_number=99, year=2000, order=999, order_in_year=9999)
    if len(longest) > LONGEST_NUMBER:
        raise ValidationError(
            _t("The number would be too long, for example %(number)s. Shorten the pattern.")
            % {"number": longest}
        )


def validate_per_rollam(pattern: str) -> None:
    """As ``validate``, and refuse the number of a meeting: there is none outside meetings."""
    validate(pattern)
    if "jednani" in _placeholders(pattern):
        raise ValidationError(
            _t("A vote outside a meeting has no number of a meeting. Leave {jednani} out.")
        )


def number(
    pattern: str, *, meeting_number: int | None, year: int, order: int, order_in_year: int
) -> str:
    """Fill in a valid ``pattern``. Raise ValueError when it asks for a meeting that is not given."""
    if meeting_number is None and "jednani" in _placeholders(pattern):
        raise ValueError("This pattern numbers resolutions of meetings.")
    return pattern.format(
        jednani=meeting_number, rok=year, poradi=order, poradi_v_roce=order_in_year
    ).strip()


def next_number(
    committee: "Committee",
    *,
    day: datetime.date,
    meeting_number: int | None = None,
    taken: Iterable[str] = (),
) -> str:
    """The number of the next resolution of ``day``; without ``meeting_number``, of one per rollam.

    It follows the highest number used in that year, so that a gap is never filled later, and it
    never is one that the committee used that year or one of ``taken`` (promised, not recorded yet).
    The caller holds the row of the committee (``services.lock_committee``) till its own number is
    written, so that nobody else is given the same. One query.
    """
    pattern = committee.numbering if meeting_number is not None else committee.numbering_per_rollam
    recorded = committee.resolutions.filter(adopted_on__year=day.year)
    used = {*recorded.values_list("number", flat=True), *taken}
    found = _reader(pattern, meeting_number, day.year)
    read = [match.groupdict() for number in used if (match := found.fullmatch(number))]
    order = _after(read, "poradi", at_least=0)
    order_in_year = _after(read, "poradi_v_roce", at_least=len(used))
    while True:
        candidate = number(
            pattern,
            meeting_number=meeting_number,
            year=day.year,
            order=order,
            order_in_year=order_in_year,
        )
        if candidate not in used:
            return candidate
        order, order_in_year = order + 1, order_in_year + 1


def example(pattern: str) -> str:
    """What a number by ``pattern`` looks like; empty while the pattern is not valid."""
    try:
        validate(pattern)
    except ValidationError:
        return ""
    return number(pattern, meeting_number=3, year=2021, order=4, order_in_year=27)


def _placeholders(pattern: str) -> set[str]:
    """Names in braces. Raise ValidationError where braces do not match or hold something else."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        parts = [("", "", "", "")]
    names = {name for _text, name, _format, _conversion in parts if name is not None}
    if "" in names or any(format or conversion for _text, _name, format, conversion in parts):
        raise ValidationError(
            _t("Braces belong only around a name, such as {poradi}. Close every brace.")
        )
    return names


def _reader(pattern: str, meeting_number: int | None, year: int) -> re.Pattern[str]:
    """What reads the orders back from numbers of this meeting and year."""
    known = {"jednani": str(meeting_number), "rok": str(year)}
    seen: set[str] = set()
    out = []
    for text, name, _format, _conversion in Formatter().parse(pattern.strip()):
        out.append(re.escape(text))
        if name in ORDERS:
            out.append(f"(?P={name})" if name in seen else f"(?P<{name}>[0-9]{{1,6}})")
            seen.add(name)
        elif name:
            out.append(re.escape(known[name]))
    return re.compile("".join(out))


def _after(read: Collection[dict[str, str]], name: str, *, at_least: int) -> int:
    return 1 + max([at_least, *(int(groups[name]) for groups in read if name in groups)])
