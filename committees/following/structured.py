"""Meetings open to the public for search engines: an Event of schema.org beside the page's own words."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from committees.meetings.agenda import agenda_tree, walk
from committees.meetings.calendar import summary_of
from committees.meetings.enums import Format, MeetingState
from committees.meetings.models import Meeting
from kpss.passages import public_text

from .archive.data import local
from .entries import absolute

# So that no text ends the element it stands in (the same signs as Django's json_script).
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
_ATTENDANCE = {
    Format.IN_PERSON: "OfflineEventAttendanceMode",
    Format.ONLINE: "OnlineEventAttendanceMode",
    Format.HYBRID: "MixedEventAttendanceMode",
}


def event_script(request: HttpRequest, meeting: Meeting) -> str:
    """A panel of the meeting's page that nobody sees; nothing for a meeting that is not for everybody.

    The same public layer for every reader, at most one query.
    """
    is_called = meeting.state != MeetingState.PLANNED and meeting.invited_at is not None
    if not (is_called and meeting.is_public and meeting.committee.is_public):
        return ""
    text = json.dumps(event_data(meeting), ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def event_data(meeting: Meeting) -> dict[str, Any]:
    """The public layer of the meeting in the words of schema.org."""
    url = absolute(meeting.get_absolute_url())
    agenda = [
        f"{line.number} {public_text(line.item.title)}"
        for line in walk(agenda_tree(meeting.items.all(), insider=False))
    ]
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": public_text(summary_of(meeting)),
        "description": "\n".join(agenda),
        "url": url,
        "startDate": local(meeting.starts_at),
        "eventStatus": "https://schema.org/"
        + ("EventCancelled" if meeting.state == MeetingState.CANCELLED else "EventScheduled"),
        "eventAttendanceMode": f"https://schema.org/{_ATTENDANCE[Format(meeting.format)]}",
        "location": _location(meeting, url),
        "organizer": {
            "@type": "Organization",
            "name": meeting.committee.name,
            "url": absolute(meeting.committee.get_absolute_url()),
        },
        "isAccessibleForFree": True,
        "inLanguage": "cs",
    }
    if meeting.ends_at:
        described["endDate"] = local(meeting.ends_at)
    return described


def _location(meeting: Meeting, url: str) -> list[dict[str, str]]:
    """Where to come. The link for attending online is not public, so the page stands in its place."""
    places = []
    if meeting.format != Format.ONLINE:
        places.append({"@type": "Place", "name": meeting.place, "address": meeting.place})
    if meeting.format != Format.IN_PERSON:
        places.append({"@type": "VirtualLocation", "url": url})
    return places
