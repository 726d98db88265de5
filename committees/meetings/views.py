"""Pages of meetings for everybody: the calendar, one meeting with its agenda and papers, the answer."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from kpss.workflow import Offer

from . import links, panels, selectors, services, wording
from .agenda import walk
from .calendar import calendar_of
from .enums import MeetingState
from .forms import ListForm
from .models import Meeting
from .pages import address, crumbs, find_meeting
from .serving import calendar_response, invitation_response, paper_response, sees_inside
from .workflow import MEETING_WORKFLOW

PAST_ON_PAGE = 20
# Whom a page may tell that there is something to be run: the screen of the meeting opens then.
RUNS = "meetings.run_meeting"
# Buttons of this page; those of a meeting under way stand on its own screen.
STEPS = {"invite": "call", "cancel": "cancel"}


@dataclass(frozen=True)
class Step:
    """One thing that can be done with the meeting: where, and why not now."""

    name: str
    label: str
    url: str
    offer: Offer


@login_not_required
@require_safe
def meeting_list(request):
    """The calendar of meetings of all committees: those to come by month, then those before."""
    form = ListForm(request.GET, committees=selectors.committees_that_meet(request.user))
    committee = form.cleaned_data["skupina"] if form.is_valid() else None
    past = Paginator(selectors.meetings_before(request.user, committee), PAST_ON_PAGE)
    return render(
        request,
        "meetings/meeting_list.html",
        {
            "form": form,
            "committee": committee,
            "months": selectors.by_month(selectors.meetings_to_come(request.user, committee)),
            "page": past.get_page(request.GET.get("page")),
            "query": f"skupina={committee.slug}" if committee else "",
            "crumbs": [{"title": _t("Who plans"), "url": reverse("bodies:committee_list")}],
        },
    )


@login_not_required
@require_safe
def meeting_detail(request, slug, year, number):
    """One meeting: facts, agenda, papers and results; for members also who comes, for some buttons."""
    meeting = find_meeting(request.user, slug, year, number)
    is_insider = sees_inside(request.user, meeting)
    may_prepare = request.user.has_perm("meetings.prepare_meeting", meeting)
    agenda = selectors.agenda_with_results(meeting, insider=is_insider)
    reviews = is_insider and any(line.item.reviews_tasks for line in walk(agenda))
    return render(
        request,
        "meetings/meeting_detail.html",
        {
            "meeting": meeting,
            "crumbs": crumbs(meeting),
            "heading": wording.heading(meeting),
            "day": wording.weekday_and_date(meeting),
            "hours": wording.hours(meeting),
            "where": wording.where(meeting),
            "state_sentence": wording.state_sentence(
                meeting, selectors.reason_of_cancelling(meeting)
            ),
            "agenda": agenda,
            "tasks": selectors.tasks_to_review(meeting) if reviews else [],
            "is_insider": is_insider,
            "people": selectors.people_of(meeting) if is_insider else None,
            "mine": services.invited(meeting, request.user) if is_insider else None,
            "is_answered": services.is_open(meeting),
            "may_prepare": may_prepare,
            "may_run": request.user.has_perm(RUNS, meeting),
            "steps": _steps(request, meeting) if may_prepare else [],
            "panels": panels.panels_for(request, meeting),
        },
    )


def _steps(request: HttpRequest, meeting: Meeting) -> list[Step]:
    return [
        Step(offer.name, str(offer.transition.label), address(STEPS[offer.name], meeting), offer)
        for offer in MEETING_WORKFLOW.available_to(request.user, meeting)
        if offer.name in STEPS
    ]


@login_not_required
@require_safe
def meeting_calendar(request, slug, year, number):
    """The meeting for anybody's calendar, with what the public may know."""
    meeting = find_meeting(request.user, slug, year, number)
    return calendar_response(calendar_of([meeting], public=True))


@login_not_required
@require_safe
def paper(request, slug, year, number, pk):
    """A paper of the agenda: a public one of a public item for everybody, any for members."""
    meeting = find_meeting(request.user, slug, year, number)
    insider = sees_inside(request.user, meeting)
    return paper_response(request, meeting, pk, insider=insider)


@require_safe
def invitation(request, slug, year, number):
    """The invitation on paper, for members."""
    meeting = find_meeting(request.user, slug, year, number)
    if not sees_inside(request.user, meeting):
        raise PermissionDenied
    return invitation_response(request, meeting)


def answer(request, slug, year, number, rest=""):
    """The same page as behind a personal link, for somebody signed in."""
    meeting = find_meeting(request.user, slug, year, number)
    if meeting.state == MeetingState.PLANNED:
        return redirect(meeting)
    return links.meeting_page(request, meeting, request.user, rest)
