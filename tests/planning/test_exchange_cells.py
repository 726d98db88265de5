import datetime
from decimal import Decimal

import pytest

from planning.plans.exchange import cells
from planning.plans.exchange.cells import CellProblem

FIRST_OF_MARCH = datetime.date(2021, 3, 1)


@pytest.mark.parametrize(
    "value",
    [
        FIRST_OF_MARCH,
        datetime.datetime(2021, 3, 1),  # noqa: DTZ001 - Excel knows no time zones
        "1. 3. 2021",
        "1.3.2021",
        "01.03.2021",
        " 1.\u00a03.\u00a02021 ",
        "1. března 2021",
        "1. BŘEZNA 2021",
        "2021-03-01",
        "2021-03-01 00:00:00",
    ],
)
def test_date_is_read_from_what_people_and_excel_write(value):
    assert cells.as_date(value) == FIRST_OF_MARCH


@pytest.mark.parametrize(
    ("value", "example"),
    [
        ("31. 2. 2021", "28. 2. 2021"),
        ("29. 2. 2021", "28. 2. 2021"),
        ("31. 4. 2021", "30. 4. 2021"),
        ("2021-02-31", "28. 2. 2021"),
        ("1. 3. 21", "1. 3. 2021"),
        (44256, "1. 3. 2021"),
        (44256.0, "1. 3. 2021"),
        (datetime.datetime(2021, 3, 1, 14, 30), "1. 3. 2021"),  # noqa: DTZ001
        ("1/3/2021", "15. 3. 2021"),
        ("brzy", "15. 3. 2021"),
        ("3/2021", "15. 3. 2021"),
        ("1. 13. 2021", "15. 3. 2021"),
        ("0. 0. 0000", "15. 3. 2021"),
        (2021, "15. 3. 2021"),
        (True, "15. 3. 2021"),
    ],
)
def test_date_that_is_none_gets_an_example_of_what_was_meant(value, example):
    with pytest.raises(CellProblem) as refusal:
        cells.as_date(value)

    assert refusal.value.kind == "not_a_date"
    assert refusal.value.params["example"] == example


@pytest.mark.parametrize("value", [None, "", "  ", "\u00a0"])
def test_empty_cells_are_nothing(value):
    assert cells.as_date(value) is None
    assert cells.as_amount(value) is None
    assert cells.as_decimal(value) is None
    assert cells.as_text(value) == ""


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (1_200_000, 1_200_000),
        (1_200_000.0, 1_200_000),
        ("1 200 000 Kč", 1_200_000),
        ("1\u00a0200\u00a0000\u00a0Kč", 1_200_000),
        ("1200000,-", 1_200_000),
        ("1 200 000,00 Kč", 1_200_000),
        ("120000 CZK", 120_000),
        ("0", 0),
        (0, 0),
    ],
)
def test_amount_is_read_with_spaces_and_currency(value, amount):
    assert cells.as_amount(value) == amount


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("milion", "not_an_amount"),
        ("1,2 mil. Kč", "not_an_amount"),
        ("1.200", "not_an_amount"),
        ("1.200.000", "not_an_amount"),
        (True, "not_an_amount"),
        ("nan", "not_an_amount"),
        (float("nan"), "not_an_amount"),
        (float("inf"), "not_an_amount"),
        (-5, "amount_negative"),
        ("−5 Kč", "amount_negative"),
        ("120,50 Kč", "amount_not_whole"),
        (120.5, "amount_not_whole"),
        (2**63, "number_too_big"),
        (1e300, "number_too_big"),
        ("9" * 400, "number_too_big"),
        (datetime.date(2021, 5, 1), "number_is_date"),
    ],
)
def test_amount_that_is_none_is_refused(value, kind):
    with pytest.raises(CellProblem) as refusal:
        cells.as_amount(value)

    assert refusal.value.kind == kind
    assert all(len(text) <= 80 for text in refusal.value.params.values())


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (9.5, "9.5"),
        ("9,5", "9.5"),
        ("9.5", "9.5"),
        (110, "110"),
        ("1 500", "1500"),
        ("-0,25", "-0.25"),
        (0.1, "0.1"),
    ],
)
def test_number_is_read_with_comma_or_point(value, number):
    assert cells.as_decimal(value) == Decimal(number)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("pět", "not_a_number"),
        ("5 úvazků", "not_a_number"),
        ("9,125", "too_many_decimals"),
        (datetime.date(2021, 5, 9), "number_is_date"),
        (10**12, "number_too_big"),
    ],
)
def test_number_that_is_none_is_refused(value, kind):
    with pytest.raises(CellProblem) as refusal:
        cells.as_decimal(value)

    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    ("value", "code", "was_number"),
    [
        ("1.1.2", "1.1.2", False),
        (" 1.10 ", "1.10", False),
        (1, "1", False),
        (1.0, "1", False),
        (1.1, "1.1", True),
        (None, "", False),
    ],
)
def test_code_survives_being_a_number(value, code, was_number):
    assert cells.as_code(value) == (code, was_number)


def test_code_turned_into_a_date_is_refused():
    with pytest.raises(CellProblem) as refusal:
        cells.as_code(datetime.datetime(2021, 1, 1))  # noqa: DTZ001

    assert refusal.value.kind == "code_is_date"
    assert refusal.value.params == {"value": "1. 1. 2021"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2021, "2021"),
        (1.5, "1,5"),
        (datetime.date(2021, 3, 1), "1. 3. 2021"),
        (datetime.time(8, 30), "08:30:00"),
        (True, "PRAVDA"),
        (" okolo \n", "okolo"),
        ("dva\r\nřádky\r", "dva\nřádky"),
        ("\tuvnitř", "\tuvnitř"),
    ],
)
def test_text_says_what_the_cell_shows(value, text):
    assert cells.as_text(value) == text


@pytest.mark.parametrize(
    "items",
    [
        [],
        ["Charita", "obce"],
        ["a; b", 'c "d"', '"e"', "dva\nřádky", " mezera ", ";", '";"'],
        ["=1+1", "'", "\tx"],
    ],
)
def test_items_of_a_cell_come_back(items):
    assert cells.split_items(cells.join_items(items)) == items


def test_items_forgive_needless_marks():
    assert cells.split_items(" Charita;; obce ;\nMAS\n") == ["Charita", "obce", "MAS"]


@pytest.mark.parametrize("text", ['"bez konce', '"a" b', 'x; "y'])
def test_items_with_an_open_quote_are_refused(text):
    with pytest.raises(CellProblem) as refusal:
        cells.split_items(text)

    assert refusal.value.kind == "quotes_open"
