"""Story 5.2 in a browser: somebody wants to take part, is nominated, the triad shows, a resolution appoints.

The citizen has no scripts; the coordinator has no mouse.
"""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from committees.bodies.enums import CommitteeKind, Side
from committees.bodies.models import Seat
from committees.nominations.models import Interest
from kpss import robots
from tests.browsing import sign_in, watch
from tests.committees.nominating import appointing, coordinator
from tests.factories import CommitteeFactory, SeatFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plain_page(chromium, live_server):
    """A page of a phone in which no script runs."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale="cs-CZ",
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults = watch(page, live_server.url)
    yield page
    context.close()
    assert faults == []


def press_on(page, locator, key="Enter"):
    """Come to the control by the keyboard and press it; what cannot hold the focus fails."""
    locator.focus()
    expect(locator).to_be_focused()
    page.keyboard.press(key)


def test_from_the_wish_to_take_part_to_the_seat(plain_page, page):
    cache.clear()
    group = CommitteeFactory(
        kind=CommitteeKind.WORKING_GROUP, name="Skupina pro seniory", slug="seniori"
    )
    for side in (Side.PROVIDER, Side.COMMISSIONER):
        SeatFactory(committee=group, side=side)
    appointing(group)

    take_part(plain_page)
    nominate(page)
    appoint(page)

    seat = Seat.objects.get(committee=group, side=Side.USER)
    assert seat.person.get_full_name() == "Marie Horáková"
    plain_page.goto("/skupiny/seniori/")
    expect(plain_page.locator("main")).to_contain_text("U stolu sedí všechny tři strany.")
    expect(plain_page.locator("main")).to_contain_text("1 zástupce uživatelů a pečujících")
    expect(plain_page.locator("main")).not_to_contain_text("Horáková")


def take_part(page):
    page.goto("/skupiny/seniori/")
    page.get_by_role("link", name="Chci se zapojit").click()
    expect(page.get_by_role("checkbox", name="Skupina pro seniory")).to_be_checked()
    page.get_by_label("Vaše jméno a příjmení").fill("Marie Horáková")
    page.locator("[name=email]").fill("marie@example.cz")
    page.get_by_role("radio", name=re.compile("Potřebuji službu")).check()
    page.get_by_role("checkbox", name=re.compile("Souhlasím")).check()
    page.wait_for_timeout(robots.MIN_SECONDS * 1000 + 100)
    page.get_by_role("button", name="Zkontrolovat odpovědi").click()
    expect(page.locator("h1")).to_have_text("Zkontrolujte své odpovědi")
    page.get_by_role("button", name="Opravit").click()
    page.get_by_label(re.compile("Pár slovy")).fill("Starám se o maminku.")
    page.get_by_role("button", name="Zkontrolovat odpovědi").click()
    expect(page.locator(".summary")).to_contain_text("Starám se o maminku.")
    page.get_by_role("button", name="Odeslat").click()
    expect(page.locator("main")).to_contain_text(Interest.objects.get().number)


def nominate(page):
    page.goto("/zdravi/")
    sign_in(page, coordinator())
    page.goto("/pult/")
    press_on(page, page.get_by_role("link", name=re.compile("^Odpovědět")))
    expect(page.locator("h1")).to_have_text("Marie Horáková")
    press_on(page, page.get_by_role("button", name="Nominovat"))
    expect(page.locator("h1")).to_have_text("Skupina pro seniory")
    expect(page.locator("main")).to_contain_text("Se všemi nominovanými")
    expect(page.locator("main")).not_to_contain_text("Chybí zástupce")


def appoint(page):
    choice = page.get_by_label("Usnesení", exact=True)
    choice.focus()
    page.keyboard.press("ArrowDown")
    press_on(page, page.get_by_role("button", name="Jmenovat"))
    expect(page.locator(".messages")).to_contain_text("Jmenován je 1 člověk.")
