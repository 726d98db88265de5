"""What a version says: chapters, the tree of nodes with its tasks, the district network.

``lineage`` says what is the same thing across versions and into action plans (docs/adr/0002).
"""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpss.codelists import CodeItem
from kpss.territory.models import Municipality
from planning.plans.enums import IndicatorKind, PartyRole
from providers.directory.models import Organisation, PlanningGroup, Service, TargetGroup

from .plan import PlanVersion

CODE = RegexValidator(
    r"^[0-9A-Za-z]{1,6}(\.[0-9A-Za-z]{1,6}){0,5}$",
    _("Write the code as numbers with dots, for example 1.1.2."),
)


class FundingSource(CodeItem):
    """Where the money of a task comes from (codelist funding_sources)."""

    class Meta(CodeItem.Meta):
        verbose_name = _("source of funding")
        verbose_name_plural = _("sources of funding")


class Chapter(models.Model):
    """A chapter of text in front of the tree: introduction, how the plan was made, analysis."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="chapters", verbose_name=_("version")
    )
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(
        _("text"), blank=True, help_text=_("Markdown: paragraphs, lists, **bold**, links.")
    )

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "lineage"], name="plans_chapter_lineage_once"
            )
        ]

    def __str__(self):
        return self.title


class PlanNode(models.Model):
    """A priority, goal or measure: one node of the tree of one version."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="nodes", verbose_name=_("version")
    )
    lineage = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("under"),
    )
    depth = models.PositiveSmallIntegerField(_("depth"), editable=False, default=1)
    position = models.PositiveIntegerField(_("order"), default=0)
    code = models.CharField(_("code"), max_length=20, validators=[CODE])
    title = models.CharField(_("title"), max_length=300)
    need = models.TextField(_("need"), blank=True)
    goal = models.TextField(_("goal"), blank=True)
    description = models.TextField(_("description"), blank=True)
    planning_group = models.ForeignKey(
        PlanningGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("planning group"),
    )
    target_groups = models.ManyToManyField(
        TargetGroup, blank=True, related_name="+", verbose_name=_("target groups")
    )
    municipalities = models.ManyToManyField(
        Municipality,
        blank=True,
        related_name="plan_nodes",
        verbose_name=_("municipalities concerned"),
        help_text=_("Leave empty when it concerns the whole district."),
    )

    class Meta:
        verbose_name = _("node of a plan")
        verbose_name_plural = _("nodes of plans")
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="plans_node_code_once",
                violation_error_message=_("This code is already used in this version."),
            ),
            models.UniqueConstraint(fields=["version", "lineage"], name="plans_node_lineage_once"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")), name="plans_node_not_own_parent"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


class Task(models.Model):
    """The smallest planned step under a node: what, by whom, when, for how much, measured how."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="tasks", verbose_name=_("version")
    )
    node = models.ForeignKey(
        PlanNode, models.CASCADE, related_name="tasks", verbose_name=_("belongs to")
    )
    lineage = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    position = models.PositiveIntegerField(_("order"), default=0)
    code = models.CharField(_("code"), max_length=20, validators=[CODE])
    title = models.CharField(_("title"), max_length=400)
    description = models.TextField(_("description"), blank=True)
    date_from = models.DateField(_("from"), null=True, blank=True)
    date_to = models.DateField(_("to"), null=True, blank=True)
    term_text = models.CharField(
        _("term in words"),
        max_length=120,
        blank=True,
        help_text=_("For example: continuously, second half of 2021"),
    )
    cost_planned = models.PositiveBigIntegerField(_("planned costs (CZK)"), null=True, blank=True)
    cost_note = models.CharField(_("note on costs"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="plans_task_code_once",
                violation_error_message=_("This code is already used in this version."),
            ),
            models.UniqueConstraint(fields=["version", "lineage"], name="plans_task_lineage_once"),
            models.CheckConstraint(
                condition=Q(date_to=None) | Q(date_from=None) | Q(date_to__gte=F("date_from")),
                name="plans_task_term_in_order",
                violation_error_message=_("The term cannot end before it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


class TaskParty(models.Model):
    """Who is responsible for a task or cooperates on it. The name is kept as it was written."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="parties", verbose_name=_("task"))
    role = models.CharField(
        _("role"), max_length=12, choices=PartyRole, default=PartyRole.RESPONSIBLE
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="task_parties",
        verbose_name=_("organisation"),
    )
    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("Filled from the organisation, or written: municipalities, coordinator…"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("party to a task")
        verbose_name_plural = _("parties to tasks")
        ordering = ["-role", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "role", "name"],
                name="plans_party_once",
                violation_error_message=_("This party is already listed."),
            )
        ]

    def __str__(self):
        return self.name


class FundingLine(models.Model):
    """One source of a task's money, with the amount when it is known."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="funding", verbose_name=_("task"))
    source = models.ForeignKey(
        FundingSource, models.PROTECT, related_name="+", verbose_name=_("source")
    )
    amount = models.PositiveBigIntegerField(_("amount (CZK)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("funding line")
        verbose_name_plural = _("funding lines")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "source"],
                name="plans_funding_source_once",
                violation_error_message=_("This source is already listed."),
            )
        ]

    def __str__(self):
        return str(self.source)


class Indicator(models.Model):
    """What is measured on a task, in which unit, and the planned value."""

    task = models.ForeignKey(
        Task, models.CASCADE, related_name="indicators", verbose_name=_("task")
    )
    kind = models.CharField(
        _("kind"), max_length=8, choices=IndicatorKind, default=IndicatorKind.OUTPUT
    )
    name = models.CharField(_("what is measured"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    planned = models.DecimalField(
        _("planned value"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "name"],
                name="plans_indicator_once",
                violation_error_message=_("This indicator is already listed."),
            )
        ]

    def __str__(self):
        return self.name


class NetworkEntry(models.Model):
    """A service in the district network that an action plan lays down: full-time jobs or beds for the district."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="network", verbose_name=_("version")
    )
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="network_entries", verbose_name=_("service")
    )
    name = models.CharField(_("name of the service"), max_length=200)
    provider_name = models.CharField(_("provider"), max_length=200)
    fte = models.DecimalField(
        _("full-time jobs"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    beds = models.PositiveIntegerField(_("beds"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("service in the network")
        verbose_name_plural = _("district network")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "service"],
                name="plans_network_service_once",
                violation_error_message=_("This service is already in the network."),
            )
        ]

    def __str__(self):
        return self.name
