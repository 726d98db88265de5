"""A committee with a meeting to tell of: public items beside internal ones, called as people call it."""

import datetime
import xml.etree.ElementTree as ET

import icalendar
from django.utils import timezone

from committees.bodies.enums import Side
from committees.meetings.enums import Format, MeetingState
from committees.meetings.models import Meeting, MeetingEvent
from tests.factories import AgendaItemFactory, CommitteeFactory, MeetingFactory, SeatFactory

ATOM = "{http://www.w3.org/2005/Atom}"
# Words which only members may read; each stands at another place where it could leak.
SECRETS = {
    "internal item": "Personalitajná",
    "under an internal item": "Odměnytajné",
    "online link": "https://tajne.example.cz/vstup",
    "words of the invitation": "Vzkaztajný",
    "reason in the history": "Důvodtajný",
    "hidden committee": "Skupinatajná",
    "item of a hidden committee": "Bodtajný",
    "name of a member on the users' side": "Dvořáčkovátajná",
}


def called(meeting: Meeting, at: datetime.datetime | None = None, **event) -> Meeting:
    """The meeting with what its workflow writes down when people are called to it."""
    at = at or timezone.now()
    MeetingEvent.objects.create(
        meeting=meeting,
        at=at,
        **{
            "transition": "invite",
            "from_state": MeetingState.PLANNED,
            "to_state": MeetingState.INVITED,
        }
        | event,
    )
    return meeting


def meeting_with_secrets() -> Meeting:
    """A called meeting of a public committee, and one of a hidden committee with the same member."""
    committee = CommitteeFactory(name="Komise pro plánování")
    meeting = called(
        MeetingFactory(
            committee=committee,
            called=True,
            format=Format.HYBRID,
            place="Radnice",
            online_url=SECRETS["online link"],
            message=SECRETS["words of the invitation"],
        )
    )
    called(meeting, transition="change", note=SECRETS["reason in the history"])
    AgendaItemFactory(meeting=meeting, title="Zpráva o plnění plánu")
    internal = AgendaItemFactory(meeting=meeting, title=SECRETS["internal item"], is_internal=True)
    AgendaItemFactory(meeting=meeting, parent=internal, title=SECRETS["under an internal item"])
    hidden = CommitteeFactory(name=SECRETS["hidden committee"], is_public=False)
    other = called(MeetingFactory(committee=hidden, called=True))
    AgendaItemFactory(meeting=other, title=SECRETS["item of a hidden committee"])
    return meeting


def member_of_both(meeting: Meeting):
    """Somebody who sits on the meeting's committee and on the hidden one, on the users' side."""
    seat = SeatFactory(
        committee=meeting.committee,
        side=Side.USER,
        person__last_name=SECRETS["name of a member on the users' side"],
    )
    hidden = Meeting.objects.exclude(committee=meeting.committee).get().committee
    SeatFactory(committee=hidden, person=seat.person)
    return seat.person


def events_in(data: bytes) -> dict[str, icalendar.Event]:
    """The events of a calendar by what they are called."""
    calendar = icalendar.Calendar.from_ical(data)
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def entries_in(data: bytes) -> list[ET.Element]:
    return ET.fromstring(data).findall(f"{ATOM}entry")


def titles_in(data: bytes) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries_in(data)]


def path_of(url: str) -> str:
    """What the client asks for, of a whole address."""
    return "/" + url.split("/", 3)[3]
