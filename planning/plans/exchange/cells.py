"""One cell, there and back: what Excel holds or a person types becomes a clean value, or a ``CellProblem``."""

import calendar
import datetime
import re
from collections.abc import Iterable
from decimal import Decimal

from kpss import czech

from .layout import plain

MAX_AMOUNT = 2**63 - 1  # what a database can keep
MAX_NUMBER = 10**12 - 1
_SPACES = " \n\r\u00a0\u202f"
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})")
_DAY_IN_WORDS = re.compile(r"(\d{1,2})\.\s*([^\W\d]+)\s+(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_MONTH_NAMES = [
    "ledna", "února", "března", "dubna", "května", "června",
    "července", "srpna", "září", "října", "listopadu", "prosince",
]  # fmt: skip
_MONTHS = {plain(name): number for number, name in enumerate(_MONTH_NAMES, 1)}
_NUMBER = re.compile(r"([+\-−]?)(\d+)(?:[.,](\d+))?")
_CROWNS = re.compile(r"(?:,-|,–|kč|czk|korun)\.?$", re.IGNORECASE)
_FIRST_EXCEL_DAY = datetime.date(1899, 12, 30)
_EXAMPLE_DAY = datetime.date(2021, 3, 15)
# Control characters that neither a page nor a database can carry; tab and ends of lines are fine.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST_QUOTE = 80
_MOST_DIGITS = 20


class CellProblem(Exception):
    """The cell cannot be read; ``kind`` is a key of ``report.SENTENCES``, ``params`` its words."""

    def __init__(self, kind: str, **params: str):
        self.kind = kind
        self.params = {name: text[:_LONGEST_QUOTE] for name, text in params.items()}
        super().__init__(kind)


def as_text(value: object) -> str:
    """The cell as text: trimmed, one kind of line end; numbers and days as a Czech reader writes them."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip(_SPACES)
    if isinstance(value, bool):
        return "PRAVDA" if value else "NEPRAVDA"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, datetime.datetime):
        return f"{date_text(value.date())} {value:%H:%M}"
    if isinstance(value, datetime.date):
        return date_text(value)
    if isinstance(value, int | float | Decimal):
        return number_text(_exact(value))
    return str(value)


def _exact(value: int | float | Decimal) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def date_text(value: datetime.date | None) -> str:
    """The day as it is written into a cell: "1. 3. 2021" with plain spaces."""
    return czech.date(value).replace(czech.NBSP, " ")


def number_text(value: Decimal | int | None) -> str:
    """The number as "9,5": no needless zeros, decimal comma, no spaces."""
    if value is None:
        return ""
    text = format(Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def as_code(value: object) -> tuple[str, bool]:
    """The code, and whether Excel kept it as a number with a decimal point (1.10 is then lost as 1.1)."""
    if isinstance(value, datetime.datetime | datetime.date):
        raise CellProblem("code_is_date", value=as_text(value))
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return as_text(value), False
    assert isinstance(value, int | float | Decimal)
    text = number_text(_exact(value)).replace(",", ".")
    return text, "." in text


def as_date(value: object) -> datetime.date | None:
    """A day from an Excel date, "1. 3. 2021", "1.3.2021", "1. března 2021" or "2021-03-01"."""
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            raise CellProblem("not_a_date", value=as_text(value), example=date_text(value.date()))
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = as_text(value).strip("\t")
    if not text:
        return None
    example = _EXAMPLE_DAY
    if isinstance(value, int | float) and not isinstance(value, bool) and 20_000 < value < 80_000:
        example = _FIRST_EXCEL_DAY + datetime.timedelta(days=int(value))
    elif parts := _day_month_year(text):
        day, month, year = parts
        century = 2000 if year < 100 else 0
        try:
            example = datetime.date(year + century, month, day)
        except ValueError:
            example = _nearest(year + century, month)
        else:
            if not century:
                return example
    raise CellProblem("not_a_date", value=text, example=date_text(example))


def _day_month_year(text: str) -> tuple[int, int, int] | None:
    text = text.replace(czech.NBSP, " ")
    if match := _DAY_FIRST.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _ISO.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if (match := _DAY_IN_WORDS.fullmatch(text)) and plain(match[2]) in _MONTHS:
        return int(match[1]), _MONTHS[plain(match[2])], int(match[3])
    return None


def _nearest(year: int, month: int) -> datetime.date:
    """The last day of the month that was meant, or a day for example when no month was."""
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return _EXAMPLE_DAY
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


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
    while rest := rest.lstrip(_SPACES + ";"):
        if rest.startswith('"'):
            item, rest = _quoted(rest)
        else:
            match = re.match(r"[^;\n]*", rest)
            assert match
            item, rest = match[0].strip(_SPACES), rest[match.end() :]
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
    awkward = ";" in item or "\n" in item or item.startswith('"') or item != item.strip(_SPACES)
    return '"' + item.replace('"', '""') + '"' if awkward else item
