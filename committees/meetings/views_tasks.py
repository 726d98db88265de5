"""Tasks from the meetings of a committee: what is to be done, by whom, and that it is done."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from committees.bodies.models import Committee
from kpss.workflow import TransitionRefused

from . import selectors, services
from .forms import SettleForm
from .models import MeetingTask

SETTLED: dict[str, Callable] = {
    "finish": services.finish_task,
    "cancel": services.cancel_task,
    "reopen": services.reopen_task,
}


@require_safe
def task_list(request, slug):
    """Tasks of the committee for its members and coordinators; somebody else sees their own."""
    committee = get_object_or_404(Committee, slug=slug)
    is_insider = request.user.has_perm("bodies.view_committee_work", committee)
    tasks, settled = selectors.tasks_for_page(request.user, committee)
    if not (is_insider or tasks or settled):
        raise Http404
    return render(
        request,
        "meetings/task_list.html",
        {
            "committee": committee,
            "tasks": tasks,
            "settled": settled,
            "may_manage": request.user.has_perm("meetings.prepare_meeting", committee),
            "crumbs": [
                {"title": _t("Who plans"), "url": reverse("bodies:committee_list")},
                {"title": committee.name, "url": committee.get_absolute_url()},
            ],
        },
    )


@require_POST
def task_settle(request, slug, pk):
    """Say that a task is done, not needed, or to be done after all."""
    task = get_object_or_404(
        MeetingTask.objects.visible_to(request.user).select_related("meeting__committee"),
        meeting__committee__slug=slug,
        pk=pk,
    )
    form = SettleForm(request.POST)
    if not form.is_valid():
        raise BadRequest(form.errors.as_text())
    step = form.cleaned_data["step"]
    try:
        SETTLED[step](task, actor=request.user, note=form.cleaned_data["note"])
    except TransitionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(
            request,
            {
                "finish": _t("The task is done. Thank you."),
                "cancel": _t("The task is not needed any more."),
                "reopen": _t("The task is to be done again."),
            }[step],
        )
    return redirect("meetings:task_list", slug)
