"""Reading minutes: the page with the whole or the public wording, and the frozen files."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_safe

from committees.meetings.enums import MeetingState
from committees.minutes import selectors
from committees.minutes.enums import MinutesState
from committees.minutes.forms import ApproveForm, SendForm, TakeBackForm
from committees.minutes.models import Minutes
from committees.minutes.workflow import MINUTES_WORKFLOW
from documents.store.serving import file_response

from .access import crumbs_of, minutes_or_404

PUBLIC = "verejne"


@login_not_required
@require_safe
def minutes_detail(request, slug, year, number):
    """The minutes: whole for members with what may be done now, the public wording for the others."""
    minutes = (
        selectors.minutes_for_pages(request.user)
        .filter(meeting__committee__slug=slug, meeting__year=year, meeting__number=number)
        .first()
    )
    if minutes is None:
        return _not_begun(request, slug, year, number)
    return detail_page(request, minutes)


def detail_page(request, minutes: Minutes, *, status: int = 200, **forms):
    """The page of the minutes; bound forms come back to it with their errors."""
    insider = selectors.is_insider(request.user, minutes)
    whole = selectors.whole_content(minutes)
    public = selectors.public_content(whole)
    shows_public = not insider or request.GET.get("zneni") == PUBLIC
    context = {
        "minutes": minutes,
        "meeting": minutes.meeting,
        "committee": minutes.meeting.committee,
        "crumbs": crumbs_of(minutes.meeting),
        "content": public if shows_public else whole,
        "is_insider": insider,
        "shows_public": shows_public,
        "files_hold": selectors.public_files_hold(minutes, public),
        "links": minutes.meeting.committee.slug,
    }
    if insider:
        context |= _workshop(request, minutes, forms)
    return render(request, "minutes/minutes_detail.html", context, status=status)


def _workshop(request, minutes: Minutes, forms: dict) -> dict:
    """What members may do with the minutes now, and what has happened to them."""
    offers = {offer.name: offer for offer in MINUTES_WORKFLOW.available_to(request.user, minutes)}
    context = {
        "offers": offers,
        "may_write": minutes.state == MinutesState.DRAFT
        and request.user.has_perm("minutes.write_minutes", minutes),
        "may_retry": minutes.state == MinutesState.SEALING
        and request.user.has_perm("minutes.approve_minutes", minutes),
        "verifiers": selectors.verifiers_of(minutes),
        "mine": selectors.verifier_of(minutes, request.user),
        "history": selectors.history(minutes),
        "is_committee_public": minutes.meeting.committee.is_public,
    }
    if "send" in offers:
        context["send_form"] = forms.get("send_form") or SendForm(
            people=selectors.possible_verifiers(minutes),
            usual=selectors.usual_verifier(minutes),
        )
    if "take_back" in offers:
        context["take_back_form"] = forms.get("take_back_form") or TakeBackForm()
    if "approve" in offers:
        context["approve_form"] = forms.get("approve_form") or ApproveForm(
            initial={"publish": minutes.meeting.committee.is_public}
        )
    return context


def _not_begun(request, slug, year, number):
    """For who may write the minutes, a page where they are begun; for the others nothing."""
    meeting = selectors.held_meeting(request.user, slug, year, number)
    if (
        meeting is None
        or hasattr(meeting, "minutes")
        or not request.user.is_authenticated
        or not request.user.has_perm("minutes.write_minutes", meeting)
    ):
        raise Http404
    context = {
        "meeting": meeting,
        "committee": meeting.committee,
        "crumbs": crumbs_of(meeting),
        "has_ended": meeting.state == MeetingState.ENDED,
    }
    return render(request, "minutes/minutes_start.html", context)


@require_GET
def progress(request, slug, year, number):
    """The fragment that says whether the files are made; the page asks for it again until they are."""
    minutes = minutes_or_404(request, slug, year, number)
    response = render(request, "minutes/_progress.html", {"minutes": minutes})
    if minutes.state != MinutesState.SEALING:
        response["HX-Refresh"] = "true"
    return response


@login_not_required
@require_safe
def public_file(request, slug, year, number, column):
    """A public file of approved minutes, given out while everybody named in it agrees."""
    minutes = minutes_or_404(request, slug, year, number)
    if not selectors.is_insider(request.user, minutes):
        public = selectors.public_content(selectors.whole_content(minutes))
        if not selectors.public_files_hold(minutes, public):
            raise Http404
    is_open = minutes.is_published and minutes.meeting.committee.is_public
    return _file(request, minutes, column, public=is_open)


@require_safe
def whole_file(request, slug, year, number, column):
    """A file with the whole wording, for members."""
    minutes = minutes_or_404(request, slug, year, number)
    if not selectors.is_insider(request.user, minutes):
        raise Http404
    return _file(request, minutes, column, public=False)


def _file(request, minutes: Minutes, column: str, *, public: bool):
    stored = getattr(minutes, column)
    if stored is None:
        raise Http404
    meeting = minutes.meeting
    ending = "json" if stored.content_type == "application/json" else "pdf"
    name = slugify(f"{meeting.committee.slug}-{meeting.year}-{meeting.number}-{column}")
    # Not for ever: a consent to be named may be taken back.
    return file_response(request, stored, f"{name}.{ending}", public=public, permanent=False)
