"""Preparing a meeting: plan it, change it, call it, cancel it; who comes, guests, the attendance sheet."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.bodies.models import Committee
from documents.engine import EngineError
from kpss.workflow import TransitionRefused

from . import printing, selectors, services, wording
from .forms import AnswerForm, CallForm, CancelForm, GuestForm, MeetingForm
from .models import Meeting, Participant
from .pages import address, preparing, say, sent, show
from .serving import file_name
from .workflow import MEETING_WORKFLOW

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def plan(request, slug):
    """Plan the next meeting of a committee."""
    committee = get_object_or_404(Committee.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("meetings.prepare_meeting", committee):
        raise PermissionDenied
    form = MeetingForm.to_plan(committee, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            meeting = services.plan_meeting(
                committee=committee,
                actor=request.user,
                token=form.cleaned_data["token"] or uuid.uuid4(),
                **form.values,
            )
        except ValidationError as invalid:
            form.add_faults(invalid)
        else:
            messages.success(request, _t("The meeting is planned. Now put its agenda together."))
            return redirect(address("agenda", meeting))
    context = {
        "committee": committee,
        "form": form,
        "crumbs": [
            {"title": _t("Who plans"), "url": reverse("bodies:committee_list")},
            {"title": committee.name, "url": committee.get_absolute_url()},
        ],
    }
    return render(request, "meetings/plan.html", context, status=422 if form.errors else 200)


@get_or_post
@preparing
def change(request, meeting):
    """Change when, where and how; those called are told of it."""
    form = MeetingForm.to_change(meeting, sent(request))
    if request.method == "POST" and form.is_valid() and _changed(request, meeting, form):
        return redirect(meeting)
    return show(request, meeting, "change", form=form, status=422 if form.errors else 200)


def _changed(request: HttpRequest, meeting: Meeting, form: MeetingForm) -> bool:
    try:
        changed = services.change_meeting(
            meeting,
            actor=request.user,
            known=form.cleaned_data["known"],
            short_notice_confirmed=form.cleaned_data["short_notice_confirmed"],
            **form.values,
        )
    except ValidationError as invalid:
        form.add_faults(invalid)
        return False
    except services.ShortNotice as short:
        form.ask_for_tick(str(short))
        return False
    except TransitionRefused as refused:
        form.add_error(None, list(refused.reasons))
        return False
    if changed.sequence == meeting.sequence:
        messages.info(request, _t("Nothing was changed."))
    elif changed.invited_at:
        messages.success(request, _t("The meeting is changed. Those invited are told by mail."))
    else:
        messages.success(request, _t("The meeting is changed."))
    return True


@get_or_post
@preparing
def call(request, meeting):
    """The last look before people are called: what is missing, who has no e-mail, short notice."""
    form = CallForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.call_meeting(
                meeting,
                actor=request.user,
                short_notice_confirmed=form.cleaned_data["short_notice_confirmed"],
            )
        except services.ShortNotice:
            form.add_error(
                "short_notice_confirmed", _t("Confirm that you know it, or change the day.")
            )
        except TransitionRefused as refused:
            form.add_error(None, list(refused.reasons))
        else:
            messages.success(request, _t("The meeting is called. Invitations are on their way."))
            return redirect(meeting)
    offers = MEETING_WORKFLOW.available_to(request.user, meeting)
    offer = next((one for one in offers if one.name == "invite"), None)
    if offer is None and not form.errors:
        messages.info(request, wording.state_sentence(meeting))
        return redirect(meeting)
    short = wording.short_notice(meeting)
    if not short:
        del form.fields["short_notice_confirmed"]
    seats = selectors.to_be_invited(meeting)
    return show(
        request,
        meeting,
        "call",
        form=form,
        short=short,
        refusals=offer.refusals if offer else (),
        by_mail=[person for person in seats if person.email and person.is_active],
        without_mail=[person for person in seats if not (person.email and person.is_active)],
        agenda=selectors.agenda_with_results(meeting, insider=True),
        status=422 if form.errors else 200,
    )


@get_or_post
@preparing
def cancel(request, meeting):
    """Cancel the meeting for a reason."""
    form = CancelForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_meeting(meeting, actor=request.user, note=form.cleaned_data["note"])
        except TransitionRefused as refused:
            say(request, refused)
        else:
            messages.success(
                request,
                _t("The meeting is cancelled. Those invited are told by mail.")
                if meeting.invited_at
                else _t("The meeting is cancelled. Nobody had been called."),
            )
        return redirect(meeting)
    return show(request, meeting, "cancel", form=form, status=422 if form.errors else 200)


@require_POST
@preparing
def announce(request, meeting):
    """Tell those called that the agenda has changed."""
    try:
        services.announce_agenda(meeting, actor=request.user)
    except TransitionRefused as refused:
        say(request, refused)
    else:
        messages.success(request, _t("Those invited are told by mail that the agenda has changed."))
    return redirect(meeting)


# --- Who comes -------------------------------------------------------------------------------------------------------


@require_safe
@preparing
def attendance(request, meeting):
    """Everybody on the list with their answers; guests are added here."""
    return show(
        request,
        meeting,
        "attendance",
        people=selectors.people_of(meeting),
        form=GuestForm(),
        takes_answers=services.is_open(meeting),
    )


@require_POST
@preparing
def guest_add(request, meeting):
    """Put a guest on the list."""
    form = GuestForm(request.POST)
    if form.is_valid():
        try:
            services.add_guest(meeting, actor=request.user, **form.values)
        except TransitionRefused as refused:
            form.add_error(None, list(refused.reasons))
        else:
            messages.success(request, _t("The guest is on the list."))
            return redirect(address("attendance", meeting))
    return show(
        request,
        meeting,
        "attendance",
        people=selectors.people_of(meeting),
        form=form,
        takes_answers=services.is_open(meeting),
        status=422,
    )


@require_POST
@preparing
def guest_remove(request, meeting, pk):
    """Take a guest off the list."""
    guest = Participant.objects.filter(meeting=meeting, pk=pk).first()
    if guest is not None:
        try:
            services.remove_guest(guest, actor=request.user)
        except TransitionRefused as refused:
            say(request, refused)
        else:
            messages.success(request, _t("The guest is off the list."))
    return redirect(address("attendance", meeting))


@get_or_post
@preparing
def participant(request, meeting, pk):
    """Write down what somebody answered by phone."""
    found = get_object_or_404(
        Participant.objects.select_related("person", "seat", "represents__person"),
        meeting=meeting,
        pk=pk,
    )
    if not services.is_open(meeting):
        messages.info(request, _t("The meeting has begun or is cancelled; answers are closed."))
        return redirect(address("attendance", meeting))
    substitutes = services.substitutes_for(found, meeting)
    form = AnswerForm(
        sent(request),
        answers=services.possible_answers(meeting, substitutes),
        substitutes=substitutes,
        initial={"answer": found.answer, "note": found.note},
    )
    if request.method == "POST" and form.is_valid() and _recorded(request, found, form):
        return redirect(address("attendance", meeting))
    return show(
        request,
        meeting,
        "participant",
        participant=found,
        form=form,
        status=422 if form.errors else 200,
    )


def _recorded(request: HttpRequest, found: Participant, form: AnswerForm) -> bool:
    try:
        services.record_answer(
            found,
            actor=request.user,
            answer=form.cleaned_data["answer"],
            substitute=form.cleaned_data.get("substitute"),
            note=form.cleaned_data["note"],
        )
    except ValidationError as invalid:
        form.add_error(None, invalid.messages)
        return False
    except TransitionRefused as refused:
        form.add_error(None, list(refused.reasons))
        return False
    messages.success(request, _t("The answer is written down."))
    return True


@require_safe
@preparing
def sheet(request, meeting):
    """The attendance sheet to print, as of this moment."""
    try:
        data = printing.attendance_pdf(meeting)
    except EngineError as error:
        messages.error(request, str(error))
        return redirect(meeting)
    name = file_name("prezencni-listina", meeting)
    return HttpResponse(
        data,
        content_type=printing.PDF,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
