"""Trial H3 in a real browser, with the security policy set aside: only escaping keeps payloads from running."""

import pytest
from django.urls import reverse

from committees.ballots.notifications import voting_link
from committees.meetings.pages import place_of
from tests.browsing import sign_in, watch
from tests.committees.ballots.building import path_of
from tests.payloads.planting import Planter, on_sqlite
from tests.payloads.scene import build, decide

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine, on_sqlite]


@pytest.fixture
def planted(settings):
    """The scene with payloads everywhere; files and mails are made by nobody."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    planter = Planter()
    scene = build()
    planter.plant()
    decide(scene)
    planter.plant()
    return scene


def stops(scene):
    """Who opens what."""
    held, running = place_of(scene.published.meeting), place_of(scene.running)
    planned = place_of(scene.planned)
    committee, coordinator = scene.published.committee, scene.coordinator
    yield None, reverse("minutes:minutes_detail", kwargs=held)
    yield None, reverse("minutes:resolution_list")
    yield None, scene.closed.get_absolute_url()
    yield None, scene.approved.get_absolute_url()
    yield None, path_of(voting_link(scene.open, scene.open.voters.first().person))
    yield None, reverse("meetings:live_board", kwargs=running)
    yield coordinator, reverse("meetings:live", kwargs=running)
    yield coordinator, reverse("meetings:agenda", kwargs=planned)
    yield coordinator, reverse("front:coordinator_desk")
    yield coordinator, reverse("people:upload_detail", args=[scene.people_upload.pk])
    yield coordinator, reverse("admin:bodies_committee_change", args=[committee.pk])
    yield (
        scene.written.secretary,
        reverse("minutes:editor", kwargs=place_of(scene.written.meeting)),
    )


def test_no_payload_runs(chromium, live_server, planted):
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True, locale="cs-CZ")
    page = context.new_page()
    faults = watch(page, live_server.url)
    page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))

    for person, url in stops(planted):
        context.clear_cookies()
        page.goto("/zdravi/")
        if person:
            sign_in(page, person)
        answer = page.goto(url)
        assert answer.ok, url
        assert "kpssx" in page.content().lower(), url
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        page.mouse.move(300, 300)
        page.keyboard.press("Tab")
        assert page.evaluate("typeof kpssX") == "undefined", url

    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=kpssX=1>')")
    page.wait_for_timeout(200)
    assert page.evaluate("typeof kpssX") == "number"  # here a payload would have run
    context.close()
    assert faults == []
