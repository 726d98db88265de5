"""Places on the page of a meeting that other rooms fill, such as its minutes; and ours on a committee's page.

Imports run one way, so the page asks no other room; they offer their part in ``AppConfig.ready``.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from committees.bodies.models import Committee

from . import selectors
from .models import Meeting

# Given the request and the meeting, returns a section of the page as safe HTML, or nothing.
Panel = Callable[[HttpRequest, Meeting], str]

_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Show ``panel`` on every meeting's page, in the order of registration; twice is as once."""
    if panel not in _panels:
        _panels.append(panel)


def panels_for(request: HttpRequest, meeting: Meeting) -> list[SafeString]:
    """The sections that other rooms have for this meeting and reader."""
    made = (panel(request, meeting) for panel in _panels)
    return [SafeString(section) for section in made if section]


def meetings_of(request: HttpRequest, committee: Committee) -> str:
    """Meetings of the committee that the reader sees: those to come, and the others by year."""
    to_come = list(selectors.meetings_to_come(request.user, committee))
    years = selectors.by_year(selectors.meetings_before(request.user, committee))
    may_plan = request.user.has_perm("meetings.prepare_meeting", committee)
    is_member = request.user.has_perm("bodies.view_committee_work", committee)
    if not (to_come or years or may_plan or is_member):
        return ""
    return render_to_string(
        "meetings/_committee_meetings.html",
        {
            "committee": committee,
            "to_come": to_come,
            "years": years,
            "may_plan": may_plan,
            "is_member": is_member,
        },
        request,
    )
