"""Trial A2 in calendars, feeds and data for search engines, over a meeting that was held and told in minutes.

Every canary holds "kanár": first the member's own feed has it, then nothing public does.
"""

import pytest
from django.urls import reverse

from committees.bodies.models import Resolution
from committees.following.entries import absolute
from committees.following.subscription import renew, subscription_of
from committees.meetings.models import Meeting
from documents.store.files import put
from kpss import clock
from kpss.search import plain
from tests.committees.minutes import held as h

from .telling import ATOM, entries_in, path_of

pytestmark = pytest.mark.django_db

CANARY = "kanar"


@pytest.fixture(autouse=True)
def _idle_worker(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def found(text: str) -> int:
    return "".join(plain(word) for word in text.split()).count(CANARY)


def body_of(client, url) -> str:
    return client.get(url).content.decode().replace("\r\n ", "")


def own(client, person) -> dict[str, str]:
    renew(person)
    subscription = subscription_of(person)
    return {
        url: body_of(client, path_of(url))
        for url in (subscription.calendar_url, subscription.feed_url)
    }


def public_of(committee) -> list[str]:
    return [
        reverse("following:calendar"),
        reverse("following:feed"),
        reverse("following:committee_calendar", args=[committee.slug]),
        reverse("following:committee_feed", args=[committee.slug]),
        reverse("front:home"),
        reverse("bodies:committee_list"),
        committee.get_absolute_url(),
        *(meeting.get_absolute_url() for meeting in Meeting.objects.filter(committee=committee)),
    ]


def test_no_canary_gets_out(client):
    held = h.hold()
    Meeting.objects.filter(pk=held.meeting.pk).update(is_public=True, invited_at=clock.now())
    h.frozen(held)
    assert all(found(text) for text in own(client, held.provider).values())

    public = {url: body_of(client, url) for url in public_of(held.committee)}

    assert "application/ld+json" in public[held.meeting.get_absolute_url()]
    assert {url: found(text) for url, text in public.items() if found(text)} == {}


def test_a_committee_shows_hidden_passages_and_internal_papers_to_members_only(client):
    held = h.hold()
    internal = Resolution.objects.get(text=h.INTERNAL_TEXT)
    Resolution.objects.filter(pk=internal.pk).update(
        file=put(b"%PDF-1.7 kanar", content_type="application/pdf")
    )
    passage = Resolution.objects.exclude(pk=internal.pk).first()
    Resolution.objects.filter(pk=passage.pk).update(text="Komise schvaluje [[kanárčí]] plán.")
    page = held.committee.get_absolute_url()
    paper = reverse("bodies:resolution_paper", args=[held.committee.slug, internal.pk])

    client.force_login(held.provider)
    assert found(body_of(client, page)) == 2
    assert client.get(paper).status_code == 200
    client.logout()

    assert found(body_of(client, page)) == 0
    assert client.get(paper).status_code == 404


def test_published_minutes_are_news_for_everybody_and_others_for_members_only(client):
    published = h.frozen(h.hold())
    kept_held = h.hold()
    kept = h.frozen(kept_held, publish=False)
    feed = reverse("following:feed")

    everybody = titles_by_url(client.get(feed).content)
    renew(kept_held.provider)
    own_feed = path_of(subscription_of(kept_held.provider).feed_url)
    members = titles_by_url(client.get(own_feed).content)

    assert everybody[absolute(published.get_absolute_url())].startswith("Zveřejněn zápis: ")
    assert absolute(kept.get_absolute_url()) not in everybody
    assert members[absolute(kept.get_absolute_url())].startswith("Schválen zápis: ")
    assert absolute(published.get_absolute_url()) not in members


def titles_by_url(data: bytes) -> dict[str, str]:
    return {
        entry.findtext(f"{ATOM}id"): entry.findtext(f"{ATOM}title") for entry in entries_in(data)
    }
