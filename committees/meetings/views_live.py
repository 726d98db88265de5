"""The screen of who runs a meeting: every action is a POST that leads back to its place on the page."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from committees.ballots.enums import Choice
from committees.ballots.services import CastRefused
from kpss.workflow import TransitionRefused

from . import selectors_live as selectors
from . import selectors_live_people as people
from . import wording_live as wording
from .enums import MeetingState
from .forms_live import (
    CallForm,
    CallOffForm,
    ConflictForm,
    GuestForm,
    HandsForm,
    ProposalForm,
    RepresentForm,
    SavedProposalForm,
    StampForm,
    StepForm,
    TaskForm,
)
from .models import AgendaItem, Meeting, MeetingTask, Participant
from .pages import address, find_meeting, place_of
from .services import live as services
from .stamps_live import Stamp, stamp_of
from .table import table_of
from .wording import heading
from .workflow import MEETING_WORKFLOW

STEPS = {
    "zahajit": services.start_meeting,
    "ukoncit": services.end_meeting,
    "pokracovat": services.resume_meeting,
}
STEP_NAMES = {"start": "zahajit", "end": "ukoncit", "resume": "pokracovat"}


def _run_by(request: HttpRequest, place: dict) -> Meeting:
    meeting = find_meeting(request.user, **place)
    if not request.user.has_perm("meetings.run_meeting", meeting):
        raise PermissionDenied
    return meeting


# --- The page and its news --------------------------------------------------------------------------------------------


@require_safe
def operator(request, **place):
    """What is on now, who is here, and everything that can be done about it."""
    return _page(request, _run_by(request, place))


def _page(request, meeting: Meeting, *, status: int = 200, **bound) -> HttpResponse:
    """The screen; forms in ``bound`` come back to it with their errors."""
    stamp = stamp_of(pk=meeting.pk)
    live = selectors.live_of(meeting)
    context = _news(live, stamp) | {
        "offers": _offers(request.user, meeting),
        "groups": people.people_of(live),
        "changes": people.last_changes(live),
        "tasks": MeetingTask.objects.filter(meeting=meeting).select_related("person"),
        "choices": Choice,
        **_forms(live, bound),
    }
    return render(request, "meetings/live/operator.html", context, status=status)


def _news(live: selectors.Live, stamp: Stamp | None) -> dict:
    """What the screen asks for again and again."""
    meeting = live.meeting
    return {
        "meeting": meeting,
        "committee": meeting.committee,
        "heading": heading(meeting),
        "place": place_of(meeting),
        "live": live,
        "is_running": meeting.state == MeetingState.RUNNING,
        "quorum": wording.quorum_sentence(meeting.committee, live.table),
        "missing": wording.missing_sides(meeting.committee, live.table),
        "waiting": wording.waiting_sentence(live.vote.waiting)
        if live.vote and not live.vote.is_counted
        else "",
        "stamp": stamp,
    }


def _offers(user, meeting: Meeting) -> list[dict]:
    """Beginning, ending and going on, as buttons with the sentences that close them."""
    return [
        {
            "step": STEP_NAMES[offer.name],
            "label": offer.transition.label,
            "refusals": offer.refusals,
        }
        for offer in MEETING_WORKFLOW.available_to(user, meeting)
        if offer.name in STEP_NAMES
    ]


def _forms(live: selectors.Live, bound: dict) -> dict:
    if live.meeting.state != MeetingState.RUNNING:
        return {}
    rules, current, vote = live.table.rules, live.current, live.vote
    forms: dict = {"guest_form": GuestForm()}
    if rules is not None and rules.substitutes_allowed:
        represent = RepresentForm(table=live.table)
        forms["represent_form"] = represent if represent.is_possible else None
    if vote is not None:
        forms["call_off_form"] = CallOffForm()
        forms["hands_form"] = HandsForm(may_vote=vote.may_vote) if vote.is_counted else None
    elif current is not None:
        declared = {conflict.participant_id for conflict in current.conflicts}
        conflict = ConflictForm(table=live.table, declared=declared)
        forms["conflict_form"] = conflict if conflict.is_possible else None
        forms["proposal_form"] = ProposalForm.of(current.item)
    if current is not None:
        forms["task_form"] = TaskForm(table=live.table, initial={"token": uuid.uuid4()})
    return forms | bound


@require_safe
def state(request, **place):
    """What has changed since the screen last asked; 204 when nothing has, for the price of two queries."""
    seen = StampForm(request.GET)
    seen.full_clean()
    stamp = stamp_of(**in_address(place))
    if stamp is not None and stamp.whole == seen.cleaned_data.get("z"):
        return HttpResponse(status=204)
    return _fragment(request, _run_by(request, place), seen_stage=seen.cleaned_data.get("k", ""))


def in_address(place: dict) -> dict:
    """Lookups of the meeting at the address."""
    return {
        "committee__slug": place["slug"],
        "year": place["year"],
        "number": place["number"],
    }


def _fragment(request, meeting: Meeting, *, seen_stage: str, **more) -> HttpResponse:
    stamp = stamp_of(pk=meeting.pk)
    live = selectors.live_of(meeting)
    context = _news(live, stamp) | {
        "groups": people.people_of(live),
        "is_fragment": True,
        "seen_stage": seen_stage,
    }
    return render(
        request, "meetings/live/_news.html", context | {n: f(live) for n, f in more.items()}
    )


def _after_step(request, meeting: Meeting) -> HttpResponse:
    """The news after a button beside a name, with what of it may be taken back."""
    seen = StampForm(request.POST)
    seen.full_clean()
    stage = seen.cleaned_data.get("k", "")
    return _fragment(request, meeting, seen_stage=stage, changes=people.last_changes)


# --- Actions ----------------------------------------------------------------------------------------------------------


def _action(anchor: str) -> Callable:
    """A POST from who runs the meeting; it leads back to ``anchor``, or answers by what the view returns.

    Refusals of the services are said in sentences on the page.
    """

    def decorate(view):
        @require_POST
        @wraps(view)
        def act(request, slug, year, number, **rest):
            meeting = _run_by(request, {"slug": slug, "year": year, "number": number})
            try:
                answer = view(request, meeting, **rest)
            except (TransitionRefused, CastRefused) as refused:
                for reason in getattr(refused, "reasons", [refused]):
                    messages.error(request, str(reason))
                answer = HttpResponseClientRefresh() if request.htmx else None
            return answer or redirect(f"{address('live', meeting)}#{anchor}")

        return act

    return decorate


def _valid(form):
    """The form's values, or a refusal with its errors where the page has no room for them."""
    if not form.is_valid():
        raise TransitionRefused(*(error for errors in form.errors.values() for error in errors))
    return form.cleaned_data


