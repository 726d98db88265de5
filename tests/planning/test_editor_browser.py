"""The editor in a real browser: keyboard, mouse, without JavaScript, for everybody."""

import re

import pytest
from django.urls import reverse

from planning.plans.models import PlanVersion
from tests.browsing import assert_accessible_everywhere, sign_in, wait_until
from tests.planning.factories import coordinator, rich_version

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def url(version: PlanVersion, name: str = "editor", *args) -> str:
    return reverse(f"plans:{name}", args=[version.plan.slug, version.number, *args])


@pytest.fixture
def version():
    return rich_version()


def enter(page) -> None:
    page.goto("/zdravi/")
    sign_in(page, coordinator())


def codes(page) -> list[str]:
    return page.locator(".outline-task .outline-code").all_inner_texts()


def wait_for_status(page, words: str) -> None:
    """Wait until the line read aloud says the words, whatever spaces typography has put in."""
    wait_until(
        page,
        "words => document.getElementById('editor-status').textContent.replace(/\\s+/g, ' ').includes(words)",
        arg=words,
    )


def wait_for_focus(page, element: str) -> None:
    wait_until(page, "element => document.activeElement.id === element", arg=element)


def test_rows_are_walked_and_moved_by_keyboard(page, version):
    enter(page)
    first, second = version.tasks.get(code="1.1.1"), version.tasks.get(code="1.1.2")
    page.goto(url(version))
    page.locator(f"#t{first.pk}-title").focus()

    page.keyboard.press("ArrowDown")
    wait_for_focus(page, f"t{second.pk}-title")
    page.keyboard.press("Alt+ArrowUp")
    wait_for_status(page, "1.1.2 je teď v části 1.1 na 1. místě z 2")

    assert codes(page) == ["1.1.2", "1.1.1", "1.2.1", "2.1.1"]
    wait_for_focus(page, f"t{second.pk}-title")
    page.keyboard.press("Alt+ArrowDown")
    wait_for_status(page, "na 2. místě")
    assert codes(page) == ["1.1.1", "1.1.2", "1.2.1", "2.1.1"]


def test_arrow_button_keeps_the_focus_and_the_folds(page, version):
    enter(page)
    task, other = version.tasks.get(code="1.1.2"), version.nodes.get(code="2")
    page.goto(url(version))
    page.locator(f"#n{other.pk}-fold > summary").click()

    page.locator(f"#t{task.pk}-up").click()
    wait_for_status(page, "1.1.2 je teď")

    wait_for_focus(page, f"t{task.pk}-up")
    page.wait_for_selector(f"#n{other.pk}-fold:not([open])")
    assert page.locator(f"#n{task.node_id}-fold").get_attribute("open") is not None


def test_rows_are_dragged(page, version):
    enter(page)
    page.set_viewport_size({"width": 1280, "height": 2000})
    task, away = version.tasks.get(code="1.1.1"), version.nodes.get(code="2.1")
    page.goto(url(version))

    page.locator(f"#t{task.pk} .grip").drag_to(page.locator(f"#n{away.pk}"))
    wait_for_status(page, "1.1.1 je teď v části 2.1 na 2. místě z 2")
    assert codes(page) == ["1.1.2", "1.2.1", "2.1.1", "1.1.1"]

    first = version.tasks.get(code="2.1.1")
    page.locator(f"#t{task.pk} .grip").drag_to(
        page.locator(f"#t{first.pk}"), target_position={"x": 200, "y": 3}
    )
    wait_for_status(page, "na 1. místě")
    assert codes(page) == ["1.1.2", "1.2.1", "1.1.1", "2.1.1"]

    # A priority does not go under another: the plan has two levels and its measures would be the third.
    priority, other = version.nodes.get(code="1"), version.nodes.get(code="2")
    page.locator(f"#n{priority.pk} .grip").drag_to(page.locator(f"#n{other.pk}"))
    wait_for_status(page, "Hlouběji jít nemůže.")
    assert codes(page) == ["1.1.2", "1.2.1", "1.1.1", "2.1.1"]


