"""Desks: what waits for somebody, line by line, each with one action.

Rooms make their own lines and register them in ``AppConfig.ready``; the desks gather them all and know
no room by name.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t

from kpss import clock
from kpss.czech import date as czech_date
from kpss.czech import datetime_


@dataclass(frozen=True)
class Line:
    """What waits (``what``), about which thing (``about``), until when, and where the one action is.

    ``until`` sorts lines; ``when`` says it in words when a plain date is not enough. ``count`` is how
    many things stand behind a line that speaks of several.
    """

    what: str
    about: str
    url: str
    action: str
    until: datetime.datetime | datetime.date | None = None
    when: str = ""
    count: int = 1

    @property
    def is_late(self) -> bool:
        """Whether its term has passed; a day ends at midnight."""
        return self.until is not None and moment_of(self.until) <= clock.now()

    @property
    def term(self) -> str:
        """Until when, in words: "do 12. 11. 2020 v 18:00"; after the term it says that it has passed."""
        if self.when or self.until is None:
            return self.when
        is_moment = isinstance(self.until, datetime.datetime)
        words = datetime_(self.until) if is_moment else czech_date(self.until)  # type: ignore[arg-type]
        sentence = _t("the term passed on %(date)s") if self.is_late else _t("until %(date)s")
        return sentence % {"date": words}


class Pile(StrEnum):
    """Where a line lies on the coordinator's desk."""

    TODAY = "today"
    OVERDUE = "overdue"
    UNANSWERED = "unanswered"
    TO_APPROVE = "to_approve"
    UNDER_WAY = "under_way"
    UNBALANCED = "unbalanced"
    AGEING = "ageing"


Lines = Callable[[Any], Iterable[Line]]

_personal: list[Lines] = []
_office: list[tuple[Pile, Lines]] = []


def register(lines: Lines) -> None:
    """Put what ``lines(person)`` gives on that person's desk; twice is as once.

    A room asks the same number of queries however many lines it gives.
    """
    if lines not in _personal:
        _personal.append(lines)


def register_office(pile: Pile, lines: Lines) -> None:
    """Put what ``lines(coordinator)`` gives on the coordinator's desk, on ``pile``.

    Whatever its room says, a line whose term has passed lies among the overdue ones and one with
    its term today among today's.
    """
    if (pile, lines) not in _office:
        _office.append((pile, lines))


def waiting_for(person: Any) -> list[Line]:
    """All that waits for the person, the nearest term first, what has no term at the end."""
    return in_order(line for lines in _personal for line in lines(person))


def piles_for(coordinator: Any) -> dict[Pile, list[Line]]:
    """All that waits on the coordinator's desk, by piles, each in order."""
    piles: dict[Pile, list[Line]] = {pile: [] for pile in Pile}
    for pile, lines in _office:
        for line in lines(coordinator):
            piles[_pile_by_term(line) or pile].append(line)
    return {pile: in_order(lines) for pile, lines in piles.items()}


def _pile_by_term(line: Line) -> Pile | None:
    if line.until is None:
        return None
    if line.is_late:
        return Pile.OVERDUE
    return Pile.TODAY if timezone.localdate(_last_instant(line.until)) == clock.today() else None


def in_order(lines: Iterable[Line]) -> list[Line]:
    """The lines by their terms; those without one keep their order at the end."""
    lines = list(lines)
    dated = [(moment_of(line.until), line) for line in lines if line.until is not None]
    dated.sort(key=lambda pair: pair[0])
    return [line for _term, line in dated] + [line for line in lines if line.until is None]


def moment_of(until: datetime.datetime | datetime.date) -> datetime.datetime:
    """The moment when the term passes: a day passes at its midnight."""
    if isinstance(until, datetime.datetime):
        return until
    next_day = until + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(next_day, datetime.time.min))


def _last_instant(until: datetime.datetime | datetime.date) -> datetime.datetime:
    return moment_of(until) - datetime.timedelta(microseconds=1)