def _item(meeting: Meeting, pk: int) -> AgendaItem:
    return get_object_or_404(AgendaItem, meeting=meeting, pk=pk)


def _ballot(meeting: Meeting, pk: int):
    ballot = services.vote_of(meeting, pk)
    if ballot is None:
        raise Http404
    return ballot


@_action("obsah")
def run(request, meeting, step):
    """Begin, end, or go on."""
    if step not in STEPS:
        raise Http404
    STEPS[step](meeting, actor=request.user)


@_action("lide")
def person(request, meeting):
    """One of the buttons beside a name."""
    step = _valid(StepForm(request.POST))["step"]
    participant = get_object_or_404(Participant, meeting=meeting, pk=step.participant)
    match step.name:
        case "here" | "online":
            services.arrive(participant, online=step.name == "online", actor=request.user)
        case "left":
            services.leave(participant, actor=request.user)
            services.excuse(participant, is_excused=False, actor=request.user)
        case "excused":
            services.excuse(participant, actor=request.user)
        case "undo":
            services.undo(participant, actor=request.user)
    return _after_step(request, meeting) if request.htmx else None


@_action("lide")
def everybody(request, meeting):
    services.everybody_here(meeting, actor=request.user)


@_action("lide")
def guest(request, meeting):
    services.add_guest(meeting, _valid(GuestForm(request.POST))["guest_name"], actor=request.user)


@_action("lide")
def represent(request, meeting):
    values = _valid(RepresentForm(request.POST, table=table_of(meeting)))
    services.represent(values["participant"], values["seat"], actor=request.user)


@_action("obsah")
def take_up(request, meeting, pk):
    services.take_up(_item(meeting, pk), actor=request.user)


@_action("stret")
def conflict(request, meeting, pk):
    """Declare a conflict of interest for somebody, or take it back."""
    item = _item(meeting, pk)
    if "withdraw" in request.POST:
        key = _valid(StepForm({"undo": request.POST["withdraw"]}))["step"].participant
        participant = get_object_or_404(Participant, meeting=meeting, pk=key)
        services.withdraw_conflict(item, participant, actor=request.user)
        return
    values = _valid(ConflictForm(request.POST, table=table_of(meeting), declared=set()))
    services.declare_conflict(
        item, values["participant"], reason=values["reason"], actor=request.user
    )


@_action("hlasovani")
def proposal(request, meeting, pk):
    """Keep the text of the proposal, or put it to the vote."""
    item = _item(meeting, pk)
    if "save" in request.POST:
        services.save_proposal(item, **_valid(SavedProposalForm(request.POST)), actor=request.user)
        messages.success(request, _t("The text of the proposal is saved."))
        return None
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _page(request, meeting, status=422, proposal_form=form)
    services.put_to_vote(item, **form.cleaned_data, actor=request.user)
    return None


@_action("ukoly")
def task(request, meeting, pk):
    """Give a task from the item."""
    item = _item(meeting, pk)
    form = TaskForm(request.POST, table=table_of(meeting))
    if not form.is_valid():
        return _page(request, meeting, status=422, task_form=form)
    services.add_task(meeting, item=item, **form.cleaned_data, actor=request.user)
    return None


@_action("hlasovani")
def count(request, meeting, pk):
    """Close a vote by hands or slips with the numbers that were counted."""
    ballot = _ballot(meeting, pk)
    vote = selectors.live_of(meeting).vote
    form = HandsForm(request.POST, may_vote=vote.may_vote if vote else 999)
    if form.is_valid():
        try:
            services.count_hands(ballot, **form.cleaned_data, actor=request.user)
        except ValidationError as invalid:
            form.add_error(None, invalid)
        else:
            return None
    return _page(request, meeting, status=422, hands_form=form)


@_action("hlasovani")
def call_out(request, meeting, pk):
    """Write down a voice called out."""
    key, choice = _valid(CallForm(request.POST))["vote"]
    voter = get_object_or_404(_ballot(meeting, pk).voters.select_related("person"), person=key)
    services.call_out(voter.ballot, voter.person, choice, actor=request.user)


@_action("hlasovani")
def close(request, meeting, pk):
    services.close_vote(_ballot(meeting, pk), actor=request.user)


@_action("hlasovani")
def call_off(request, meeting, pk):
    reason = _valid(CallOffForm(request.POST))["reason"]
    services.call_off(_ballot(meeting, pk), reason=reason, actor=request.user)
