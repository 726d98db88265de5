"""The demonstration plans as parsed rows, so that they are built through the same apply as an upload."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpss.codelists import read_csv
from providers.directory import demo
from providers.directory.models import Organisation

from .exchange import IndicatorCells, Parsed, Row
from .exchange.layout import Kind

_DATA = Path(__file__).resolve().parent / "demo"
_PROVIDERS = Path(demo.__file__).with_name("providers.csv")
_LEVELS = {"priorita": "priorita", "opatreni": "opatření"}
_IN_FULL = {
    "koordinatorka": "koordinátorka komunitního plánování",
    "obce": "obce správního obvodu",
    "komise": "komise pro plánování sociálních služeb",
    "MAS": "místní akční skupina",
    "OSPOD": "orgán sociálně-právní ochrany dětí",
}


def community_plan_rows() -> Parsed:
    """The tree of the community plan 2020–2023: five priorities and their measures."""
    return Parsed(nodes=tuple(_nodes()), sheets=frozenset({Kind.NODE}))


def action_plan_rows() -> Parsed:
    """The action plan 2021: the same tree with its tasks. Causes one query.

    Organisations must be in the directory already; the names written with them come from there.
    """
    return Parsed(nodes=tuple(_nodes()), tasks=tuple(_tasks()))


def _nodes() -> Iterator[Row]:
    for number, line in enumerate(read_csv(_DATA / "plan_2020_2023.csv"), start=2):
        yield Row(
            Kind.NODE,
            number,
            {
                "code": line["code"],
                "parent": line["parent"],
                "level": _LEVELS[line["level"]],
                "title": line["title"],
                "planning_group": line["planning_group"],
            },
        )


def _tasks() -> Iterator[Row]:
    parties = _providers() | _IN_FULL
    for number, line in enumerate(read_csv(_DATA / "action_plan_2021.csv"), start=2):
        yield Row(
            Kind.TASK,
            number,
            {
                "code": line["code"],
                "node": line["measure"],
                "title": line["title"],
                "date_from": datetime.date.fromisoformat(line["date_from"]),
                "date_to": datetime.date.fromisoformat(line["date_to"]),
                "cost_planned": int(line["cost_planned_czk"]),
                "responsible": _party(parties, line["responsible"]),
                "partners": _party(parties, line["cooperates"]),
                "funding": tuple(line["funding_sources"].split("|")),
                "indicators": tuple(_indicators(line)),
            },
        )


def _party(parties: dict[str, str], name: str) -> tuple[str, ...]:
    return (parties.get(name, name),) if name else ()


def _indicators(line: dict[str, str]) -> Iterator[IndicatorCells]:
    for number in (1, 2):
        if name := line[f"indicator_{number}"]:
            given: dict[str, Any] = {"planned": Decimal(line[f"plan_{number}"])}
            yield IndicatorCells(number, name, given)


def _providers() -> dict[str, str]:
    """The keys of the demonstration providers as the directory knows them: "Charita [99000148]"."""
    numbers = {line["ico"]: line["id"] for line in read_csv(_PROVIDERS)}
    names = Organisation.objects.filter(ico__in=numbers).values_list("ico", "name")
    return {numbers[ico]: f"{name} [{ico}]" for ico, name in names if ico}
