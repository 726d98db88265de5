"""Calendars to subscribe to: what everybody gets, what one member gets, and that nothing leaks between."""

import datetime

import icalendar
import pytest
from django.utils import timezone

from committees.following.subscription import renew, subscription_of
from committees.people.roles import coordinators, sync
from tests.committees.ballots.building import cast, committee_of, members_of, opened
from tests.factories import (
    CommitteeFactory,
    MeetingFactory,
    MeetingTaskFactory,
    PersonFactory,
    SeatFactory,
)

from .telling import SECRETS, called, events_in, meeting_with_secrets, member_of_both, path_of

pytestmark = pytest.mark.django_db

PUBLIC = "/kalendar.ics"
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


def private(client, person, kind="calendar_url"):
    renew(person)
    return client.get(path_of(getattr(subscription_of(person), kind)))


def test_the_public_calendar_has_called_meetings_of_public_committees(client):
    shown = MeetingFactory(called=True, committee=CommitteeFactory(name="Komise"))
    cancelled = MeetingFactory(cancelled=True, committee=CommitteeFactory(name="Rada"))
    MeetingFactory(committee__name="Nesvolaná")
    MeetingFactory(called=True, committee__is_public=False)

    response = client.get(PUBLIC)

    events = events_in(response.content)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert {str(event["uid"]) for event in events.values()} == {str(shown.uid), str(cancelled.uid)}
    by_uid = {str(event["uid"]): event for event in events.values()}
    assert by_uid[str(shown.uid)]["status"] == "CONFIRMED"
    assert by_uid[str(cancelled.uid)]["status"] == "CANCELLED"
    assert by_uid[str(shown.uid)]["dtstart"].dt == shown.starts_at
    assert not response.cookies


def test_the_calendar_of_a_committee_has_its_meetings_only(client):
    shown = MeetingFactory(called=True)
    MeetingFactory(called=True)
    hidden = MeetingFactory(called=True, committee__is_public=False)

    response = client.get(f"/skupiny/{shown.committee.slug}/kalendar.ics")

    assert [str(event["uid"]) for event in events_in(response.content).values()] == [str(shown.uid)]
    for person in (None, PersonFactory(superuser=True)):
        if person:
            client.force_login(person)
        assert client.get(f"/skupiny/{hidden.committee.slug}/kalendar.ics").status_code == 404


def test_the_calendar_keeps_a_year_of_the_past(client):
    now = timezone.now()
    MeetingFactory(ended=True, starts_at=now - datetime.timedelta(days=600))
    lately = MeetingFactory(ended=True, starts_at=now - datetime.timedelta(days=300))

    events = events_in(client.get(PUBLIC).content)

    assert [str(event["uid"]) for event in events.values()] == [str(lately.uid)]


def test_members_read_in_their_calendar_what_the_public_does_not(client):
    member = member_of_both(meeting_with_secrets())
    told_to_members = {
        "internal item",
        "under an internal item",
        "online link",
        "words of the invitation",
        "hidden committee",
        "item of a hidden committee",
    }

    public = client.get(PUBLIC).content.decode().replace("\r\n ", "")
    own = private(client, member).content.decode().replace("\r\n ", "")

    assert [name for name, word in SECRETS.items() if word in public] == []
    assert {name for name, word in SECRETS.items() if word in own} == told_to_members
    assert "Zpráva o plnění plánu" in public


def test_the_public_calendar_is_the_same_for_everybody(client):
    member = member_of_both(meeting_with_secrets())
    anonymous = client.get(PUBLIC).content

    client.force_login(member)

    assert client.get(PUBLIC).content == anonymous


def test_a_member_has_deadlines_of_votes_not_cast_and_terms_of_own_tasks(client):
    committee = committee_of(3)
    first, second, _third = members_of(committee)
    ballot = opened(committee, title="Příspěvek na dopravu")
    task = MeetingTaskFactory(person=first, text="Zjistit cenu", due_on=datetime.date(2030, 5, 6))
    MeetingTaskFactory(text="Cizí úkol", due_on=datetime.date(2030, 5, 6))
    MeetingTaskFactory(person=first, text="Bez termínu")
    cast(ballot, second)

    of_first = events_in(private(client, first).content)
    of_second = events_in(private(client, second).content)

    assert set(of_first) == {"Končí hlasování: Příspěvek na dopravu", "Termín úkolu: Zjistit cenu"}
    assert of_first["Končí hlasování: Příspěvek na dopravu"][
        "dtstart"
    ].dt == ballot.deadline.replace(microsecond=0)
    assert of_first["Termín úkolu: Zjistit cenu"]["dtstart"].dt == task.due_on
    assert of_second == {}


