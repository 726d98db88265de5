"""One cell, there and back: what Excel holds or a person types becomes a clean value, or a ``CellProblem``."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal

from kpss.exchange.cells import (
    SPACES,
    CellProblem,
    as_date,
    as_text,
    date_text,
    exact,
    number_text,
)

__all__ = [
    "CellProblem",
    "as_amount",
    "as_code",
    "as_date",
    "as_decimal",
    "as_text",
    "date_text",
    "join_items",
    "number_text",
    "split_items",
]

MAX_AMOUNT = 2**63 - 1  # what a database can keep
MAX_NUMBER = 10**12 - 1
_NUMBER = re.compile(r"([+\-−]?)(\d+)(?:[.,](\d+))?")
_CROWNS = re.compile(r"(?:,-|,–|kč|czk|korun)\.?$", re.IGNORECASE)
_MOST_DIGITS = 20


def as_code(value: object) -> tuple[str, bool]:
    """The code, and whether Excel kept it as a number with a decimal point (1.10 is then lost as 1.1)."""
    if isinstance(value, datetime.datetime | datetime.date):
        raise CellProblem("code_is_date", value=as_text(value))
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return as_text(value), False
    assert isinstance(value, int | float | Decimal)
    text = number_text(exact(value)).replace(",", ".")
    return text, "." in text


def as_amount(value: object) -> int | None:
    """Whole crowns from a number or from "1 200 000 Kč"."""
    number = _number(value, "not_an_amount", strip=_CROWNS)
    if number is None:
        return None
    if number < 0:
        raise CellProblem("amount_negative", value=as_text(value))
    if number != number.to_integral_value():
        raise CellProblem("amount_not_whole", value=as_text(value))
    if number > MAX_AMOUNT:
        raise CellProblem("number_too_big", value=as_text(value))
    return int(number)


def as_decimal(value: object) -> Decimal | None:
    """A number with at most two decimals from "9,5", "9.5" or a number; twelve digits before the comma."""
    number = _number(value, "not_a_number")
    if number is None:
        return None
    if number != number.quantize(Decimal("0.01")):
        raise CellProblem("too_many_decimals", value=as_text(value))
    if abs(number) > MAX_NUMBER:
        raise CellProblem("number_too_big", value=as_text(value))
    return number


def _number(value: object, kind: str, strip: re.Pattern[str] | None = None) -> Decimal | None:
    if isinstance(value, datetime.datetime | datetime.date):
        raise CellProblem("number_is_date", value=as_text(value))
    text = as_text(value).strip("\t")
    if not text:
        return None
    compact = re.sub(r"\s", "", strip.sub("", text).strip() if strip else text)
    match = _NUMBER.fullmatch(compact)
    if isinstance(value, bool) or not match or _dots_between_thousands(text):
        raise CellProblem(kind, value=text)
    sign = "-" if match[1] in ("-", "−") else ""
    if len(match[2]) > _MOST_DIGITS or len(match[3] or "") > _MOST_DIGITS:
        raise CellProblem("number_too_big", value=text)
    return Decimal(f"{sign}{match[2]}.{match[3] or 0}")


def _dots_between_thousands(text: str) -> bool:
    """Whether "1.200" may mean a thousand and two hundred: then it is better to ask."""
    return bool(re.match(r"[+\-−]?\d{1,3}\.\d{3}(\D|$)", text.strip()))


def split_items(text: str) -> list[str]:
    """Items of a cell parted by semicolons or ends of lines; an item in "quotes" may hold both.

    Raise CellProblem when a quotation mark is not closed.
    """
    items: list[str] = []
    rest = text
    while rest := rest.lstrip(SPACES + ";"):
        if rest.startswith('"'):
            item, rest = _quoted(rest)
        else:
            match = re.match(r"[^;\n]*", rest)
            assert match
            item, rest = match[0].strip(SPACES), rest[match.end() :]
        if item:
            items.append(item)
    return items


def _quoted(text: str) -> tuple[str, str]:
    match = re.match(r'"((?:[^"]|"")*)"[ \u00a0]*(?=[;\n]|$)', text)
    if not match:
        raise CellProblem("quotes_open", value=text[:60])
    return match[1].replace('""', '"'), text[match.end() :]


def join_items(items: Iterable[str]) -> str:
    """Items as one cell, so that ``split_items`` gives them back."""
    return "; ".join(_as_item(item) for item in items)


def _as_item(item: str) -> str:
    awkward = ";" in item or "\n" in item or item.startswith('"') or item != item.strip(SPACES)
    return '"' + item.replace('"', '""') + '"' if awkward else item
