"""The route by which a plan is approved, and its steps walked by one version."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committees.ballots.models import Ballot
from committees.bodies.models import Committee, Resolution
from committees.meetings.models import AgendaItem
from kpss.events import Event
from planning.plans.models import Plan, PlanVersion

from .enums import StepState, StepVerb


class RouteStep(models.Model):
    """One step of the route laid down for a plan: which committee does what, in which order."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="route", verbose_name=_("plan"))
    order = models.PositiveSmallIntegerField(_("order"))
    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="approval_route", verbose_name=_("committee")
    )
    verb = models.CharField(_("what it does"), max_length=12, choices=StepVerb)

    class Meta:
        verbose_name = _("step of the approval route")
        verbose_name_plural = _("approval route")
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "order"],
                name="approvals_route_order_once",
                violation_error_message=_("Two steps have the same order."),
            )
        ]

    def __str__(self):
        return f"{self.order}. {self.committee} – {self.get_verb_display()}"


class ApprovalStepQuerySet(models.QuerySet):
    def passed(self):
        return self.filter(state=StepState.PASSED)

    def waiting(self):
        return self.filter(state=StepState.WAITING)


class ApprovalStep(models.Model):
    """A step of one version's approval. It is passed only by a resolution of its committee."""

    version = models.ForeignKey(
        PlanVersion, models.PROTECT, related_name="steps", verbose_name=_("version of a plan")
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    order = models.PositiveSmallIntegerField(_("order"))
    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="approval_steps", verbose_name=_("committee")
    )
    verb = models.CharField(_("what it does"), max_length=12, choices=StepVerb)
    state = models.CharField(
        _("state"), max_length=10, choices=StepState, default=StepState.WAITING, editable=False
    )
    resolution = models.ForeignKey(
        Resolution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="approval_steps",
        editable=False,
        verbose_name=_("resolution"),
    )

    objects = ApprovalStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval step")
        verbose_name_plural = _("approval steps")
        ordering = ["version", "round", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "round", "order"], name="approvals_step_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[StepState.PASSING, StepState.PASSED], resolution__isnull=False
                )
                | Q(state__in=[StepState.WAITING, StepState.CANCELLED], resolution=None)
                | Q(state=StepState.RETURNED),
                name="approvals_step_passed_by_resolution",
            ),
        ]

    def __str__(self):
        return f"{self.order}. {self.committee} – {self.get_verb_display()}"

    def committees_in_charge(self):
        return Committee.objects.filter(pk=self.committee_id)


class StepVote(models.Model):
    """A step brought to its committee: as a ballot per rollam, or as an item of a meeting's agenda.

    It only leads from one to the other; a step is passed by the resolution that comes of it.
    """

    step = models.ForeignKey(
        ApprovalStep, models.PROTECT, related_name="votes", verbose_name=_("approval step")
    )
    ballot = models.OneToOneField(
        Ballot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="step_vote",
        verbose_name=_("ballot"),
    )
    item = models.OneToOneField(
        AgendaItem,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="step_vote",
        verbose_name=_("agenda item"),
    )

    class Meta:
        verbose_name = _("step brought to the vote")
        verbose_name_plural = _("steps brought to the vote")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ballot=None, item__isnull=False) | Q(ballot__isnull=False, item=None),
                name="approvals_stepvote_one_place",
            )
        ]

    def __str__(self):
        return str(self.step)


class ApprovalStepEvent(Event):
    """What happened to an approval step."""

    step = models.ForeignKey(
        ApprovalStep, models.PROTECT, related_name="events", verbose_name=_("approval step")
    )