def test_a_seat_that_ends_takes_its_meetings_out_of_the_calendar(client):
    meeting = MeetingFactory(called=True, committee__is_public=False)
    seat = SeatFactory(committee=meeting.committee)
    renew(seat.person)
    address = path_of(subscription_of(seat.person).calendar_url)
    assert len(events_in(client.get(address).content)) == 1

    seat.valid_to = timezone.localdate() - datetime.timedelta(days=1)
    seat.save()

    assert events_in(client.get(address).content) == {}


def test_a_coordinator_has_meetings_of_all_committees(client):
    sync()
    coordinator = PersonFactory(coordinator=True)
    coordinator.groups.add(coordinators())
    meeting_with_secrets()

    assert len(events_in(private(client, coordinator).content)) == 2


@pytest.mark.parametrize("sign", BREAKS)
def test_no_text_puts_a_property_into_a_calendar(client, sign):
    attack = f"Jednání{sign}ATTENDEE:mailto:zly@example.cz{sign}BEGIN:VALARM"
    meeting = called(
        MeetingFactory(
            called=True,
            committee=CommitteeFactory(name=attack[:160]),
            title=attack,
            place=attack,
            message=attack,
        )
    )
    MeetingTaskFactory(
        text=attack, due_on=timezone.localdate(), person=PersonFactory(last_name="A")
    )
    member = SeatFactory(committee=meeting.committee).person
    MeetingTaskFactory(text=attack, due_on=timezone.localdate(), person=member)

    for data in (client.get(PUBLIC).content, private(client, member).content):
        parsed = icalendar.Calendar.from_ical(data)
        lines = data.decode().replace("\r\n ", "").split("\r\n")
        assert [line for line in lines if line.startswith(("ATTENDEE", "BEGIN:VALARM"))] == []
        assert parsed.errors == []
        assert not any(event.get("attendee") for event in parsed.walk("VEVENT"))
        assert not any(s in data.decode() for s in BREAKS if s not in ("\r\n", "\n", "\r"))
        assert data.count(b"\r") == data.count(b"\n") == data.count(b"\r\n")


def test_calendars_are_told_how_often_to_ask(client):
    calendar = icalendar.Calendar.from_ical(client.get(PUBLIC).content)

    assert calendar["refresh-interval"].to_ical() == b"PT1H"
    assert calendar["refresh-interval"].params["VALUE"] == "DURATION"
    assert calendar["x-published-ttl"] == "PT1H"


def test_the_same_calendar_is_the_same_bytes_and_is_not_sent_twice(client):
    meeting = MeetingFactory(called=True)

    first = client.get(PUBLIC)
    again = client.get(PUBLIC, headers={"If-None-Match": first["ETag"]})
    meeting.place = "Jinde"
    meeting.save()
    changed = client.get(PUBLIC, headers={"If-None-Match": first["ETag"]})

    assert client.get(PUBLIC).content == changed.content
    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert again.content == b""
    assert "Jinde" in changed.content.decode()
    assert first["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("count", [1, 3])
def test_calendars_have_a_constant_number_of_queries(client, count, django_assert_num_queries):
    committee = committee_of(2)
    member = members_of(committee)[0]
    for _number in range(count):
        MeetingFactory(called=True, committee=committee)
        opened(committee)
        MeetingTaskFactory(person=member, due_on=timezone.localdate())
    renew(member)
    address = path_of(subscription_of(member).calendar_url)

    with django_assert_num_queries(4):  # region twice, meetings, items
        client.get(PUBLIC)
    # the link and its last use, grants, region, meetings, items, votes, tasks
    with django_assert_num_queries(9):
        own = client.get(address)

    assert len(icalendar.Calendar.from_ical(own.content).walk("VEVENT")) == 3 * count
