"""The style page and the signing-in pages in a real browser: axe, narrow and wide, light and dark."""

import pytest

from tests.browsing import assert_accessible, assert_accessible_everywhere

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_component_is_accessible(page, settings):
    settings.DEBUG = True

    assert_accessible_everywhere(page, "/styl/")


@pytest.mark.parametrize(
    "address",
    [
        "/ucet/login/",
        "/ucet/login/code/",
        "/ucet/password/reset/",
        "/ucet/password/reset/done/",
        "/neni/",
    ],
)
def test_page_outside_the_houses_is_accessible(page, address):
    assert_accessible_everywhere(page, address)


def test_wrong_sign_in_leads_to_its_fields(page):
    page.goto("/ucet/login/")
    page.get_by_label("E-mail").fill("bez-zavináče")
    page.eval_on_selector("form.entrance-way", "form => form.noValidate = true")
    page.locator("form.entrance-way button").click()

    assert_accessible(page)
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_login"


def test_menu_of_a_phone_opens_without_scripts(chromium, live_server):
    context = chromium.new_context(
        base_url=live_server.url,
        locale="cs-CZ",
        java_script_enabled=False,
        viewport={"width": 320, "height": 700},
    )
    page = context.new_page()
    page.goto("/ucet/login/")
    link = page.locator(".site-nav-fold a", has_text="Najít pomoc")
    assert not link.is_visible()

    page.locator(".site-nav-fold summary").click()

    assert link.is_visible()
    context.close()


def test_search_is_one_shortcut_away(page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/ucet/login/")

    page.keyboard.press("Control+k")

    assert page.evaluate("document.activeElement.id") == "hledat-nahore"
