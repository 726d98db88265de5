"""How a version is approved: steps in order, each passed by a resolution of its committee.

The last step does not approve by itself. It seals the version (content locked by the database) and hands it to the worker,
which renders the PDF from the locked content, stores it, and only then approves version and step in one transaction. A
crash at any moment leaves either a sealed version that the worker picks up again, or a whole approved one.
"""

import logging
from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from committees.bodies.models import Resolution
from documents.engine import EngineError
from documents.store.files import StoreError
from documents.store.files import put as store_put
from kpss.czech import date as czech_date
from kpss.workflow import Transition, TransitionRefused, Workflow
from planning.plans.content import canonical, content_of, fingerprint
from planning.plans.enums import VersionState
from planning.plans.models import PlanVersion
from planning.plans.workflow import VERSION_WORKFLOW

from .document import pdf_of
from .enums import StepState, StepVerb
from .models import ApprovalStep, ApprovalStepEvent, RouteStep

logger = logging.getLogger(__name__)


def why_not_now(step: ApprovalStep) -> Iterator[str]:
    """Sentences saying why it is not the step's turn; none when it is. A query."""
    if step.version.state != VersionState.IN_APPROVAL:
        yield _t("The version is not being approved now.")
        return
    earlier = (
        ApprovalStep.objects.filter(version=step.version_id, round=step.round, order__lt=step.order)
        .exclude(state=StepState.PASSED)
        .select_related("committee")
        .order_by("order")
        .first()
    )
    if earlier:
        yield _t("Another step comes first: %(committee)s.") % {"committee": earlier.committee}


STEP_WORKFLOW = Workflow(
    event_model=ApprovalStepEvent,
    event_field="step",
    subject=lambda step: step.version,
    transitions={
        "pass": Transition(
            label=_("Record the resolution"),
            sources=frozenset({StepState.WAITING}),
            target=StepState.PASSED,
            permission="plans.pass_step",
            guard=why_not_now,
        ),
        "pass_last": Transition(
            label=_("Record the resolution and approve"),
            sources=frozenset({StepState.WAITING}),
            target=StepState.PASSING,
            permission="plans.pass_step",
            guard=why_not_now,
        ),
        "return": Transition(
            label=_("Return for rework"),
            sources=frozenset({StepState.WAITING}),
            target=StepState.RETURNED,
            permission="plans.pass_step",
            guard=why_not_now,
            needs_note=True,
        ),
        "finish": Transition(
            label=_("Passed"),
            sources=frozenset({StepState.PASSING}),
            target=StepState.PASSED,
            internal=True,
        ),
        "fail": Transition(
            label=_("Recording failed"),
            sources=frozenset({StepState.PASSING}),
            target=StepState.WAITING,
            needs_note=True,
            internal=True,
        ),
        "cancel": Transition(
            label=_("Not reached"),
            sources=frozenset({StepState.WAITING}),
            target=StepState.CANCELLED,
            internal=True,
        ),
    },
)


@transaction.atomic
def open_approval(version: PlanVersion, *, actor, note: str = "") -> list[ApprovalStep]:
    """Lock the version's content and lay out the steps of its route; returns them in order.

    Raise PermissionDenied, or TransitionRefused with sentences when the version is incomplete, has
    no route, or was moved on by somebody else.
    """
    VERSION_WORKFLOW.advance(version, "open_approval", actor=actor, note=note)
    last = ApprovalStep.objects.filter(version=version).order_by("-round").first()
    round_number = last.round + 1 if last else 1
    steps = []
    route = (
        RouteStep.objects.filter(plan=version.plan_id).select_related("committee").order_by("order")
    )
    for order, laid in enumerate(route, start=1):
        step = ApprovalStep.objects.create(
            version=version,
            round=round_number,
            order=order,
            committee=laid.committee,
            verb=laid.verb,
        )
        STEP_WORKFLOW.record_birth(step, actor=actor)
        steps.append(step)
    return steps


def is_last(step: ApprovalStep) -> bool:
    """Whether no step of the same round comes after this one."""
    return not ApprovalStep.objects.filter(
        version=step.version_id, round=step.round, order__gt=step.order
    ).exists()


def why_not_by(step: ApprovalStep, resolution: Resolution) -> Iterator[str]:
    """Sentences saying why ``resolution`` cannot pass ``step``; none when it can."""
    if resolution.committee_id != step.committee_id:
        yield _t("This is a resolution of another committee: %(committee)s.") % {
            "committee": resolution.committee
        }
        return
    if not resolution.is_adopted:
        yield _t("The resolution was not adopted, so it cannot pass the step.")
    verb = StepVerb(step.verb)
    if resolution.verb not in verb.resolution_verbs:
        yield _t("The verb of the resolution (%(verb)s) does not fit the step (%(step)s).") % {
            "verb": resolution.get_verb_display(),
            "step": step.get_verb_display(),
        }
    previous = (
        ApprovalStep.objects.filter(
            version=step.version_id, round=step.round, order__lt=step.order, state=StepState.PASSED
        )
        .select_related("resolution")
        .order_by("-order")
        .first()
    )
    passed_by = previous.resolution if previous else None
    if passed_by and resolution.adopted_on < passed_by.adopted_on:
        yield _t("The previous step was passed on %(date)s; this resolution is older.") % {
            "date": czech_date(passed_by.adopted_on)
        }
    if ApprovalStep.objects.filter(resolution=resolution).exclude(pk=step.pk).exists():
        yield _t("This resolution has already been used for another step.")


