"""Writing minutes in a browser: saved by itself, a clash shown in place, pages without faults for axe."""

import pytest
from django.urls import reverse

from committees.meetings.pages import place_of
from committees.minutes.models import MinutesEntry
from tests.browsing import faults_as_it_stands, sign_in
from tests.committees.minutes import held as h

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_typed_is_saved_by_itself_and_a_clash_is_decided(page, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    held = h.hold()
    minutes = h.begun(held)
    item = held.items[1]
    name = f"item-{item.pk}"
    page.goto("/zdravi/")
    sign_in(page, held.secretary)
    page.goto(reverse("minutes:editor", kwargs=place_of(held.meeting)))
    field, status = page.locator(f"textarea[name={name}]"), page.locator(f"#stav-{name}")

    field.press_sequentially("Komise se shodla", delay=20)
    status.get_by_text("Uloženo v").wait_for(timeout=10_000)
    assert MinutesEntry.objects.get(item=item).text == "Komise se shodla"

    h.write(minutes, held.chair, item_2="Předsedkyně to vidí jinak.")
    field.press_sequentially(", že ano.", delay=20)
    status.get_by_text("Předsedkyně to vidí jinak.").wait_for(timeout=10_000)
    assert MinutesEntry.objects.get(item=item).text == "Předsedkyně to vidí jinak."
    assert faults_as_it_stands(page) == []

    status.get_by_role("button", name="Uložit místo toho můj text").click()
    page.wait_for_url("**/psat/")
    page.get_by_text("Uloženo.").first.wait_for()
    assert MinutesEntry.objects.get(item=item).text == "Komise se shodla, že ano."
