"""What this room adds to the pages of committees: the nearest meeting, how to follow them, papers by years."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from committees.bodies.models import Committee
from committees.meetings.models import Meeting

from .entries import absolute
from .subscription import as_webcal
from .upcoming import next_of_each


def next_meeting(request: HttpRequest, committee: Committee) -> str:
    """The nearest called meeting of the committee, on top of its page. One query."""
    nearest = next_of_each(Meeting.objects.filter(committee=committee))
    if not nearest:
        return ""
    context = {"meeting": nearest[committee.pk]}
    return render_to_string("following/_next_meeting.html", context, request)


def next_meetings(request: HttpRequest, committees: list[Committee]) -> dict[int, str]:
    """The nearest called meeting of each committee in the list of all. One query."""
    nearest = next_of_each(Meeting.objects.filter(committee__in=committees))
    return {
        pk: render_to_string("following/_next_meeting_note.html", {"meeting": meeting}, request)
        for pk, meeting in nearest.items()
    }


def ways_to_follow(request: HttpRequest, committee: Committee) -> str:
    """Calendar and feed of a public committee; for the coordinator also the archive. No queries."""
    can_archive = request.user.is_authenticated and request.user.is_staff
    if not committee.is_public and not can_archive:
        return ""
    calendar = reverse("following:committee_calendar", args=[committee.slug])
    return render_to_string(
        "following/_committee.html",
        {
            "committee": committee,
            "webcal_url": as_webcal(absolute(calendar)),
            "can_archive": can_archive,
        },
        request,
    )
