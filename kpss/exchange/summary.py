"""A report shaped for its page: counts as a table, and the first rows of each outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import pgettext

from .report import Item, Problem, Report

SHOWN = 200  # rows of one outcome on the page; the rest is in the file with the result


@dataclass(frozen=True)
class Section:
    """One outcome: its rows in the file's order, and how many more there are than the page shows."""

    count: int
    items: tuple[Item, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.items)


@dataclass(frozen=True)
class Fault:
    """One reason why a row is refused, beside the row's code and name."""

    item: Item
    problem: Problem


class Line(NamedTuple):
    """One outcome in the table of counts: a number for each kind."""

    term: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Summary:
    """What the page of an upload shows."""

    lines: tuple[Line, ...]
    created: Section
    changed: Section
    unchanged: Section
    absent: Section
    faults: tuple[Fault, ...]
    more_faults: int
    notices: tuple[Problem, ...]
    more_notices: int


def summary_of(
    report: Report, *, kinds: Sequence[str], is_applied: bool, same: str, absent: str = ""
) -> Summary:
    """The report for its page, in the future or, once it is applied, in the past.

    ``kinds`` are the columns of counts; ``same`` and ``absent`` name what is the same in the file
    and in the portal, and what the file does not name ("" where nothing is looked for).
    """
    faults = [Fault(item, problem) for item in report.refused for problem in item.problems]
    created, changed, refused = (
        (
            pgettext("rows of a file", "Created"),
            pgettext("rows of a file", "Changed"),
            pgettext("rows of a file", "Left out"),
        )
        if is_applied
        else (
            pgettext("rows of a file", "Will be created"),
            pgettext("rows of a file", "Will be changed"),
            pgettext("rows of a file", "Cannot be used"),
        )
    )
    lines = [
        (created, report.created),
        (changed, report.changed),
        (same, report.unchanged),
        (refused, report.refused),
        (absent, report.absent),
    ]
    return Summary(
        lines=tuple(Line(term, _counts(items, kinds)) for term, items in lines if term),
        created=_section(report.created),
        changed=_section(report.changed),
        unchanged=_section(report.unchanged),
        absent=_section(report.absent),
        faults=tuple(faults[:SHOWN]),
        more_faults=max(len(faults) - SHOWN, 0),
        notices=report.notices[:SHOWN],
        more_notices=max(len(report.notices) - SHOWN, 0),
    )


def _section(items: tuple[Item, ...]) -> Section:
    return Section(len(items), items[:SHOWN])


def _counts(items: Iterable[Item], kinds: Sequence[str]) -> tuple[int, ...]:
    found = [item.kind for item in items]
    return tuple(found.count(kind) for kind in kinds)
