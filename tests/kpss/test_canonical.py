"""Frozen content: the same bytes for the same content, today and after the dataclass has grown."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from kpss.canonical import canonical, fingerprint, later, parse


@dataclass(frozen=True)
class Line:
    what: str
    much: Decimal | None


@dataclass(frozen=True)
class Letter:
    title: str
    day: datetime.date
    at: datetime.datetime | None
    lines: tuple[Line, ...]
    pairs: tuple[tuple[str, int], ...] = field(default=())


@dataclass(frozen=True)
class LongerLine:
    what: str
    much: Decimal | None
    unit: str = later("")


@dataclass(frozen=True)
class LongerLetter:
    title: str
    day: datetime.date
    at: datetime.datetime | None
    lines: tuple[LongerLine, ...]
    pairs: tuple[tuple[str, int], ...] = field(default=())
    annexes: tuple[str, ...] = later(())


LETTER = Letter(
    title="Žádost „o lavičku“",
    day=datetime.date(2020, 12, 16),
    at=datetime.datetime(2020, 12, 16, 17, 5, tzinfo=datetime.UTC),
    lines=(Line("prkno", Decimal("9.50")), Line("šroub", None)),
    pairs=(("kus", 2),),
)
BYTES = (
    '{"at":"2020-12-16T17:05:00+00:00","day":"2020-12-16",'
    '"lines":[{"much":"9.5","what":"prkno"},{"much":null,"what":"šroub"}],'
    '"pairs":[["kus",2]],"title":"Žádost „o lavičku“"}'
).encode()


def test_bytes_are_these_for_ever():
    assert canonical(LETTER) == BYTES
    assert parse(Letter, BYTES) == LETTER


def test_a_dataclass_that_has_grown_keeps_the_fingerprint_of_old_content():
    grown = parse(LongerLetter, BYTES)

    assert grown.annexes == ()
    assert canonical(grown) == BYTES
    assert fingerprint(grown) == fingerprint(LETTER)


def test_what_was_added_later_is_in_the_bytes_once_it_says_something():
    grown = LongerLetter("A", LETTER.day, None, (LongerLine("prkno", None, "m"),), annexes=("x",))

    data = canonical(grown)

    assert b'"unit":"m"' in data
    assert b'"annexes":["x"]' in data
    assert parse(LongerLetter, data) == grown


def test_other_data_is_refused():
    with pytest.raises(TypeError):
        canonical(Line("a", {"b"}))  # type: ignore[arg-type]
