"""One cell: what Excel holds or a person types becomes a clean text or day, or a ``CellProblem``."""

import calendar
import datetime
import re
from decimal import Decimal

from kpss import czech

from .layout import plain

SPACES = " \n\r\u00a0\u202f"
# Control characters that neither a page nor a database can carry; tab and ends of lines are fine.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_DAY_FIRST = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})")
_DAY_IN_WORDS = re.compile(r"(\d{1,2})\.\s*([^\W\d]+)\s+(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_MONTH_NAMES = [
    "ledna", "února", "března", "dubna", "května", "června",
    "července", "srpna", "září", "října", "listopadu", "prosince",
]  # fmt: skip
_MONTHS = {plain(name): number for number, name in enumerate(_MONTH_NAMES, 1)}
_FIRST_EXCEL_DAY = datetime.date(1899, 12, 30)
_EXAMPLE_DAY = datetime.date(2021, 3, 15)
_LONGEST_QUOTE = 80


class CellProblem(Exception):
    """The cell cannot be read; ``kind`` is a key of the report's sentences, ``params`` its words."""

    def __init__(self, kind: str, **params: str):
        self.kind = kind
        self.params = {name: text[:_LONGEST_QUOTE] for name, text in params.items()}
        super().__init__(kind)


def as_text(value: object) -> str:
    """The cell as text: trimmed, one kind of line end; numbers and days as a Czech reader writes them."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip(SPACES)
    if isinstance(value, bool):
        return "PRAVDA" if value else "NEPRAVDA"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, datetime.datetime):
        return f"{date_text(value.date())} {value:%H:%M}"
    if isinstance(value, datetime.date):
        return date_text(value)
    if isinstance(value, int | float | Decimal):
        return number_text(exact(value))
    return str(value)


def exact(value: int | float | Decimal) -> Decimal:
    """The number as it is written: 0.1 is a tenth, not the nearest binary fraction."""
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
