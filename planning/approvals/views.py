"""The approval of one version: its route, the resolution that passes the step in turn, and the way back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_POST

from committees.bodies.forms import ResolutionForm
from committees.bodies.services import record_resolution
from kpss.workflow import TransitionRefused
from planning.plans.enums import VersionState
from planning.plans.models import PlanVersion
from planning.plans.workflow import VERSION_WORKFLOW

from . import bringing, selectors, workflow
from .enums import StepState, StepVerb
from .forms import (
    AgendaForm,
    PerRollamForm,
    ReturnForm,
    UseResolutionForm,
    usable_resolutions,
)
from .history import history
from .models import ApprovalStep
from .preview import request_preview


def _version(request, slug: str, number: int) -> PlanVersion:
    return get_object_or_404(
        PlanVersion.objects.visible_to(request.user).select_related("plan__committee"),
        plan__slug=slug,
        number=number,
    )


def _step(request, pk: int) -> ApprovalStep:
    """The step, when the person may see its version and may record steps; else 404 or 403."""
    step = get_object_or_404(
        ApprovalStep.objects.select_related("version__plan", "committee", "resolution").filter(
            version__in=PlanVersion.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    if not request.user.has_perm("plans.pass_step", step.version):
        raise PermissionDenied
    return step


@require_POST
def preview(request, slug, number):
    """Have the PDF of a working version made, for everybody who sees the version."""
    version = _version(request, slug, number)
    if version.pdf_id:
        return redirect("plans:version_pdf", slug, number)
    return redirect(request_preview(version, actor=request.user))


def _back(version: PlanVersion):
    return redirect("approvals:approval", version.plan.slug, version.number)


def _say(request, refused: TransitionRefused) -> None:
    for reason in refused.reasons:
        messages.error(request, reason)


def _page(
    request,
    version: PlanVersion,
    *,
    status=200,
    record_form=None,
    return_form=None,
    per_rollam_form=None,
    agenda_form=None,
):
    """The approval page; bound forms come back to it with their errors."""
    turn = next(
        iter(
            ApprovalStep.objects.filter(version=version, state=StepState.WAITING)
            .select_related("committee", "version")
            .order_by("order")
        ),
        None,
    )
    if version.state != VersionState.IN_APPROVAL:
        turn = None
    may_record = turn is not None and request.user.has_perm("plans.pass_step", version)
    known = usable_resolutions(turn) if may_record else []
    brought = bringing.brought(turn) if may_record else []
    proposed = next((line.resolution for line in brought if line.resolution in known), None)
    context = {
        "version": version,
        "plan": version.plan,
        "crumbs": [
            {"title": _t("Plans"), "url": reverse("plans:plan_list")},
            {"title": version.plan.title, "url": version.plan.get_absolute_url()},
        ],
        "chain": selectors.chain(version),
        "history": history(version),
        "offers": VERSION_WORKFLOW.available_to(request.user, version),
        "turn": turn,
        "may_record": may_record,
        "is_last": turn is not None and workflow.is_last(turn),
        "known": known,
        "use_form": UseResolutionForm(step=turn, initial={"resolution": proposed})
        if may_record and known
        else None,
        "brought": brought,
        "per_rollam_form": per_rollam_form or (_per_rollam_form(turn) if may_record else None),
        "agenda_form": agenda_form or (_agenda_form(turn) if may_record else None),
        "record_form": record_form or (_record_form(turn) if may_record else None),
        "return_form": return_form or (ReturnForm() if may_record else None),
        "may_retry": version.state == VersionState.SEALING
        and request.user.has_perm("plans.pass_step", version),
    }
    return render(request, "approvals/approval.html", context, status=status)


def _per_rollam_form(step: ApprovalStep) -> PerRollamForm | None:
    """The form, where the rules of the committee know per rollam."""
    return PerRollamForm(step=step) if bringing.usual_deadline(step) else None


def _agenda_form(step: ApprovalStep) -> AgendaForm | None:
    """The form, where a meeting of the committee is to come."""
    return AgendaForm(step=step) if bringing.meetings_to_choose(step).exists() else None


@require_GET
def approval(request, slug, number):
    """Where the approval stands and what may be done now."""
    return _page(request, _version(request, slug, number))


@require_GET
def progress(request, slug, number):
    """The fragment that says whether the PDF is made; the page asks for it again until it is."""
    version = _version(request, slug, number)
    response = render(
        request, "approvals/_progress.html", {"version": version, "plan": version.plan}
    )
    if version.state != VersionState.SEALING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def open_route(request, slug, number):
    version = _version(request, slug, number)
    try:
        workflow.open_approval(version, actor=request.user)
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        messages.success(
            request,
            _t("The approval is open. The content is locked until it is approved or returned."),
        )
    return _back(version)


@require_POST
def discard(request, slug, number):
    version = _version(request, slug, number)
    try:
        VERSION_WORKFLOW.advance(
            version, "discard", actor=request.user, note=request.POST.get("note", "")
        )
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        messages.success(request, _t("The version has been discarded. Its history stays."))
    return redirect("front:coordinator_desk")


@require_POST
def retry(request, slug, number):
    """Ask the worker once more; harmless when it has finished meanwhile."""
    version = _version(request, slug, number)
    if not request.user.has_perm("plans.pass_step", version):
        raise PermissionDenied
    workflow.retry_sealing(version)
    return _back(version)


@require_POST
def record(request, pk):
    """Record a resolution and pass the step by it: both or neither."""
    step = _step(request, pk)
    if _recorded_before(step, request.POST.get("number", "").strip()):
        return _back(step.version)
    form = _record_form(step, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, step.version, status=422, record_form=form)
    try:
        with transaction.atomic():
            resolution = record_resolution(
                actor=request.user, **form.cleaned_data | {"committee": step.committee}
            )
            workflow.pass_step(step, resolution, actor=request.user)
    except ValidationError as invalid:
        form.add_error(None, invalid.messages)
        return _page(request, step.version, status=422, record_form=form)
    except TransitionRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return _page(request, _reloaded(step), status=422, record_form=form)
    _thank(request, step)
    return _back(step.version)


def _recorded_before(step: ApprovalStep, number: str) -> bool:
    """Whether the same form has already passed this step: a double click, a reload, a retry."""
    return (
        step.state in {StepState.PASSED, StepState.PASSING}
        and step.resolution is not None
        and step.resolution.number == number
    )


def _record_form(step: ApprovalStep, *data) -> ResolutionForm:
    return ResolutionForm(
        *data, committee=step.committee, verbs=StepVerb(step.verb).resolution_verbs
    )


def _reloaded(step: ApprovalStep) -> PlanVersion:
    return PlanVersion.objects.select_related("plan__committee").get(pk=step.version_id)


def _thank(request, step: ApprovalStep) -> None:
    if step.state == StepState.PASSING:
        messages.success(
            request,
            _t(
                "The last resolution is recorded. The PDF is being made; the version is approved with it."
            ),
        )
    else:
        messages.success(request, _t("The resolution is recorded and the step is passed."))


@require_POST
def use(request, pk):
    """Pass the step by a resolution that the portal already knows."""
    step = _step(request, pk)
    form = UseResolutionForm(request.POST, step=step)
    if not form.is_valid():
        for errors in form.errors.values():
            for error in errors:
                messages.error(request, error)
        return _back(step.version)
    try:
        workflow.pass_step(step, form.cleaned_data["resolution"], actor=request.user)
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        _thank(request, step)
    return _back(step.version)


@require_POST
def bring_per_rollam(request, pk):
    """Prepare a ballot per rollam on the plan and go to its page, where it is opened."""
    step = _step(request, pk)
    form = PerRollamForm(request.POST, step=step)
    if not form.is_valid():
        return _page(request, step.version, status=422, per_rollam_form=form)
    try:
        vote = bringing.bring_per_rollam(
            step,
            deadline=form.cleaned_data["deadline"],
            token=form.cleaned_data["token"],
            actor=request.user,
        )
    except TransitionRefused as refused:
        _say(request, refused)
        return _back(step.version)
    messages.success(
        request,
        _t("The vote is prepared. In a moment it will have the plan as its paper; then open it."),
    )
    return redirect(vote.ballot)


@require_POST
def put_on_agenda(request, pk):
    """Put the plan with its proposed resolution on the agenda of a meeting."""
    step = _step(request, pk)
    form = AgendaForm(request.POST, step=step)
    if not form.is_valid():
        return _page(request, step.version, status=422, agenda_form=form)
    try:
        bringing.put_on_agenda(step, form.cleaned_data["meeting"], actor=request.user)
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        messages.success(request, _t("The plan stands on the agenda of the meeting."))
    return _back(step.version)


@require_POST
def send_back(request, pk):
    """Return the version for rework with a reason."""
    step = _step(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, step.version, status=422, return_form=form)
    try:
        workflow.return_step(step, actor=request.user, note=form.cleaned_data["note"])
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        messages.success(
            request, _t("The version was returned for rework. It can be edited again.")
        )
    return _back(step.version)
