"""Which two texts are compared: versions of plans by short signs that may stand in an address."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _t

from planning.plans.content import PlanContent, read_content
from planning.plans.enums import VersionState
from planning.plans.models import Plan, PlanVersion, Snapshot
from planning.plans.services import content_of_snapshot


@dataclass(frozen=True)
class Reading:
    """One text of a plan that can be compared."""

    ref: str  # "akcni-plan-2021:2", or "akcni-plan-2021:2.1" for what was sent out
    label: str
    version: PlanVersion
    snapshot: Snapshot | None = None

    @property
    def content(self) -> PlanContent:
        """What it says; of an approved version and of what was sent out the frozen text."""
        if self.snapshot is not None:
            return content_of_snapshot(self.snapshot)
        return read_content(self.version)

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.snapshot is None and self.version.is_approved


def readings_of(plan: Plan, user) -> list[Reading]:
    """Versions that the reader may see, of this plan and of its neighbours of the same kind, newest first.

    Neighbours are plans under the same community plan, and community plans of other periods. Working
    versions that were sent out stand under the version of which they are. Two queries.
    """
    family = Q(plan=plan) | Q(plan__kind=plan.kind, plan__parent=plan.parent_id)
    versions = (
        PlanVersion.objects.visible_to(user)
        .exclude(state=VersionState.DISCARDED)
        .filter(family)
        .select_related("plan__parent", "plan__committee", "content")
        .order_by("-plan__period_from", "plan_id", "-number")
    )
    sent: dict[int, list[Snapshot]] = defaultdict(list)
    for snapshot in (
        Snapshot.objects.visible_to(user)
        .filter(version__in=versions)
        .select_related("content")
        .order_by("-number")
    ):
        sent[snapshot.version_id].append(snapshot)
    return [
        reading
        for version in versions
        for reading in (
            reading_of(version),
            *(reading_of(version, one) for one in sent[version.pk]),
        )
    ]


def chosen(readings: list[Reading], ref: str) -> Reading:
    """The reading of that sign. Raise Http404 for one that is not among ``readings``."""
    for reading in readings:
        if reading.ref == ref:
            return reading
    raise Http404


def usual_pair(readings: list[Reading], plan: Plan) -> tuple[Reading, Reading] | None:
    """What a reader of the plan usually wants: its newest text against the one before.

    Before the first version of a plan stands the newest of the plan before it. None when there is
    nothing to compare with.
    """
    own = [reading for reading in readings if reading.version.plan_id == plan.pk]
    if not own:
        return None
    older = [r for r in readings if r.version.plan.period_from < plan.period_from]
    before = own[1:2] or older[:1]
    return (before[0], own[0]) if before else None


def reading_of(version: PlanVersion, snapshot: Snapshot | None = None) -> Reading:
    """The version, or what was sent out of it, as a text that can be compared."""
    ref = f"{version.plan.slug}:{version.number}"
    label = _t("%(plan)s, version %(number)s") % {"plan": version.plan, "number": version.number}
    if snapshot is not None:
        return Reading(f"{ref}.{snapshot.number}", f"{label}: {snapshot}", version, snapshot)
    if version.state != VersionState.APPROVED:
        label = f"{label} – {version.get_state_display()}"
    return Reading(ref, label, version)