@transaction.atomic
def pass_step(step: ApprovalStep, resolution: Resolution, *, actor, note: str = "") -> ApprovalStep:
    """Pass the step by the resolution. The last step seals the version and starts its approval.

    Raise PermissionDenied, or TransitionRefused with every reason why it cannot be done.
    """
    step.version = _locked(step.version_id)
    if reasons := list(why_not_by(step, resolution)):
        raise TransitionRefused(*reasons)
    if not is_last(step):
        STEP_WORKFLOW.advance(
            step, "pass", actor=actor, note=note, changes={"resolution": resolution}
        )
        return step
    STEP_WORKFLOW.advance(
        step, "pass_last", actor=actor, note=note, changes={"resolution": resolution}
    )
    VERSION_WORKFLOW.advance(step.version, "seal", actor=actor)
    transaction.on_commit(partial(finish_approval_task.enqueue, step.version_id))
    return step


def _locked(version_id: int) -> PlanVersion:
    """The version as it is now; whoever moves its steps at the same moment waits."""
    return PlanVersion.objects.select_for_update().get(pk=version_id)


@transaction.atomic
def return_step(
    step: ApprovalStep, *, actor, note: str, resolution: Resolution | None = None
) -> ApprovalStep:
    """Return the version for rework from this step; the steps after it are not reached.

    Raise PermissionDenied, or TransitionRefused (not its turn, no reason given, wrong committee).
    """
    step.version = _locked(step.version_id)
    if resolution and resolution.committee_id != step.committee_id:
        raise TransitionRefused(
            _t("This is a resolution of another committee: %(committee)s.")
            % {"committee": resolution.committee}
        )
    STEP_WORKFLOW.advance(
        step, "return", actor=actor, note=note, changes={"resolution": resolution}
    )
    for later in ApprovalStep.objects.filter(
        version=step.version_id, round=step.round, state=StepState.WAITING
    ):
        STEP_WORKFLOW.advance(later, "cancel", actor=actor)
    VERSION_WORKFLOW.advance(step.version, "return_for_rework", actor=actor, note=note)
    return step


def retry_sealing(version: PlanVersion) -> None:
    """Ask the worker once more for a version that stands sealed (after a crash)."""
    if version.state == VersionState.SEALING:
        finish_approval_task.enqueue(version.pk)


def finish_approval(version_id: int) -> bool:
    """Render, store and approve a sealed version; True when it is approved by this call.

    Nothing is approved without its file: the PDF and the content are in the store, verified, before
    the one transaction that moves the step and the version. A failure puts both back and says why in
    the history. Safe to call any number of times, also at once.
    """
    version = PlanVersion.objects.select_related("plan__parent").get(pk=version_id)
    if version.state != VersionState.SEALING:
        return False
    step = (
        ApprovalStep.objects.filter(version=version, state=StepState.PASSING)
        .select_related("resolution", "version")
        .get()
    )
    try:
        content = content_of(version)
        stored_content = store_put(canonical(content), content_type="application/json")
        stored_pdf = store_put(pdf_of(version, content), content_type="application/pdf")
    except (EngineError, StoreError) as error:
        return _fail(version, step, str(error))
    except Exception:
        logger.exception("Rendering of version %s failed", version_id)
        return _fail(
            version,
            step,
            _t("The PDF could not be made. The administrator finds the cause in the log."),
        )
    assert step.resolution, "the database keeps no passed step without a resolution"
    try:
        with transaction.atomic():
            STEP_WORKFLOW.advance(step, "finish")
            VERSION_WORKFLOW.advance(
                version,
                "approve",
                changes={
                    "approved_on": step.resolution.adopted_on,
                    "content_sha256": fingerprint(content),
                    "content": stored_content,
                    "pdf": stored_pdf,
                },
            )
    except TransitionRefused:
        return False  # another worker was first; both rendered the same bytes
    return True


def _fail(version: PlanVersion, step: ApprovalStep, reason: str) -> bool:
    try:
        with transaction.atomic():
            STEP_WORKFLOW.advance(step, "fail", note=reason, changes={"resolution": None})
            VERSION_WORKFLOW.advance(version, "unseal", note=reason)
    except TransitionRefused:
        logger.info("Version %s was finished by another worker meanwhile", version.pk)
    return False


@task()
def finish_approval_task(version_id: int) -> bool:
    """``finish_approval`` as work in the background; safe to run again."""
    return finish_approval(version_id)


def unfinished() -> list[PlanVersion]:
    """Sealed versions: what a crash left for the sweep."""
    return list(PlanVersion.objects.filter(state=VersionState.SEALING).order_by("pk"))


def sweep() -> int:
    """Finish every sealed version left by a crash; returns how many were approved."""
    return sum(finish_approval(version.pk) for version in unfinished())
