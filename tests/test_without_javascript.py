"""Everything that matters can be done with scripts switched off: the main journey, moving parts about, searching."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import watch
from tests.journey import (
    approve,
    fill_tree,
    make_district,
    make_plan,
    read_as_a_citizen,
    sign_in_by_password,
    sign_out,
    start_version,
    upload_excel,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plain_page(chromium, live_server):
    """A page of a browser in which no script runs."""
    context = chromium.new_context(
        base_url=live_server.url, locale="cs-CZ", java_script_enabled=False
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults = watch(page, live_server.url)
    yield page
    context.close()
    assert faults == []


def test_from_a_new_plan_to_the_citizen(plain_page, live_server, tmp_path):
    coordinator = make_district()
    plain_page.goto("/pult/")

    sign_in_by_password(plain_page, coordinator)
    make_plan(plain_page)
    start_version(plain_page)
    fill_tree(plain_page)
    change_tree(plain_page)
    upload_excel(plain_page, tmp_path)
    approve(plain_page)
    sign_out(plain_page)
    read_as_a_citizen(plain_page, live_server, java_script_enabled=False)
    find_help(plain_page)


def change_tree(page):
    """Correct a task, move a measure up and back, move the task under another measure and back, take a line away."""
    page.get_by_role("link", name="Udržet kapacitu pečovatelské služby").click()
    page.locator("button[name=remove_line][value=funding-1]").click()
    page.locator("#id_cost_planned").fill("300 000")
    page.get_by_role("button", name="Uložit", exact=True).last.click()
    expect(page.locator(".outline-task")).to_contain_text("300\u00a0000\u00a0Kč")

    page.get_by_role("link", name="Přidat: opatření").first.click()
    page.get_by_label("Název").fill("Odlehčovací služba")
    page.get_by_role("button", name="Uložit", exact=True).last.click()
    codes = page.locator(".outline-node .outline-code")
    expect(codes).to_have_text(["1", "1.1", "1.2"])
    second = page.locator(".outline-node").filter(has_text="Odlehčovací služba")
    second.locator("button[name=up]").click()
    expect(codes).to_have_text(["1", "1.2", "1.1"])

    task = page.locator(".outline-task")
    for target in ("Odlehčovací služba", "Pečovatelská služba"):
        task.locator("summary").click()
        task.get_by_role("link", name="Přesunout pod").click()
        choice = page.locator("main select")
        option = choice.locator("option", has_text=target).first
        choice.select_option(option.get_attribute("value"))
        page.get_by_role("button", name="Přesunout").click()
        expect(task).to_be_visible()

    second.locator("summary").click()
    second.get_by_role("link", name="Smazat").click()
    page.get_by_role("button", name="Smazat").click()
    expect(codes).to_have_text(["1", "1.1"])


def find_help(page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    page.get_by_role("main").get_by_role("searchbox").fill("pecovatelska")
    page.get_by_role("main").get_by_role("searchbox").press("Enter")
    count = page.locator("#service-count").inner_text()
    page.get_by_label("Kde jste?").select_option("rajhrad")
    page.get_by_role("main").get_by_role("button", name="Hledat").click()
    expect(page).to_have_url(re.compile("q=pecovatelska.*obec=rajhrad"))
    expect(page.locator("#service-count")).not_to_have_text(count)
    page.locator(".row-title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ečovatelská")
