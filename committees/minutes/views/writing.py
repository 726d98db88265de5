"""Writing minutes: begun, typed with everything saved by itself, looked at in both wordings."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.minutes import selectors, services
from committees.minutes.content import MinutesContent
from committees.minutes.editor import EditorPage, Field
from committees.minutes.enums import MinutesState
from committees.minutes.forms import EditorForm
from committees.minutes.gathering import content_of
from committees.minutes.layers import public_layer
from committees.minutes.models import Minutes
from committees.minutes.services.writing import mark
from kpss.workflow import TransitionRefused

from .access import crumbs_of, written_minutes


@require_POST
def start(request, slug, year, number):
    """Begin the minutes of a meeting that has ended; a second click leads to the same ones."""
    meeting = selectors.held_meeting(request.user, slug, year, number)
    if meeting is None:
        raise Http404
    try:
        services.start_minutes(meeting, actor=request.user)
    except TransitionRefused as refused:
        messages.error(request, str(refused))
        return redirect(meeting)
    return redirect("minutes:editor", slug, year, number)


@require_POST
def take_over(request, slug, year, number):
    """Become the writer."""
    minutes = written_minutes(request, slug, year, number)
    try:
        services.take_over(minutes, actor=request.user)
    except TransitionRefused as refused:
        messages.error(request, str(refused))
        return redirect(minutes)
    return redirect("minutes:editor", slug, year, number)


@require_http_methods(["GET", "HEAD", "POST"])
def editor(request, slug, year, number):
    """One page with a field for each item; what clashes with another's work comes back with both texts."""
    minutes = written_minutes(request, slug, year, number)
    if minutes.state != MinutesState.DRAFT:
        messages.info(request, _t("The minutes are not being written now."))
        return redirect(minutes)
    content = content_of(minutes)
    if request.method != "POST":
        return _editor_page(request, minutes, EditorPage(content, _form(minutes, content)))
    form = _form(minutes, content, request.POST)
    if not form.is_valid():
        return _editor_page(request, minutes, EditorPage(content, form), status=422)
    try:
        saved = services.save_texts(minutes, form.texts(), actor=request.user)
    except TransitionRefused as refused:
        messages.error(request, str(refused))
        return redirect(minutes)
    page = EditorPage(content, form, saved)
    if page.has_faults:
        return _editor_page(request, minutes, page, status=409 if saved.clashing else 422)
    messages.success(request, _t("Saved."))
    return redirect(
        minutes
        if "finish" in request.POST
        else reverse("minutes:editor", args=[slug, year, number])
    )


@require_POST
def save_field(request, slug, year, number):
    """Save one field as it is typed; the answer is the fragment under the field."""
    minutes = written_minutes(request, slug, year, number)
    content = content_of(minutes)
    form = _form(minutes, content, request.POST)
    name = next((name for name in form.names if name in request.POST), None)
    if name is None:
        raise Http404
    if not form.is_valid():
        return _status(request, Field(name, form[name], seen=request.POST.get(f"seen-{name}", "")))
    try:
        saved = services.save_texts(minutes, {name: form.texts()[name]}, actor=request.user)
    except TransitionRefused as refused:
        field = Field(
            name, form[name], seen=form.cleaned_data[f"seen-{name}"], refused=str(refused)
        )
        return _status(request, field)
    return _status(request, EditorPage(content, form, saved).field(name, now=timezone.now()))


@require_safe
def preview(request, slug, year, number):
    """Both wordings side by side as they would be printed now."""
    minutes = written_minutes(request, slug, year, number)
    whole = selectors.whole_content(minutes)
    context = {
        "minutes": minutes,
        "meeting": minutes.meeting,
        "crumbs": [
            *crumbs_of(minutes.meeting),
            {"title": _t("Minutes"), "url": minutes.get_absolute_url()},
        ],
        "whole": whole,
        "public": public_layer(whole),
    }
    return render(request, "minutes/preview.html", context)


def _form(minutes: Minutes, content: MinutesContent, data=None) -> EditorForm:
    meeting = minutes.meeting
    save_url = reverse(
        "minutes:save_field", args=[meeting.committee.slug, meeting.year, meeting.number]
    )
    return EditorForm(data, content=content, save_url=save_url)


def _editor_page(request, minutes: Minutes, page: EditorPage, *, status: int = 200):
    context = {
        "minutes": minutes,
        "meeting": minutes.meeting,
        "crumbs": [
            *crumbs_of(minutes.meeting),
            {"title": _t("Minutes"), "url": minutes.get_absolute_url()},
        ],
        "page": page,
        "is_writer": minutes.writer_id == request.user.pk,
    }
    return render(request, "minutes/editor.html", context, status=status)


def _status(request, field: Field):
    return render(request, "minutes/_field_status.html", {"field": field, "mark": mark})
