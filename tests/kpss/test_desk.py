"""Lines of desks: in what order, on which pile, with what words of time."""

import datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from kpss import clock, desk
from kpss.desk import Line, Pile

NOON = timezone.make_aware(datetime.datetime(2020, 11, 12, 12, 0))  # noqa: DTZ001 - made aware
TODAY = NOON.date()
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON), override("cs"):
        yield


@pytest.fixture(autouse=True)
def _bare_desks(monkeypatch):
    monkeypatch.setattr(desk, "_personal", [])
    monkeypatch.setattr(desk, "_office", [])


def line(about, until=None, **more):
    return Line("Hlasujte", about, "/", "Hlasovat", until, **more)


def test_the_desk_gathers_lines_of_all_rooms_the_nearest_term_first():
    desk.register(lambda person: [line("bez termínu"), line("pozítří", TODAY + 2 * DAY)])
    desk.register(lambda person: [line("za hodinu", NOON + HOUR), line("dnes", TODAY)])

    waiting = desk.waiting_for("někdo")

    assert [found.about for found in waiting] == ["za hodinu", "dnes", "pozítří", "bez termínu"]


def test_a_room_gets_the_person_and_registers_once():
    asked = []

    def lines(person):
        asked.append(person)
        return []

    desk.register(lines)
    desk.register(lines)
    desk.register_office(Pile.TO_APPROVE, lines)
    desk.register_office(Pile.TO_APPROVE, lines)

    desk.waiting_for("Jana")
    desk.piles_for("Eva")

    assert asked == ["Jana", "Eva"]


@pytest.mark.parametrize(
    ("until", "pile"),
    [
        (None, Pile.UNANSWERED),
        (TODAY + DAY, Pile.UNANSWERED),
        (TODAY, Pile.TODAY),
        (NOON + HOUR, Pile.TODAY),
        (NOON, Pile.OVERDUE),
        (NOON - HOUR, Pile.OVERDUE),
        (TODAY - DAY, Pile.OVERDUE),
    ],
)
def test_a_line_moves_to_the_pile_of_its_term(until, pile):
    desk.register_office(Pile.UNANSWERED, lambda coordinator: [line("komise", until)])

    piles = desk.piles_for("Eva")

    assert {found: [one.about for one in lines] for found, lines in piles.items()} == {
        **{each: [] for each in Pile},
        pile: ["komise"],
    }


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (None, ""),
        (TODAY + DAY, "do 13. 11. 2020"),
        (NOON + 6 * HOUR, "do 12. 11. 2020 v 18:00"),
        (TODAY - DAY, "termín uplynul 11. 11. 2020"),
        (NOON - HOUR, "termín uplynul 12. 11. 2020 v 11:00"),
    ],
)
def test_a_term_is_said_in_words(until, words):
    assert line("komise", until).term.replace("\xa0", " ") == words


def test_own_words_of_the_line_stand_in_place_of_the_term():
    assert line("komise", TODAY, when="ještě dnes").term == "ještě dnes"
