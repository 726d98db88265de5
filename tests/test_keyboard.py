"""The main things by the keyboard alone: every stop of Tab is seen, in order, and does what it says."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from committees.bodies import demo as committees_demo
from planning.front import demo
from planning.plans.models import PlanVersion
from planning.plans.services import start_version
from tests.browsing import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

# What the reader would see of the focus: an outline or a frame of the element itself or of its label, and its place.
FOCUS = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const near = [[element], [element, "::after"], [element.closest("label") ?? element], [element.nextElementSibling ?? element]];
  const shown = near.map(place => getComputedStyle(...place)).some(style =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none");
  // The button of the calendar inside a date field draws its own frame.
  const inside = element.type === "date" && !element.matches(":focus-visible");
  const box = element.getBoundingClientRect();
  const hit = document.elementFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1),
    Math.min(Math.max(box.top + Math.min(box.height, 30) / 2, 1), innerHeight - 1));
  const own = [element, element.closest("label")].filter(Boolean);
  return {
    what: element.outerHTML.slice(0, 140),
    shown: shown || inside,
    size: box.width * box.height,
    onScreen: box.bottom > 0 && box.top < innerHeight,
    uncovered: own.some(e => e.contains(hit)) || (hit !== null && hit.contains(element)),
  };
}"""


@pytest.fixture
def version():
    """The approved action plan of the demonstration district."""
    list(demo.seed())
    return PlanVersion.objects.get(plan__slug="akcni-plan-2021")


def tab_to(page, locator, most=80):
    """Press Tab until the element has the focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{most} × Tab does not lead to {locator}")


def walk_by_tab(page, url, most=150):
    """Everything Tab stops at on the page; what is wrong with a stop."""
    page.goto(url)
    faults, stops = [], 0
    for _press in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        stops += 1
        wrong = [name for name in ("shown", "size", "onScreen", "uncovered") if not stop[name]]
        if wrong:
            faults.append(f"{url}: {stop['what']} not {', '.join(wrong)}")
    assert stops > 8, url
    return faults


def test_a_reader_and_the_coordinator_need_no_mouse(page, version):
    read(page, version)
    find_help(page)
    faults = [
        fault
        for url in (
            "/",
            "/sluzby/",
            "/plany/",
            version.get_absolute_url(),
            "/skupiny/",
            "/ucet/login/",
        )
        for fault in walk_by_tab(page, url)
    ]
    sign_in_from_the_menu(page)
    move_a_task(page, version)
    draft = PlanVersion.objects.get(plan=version.plan, number=2)
    task = draft.tasks.first()
    for url in (
        reverse("front:coordinator_desk"),
        reverse("plans:editor_task", args=[draft.plan.slug, 2, task.pk]),
        reverse("approvals:approval", args=[draft.plan.slug, 2]),
    ):
        faults += walk_by_tab(page, url)
    assert faults == [], "\n".join(faults)


def read(page, version):
    """The skip link jumps over the menu; from there Tab goes on inside the content; Enter opens."""
    page.goto("/plany/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Přejít k obsahu")
    expect(skip).to_be_focused()
    assert page.evaluate(FOCUS)["onScreen"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    link = page.get_by_role("main").get_by_role("link", name=version.plan.title).first
    page.goto("/plany/")
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Akční plán")


def find_help(page):
    """A fold opens and closes, a filter is chosen and taken back."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/sluzby/")
    fold = page.locator(".catalogue-more")
    tab_to(page, fold.locator("summary"))
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(fold).not_to_have_attribute("open", "")

    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/sluzby/")
    rows = page.locator("#service-rows .row-title")
    all_services = rows.count()
    where = page.get_by_label("Kde jste?")
    tab_to(page, where)
    wait_until(page, "Boolean(window.htmx)")
    page.keyboard.type("Rajhrad")
    expect(page).to_have_url(re.compile("obec=rajhrad"))
    expect(where).to_be_focused()
    assert 0 < rows.count() < all_services
    chip = page.get_by_role("link", name="Rajhrad – zrušit tento filtr")
    page.goto(page.url)
    tab_to(page, chip)
    page.keyboard.press("Enter")
    expect(rows).to_have_count(all_services)


def sign_in_from_the_menu(page):
    coordinator = committees_demo.coordinator()
    page.goto("/")
    tab_to(page, page.get_by_role("banner").get_by_role("link", name="Přihlásit se"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/ucet/login/**")
    tab_to(page, page.get_by_label("E-mail", exact=True))
    page.keyboard.type(coordinator.email)
    tab_to(page, page.get_by_label("Heslo", exact=True))
    page.keyboard.type(committees_demo.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Odhlásit se").first).to_be_visible()


def move_a_task(page, version):
    """In the editor: from row to row by arrows, up and down with Alt, the menu of a row by Enter and Escape."""
    draft = start_version(version.plan, actor=committees_demo.coordinator(), based_on=version)
    measure = draft.tasks.order_by("position").first().node
    first, second = measure.tasks.order_by("position")[:2]
    page.goto(reverse("plans:editor", args=[draft.plan.slug, draft.number]))
    if page.locator(f"#t{first.pk}-title").count() == 0:
        page.goto(f"{page.url}?open={measure.pk}")
    link = page.locator(f"#t{first.pk}-title")
    tab_to(page, link, most=150)
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"#t{second.pk}-title")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#editor-status")).to_contain_text("na 1. místě")
    expect(page.locator(f"#t{second.pk}-title")).to_be_focused()
    assert list(measure.tasks.order_by("position").values_list("pk", flat=True)[:2]) == [
        second.pk,
        first.pk,
    ]
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#editor-status")).to_contain_text("na 2. místě")

    menu = page.locator(f"#t{second.pk} .row-menu")
    tab_to(page, menu.locator("summary"))
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Smazat")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
