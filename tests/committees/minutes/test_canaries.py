"""Trial A2: hidden passages, internal items and names without consent reach nobody who may not read them.

Every canary holds "kanár": first the members see it, then nothing public holds it.
"""

import json

import pytest
from django.urls import reverse

from committees.bodies.models import Resolution
from committees.minutes import register
from committees.minutes.models import ResolutionIndex
from documents import store
from kpss.search import plain
from tests.committees.minutes import held as h
from tests.pdf_checks import text_of

pytestmark = pytest.mark.django_db

CANARY = "kanar"


def found(text: str) -> int:
    return "".join(plain(word) for word in text.split()).count(CANARY)


def body_of(response) -> str:
    data = b"".join(response) if response.streaming else response.content
    return data.decode(errors="replace")


def test_no_canary_gets_out(client, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    held = h.hold()
    minutes = h.approved(held)
    register.index()
    args = [held.committee.slug, held.meeting.year, held.meeting.number]
    pages = [minutes.get_absolute_url(), minutes.get_absolute_url() + "?zneni=uplne"]
    lists = [reverse("minutes:resolution_list"), reverse("minutes:resolutions_csv")]

    client.force_login(held.provider)
    assert found(body_of(client.get(pages[0]))) > 5
    assert found(body_of(client.get(reverse("minutes:whole_json", args=args)))) > 5
    assert found(body_of(client.get(lists[0]))) > 0
    whole_paper = "".join(text_of(store.read(minutes.pdf)))
    assert found(whole_paper) > 5
    assert found("".join(text_of(store.read(minutes.extract)))) > 0
    client.logout()

    public = {page: body_of(client.get(page)) for page in [*pages, *lists]}
    public["json"] = body_of(client.get(reverse("minutes:public_json", args=args)))
    public["pdf"] = "".join(text_of(store.read(minutes.public_pdf)))
    public["extract"] = "".join(text_of(store.read(minutes.public_extract)))
    for one in Resolution.objects.filter(committee=held.committee):
        address = reverse("minutes:resolution_detail", args=[held.committee.slug, one.pk])
        public[address] = body_of(client.get(address))

    assert "Příspěvek na dopravu" in public["pdf"]
    assert len(json.loads(public["json"])["items"]) == 3
    assert {where: found(text) for where, text in public.items() if found(text)} == {}


@pytest.mark.parametrize("word", ["kanárčí", "kanarci tajne", "Kanárková", "tajné usnesení"])
def test_search_finds_no_canary(client, settings, word):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    held = h.hold()
    resolution = Resolution.objects.get(committee=held.committee, number__endswith="/1")
    Resolution.objects.filter(pk=resolution.pk).update(
        text="Komise bere na vědomí [[kanárčí tajné usnesení paní Kanárkové]]."
    )
    for is_indexed in (False, True):
        if is_indexed:
            register.index()
            assert ResolutionIndex.objects.count() == 3
        client.logout()
        page = client.get(reverse("minutes:resolution_list"), {"q": word})
        assert page.context["page"].paginator.count == 0
        client.force_login(held.provider)
        inside = client.get(reverse("minutes:resolution_list"), {"q": "tajné usnesení"})
        assert inside.context["page"].paginator.count == 1  # the internal item's


def test_hidden_passages_of_a_resolution_are_for_members(client):
    held = h.hold()
    resolution = Resolution.objects.get(committee=held.committee, number__endswith="/1")
    Resolution.objects.filter(pk=resolution.pk).update(text="Komise souhlasí [[s kanárkem]].")
    address = reverse("minutes:resolution_detail", args=[held.committee.slug, resolution.pk])

    assert "[neveřejné]" in client.get(address).content.decode()
    client.force_login(held.provider)
    assert "s\xa0kanárkem" in client.get(address).content.decode()
