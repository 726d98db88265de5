"""Atom feeds: what happened, told to everybody and to one member; valid, harmless, the same when nothing is new."""

import datetime
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone

from committees.following.entries import NEWEST
from committees.following.subscription import renew, subscription_of
from committees.meetings.enums import MeetingState
from documents.news.models import Article
from tests.committees.ballots.building import closed, committee_of, members_of, opened
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    MeetingFactory,
    ResolutionFactory,
    SeatFactory,
)

from .telling import (
    ATOM,
    SECRETS,
    called,
    entries_in,
    meeting_with_secrets,
    member_of_both,
    path_of,
    titles_in,
)

pytestmark = pytest.mark.django_db

PUBLIC = "/novinky.atom"
HOUR = datetime.timedelta(hours=1)


def publish(title, lead="Krátce.", at=None):
    return Article.objects.create(
        title=title, lead=lead, published_at=at or timezone.now() - 2 * HOUR
    )


def private(client, person):
    renew(person)
    return client.get(path_of(subscription_of(person).feed_url))


def check_atom(data):
    """Whether the document is what RFC 4287 asks for; the feed's element for further questions."""
    feed = ET.fromstring(data)
    assert feed.tag == f"{ATOM}feed"
    ids = [feed.findtext(f"{ATOM}id")]
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        assert part.findtext(f"{ATOM}title").strip()
        updated = datetime.datetime.fromisoformat(part.findtext(f"{ATOM}updated"))
        assert updated.tzinfo is not None
    for entry in feed.findall(f"{ATOM}entry"):
        ids.append(entry.findtext(f"{ATOM}id"))
        assert entry.findtext(f"{ATOM}author/{ATOM}name").strip()
        (link,) = entry.findall(f"{ATOM}link")
        assert link.get("rel") == "alternate"
        assert link.get("href").startswith(settings.SITE_URL)
    assert len(ids) == len(set(ids))
    assert all(urlsplit(one).scheme for one in ids)
    return feed


def test_the_feed_tells_of_meetings_resolutions_and_articles_the_last_first(client):
    now = timezone.now()
    committee = CommitteeFactory(name="Komise")
    publish("Začínáme plánovat", at=now - 4 * HOUR)
    called(MeetingFactory(committee=committee, called=True), now - 3 * HOUR)
    ResolutionFactory(committee=committee, number="1/2020", recorded_at=now - 2 * HOUR)
    cancelled = MeetingFactory(committee=committee, cancelled=True)
    called(cancelled, now - 5 * HOUR)
    called(cancelled, now - HOUR, transition="cancel", to_state=MeetingState.CANCELLED)

    response = client.get(PUBLIC)

    check_atom(response.content)
    titles = [title.replace("\xa0", " ") for title in titles_in(response.content)]
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert [title.split(":")[0] for title in titles] == [
        "Zrušeno",
        "Komise",
        "Svoláno",
        "Začínáme plánovat",
        "Svoláno",
    ]
    assert not response.cookies


def test_the_feed_of_a_committee_has_its_own_news_only(client):
    shown = called(MeetingFactory(called=True)).committee
    ResolutionFactory(committee=shown)
    called(MeetingFactory(called=True))
    ResolutionFactory()
    publish("Aktualita")
    hidden = CommitteeFactory(is_public=False)

    response = client.get(f"/skupiny/{shown.slug}/novinky.atom")

    feed = check_atom(response.content)
    assert len(entries_in(response.content)) == 2
    assert feed.findtext(f"{ATOM}title") == shown.name
    assert client.get(f"/skupiny/{hidden.slug}/novinky.atom").status_code == 404


def test_what_is_not_adopted_published_or_called_is_no_news(client):
    ResolutionFactory(is_adopted=False, votes_for=1)
    called(MeetingFactory(), transition="create", to_state=MeetingState.PLANNED)
    publish("Zítra", at=timezone.now() + 24 * HOUR)
    never_called = MeetingFactory(cancelled=True, invited_at=None)
    called(never_called, transition="cancel", to_state=MeetingState.CANCELLED)

    assert titles_in(client.get(PUBLIC).content) == []


def test_members_read_in_their_feed_what_the_public_does_not(client):
    meeting = meeting_with_secrets()
    member = member_of_both(meeting)

    public = client.get(PUBLIC).content.decode()
    own = private(client, member).content.decode()

    assert [name for name, word in SECRETS.items() if word in public] == []
    assert {name for name, word in SECRETS.items() if word in own} == {
        "internal item",
        "under an internal item",
        "hidden committee",
        "item of a hidden committee",
    }
    assert "Zpráva o plnění plánu" in public


