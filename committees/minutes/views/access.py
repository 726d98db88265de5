"""What every page of minutes begins with: the minutes that the reader may see, or nothing."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t

from committees.minutes import selectors
from committees.minutes.models import Minutes


def minutes_or_404(request, slug: str, year: int, number: int) -> Minutes:
    """The minutes of that meeting, when the reader may see them."""
    minutes = (
        selectors.minutes_for_pages(request.user)
        .filter(meeting__committee__slug=slug, meeting__year=year, meeting__number=number)
        .first()
    )
    if minutes is None:
        raise Http404
    return minutes


def written_minutes(request, slug: str, year: int, number: int) -> Minutes:
    """The minutes, when the reader may write them; else 404 or 403."""
    minutes = minutes_or_404(request, slug, year, number)
    if not request.user.has_perm("minutes.write_minutes", minutes):
        raise PermissionDenied
    return minutes


def crumbs_of(meeting) -> list[dict]:
    """The way back up from the minutes of a meeting."""
    return [
        {"title": _t("Who plans"), "url": reverse("bodies:committee_list")},
        {"title": meeting.committee.name, "url": meeting.committee.get_absolute_url()},
        {
            "title": _t("Meeting %(number)s/%(year)s")
            % {"number": meeting.number, "year": meeting.year},
            "url": meeting.get_absolute_url(),
        },
    ]
