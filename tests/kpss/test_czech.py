import datetime as dt
import random
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models.functions import Collate
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from documents.news.models import Article
from kpss import czech
from kpss.czech import KEY_LENGTH, NBSP

IN_ORDER = [
    "1.1",
    "1.1.1",
    "1.1.2",
    "1.1.10",
    "1.2",
    "1. komunitní plán",
    "2. komunitní plán",
    "10. výročí",
    "a",
    "á",
    "ab",
    "Azylový dům",
    "Blučina",
    "Bratčice",
    "cesta",
    "Cirkus",
    "czech",
    "čáp",
    "Čáslav",
    "Čejč",
    "Ďáblice",
    "dcera",
    "dědina",
    "Dům dětí",
    "Dům seniorů",
    "dumka",
    "had",
    "Hrušovany u Brna",
    "hůl",
    "Chata",
    "chléb",
    "chrám",
    "Ivaň",
    "kotel",
    "ležet",
    "město",
    "mesto 2",
    "mísa",
    "oběd",
    "osa",
    "rak",
    "ruka",
    "řád",
    "Řehoř",
    "sál",
    "Sobotovice",
    "šátek",
    "škola",
    "ťukat",
    "tužka",
    "ulice",
    "ústav",
    "Uzel",
    "vdova",
    "Žabčice",
    "žák",
    "Židlochovice",
]


def test_sort_key_orders_as_a_czech_index_does():
    shuffled = random.Random(3).sample(IN_ORDER, len(IN_ORDER))

    ordered = sorted(shuffled, key=czech.sort_key)

    assert ordered == IN_ORDER


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("cz", "č"),
        ("hz", "ch"),
        ("ch", "i"),
        ("rz", "ř"),
        ("sz", "š"),
        ("zz", "ž"),
        ("Nová", "Novák"),
        ("Novák Jan", "Nováková Eva"),
        ("nový dům", "novým"),
        ("resume", "résumé"),
        ("z", "Послуги"),
        ("úkol 9", "úkol 10"),
    ],
)
def test_sort_key_puts_one_before_the_other(first, second):
    assert czech.sort_key(first) < czech.sort_key(second)


def test_sort_key_ignores_case_punctuation_and_the_form_of_accents():
    assert czech.sort_key("DŮM – seniorů!") == czech.sort_key("du\u030am senioru\u030a")


@given(st.text())
def test_sort_key_is_short_plain_text_without_h(text):
    key = czech.sort_key(text)

    assert len(key) <= KEY_LENGTH
    assert set(key) <= set("abcdefgijklmnopqrstuvwxyz")


@pytest.mark.django_db
def test_both_engines_sort_by_the_stored_key_alike():
    for title in random.Random(7).sample(IN_ORDER, len(IN_ORDER)):
        Article.objects.create(title=title, lead="x")
    orders = ["sort_key"]
    if connection.vendor == "postgresql":
        orders += [Collate("sort_key", name) for name in ("C", "cs-x-icu", "und-x-icu", "en-x-icu")]

    for order in orders:
        assert list(Article.objects.order_by(order).values_list("title", flat=True)) == IN_ORDER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Žďár nad Sázavou", "zdar-nad-sazavou"),
        ("Akční plán 2021 – Židlochovicko", "akcni-plan-2021-zidlochovicko"),
        ("  § 3 (písm. a) ", "3-pism-a"),
        ("Łódź & Straße_x", "lodz-strasse-x"),
    ],
)
def test_slug_is_a_plain_address(text, expected):
    assert czech.slug(text) == expected


def test_slug_ends_with_a_whole_word():
    assert czech.slug("Komunitní plán sociálních služeb", max_length=20) == "komunitni-plan"
    assert czech.slug("nejneobhospodařovávatelnější", max_length=10) == "nejneobhos"


@given(st.text())
def test_slug_is_never_empty_or_long(text):
    assert 1 <= len(czech.slug(text, max_length=40)) <= 40


def test_free_slug_counts_up_to_the_first_free_one():
    taken = {"zapis", "zapis-2"}

    assert czech.free_slug("Zápis", taken.__contains__) == "zapis-3"
    assert czech.free_slug("Výpis", taken.__contains__) == "vypis"


def test_date_and_moment_have_hard_spaces_and_local_days():
    late = dt.datetime(2020, 11, 11, 23, 30, tzinfo=dt.UTC)

    assert czech.date(dt.date(2020, 11, 12)) == f"12.{NBSP}11.{NBSP}2020"
    assert czech.date(late) == f"12.{NBSP}11.{NBSP}2020"
    assert czech.datetime_(late) == f"12.{NBSP}11.{NBSP}2020{NBSP}v{NBSP}0:30"
    assert czech.datetime_(
        dt.datetime(2020, 7, 1, 9, 5, tzinfo=ZoneInfo("Europe/Prague"))
    ).endswith("9:05")
    assert czech.date(None) == czech.datetime_(None) == ""


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (2020, 2023, "2020–2023"),
        (2020, 2020, "2020"),
        (None, None, ""),
        (dt.date(2020, 1, 1), dt.date(2023, 12, 31), "1.~1.~2020~– 31.~12.~2023"),
    ],
)
def test_period(start, end, expected):
    assert czech.period(start, end).replace(NBSP, "~") == expected


def test_period_with_an_open_end_is_said_in_words():
    with translation.override("en"):
        assert czech.period(2020, None) == "from 2020"
        assert czech.period(None, 2023) == "until 2023"


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (1291040, None, "1~291~040"),
        (999, None, "999"),
        (-1500, None, "−1~500"),
        (1234.5, None, "1~234,5"),
        (Decimal("1234.50"), None, "1~234,50"),
        (2, 1, "2,0"),
        (1e21, None, "1~000~000~000~000~000~000~000"),
        (None, None, ""),
    ],
)
def test_number(value, places, expected):
    assert czech.number(value, places).replace(NBSP, "~") == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(1291040, "1~291~040~Kč"), (0, "0~Kč"), (Decimal("12.5"), "12,50~Kč"), (None, "")],
)
def test_czk(amount, expected):
    assert czech.czk(amount).replace(NBSP, "~") == expected
