"""A screen never misses what happens in the very moment in which it is drawn."""

import pytest

from committees.meetings import (
    selectors_live,
    views_live,
    views_live_board,
    views_live_member,
)
from committees.meetings.services import live
from tests.committees.meetings.live_table import item, members_of, operator, running
from tests.committees.meetings.test_live_pages import HTMX, address, signed_in, text_of

pytestmark = pytest.mark.django_db

# The address of a screen, of its news, and what reads its stamp.
SCREENS = {
    "operator": ("live", "live_state", (views_live, "stamp_of")),
    "board": ("live_board", "live_board_state", (views_live_board, "stamp_of")),
    "member": ("live_mine", "live_mine_step", (views_live_member, "own_stamp")),
}


@pytest.fixture(params=SCREENS)
def screen(request, client):
    """A meeting with one screen on it: its page, its news, what reads its stamp."""
    name, news_name, reader = SCREENS[request.param]
    meeting = running(3)
    live.take_up(item(meeting, 1), actor=operator())
    signed_in(client, members_of(meeting)[1] if request.param == "member" else operator())
    rest = {"rest": "stav/"} if request.param == "member" else {}
    return meeting, address(meeting, name), address(meeting, news_name, **rest), reader


def once(monkeypatch, place, name, *, before=None, after=None):
    """Let something happen just before, or just after, the first call of the function."""
    real = getattr(place, name)

    def call(*args, **kwargs):
        monkeypatch.setattr(place, name, real)
        if before:
            before()
        result = real(*args, **kwargs)
        if after:
            after()
        return result

    monkeypatch.setattr(place, name, call)


def test_what_happens_after_the_page_was_read_is_news_to_it(client, monkeypatch, screen):
    meeting, page, news, _reader = screen

    def go_on():
        live.take_up(item(meeting, 2), actor=operator())

    once(monkeypatch, selectors_live, "live_of", after=go_on)
    stamp = client.get(page).context["stamp"]
    response = client.get(news, {"z": getattr(stamp, "whole", stamp)}, headers=HTMX)

    assert response.status_code == 200


def test_what_happens_before_the_stamp_is_read_is_on_the_page(client, monkeypatch, screen):
    meeting, page, news, reader = screen

    def go_on():
        live.take_up(item(meeting, 2), actor=operator())

    once(monkeypatch, *reader, before=go_on)
    response = client.get(page)

    assert response.context["live"].current.item == item(meeting, 2)
    assert "Bod programu 2" in text_of(response)
    stamp = response.context["stamp"]
    assert client.get(news, {"z": getattr(stamp, "whole", stamp)}, headers=HTMX).status_code == 204
