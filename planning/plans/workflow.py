"""The life of a version of a plan. Nothing else assigns its state.

draft → in_approval → sealing → approved, with ways back for rework. While a version is anything but a draft, triggers in
the database lock its content; once approved, they lock the row itself (docs/adr/0003).
"""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kpss.czech import sort_key
from kpss.workflow import Transition, Workflow

from .enums import PartyRole, PlanKind, VersionState
from .models import PlanNode, PlanVersion, PlanVersionEvent, Task, TaskParty


def missing_for_approval(version: PlanVersion) -> Iterator[str]:
    """Sentences that say what an incomplete version lacks; none when it may be approved."""
    if not PlanNode.objects.filter(version=version).exists():
        yield _t("The plan is empty. Add at least one priority.")
        return
    if not version.plan.route.exists():
        yield _t("The approval route has no steps. Set it on the plan.")
    if version.plan.kind != PlanKind.ACTION:
        return
    tasks = Task.objects.filter(version=version)
    if not tasks.exists():
        yield _t("The action plan has no tasks.")
        return
    responsible = TaskParty.objects.filter(task=OuterRef("pk"), role=PartyRole.RESPONSIBLE)
    orphans = _codes(tasks.filter(~Exists(responsible)))
    if orphans:
        yield ngettext(
            "Nobody is responsible for the task %(codes)s.",
            "Nobody is responsible for the tasks %(codes)s.",
            len(orphans),
        ) % {"codes": ", ".join(orphans)}
    undated = _codes(tasks.filter(date_from=None, date_to=None, term_text=""))
    if undated:
        yield ngettext(
            "The task %(codes)s has no term.", "The tasks %(codes)s have no term.", len(undated)
        ) % {"codes": ", ".join(undated)}


def _codes(tasks: QuerySet[Task]) -> list[str]:
    """Codes as people read them: 1.2 before 1.10."""
    return sorted(tasks.values_list("code", flat=True), key=sort_key)


VERSION_WORKFLOW = Workflow(
    event_model=PlanVersionEvent,
    event_field="version",
    transitions={
        "open_approval": Transition(
            label=_("Open the approval"),
            sources=frozenset({VersionState.DRAFT}),
            target=VersionState.IN_APPROVAL,
            permission="plans.open_approval",
            guard=missing_for_approval,
        ),
        "return_for_rework": Transition(
            label=_("Return for rework"),
            sources=frozenset({VersionState.IN_APPROVAL}),
            target=VersionState.DRAFT,
            needs_note=True,
            internal=True,
        ),
        "seal": Transition(
            label=_("Seal"),
            sources=frozenset({VersionState.IN_APPROVAL}),
            target=VersionState.SEALING,
            internal=True,
        ),
        "unseal": Transition(
            label=_("Sealing failed"),
            sources=frozenset({VersionState.SEALING}),
            target=VersionState.IN_APPROVAL,
            needs_note=True,
            internal=True,
        ),
        "approve": Transition(
            label=_("Approve"),
            sources=frozenset({VersionState.SEALING}),
            target=VersionState.APPROVED,
            internal=True,
        ),
        "discard": Transition(
            label=_("Discard this version"),
            sources=frozenset({VersionState.DRAFT}),
            target=VersionState.DISCARDED,
            permission="plans.discard_version",
            needs_note=True,
        ),
    },
)