def test_menu_of_a_row_closes_by_escape(page, version):
    enter(page)
    task = version.tasks.get(code="1.1.1")
    page.goto(url(version))
    menu = page.locator(f"#t{task.pk} .row-menu")

    menu.locator("summary").press("Enter")
    assert menu.get_by_role("link").all_inner_texts() == ["Upravit", "Přesunout pod…", "Smazat"]
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_lines_of_a_task_come_and_go_in_place(page, version):
    enter(page)
    task = version.tasks.get(code="1.1.1")
    page.goto(url(version, "editor_task", task.pk))
    page.fill("[name=title]", "Rozepsaný název")

    page.click("button[name=add_line][value=funding]")
    page.wait_for_selector("[name=funding-2-source]")
    wait_until(page, "document.activeElement.name === 'funding-2-source'")
    page.fill("[name=funding-2-amount]", "1 000")
    assert "3\u00a0851\u00a0000\u00a0Kč – to se liší" in page.inner_text("[data-kpss-sum]")

    page.click("button[name=remove_line][value=funding-2]")
    page.wait_for_selector("[name=funding-2-source]", state="detached")
    wait_until(page, "document.activeElement.value === 'funding'")
    assert "to se liší" not in page.inner_text("[data-kpss-sum]")
    assert page.input_value("[name=title]") == "Rozepsaný název"

    page.press("[name=title]", "Tab")
    page.press("[name=cost_note]", "Enter")
    page.wait_for_url(re.compile(f"#t{task.pk}$"))
    task.refresh_from_db()
    assert task.title == "Rozepsaný název"
    assert task.funding.count() == 2


def test_preview_of_a_chapter_keeps_what_is_typed(page, version):
    enter(page)
    chapter = version.chapters.first()
    page.goto(url(version, "editor_chapter", chapter.pk))
    page.fill("[name=body]", "Text **tučně**")

    page.click("[name=preview]")
    page.wait_for_selector("#preview strong")

    assert page.inner_text("#preview strong") == "tučně"
    assert page.input_value("[name=body]") == "Text **tučně**"


def test_a_task_is_written_and_moved_without_javascript(chromium, live_server, version):
    context = chromium.new_context(
        base_url=live_server.url, locale="cs-CZ", java_script_enabled=False
    )
    page = context.new_page()
    enter(page)
    page.goto(url(version))
    assert page.locator(".grip:visible").count() == 0

    page.locator(".outline-node").filter(has_text="Odlehčovací").get_by_text("Přidat: úkol").click()
    page.fill("[name=title]", "Uspořádat setkání")
    page.click("button[name=add_line][value=parties]")
    page.fill("[name=parties-0-name]", "Charita Horka")
    page.fill("[name=parties-1-name]", "obce")
    page.select_option("[name=parties-1-role]", "partner")
    page.fill("[name=term_text]", "průběžně")
    page.press("[name=term_text]", "Enter")

    task = version.tasks.get(title="Uspořádat setkání")
    assert page.url.endswith(f"#t{task.pk}")
    assert [party.name for party in task.parties.all()] == ["Charita Horka", "obce"]

    page.locator(f"#t{task.pk}-up").click()
    assert codes(page) == ["1.1.1", "1.1.2", "1.2.2", "1.2.1", "2.1.1"]
    row = page.locator(f"#t{task.pk}")
    row.locator("summary").click()
    row.get_by_text("Smazat").click()
    page.get_by_role("button", name="Smazat").click()
    assert codes(page) == ["1.1.1", "1.1.2", "1.2.1", "2.1.1"]
    context.close()


def test_every_page_of_the_editor_is_accessible(page, version):
    enter(page)
    task, node = version.tasks.get(code="1.1.1"), version.nodes.get(code="1.1")

    for address in [
        url(version),
        url(version, "editor_task", task.pk),
        url(version, "editor_node", node.pk),
        url(version, "editor_node_delete", node.pk),
        url(version, "editor_move") + f"?item=t{task.pk}",
        url(version, "editor_chapters"),
        url(version, "editor_chapter", version.chapters.first().pk),
        url(version, "editor_network"),
        url(version, "editor_network_add"),
    ]:
        assert_accessible_everywhere(page, address)
        assert page.url.endswith(address)
