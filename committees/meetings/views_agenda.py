"""Putting the agenda of a meeting together: items, their order, papers. Works without JavaScript."""

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpss.workflow import TransitionRefused

from . import selectors, services
from .agenda import walk
from .enums import MeetingState
from .forms import ItemForm, PaperForm, PublishForm, StepForm
from .models import AgendaItem, AgendaPaper, Meeting
from .pages import address, preparing, say, sent, show
from .services.locking import BEFORE_END

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@preparing
def agenda(request, meeting):
    """The items in order, with what can be done with each."""
    lines = list(walk(selectors.agenda_with_results(meeting, insider=True)))
    is_new = meeting.state == MeetingState.PLANNED and all(
        line.item.reviews_tasks for line in lines
    )
    return show(
        request,
        meeting,
        "agenda",
        lines=lines,
        minutes=sum(line.item.minutes or 0 for line in lines),
        source=services.last_with_agenda(meeting) if is_new else None,
        is_locked=meeting.state not in BEFORE_END,
    )


@get_or_post
@preparing
def item_add(request, meeting):
    """A new item at the end of the agenda."""
    form = ItemForm(sent(request), meeting=meeting)
    if request.method == "POST" and form.is_valid():
        values = form.values | {"token": form.cleaned_data["token"]}
        if _done(form, lambda: services.add_item(meeting, actor=request.user, **values)):
            messages.success(request, _t("The item is on the agenda."))
            return redirect(address("agenda", meeting))
    return show(request, meeting, "item", form=form, item=None, status=_status(form))


@get_or_post
@preparing
def item_change(request, meeting, pk):
    """An item with its papers."""
    item = _item(meeting, pk)
    form = ItemForm(sent(request), meeting=meeting, instance=item, initial={})
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(form, lambda: services.change_item(item, actor=request.user, **form.values))
    ):
        messages.success(request, _t("The item is saved."))
        return redirect(f"{address('agenda', meeting)}#bod-{pk}")
    return _item_page(request, meeting, pk, form=form, status=_status(form))


@require_POST
@preparing
def item_move(request, meeting, pk):
    """↑ or ↓ beside an item."""
    form = StepForm(request.POST)
    if not form.is_valid():
        raise BadRequest(form.errors.as_text())
    item = _item(meeting, pk)
    try:
        services.move_item(item, actor=request.user, up=form.cleaned_data["up"])
    except TransitionRefused as refused:
        say(request, refused)
    return redirect(f"{address('agenda', meeting)}#bod-{pk}")


@get_or_post
@preparing
def item_remove(request, meeting, pk):
    """Ask once, then take the item off with all under it."""
    item = AgendaItem.objects.filter(meeting=meeting, pk=pk).first()
    if item is None:  # taken off by the first of two clicks
        return redirect(address("agenda", meeting))
    if request.method != "POST":
        return show(request, meeting, "item_remove", item=item, under=item.children.count())
    try:
        services.remove_item(item, actor=request.user)
    except TransitionRefused as refused:
        say(request, refused)
    else:
        messages.success(request, _t("The item is off the agenda."))
    return redirect(address("agenda", meeting))


@require_POST
@preparing
def copy(request, meeting):
    """Take the items of the last meeting over."""
    try:
        services.copy_agenda(meeting, actor=request.user)
    except TransitionRefused as refused:
        say(request, refused)
    else:
        messages.success(request, _t("The items are copied. Papers and proposals were not."))
    return redirect(address("agenda", meeting))


@require_POST
@preparing
def paper_add(request, meeting, pk):
    """Lay a file to an item."""
    item = _item(meeting, pk)
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid() and _done(
        form,
        lambda: services.add_paper(
            item,
            form.cleaned_data["file"],
            actor=request.user,
            is_internal=not form.cleaned_data["for_public"],
        ),
    ):
        messages.success(request, _t("The paper is added."))
        return redirect(f"{address('item_change', meeting, pk=pk)}#podklady")
    return _item_page(request, meeting, pk, paper_form=form, status=422)


@require_POST
@preparing
def paper_remove(request, meeting, pk):
    """Take a paper away."""
    paper = AgendaPaper.objects.filter(item__meeting=meeting, pk=pk).select_related("item").first()
    if paper is None:
        return redirect(address("agenda", meeting))
    try:
        services.remove_paper(paper, actor=request.user)
    except TransitionRefused as refused:
        say(request, refused)
    else:
        messages.success(request, _t("The paper is taken away."))
    return redirect(f"{address('item_change', meeting, pk=paper.item_id)}#podklady")


@require_POST
@preparing
def paper_publish(request, meeting, pk):
    """Show a paper to the public, or to members only."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        raise BadRequest(form.errors.as_text())
    paper = get_object_or_404(
        AgendaPaper.objects.select_related("item"), item__meeting=meeting, pk=pk
    )
    for_public = form.cleaned_data["for_public"]
    try:
        services.publish_paper(paper, actor=request.user, is_internal=not for_public)
    except TransitionRefused as refused:
        say(request, refused)
    else:
        messages.success(
            request,
            _t("The public sees the paper.") if for_public else _t("Only members see the paper."),
        )
    return redirect(f"{address('item_change', meeting, pk=paper.item_id)}#podklady")


def _item(meeting: Meeting, pk: int) -> AgendaItem:
    return get_object_or_404(AgendaItem.objects.select_related("parent"), meeting=meeting, pk=pk)


def _item_page(
    request: HttpRequest,
    meeting: Meeting,
    pk: int,
    *,
    form: ItemForm | None = None,
    paper_form: PaperForm | None = None,
    status: int,
) -> HttpResponse:
    item = _item(meeting, pk)  # as it is saved: a form that was refused has changed its own copy
    return show(
        request,
        meeting,
        "item",
        item=item,
        form=form or ItemForm(meeting=meeting, instance=item, initial={}),
        paper_form=paper_form or PaperForm(),
        papers=item.papers.select_related("file").order_by("position", "pk"),
        status=status,
    )


def _done(form, action) -> bool:
    """Whether the action went through; what was refused stands in the form."""
    try:
        action()
    except ValidationError as invalid:
        form.add_error(None, invalid)
        return False
    except TransitionRefused as refused:
        form.add_error(None, list(refused.reasons))
        return False
    return True


def _status(form) -> int:
    return 422 if form.errors else 200
