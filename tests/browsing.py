"""Helpers of the tests in a real browser (Debian's Chromium, driven by Playwright)."""

import time
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

WIDTHS = (320, 1280)
SCHEMES = ("light", "dark")
# Without preload: axe copies imported style sheets into the page, which the security policy refuses.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
COLOURS_SETTLED = (
    "() => Promise.allSettled(document.getAnimations().map(change => change.finished))"
)


def assert_accessible(page) -> None:
    """Fail with a report when axe finds anything on the page as it stands."""
    results = Axe().run(page)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


def assert_accessible_everywhere(page, url: str) -> None:
    """Open ``url`` narrow and wide, light and dark: axe finds nothing and nothing runs off sideways."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(url)
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{url} is {overflow} px wider than {width} px"
            try:
                assert_accessible(page)
            except AssertionError as failure:
                failure.add_note(f"{scheme} scheme, {width} px")
                raise


def faults_of_page(page, url: str) -> list[str]:
    """Open ``url`` once, unfold it whole, look at it on a light phone and a dark desk; return what is wrong."""
    page.set_viewport_size({"width": 320, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(url)
    return faults_as_it_stands(page)


def faults_as_it_stands(page) -> list[str]:
    """What axe finds on the open page with all its folds open, on a light phone and a dark desk; what runs off it."""
    faults = []
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    for width, scheme in ((320, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(COLOURS_SETTLED)
        where = f"{page.url} ({width} px, {scheme})"
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            faults.append(f"{where}: {overflow} px too wide")
        for violation in Axe().run(page, options=AXE_OPTIONS).response["violations"]:
            places = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            count = len(violation["nodes"])
            faults.append(f"{where}: {violation['id']} ×{count}: {violation['help']}: {places}")
    return faults


def wait_until(page, condition: str, arg=None, seconds: float = 15) -> None:
    """Wait until the JavaScript ``condition``, an expression or a function of ``arg``, holds on the page.

    Asked from here again and again: ``page.wait_for_function`` asks inside the page, where the security
    policy forbids to evaluate a string, so it fails whenever the first answer is no.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(condition, arg):
        assert time.monotonic() < end, f"It never came true: {condition} ({arg})"
        page.wait_for_timeout(50)


def sign_in(page, person) -> None:
    """Sign ``person`` in without going through the sign-in pages; the page must be on the portal."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    root = urljoin(page.url, "/")
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": root}])


def watch(page, site: str) -> list[str]:
    """Return the list into which everything the page does wrong will be written.

    That is: a script error, an offence against the security policy, a request to another site.
    """
    faults: list[str] = []

    def on_console(message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"console: {message.text}")

    def on_request(request):
        if not request.url.startswith((site, "data:", "blob:")):
            faults.append(f"request elsewhere: {request.url}")

    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", on_console)
    page.on("request", on_request)
    return faults
