"""What comes next: the nearest meetings, for lists and for the home page."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from committees.meetings.models import Meeting, MeetingQuerySet
from kpss import clock


def next_of_each(meetings: MeetingQuerySet) -> dict[int, Meeting]:
    """The nearest called meeting to come of each committee among ``meetings``, by its key. One query."""
    nearest: dict[int, Meeting] = {}
    for meeting in meetings.upcoming(clock.now()).select_related("committee"):
        nearest.setdefault(meeting.committee_id, meeting)
    return nearest


def next_in_public(number: int = 3) -> QuerySet[Meeting]:
    """The nearest meetings of public committees, as everybody may see them."""
    return (
        Meeting.objects.visible_to(AnonymousUser())
        .upcoming(clock.now())
        .select_related("committee")[:number]
    )