def test_hidden_passages_are_hidden_from_the_public_only(client):
    resolution = ResolutionFactory(text="Komise schvaluje plán [[a odměnu Tajné]] na rok 2021.")
    meeting = called(MeetingFactory(committee=resolution.committee, called=True))
    AgendaItemFactory(meeting=meeting, title="Odměny [[pro Tajnou]]")
    member = SeatFactory(committee=resolution.committee).person

    public = client.get(PUBLIC).content.decode()
    own = private(client, member).content.decode()

    assert "Tajn" not in public
    assert "Komise schvaluje plán" in public
    assert "a odměnu Tajné" in own
    assert "pro Tajnou" in own


def test_members_read_of_votes_outside_meetings(client):
    committee = committee_of(3)
    ballot = opened(committee, title="Příspěvek na dopravu")
    closed(ballot)
    stranger = SeatFactory().person

    own = titles_in(private(client, members_of(committee)[0]).content)

    assert "Začalo hlasování per rollam: Příspěvek na dopravu" in own
    assert "Skončilo hlasování per rollam: Příspěvek na dopravu" in own
    assert titles_in(private(client, stranger).content) == []
    assert titles_in(client.get(PUBLIC).content) == []


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "]]><script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        '"><svg onload=alert(1)>',
        "\x00\x08\x0b\x1b\ud800\u2028<script>alert(1)</script>",
    ],
)
def test_no_text_is_markup_in_a_feed(client, payload):
    payload = payload.encode("utf-8", "ignore").decode().replace("\x00", "")
    publish(payload, lead=payload)
    meeting = called(
        MeetingFactory(called=True, committee__name=payload, title=payload, place=payload)
    )
    AgendaItemFactory(meeting=meeting, title=payload)
    ResolutionFactory(committee=meeting.committee, number=payload[:40], text=payload)

    data = client.get(PUBLIC).content

    check_atom(data)
    summaries = [entry.findtext(f"{ATOM}summary") for entry in entries_in(data)]
    assert len(summaries) == 3
    for summary in summaries:
        markup = ET.fromstring(f"<div>{summary.replace('&nbsp;', ' ')}</div>")
        assert {element.tag for element in markup.iter()} <= {"div", "p", "ul", "li"}
        assert not any(element.attrib for element in markup.iter())


def test_an_entry_keeps_its_id_and_says_when_it_changed(client):
    meeting = called(MeetingFactory(called=True))
    before = entries_in(client.get(PUBLIC).content)[0]

    meeting.revised_at = timezone.now() + HOUR
    meeting.place = "Jinde"
    meeting.save()
    after = entries_in(client.get(PUBLIC).content)[0]

    assert before.findtext(f"{ATOM}id") == after.findtext(f"{ATOM}id")
    assert before.findtext(f"{ATOM}updated") < after.findtext(f"{ATOM}updated")
    assert "Jinde" in after.findtext(f"{ATOM}summary")


def test_a_feed_with_nothing_new_is_not_sent_again(client):
    first = client.get(PUBLIC)  # with nothing in it at all
    again = client.get(PUBLIC, headers={"If-None-Match": first["ETag"]})
    publish("Aktualita")
    changed = client.get(PUBLIC, headers={"If-None-Match": first["ETag"]})

    check_atom(first.content)
    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert client.get(PUBLIC).content == changed.content


def test_the_feed_keeps_the_newest_entries(client):
    for number in range(NEWEST + 2):
        publish(f"Zpráva {number}", at=timezone.now() - number * HOUR - HOUR)

    titles = titles_in(client.get(PUBLIC).content)

    assert titles == [f"Zpráva {number}" for number in range(NEWEST)]


@pytest.mark.parametrize("count", [1, 3])
def test_feeds_have_a_constant_number_of_queries(client, count, django_assert_num_queries):
    committee = committee_of(2)
    for number in range(count):
        AgendaItemFactory(meeting=called(MeetingFactory(called=True, committee=committee)))
        ResolutionFactory(committee=committee)
        opened(committee)
        publish(f"Zpráva {number}")
    member = members_of(committee)[0]
    renew(member)
    address = path_of(subscription_of(member).feed_url)

    # region, meetings, items, minutes, resolutions, articles
    with django_assert_num_queries(6):
        public = client.get(PUBLIC)
    # the link and its last use, grants, meetings, items, minutes, resolutions, votes
    with django_assert_num_queries(9):
        own = client.get(address)

    assert len(entries_in(public.content)) == 3 * count
    assert len(entries_in(own.content)) == 3 * count
