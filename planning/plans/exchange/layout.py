"""The workbook of a plan as a form: its sheets and columns, and how its headings are recognised."""

import re
from enum import StrEnum

from kpss.exchange.layout import Column, plain

GUIDE_SHEET = "Návod"
NODE_SHEET = "Priority a opatření"
TASK_SHEET = "Úkoly"
LISTS_SHEET = "Číselníky"

INDICATORS_IN_TEMPLATE = 3
# Stands in a cell for a text that Excel cannot hold; read back as "no change".
LEFT_OUT = "(Text je delší, než Excel unese. Zůstane beze změny.)"

INDICATOR_KINDS = {"output": "výstup", "outcome": "výsledek", "impact": "dopad"}


class Kind(StrEnum):
    """What one row is about."""

    NODE = "node"
    TASK = "task"


SHEET_OF = {Kind.NODE: NODE_SHEET, Kind.TASK: TASK_SHEET}

NODE_COLUMNS = (
    Column("code", "Kód", 10, is_text=True),
    Column("parent", "Nadřazený kód", 12, ("nadřazený", "patří pod"), is_text=True),
    Column("level", "Úroveň", 14, choices="levels"),
    Column("title", "Název", 60, wraps=True),
    Column("need", "Potřeba", 40, wraps=True),
    Column("goal", "Cíl", 40, wraps=True),
    Column("description", "Popis", 50, wraps=True),
    Column("planning_group", "Skupina", 28, ("plánovací skupina",), choices="planning_groups"),
    Column("target_groups", "Cílové skupiny", 36, choices="target_groups", choices_bind=False),
    Column("municipalities", "Obce", 30, choices="municipalities", choices_bind=False),
)
TASK_COLUMNS = (
    Column("code", "Kód", 10, is_text=True),
    Column("node", "Opatření", 12, ("kód opatření", "nadřazený kód"), is_text=True),
    Column("title", "Název", 60, wraps=True),
    Column("description", "Popis", 50, wraps=True),
    Column("date_from", "Od", 13, ("termín od",)),
    Column("date_to", "Do", 13, ("termín do",)),
    Column("term_text", "Termín slovy", 22, is_text=True),
    Column("cost_planned", "Náklady (Kč)", 15, ("náklady", "plánované náklady")),
    Column("cost_note", "Poznámka k nákladům", 26, ("poznámka k nákladům",)),
    Column(
        "responsible", "Odpovídá", 34, ("odpovědný",), choices="organisations", choices_bind=False
    ),
    Column("partners", "Spolupracuje", 34, choices="organisations", choices_bind=False),
    Column("funding", "Zdroje financování", 40, ("zdroje",), choices="funding", choices_bind=False),
)
COLUMNS = {Kind.NODE: NODE_COLUMNS, Kind.TASK: TASK_COLUMNS}
REQUIRED = ("code", "title")

INDICATOR_PARTS = {
    "name": ("název", 34),
    "unit": ("jednotka", 14),
    "planned": ("plánovaná hodnota", 14),
    "kind": ("druh", 12),
}
_PART_OF_WORD = {"": "name", "nazev": "name", "jednotka": "unit", "planovana hodnota": "planned", "plan": "planned", "druh": "kind"}  # fmt: skip
_INDICATOR = re.compile(r"ukazatel (\d{1,3})(?: (.+))?")


def indicator_heading(number: int, part: str) -> str:
    """The heading of one part of an indicator: "Ukazatel 2: jednotka"."""
    return f"Ukazatel {number}: {INDICATOR_PARTS[part][0]}"


_KEYS = {
    kind: {
        plain(heading): column.key
        for column in columns
        for heading in (column.heading, *column.aliases)
    }
    for kind, columns in COLUMNS.items()
}


def key_of(kind: Kind, heading: str) -> str:
    """The key of the column with this heading; "indicator.2.unit" for indicators, "" for none of ours."""
    words = plain(heading)
    if key := _KEYS[kind].get(words):
        return key
    if kind == Kind.TASK and (match := _INDICATOR.fullmatch(words)):
        part = _PART_OF_WORD.get(match[2] or "")
        if part and int(match[1]):
            return f"indicator.{int(match[1])}.{part}"
    return ""


def heading_of(kind: Kind, key: str) -> str:
    """The heading of the column with this key, as it stands in the template."""
    if key.startswith("indicator."):
        _word, number, part = key.split(".")
        return indicator_heading(int(number), part)
    return next(column.heading for column in COLUMNS[kind] if column.key == key)
