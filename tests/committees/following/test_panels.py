"""What pages of committees and meetings say by this room: the nearest meeting, how to follow, data for search engines."""

import datetime
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from committees.meetings.enums import Format
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    MeetingFactory,
    PersonFactory,
    SeatFactory,
)

pytestmark = pytest.mark.django_db

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def in_days(days):
    return timezone.now() + datetime.timedelta(days=days)


def event_on(client, meeting):
    """What the page of the meeting tells search engines, and how many times it does."""
    return [json.loads(data) for data in DATA.findall(page_of(client, meeting))]


def page_of(client, thing):
    return client.get(thing.get_absolute_url()).content.decode()


def test_a_committee_says_on_top_when_it_meets_next(client):
    committee = CommitteeFactory()
    MeetingFactory(committee=committee, called=True, starts_at=in_days(20), place="Pozdější sál")
    nearest = MeetingFactory(committee=committee, called=True, starts_at=in_days(5))
    MeetingFactory(committee=committee, starts_at=in_days(2), place="Nesvolaná zasedačka")

    page = page_of(client, committee)

    top = page[page.index('id="pristi-jednani"') : page.index('id="clenove"')]
    assert nearest.get_absolute_url() in top
    assert "Pozdější sál" not in top
    assert "Nesvolaná zasedačka" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_says_of_each_committee_when_it_meets(client, count, django_assert_num_queries):
    committees = CommitteeFactory.create_batch(count)
    for committee in committees:
        MeetingFactory(committee=committee, called=True, starts_at=in_days(5), place="Malý sál")
        MeetingFactory(committee=committee, called=True, starts_at=in_days(9), place="Velký sál")
    CommitteeFactory(name="Neschází se")

    with django_assert_num_queries(3):  # committees, their meetings, region
        page = client.get(reverse("bodies:committee_list")).content.decode()

    assert page.count("Malý sál") == count
    assert "Velký sál" not in page


def test_a_public_committee_offers_its_calendar_and_feed(client):
    committee = CommitteeFactory(slug="komise")

    page = page_of(client, committee)

    assert 'href="/skupiny/komise/kalendar.ics"' in page
    assert 'type="application/atom+xml"' in page
    assert "webcal:" in page
    assert "/skupiny/komise/archiv/" not in page


def test_a_hidden_committee_offers_neither_but_its_archive_to_the_office(client):
    committee = CommitteeFactory(slug="skryta", is_public=False)
    client.force_login(SeatFactory(committee=committee).person)
    assert "/skupiny/skryta/kalendar.ics" not in page_of(client, committee)
    assert "/skupiny/skryta/archiv/" not in page_of(client, committee)

    client.force_login(PersonFactory(superuser=True))
    page = page_of(client, committee)

    assert "/skupiny/skryta/kalendar.ics" not in page
    assert "/skupiny/skryta/archiv/" in page


def test_a_meeting_open_to_the_public_is_an_event_for_search_engines(client):
    starts_at = in_days(5).replace(microsecond=0)
    meeting = MeetingFactory(
        called=True,
        is_public=True,
        starts_at=starts_at,
        format=Format.HYBRID,
        online_url="https://tajne.example.cz/vstup",
    )
    AgendaItemFactory(meeting=meeting, title="Zpráva o plnění")
    AgendaItemFactory(meeting=meeting, title="Personalitajná", is_internal=True)
    member = SeatFactory(committee=meeting.committee).person

    (event,) = event_on(client, meeting)
    client.force_login(member)
    (same,) = event_on(client, meeting)

    assert event == same
    assert event["@type"] == "Event"
    assert datetime.datetime.fromisoformat(event["startDate"]) == starts_at
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["description"] == "1. Zpráva o plnění"
    assert [place["@type"] for place in event["location"]] == ["Place", "VirtualLocation"]
    assert "tajne.example.cz" not in json.dumps(event)
    assert event["organizer"]["name"] == meeting.committee.name


@pytest.mark.parametrize(
    "traits",
    [
        {"called": True, "is_public": False},
        {"is_public": True},
        {"called": True, "is_public": True, "committee__is_public": False},
    ],
)
def test_other_meetings_are_no_events_for_search_engines(client, traits):
    meeting = MeetingFactory(**traits)
    client.force_login(PersonFactory(superuser=True))

    assert event_on(client, meeting) == []


@pytest.mark.parametrize(
    "payload",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "&lt;/script&gt;",
        '"}];alert(1)//\u2028',
    ],
)
def test_no_text_ends_the_data_for_search_engines(client, payload):
    meeting = MeetingFactory(called=True, is_public=True, title=payload, place=payload)
    AgendaItemFactory(meeting=meeting, title=payload)

    (event,) = event_on(client, meeting)  # the strict client refuses inline scripts

    assert payload in event["name"]
    assert event["description"] == f"1. {payload}"
