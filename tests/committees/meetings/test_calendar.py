"""Files for calendars: one event for ever, no property that somebody has smuggled in, nothing internal in public."""

import datetime
import itertools
import random

import pytest
from icalendar import Calendar

from committees.meetings.calendar import CANCEL, REQUEST, calendar_of
from committees.meetings.enums import Answer, Format
from tests.factories import AgendaItemFactory, MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db

START = datetime.datetime(2027, 3, 28, 7, 0, tzinfo=datetime.UTC)  # 9:00 on the day of the change
BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\x00",
]
SMUGGLED = [
    "ATTENDEE:mailto:zly@example.com",
    "BEGIN:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
    "X-KANAREK:1",
    " pokračování",
    "METHOD:CANCEL",
    "ORGANIZER;CN=Zly:mailto:zly@example.com",
    "UID:jine",
    "SEQUENCE:99",
    "URL:http://zly.example.com",
    'CN="a":b;c,d\\n\\',
    "DTSTART:19700101T000000Z",
    "BEGIN:VEVENT",
    "STATUS:CANCELLED",
    "PRIORITY:1",
    "CLASS:PRIVATE",
]
PAYLOADS = [f"Text{brk}{line}" for brk, line in itertools.product(BREAKS, SMUGGLED)]
PROPERTIES = {
    "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "LOCATION", "DESCRIPTION",
    "URL", "ORGANIZER", "ATTENDEE",
}  # fmt: skip


def read(data):
    calendar = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_two_hundred_payloads_add_no_property():
    assert len(PAYLOADS) >= 200
    meeting = MeetingFactory(format=Format.HYBRID)
    item = AgendaItemFactory(meeting=meeting)
    person = PersonFactory()
    random.Random(7).shuffle(PAYLOADS)
    for payload in PAYLOADS:
        meeting.title = meeting.place = meeting.message = payload
        meeting.online_url = f"https://example.cz/{payload}"
        meeting.committee.name, meeting.committee.short_name = payload, payload
        item.title = payload
        meeting._prefetched_objects_cache = {"items": [item]}
        person.first_name, person.last_name = payload, payload
        person.email = f"jana{payload}@example.cz"

        data = calendar_of([meeting], method=REQUEST, for_person=person, name=payload)

        calendar, event = read(data)
        assert set(calendar) == {"PRODID", "VERSION", "METHOD", "NAME", "X-WR-CALNAME"}
        assert str(calendar["method"]) == "REQUEST"
        assert set(event) == PROPERTIES
        assert not isinstance(event["attendee"], list)
        assert str(event["uid"]) == str(meeting.uid)
        assert event.subcomponents == []
        assert sum(line.startswith(b"BEGIN:") for line in data.split(b"\r\n")) == 2
        names = {
            line.split(b":")[0].split(b";")[0] for line in data.split(b"\r\n") if line[:1] != b" "
        }
        assert names - {b""} <= {name.encode() for name in PROPERTIES} | {
            b"BEGIN", b"END", b"PRODID", b"VERSION", b"METHOD", b"NAME", b"X-WR-CALNAME",
        }  # fmt: skip


def test_text_comes_back_as_it_was_written():
    meeting = MeetingFactory(
        title="Rozpočet; čárky, zpětné \\ lomítko", message="První\n\nDruhý řádek"
    )

    _calendar, event = read(calendar_of([meeting]))

    assert str(event["summary"]).endswith(" – Rozpočet; čárky, zpětné \\ lomítko")
    assert str(event["description"]).startswith("První\n\nDruhý řádek\n\n")


def test_times_are_exact_on_the_day_when_clocks_change():
    meeting = MeetingFactory(starts_at=START, ends_at=START + datetime.timedelta(minutes=90))

    data = calendar_of([meeting])

    assert b"DTSTART:20270328T070000Z" in data
    assert b"DTEND:20270328T083000Z" in data


def test_end_nobody_has_said_is_two_hours_later():
    _calendar, event = read(calendar_of([MeetingFactory(starts_at=START)]))

    assert event["dtend"].dt - event["dtstart"].dt == datetime.timedelta(hours=2)


STATUSES = [({}, "TENTATIVE"), ({"called": True}, "CONFIRMED"), ({"cancelled": True}, "CANCELLED")]


@pytest.mark.parametrize(("traits", "status"), STATUSES)
def test_status_says_how_the_meeting_stands(traits, status):
    _calendar, event = read(calendar_of([MeetingFactory(**traits)], method=CANCEL))

    assert str(event["status"]) == status


ANSWERS = [
    ("", "NEEDS-ACTION"),
    (Answer.YES, "ACCEPTED"),
    (Answer.ONLINE, "ACCEPTED"),
    (Answer.NO, "DECLINED"),
    (Answer.SUBSTITUTE, "DECLINED"),
]


@pytest.mark.parametrize(("answer", "participation"), ANSWERS)
def test_person_invited_stands_there_alone_with_the_answer(answer, participation):
    person = PersonFactory(email="eva@example.cz")

    _calendar, event = read(calendar_of([MeetingFactory()], for_person=person, answer=answer))

    attendee = event["attendee"]
    assert str(attendee) == "mailto:eva@example.cz"
    assert str(attendee.params["partstat"]) == participation
    assert str(attendee.params["rsvp"]) == "FALSE"


def test_nobody_is_named_in_a_public_file_and_nothing_internal():
    meeting = MeetingFactory(
        format=Format.HYBRID, online_url="https://kanarek.example.cz/", message="Kanárek vzkaz"
    )
    hidden = AgendaItemFactory(meeting=meeting, title="Kanárek bod", is_internal=True)
    AgendaItemFactory(meeting=meeting, title="Kanárek pod ním", parent=hidden)
    AgendaItemFactory(meeting=meeting, title="Akční plán")

    public, guest, member = (
        str(read(calendar_of([meeting], **how))[1].to_ical(), "utf-8").replace("\r\n ", "")
        for how in ({"public": True}, {"guest": True}, {})
    )

    assert "Akční plán" in public
    assert "anárek" not in public
    assert "kanarek" not in public
    assert "ATTENDEE" not in public
    assert "Kanárek bod" not in guest
    assert "https://kanarek.example.cz/" in guest
    assert "Kanárek pod ním" in member


def test_number_of_queries_does_not_grow(django_assert_num_queries):
    for count in (1, 3):
        meetings = [MeetingFactory() for _one in range(count)]
        for meeting in meetings:
            AgendaItemFactory(meeting=meeting)
        with django_assert_num_queries(2):  # region, items
            calendar_of(meetings)


def test_passages_for_members_stay_out_of_the_calendar_of_the_public(client):
    meeting = AgendaItemFactory(
        title="Podnět [[paní Kanárkové]] k dopravě", meeting__called=True
    ).meeting

    public = calendar_of([meeting], public=True).decode()
    whole = calendar_of([meeting]).decode()
    page = client.get(meeting.get_absolute_url()).content.decode()

    assert "Kanárkové" in whole
    assert "Kanárkové" not in public + page
    assert "Podnět" in public
    assert "Podnět" in page
