"""What minutes add to the page of a meeting: where they stand and what may be done with them."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting

from .enums import MinutesState
from .models import Minutes


def minutes_of(request: HttpRequest, meeting: Meeting) -> str:
    """A section with the minutes that the reader may see, or with a button to begin them. Three queries."""
    if meeting.state != MeetingState.ENDED:
        return ""
    minutes = (
        Minutes.objects.visible_to(request.user)
        .filter(meeting=meeting)
        .select_related("public_pdf", "public_extract")
        .first()
    )
    may_begin = (
        minutes is None
        and request.user.is_authenticated
        and request.user.has_perm("minutes.write_minutes", meeting)
    )
    if minutes is None and not may_begin:
        return ""
    context = {
        "meeting": meeting,
        "committee": meeting.committee,
        "minutes": minutes,
        "is_working": minutes is not None and minutes.state != MinutesState.APPROVED,
        "may_begin": may_begin,
    }
    return render_to_string("minutes/_meeting_panel.html", context, request)
