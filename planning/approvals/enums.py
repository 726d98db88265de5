from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.enums import Verb


class StepVerb(models.TextChoices):
    """What the committee does with the plan in this step (codelist approval_steps)."""

    DISCUSSES = "discusses", _("discusses")
    APPROVES = "approves", _("approves")
    RECOMMENDS = "recommends", _("recommends for approval")
    TAKES_NOTE = "takes_note", _("takes note")

    @property
    def resolution_verbs(self) -> frozenset[str]:
        """The verbs of a resolution by which this step can be passed."""
        return {
            StepVerb.DISCUSSES: frozenset(
                {Verb.TAKES_NOTE, Verb.AGREES, Verb.APPROVES, Verb.RECOMMENDS}
            ),
            StepVerb.APPROVES: frozenset({Verb.APPROVES, Verb.AGREES}),
            StepVerb.RECOMMENDS: frozenset({Verb.RECOMMENDS}),
            StepVerb.TAKES_NOTE: frozenset({Verb.TAKES_NOTE}),
        }[self]

    @property
    def usual_verb(self) -> Verb:
        """The verb of a resolution proposed for this step."""
        return {
            StepVerb.DISCUSSES: Verb.TAKES_NOTE,
            StepVerb.APPROVES: Verb.APPROVES,
            StepVerb.RECOMMENDS: Verb.RECOMMENDS,
            StepVerb.TAKES_NOTE: Verb.TAKES_NOTE,
        }[self]


class StepState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("approval step", "waiting")
    PASSING = "passing", pgettext_lazy("approval step", "being recorded")
    PASSED = "passed", pgettext_lazy("approval step", "passed")
    RETURNED = "returned", pgettext_lazy("approval step", "returned for rework")
    CANCELLED = "cancelled", pgettext_lazy("approval step", "not reached")
