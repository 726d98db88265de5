"""A meeting in real browsers at once: who runs it, a member's telephone, the projector; by keyboard; without scripts."""

import pytest
from playwright.sync_api import expect

from committees.ballots.enums import Method
from committees.ballots.models import Ballot, Vote
from committees.meetings.enums import Format, MeetingState
from committees.meetings.models import Meeting, Presence
from committees.meetings.services import live
from tests.browsing import sign_in, watch
from tests.committees.ballots.building import committee_of
from tests.committees.meetings.live_table import item, members_of, operator, planned, put, running
from tests.committees.meetings.test_live_member import link_of
from tests.committees.meetings.test_live_pages import address
from tests.test_keyboard import tab_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def another(chromium, live_server):
    """Makes further browsers, each of another person; their faults fail the test too."""
    contexts, faults = [], []

    def make(width=360, height=740, **options):
        context = chromium.new_context(
            base_url=live_server.url,
            locale="cs-CZ",
            viewport={"width": width, "height": height},
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        faults.append(watch(page, live_server.url))
        return page

    yield make
    for context in contexts:
        context.close()
    assert [fault for found in faults for fault in found] == []


def overflow(page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def test_one_meeting_on_three_screens(page, another):
    meeting = planned(committee_of(3), format=Format.HYBRID)
    chair, member, third = [seat.person for seat in meeting.committee.seats.order_by("pk")]
    page.goto("/zdravi/")
    sign_in(page, chair)
    page.goto(address(meeting))
    page.get_by_role("button", name="Zahájit jednání").click()

    wall = another(1920, 1080)
    wall.goto("/zdravi/")
    sign_in(wall, third)
    wall.goto(address(meeting, "live_board"))
    phone = another()
    phone.goto(link_of(meeting, member))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Jednání začalo")

    # She says herself that she is here; the others are clicked. What is typed meanwhile stays.
    page.get_by_text("Přišel host").click()
    page.get_by_label("Jméno hosta").fill("Petr Rozepsaný")
    phone.get_by_role("button", name="Jsem tady online").click()
    row = page.locator(".person", has_text=str(member))
    expect(row.locator(".person-standing")).to_contain_text("online od")
    expect(page.get_by_label("Jméno hosta")).to_have_value("Petr Rozepsaný")
    expect(page.get_by_label("Jméno hosta")).to_be_focused()
    page.locator(".person", has_text=str(chair)).get_by_role("button", name="Tady").click()
    expect(page.locator(".live-quorum")).to_contain_text("Přítomno 2 ze 3 členů")
    expect(page.get_by_role("button", name="Vzít zpět")).to_have_count(2)

    page.get_by_role("button", name="Projednat: 1. Bod programu 1").click()
    expect(wall.get_by_role("heading", level=1)).to_have_text("Bod programu 1")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Bod programu 1")
    page.get_by_label("jmenovitě").check()
    page.get_by_role("button", name="Dát hlasovat").click()
    expect(wall.locator(".board-now")).to_contain_text("Právě se hlasuje")

    assert overflow(phone) <= 0
    phone.get_by_role("button", name="Pro", exact=True).click()
    phone.get_by_role("button", name="Odevzdat hlas").click()
    expect(phone.get_by_text("Váš hlas je započítán.")).to_be_visible()
    expect(page.locator(".live-progress")).to_contain_text(f"Čeká se na: {chair}")
    page.locator(".live-vote .person", has_text=str(chair)).get_by_role(
        "button", name="pro", exact=True
    ).click()
    expect(page.locator(".live-progress")).to_contain_text("Hlasovali všichni.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Uzavřít a sečíst").click()

    result = "Přijato: pro 2, proti 0, zdrželo se 0 ze 3 členů"
    for screen in (page.locator(".live-result-big"), wall, phone):
        expect(screen.get_by_text(result).first).to_be_visible()
    page.get_by_role("button", name="Ukončit jednání").click()
    expect(wall.get_by_role("heading", level=1)).to_have_text("Jednání skončilo")
    expect(phone.locator("main")).to_contain_text("skončilo")
    assert Vote.objects.count() == 2
    assert not Presence.objects.filter(left_at=None).exists()


def test_a_hand_vote_by_the_keyboard_alone(page):
    meeting = running(5)
    live.take_up(item(meeting), actor=operator())
    page.goto("/zdravi/")
    sign_in(page, members_of(meeting)[0])
    page.goto(address(meeting))

    tab_to(page, page.get_by_role("button", name="Dát hlasovat"), most=200)
    page.keyboard.press("Enter")
    first = page.get_by_label("Pro", exact=True)
    first.wait_for()
    tab_to(page, first, most=200)
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Proti", exact=True)).to_be_focused()
    page.keyboard.type("0")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    expect(page.locator(".live-rest")).to_have_text("Nehlasovalo: 0")
    page.keyboard.press("Enter")

    expect(page.locator(".live-result-big")).to_contain_text("Přijato: pro 4, proti 0, zdržel se 1")
    tab_to(page, page.get_by_role("button", name="Další bod: 2. Bod programu 2"), most=200)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bod programu 2")


def test_no_quick_click_is_lost(page):
    meeting = running(8, here=0)
    page.goto("/zdravi/")
    sign_in(page, members_of(meeting)[0])
    page.goto(address(meeting))

    page.evaluate("document.querySelectorAll('.step-here').forEach(button => button.click())")

    expect(page.locator(".live-quorum")).to_contain_text("Přítomno 8 z 8 členů")
    expect(page.locator("[data-standing='pritomen']")).to_have_count(8)
    assert Presence.objects.count() == 8


def test_hands_are_added_by_buttons_and_never_over_those_who_may_vote(page):
    meeting = running(2)
    put(meeting)
    page.goto("/zdravi/")
    sign_in(page, members_of(meeting)[0])
    page.goto(address(meeting))

    line = page.locator(".live-number-line").first
    for _click in range(4):
        line.locator("[data-kpss-step='1']").click()
    expect(page.get_by_label("Pro", exact=True)).to_have_value("2")
    page.get_by_label("Proti", exact=True).fill("1")
    expect(page.locator(".live-rest")).to_have_text("To je víc, než kolik lidí může hlasovat, o: 1")
    line.locator("[data-kpss-step='-1']").click()
    expect(page.locator(".live-rest")).to_have_text("Nehlasovalo: 0")


def test_a_lost_line_is_said_and_a_signed_out_screen_leads_to_sign_in(chromium, live_server):
    meeting = running(3)
    context = chromium.new_context(base_url=live_server.url, locale="cs-CZ")
    page = context.new_page()  # htmx writes into the console that the line is lost
    page.goto("/zdravi/")
    sign_in(page, members_of(meeting)[0])
    page.goto(address(meeting))

    page.route("**/stav/**", lambda route: route.abort())
    expect(page.get_by_text("Spojení vypadlo.")).to_be_visible()
    page.unroute("**/stav/**")
    expect(page.get_by_text("Spojení vypadlo.")).to_be_hidden()
    context.clear_cookies()
    page.wait_for_url("**/ucet/login/**")
    context.close()


def test_a_whole_meeting_without_scripts(another, live_server):
    meeting = planned(committee_of(3))
    chair, member, _third = [seat.person for seat in meeting.committee.seats.order_by("pk")]
    desk = another(1280, 900, java_script_enabled=False)
    phone = another(java_script_enabled=False)
    desk.goto("/zdravi/")
    sign_in(desk, chair)
    desk.goto(address(meeting))

    desk.get_by_role("button", name="Zahájit jednání").click()
    desk.get_by_role("button", name="Zapsat všechny bez omluvy").click()
    expect(desk.locator(".live-quorum")).to_contain_text("Přítomno 3 ze 3 členů")
    desk.locator(".person", has_text=str(member)).get_by_role("button", name="Pryč").click()
    desk.get_by_role("button", name="Vzít zpět").first.click()
    desk.get_by_role("button", name="Projednat: 1. Bod programu 1").first.click()
    desk.get_by_label("tajně, na zařízeních").check()
    desk.get_by_role("button", name="Dát hlasovat").click()

    phone.goto(link_of(meeting, member))
    phone.get_by_role("button", name="Zdržuji se").click()
    phone.get_by_role("button", name="Odevzdat hlas").click()
    expect(phone.get_by_text("Váš hlas je započítán.")).to_be_visible()
    desk.get_by_role("link", name="Příprava a podklady").wait_for()
    desk.get_by_role("button", name="Uzavřít a sečíst").click()
    expect(desk.locator(".live-result-big")).to_contain_text("Nepřijato")
    desk.get_by_role("button", name="Ukončit jednání").click()

    ballot = Ballot.objects.get()
    assert (ballot.method, ballot.abstained, ballot.silent) == (Method.SECRET, 1, 2)
    assert Meeting.objects.get().state == MeetingState.ENDED
