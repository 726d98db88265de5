"""Meetings as files for calendars (RFC 5545 and 5546), whatever stands in their texts.

An event has the same UID for ever and a SEQUENCE that only grows, so a calendar puts a new message in
the place of the former one. Times are in UTC, which every calendar shows as local.
"""

import datetime
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _t
from icalendar import Calendar, Event, vCalAddress, vText, vUri

from kpss.passages import public_text
from kpss.territory.models import Region

from .agenda import AgendaLine, agenda_tree
from .enums import Answer, Format, MeetingState
from .models import Meeting

PRODUCT = "-//KPSS//portal//CS"
PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
# How long a meeting lasts in a calendar when nobody has said.
USUAL_LENGTH = datetime.timedelta(hours=2)

_PARTICIPATION: dict[str, str] = {
    Answer.YES: "ACCEPTED",
    Answer.ONLINE: "ACCEPTED",
    Answer.NO: "DECLINED",
    Answer.SUBSTITUTE: "DECLINED",
}


def calendar_of(
    meetings: Iterable[Meeting],
    *,
    method: str = PUBLISH,
    name: str = "",
    for_person: Any = None,
    answer: str = "",
    guest: bool = False,
    public: bool = False,
) -> bytes:
    """The meetings as one file; arguments as for ``event_of``. A constant number of queries.

    ``method`` is REQUEST or CANCEL in a mail to ``for_person``, PUBLISH in a file that anybody takes.
    """
    meetings = list(meetings)
    prefetch_related_objects(meetings, "committee", "items")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("name", one_line(name))
        calendar.add("x-wr-calname", one_line(name))
    by = organizer()
    for meeting in meetings:
        calendar.add_component(
            event_of(
                meeting, by=by, for_person=for_person, answer=answer, guest=guest, public=public
            )
        )
    return calendar.to_ical()


def event_of(
    meeting: Meeting,
    *,
    by: vCalAddress,
    for_person: Any = None,
    answer: str = "",
    guest: bool = False,
    public: bool = False,
) -> Event:
    """The meeting as an event of a calendar ``by`` the organizer, with its committee and items at hand.

    ``public`` leaves out internal items, the link for attending online and the words of the
    invitation; ``guest`` leaves out internal items only. ``for_person`` is named as the one invited,
    with the ``answer`` they gave.
    """
    event = Event()
    event.add("uid", str(meeting.uid))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.revised_at)
    event.add("dtstart", meeting.starts_at.astimezone(datetime.UTC))
    event.add(
        "dtend", (meeting.ends_at or meeting.starts_at + USUAL_LENGTH).astimezone(datetime.UTC)
    )
    event.add("summary", one_line(summary_of(meeting)))
    event.add("status", _status(meeting))
    if where := _where(meeting, public=public):
        event.add("location", one_line(where))
    event.add("description", _description(meeting, guest=guest, public=public))
    event.add("url", vUri(settings.SITE_URL + meeting.get_absolute_url()))
    event.add("organizer", by, encode=False)
    if for_person is not None and for_person.email:
        event.add("attendee", _attendee(for_person, answer), encode=False)
    return event


def summary_of(meeting: Meeting) -> str:
    """ "Komise pro plánování: 2. jednání v roce 2026 – ustavující"."""
    committee = meeting.committee.short_name or meeting.committee.name
    words = _t("%(committee)s: meeting no. %(number)s in %(year)s") % {
        "committee": committee,
        "number": meeting.number,
        "year": meeting.year,
    }
    return f"{words} – {meeting.title}" if meeting.title else words


def one_line(text: str) -> str:
    """The text on one line: whatever could end a line of the file is a space."""
    seen = (" " if unicodedata.category(sign) in _BREAKING else sign for sign in text)
    return " ".join("".join(seen).split())


def lines(text: str) -> str:
    """The text with plain ends of lines and no other control signs."""
    return "\n".join(one_line(line) for line in text.splitlines()).strip()


_BREAKING = {"Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"}


def _status(meeting: Meeting) -> str:
    if meeting.state == MeetingState.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if meeting.state == MeetingState.PLANNED else "CONFIRMED"


def _where(meeting: Meeting, *, public: bool) -> str:
    if meeting.format == Format.IN_PERSON:
        return meeting.place
    online = _t("online") if public else meeting.online_url
    return online if meeting.format == Format.ONLINE else f"{meeting.place}, {online}"


def _description(meeting: Meeting, *, guest: bool, public: bool) -> str:
    parts = []
    if meeting.state == MeetingState.CANCELLED:
        parts.append(_t("The meeting is cancelled."))
    if meeting.message and not public:
        parts.append(lines(meeting.message))
    is_insider = not (guest or public)
    agenda = list(_numbered(agenda_tree(meeting.items.all(), insider=is_insider), is_insider))
    if agenda:
        parts.append("\n".join([_t("Agenda:"), *agenda]))
    if meeting.online_url and not public and meeting.format != Format.IN_PERSON:
        parts.append(_t("Online: %(url)s") % {"url": one_line(meeting.online_url)})
    parts.append(settings.SITE_URL + meeting.get_absolute_url())
    return "\n\n".join(parts)


def _numbered(tree: Iterable[AgendaLine], is_insider: bool) -> Iterable[str]:
    for line in tree:
        title = line.item.title if is_insider else public_text(line.item.title)
        yield f"{line.number} {one_line(title)}"
        yield from _numbered(line.children, is_insider)


def organizer() -> vCalAddress:
    """The coordinator: people answer to her, whoever called the meeting. One query."""
    region = Region.load()
    email = region.coordinator_email or settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    return _address(email, region.coordinator_name or region.short_name)


def _attendee(person: Any, answer: str) -> vCalAddress:
    address = _address(person.email, person.get_full_name())
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText(_PARTICIPATION.get(answer, "NEEDS-ACTION"))
    # Answers go through the portal; one from a calendar would end in somebody's mailbox.
    address.params["RSVP"] = vText("FALSE")
    return address


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress("mailto:" + "".join(one_line(email).split()))
    if name := one_line(name).replace('"', "'"):
        address.params["CN"] = vText(name)
    return address
