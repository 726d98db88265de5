"""Sending to verifiers, their answers signed in or by a link, approving."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST

from committees.minutes import selectors, services
from committees.minutes.document import frozen_content
from committees.minutes.enums import MinutesState
from committees.minutes.forms import AnswerForm, ApproveForm, SendForm, TakeBackForm
from committees.minutes.models import MinutesVerifier
from kpss.workflow import TransitionRefused

from .access import minutes_or_404, written_minutes
from .reading import detail_page


@require_POST
def send(request, slug, year, number):
    """Lock the content and ask the verifiers."""
    minutes = written_minutes(request, slug, year, number)
    form = SendForm(request.POST, people=selectors.possible_verifiers(minutes))
    if not form.is_valid():
        return detail_page(request, minutes, status=422, send_form=form)
    try:
        services.send_to_verifiers(minutes, form.cleaned_data["verifiers"], actor=request.user)
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        messages.success(
            request,
            _t("The minutes are locked and the verifiers have got a link. You will hear from us."),
        )
    return redirect(minutes)


@require_POST
def take_back(request, slug, year, number):
    """Bring the minutes back to be written on."""
    minutes = written_minutes(request, slug, year, number)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return detail_page(request, minutes, status=422, take_back_form=form)
    try:
        services.take_back(minutes, actor=request.user, note=form.cleaned_data["note"])
    except TransitionRefused as refused:
        _say(request, refused)
        return redirect(minutes)
    messages.success(request, _t("The minutes can be written on again."))
    return redirect("minutes:editor", slug, year, number)


@require_POST
def approve(request, slug, year, number):
    """Approve verified minutes; the worker makes their files."""
    minutes = minutes_or_404(request, slug, year, number)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return detail_page(request, minutes, status=422, approve_form=form)
    try:
        services.approve(minutes, actor=request.user, publish=form.cleaned_data["publish"])
    except TransitionRefused as refused:
        _say(request, refused)
    return redirect(minutes)


@require_POST
def retry(request, slug, year, number):
    """Ask the worker once more; harmless when it has finished meanwhile."""
    minutes = minutes_or_404(request, slug, year, number)
    if not request.user.has_perm("minutes.approve_minutes", minutes):
        raise PermissionDenied
    services.retry_sealing(minutes)
    return redirect(minutes)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request, slug, year, number):
    """The page of a verifier who is signed in."""
    minutes = minutes_or_404(request, slug, year, number)
    verifier = selectors.verifier_of(minutes, request.user)
    if verifier is None:
        raise Http404
    return _verify(request, verifier, back=minutes.get_absolute_url())


def by_link(request, link, rest):
    """The page of a personal link with the purpose "zapis"; nobody signs in for it."""
    verifier = link.about
    if rest or not isinstance(verifier, MinutesVerifier) or verifier.person_id != link.person_id:
        raise Http404
    return _verify(request, verifier, back="")


@require_http_methods(["GET", "HEAD", "POST"])
def _verify(request, verifier: MinutesVerifier, *, back: str):
    """What is to be verified, with both buttons; an answer once given is shown and not asked again."""
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _answer(verifier, form.cleaned_data)
        except TransitionRefused as refused:
            _say(request, refused)
        return redirect(back or request.path)
    minutes = (
        type(verifier.minutes)
        .objects.select_related("meeting__committee", "content", "writer")
        .get(pk=verifier.minutes_id)
    )
    is_open = (
        minutes.state == MinutesState.VERIFYING
        and minutes.round == verifier.round
        and not verifier.has_answered
    )
    context = {
        "verifier": verifier,
        "minutes": minutes,
        "meeting": minutes.meeting,
        "committee": minutes.meeting.committee,
        "is_open": is_open,
        "content": frozen_content(minutes) if is_open else None,
        "form": form,
        "back": back,
    }
    return render(request, "minutes/verify.html", context, status=422 if form.errors else 200)


def _answer(verifier: MinutesVerifier, cleaned: dict) -> None:
    if cleaned["answer"] == "confirm":
        services.confirm(verifier, actor=verifier.person)
    else:
        services.object_to(verifier, actor=verifier.person, note=cleaned["note"])


def _say(request, refused: TransitionRefused) -> None:
    for reason in refused.reasons:
        messages.error(request, reason)
