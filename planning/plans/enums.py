from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanKind(models.TextChoices):
    COMMUNITY = "community", _("community plan")
    ACTION = "action", _("action plan")


class VersionState(models.TextChoices):
    """Where a version of a plan stands. Only ``planning.plans.workflow`` moves it."""

    DRAFT = "draft", pgettext_lazy("plan version", "working version")
    IN_APPROVAL = "in_approval", pgettext_lazy("plan version", "being approved")
    SEALING = "sealing", pgettext_lazy("plan version", "being sealed")
    APPROVED = "approved", pgettext_lazy("plan version", "approved")
    DISCARDED = "discarded", pgettext_lazy("plan version", "discarded")


OPEN_STATES = [VersionState.DRAFT, VersionState.IN_APPROVAL, VersionState.SEALING]


class PartyRole(models.TextChoices):
    RESPONSIBLE = "responsible", _("responsible")
    PARTNER = "partner", _("cooperates")


class IndicatorKind(models.TextChoices):
    OUTPUT = "output", _("output")
    OUTCOME = "outcome", _("outcome")
    IMPACT = "impact", _("impact")
