"""The history of a version as people read it: the events of the version and of its steps in one line of time."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from planning.plans.models import PlanVersion, PlanVersionEvent

from .models import ApprovalStepEvent

VERSION_EVENTS = {
    "create": _("The version was founded"),
    "open_approval": _("The approval was opened and the content locked"),
    "return_for_rework": _("The version was returned for rework"),
    "seal": _("All steps are passed; the PDF is being made"),
    "unseal": _("The PDF could not be made"),
    "approve": _("The version is approved and frozen, its PDF stored"),
    "discard": _("The version was discarded"),
}
STEP_EVENTS = {
    "pass": _("Passed: %(committee)s"),
    "pass_last": _("Last resolution recorded: %(committee)s"),
    "return": _("Returned for rework: %(committee)s"),
    "fail": _("The step waits again: %(committee)s"),
}


@dataclass(frozen=True)
class HistoryLine:
    at: datetime.datetime
    what: str
    who: str
    note: str


def history(version: PlanVersion) -> list[HistoryLine]:
    """The newest first; two queries. Steps of machinery (laying out, finishing) are left out."""
    lines = [
        HistoryLine(event.at, str(VERSION_EVENTS[event.transition]), _who(event), event.note)
        for event in PlanVersionEvent.objects.filter(version=version).with_actor()
        if event.transition in VERSION_EVENTS
    ]
    steps = (
        ApprovalStepEvent.objects.filter(step__version=version, transition__in=STEP_EVENTS)
        .with_actor()
        .select_related("step__committee")
    )
    lines += [
        HistoryLine(
            event.at,
            str(STEP_EVENTS[event.transition]) % {"committee": event.step.committee},
            _who(event),
            event.note,
        )
        for event in steps
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _who(event) -> str:
    return str(event.actor) if event.actor else _t("the portal")
