"""Plans: a tree with named levels, in versions; an approved version is frozen by the database.

``Plan`` → ``PlanVersion`` → ``Chapter`` and ``PlanNode`` (priority, goal, measure… as the plan calls them) → ``Task`` →
parties, funding lines, indicators. ``lineage`` says what is the same thing across versions and into action plans
(docs/adr/0002). The triggers that freeze are in ``migrations/0002_freeze.py`` (docs/adr/0003).
"""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.grants import granted
from committees.bodies.models import Committee, Seat
from committees.bodies.rules import roles_with
from documents.store.models import StoredFile
from kpss.codelists import CodeItem
from kpss.events import Event
from kpss.exchange.models import Upload
from kpss.territory.models import Municipality
from providers.directory.models import Organisation, PlanningGroup, Service, TargetGroup

from .enums import OPEN_STATES, IndicatorKind, PartyRole, PlanKind, VersionState

CODE = RegexValidator(
    r"^[0-9A-Za-z]{1,6}(\.[0-9A-Za-z]{1,6}){0,5}$",
    _("Write the code as numbers with dots, for example 1.1.2."),
)


class FundingSource(CodeItem):
    """Where the money of a task comes from (codelist funding_sources)."""

    class Meta(CodeItem.Meta):
        verbose_name = _("source of funding")
        verbose_name_plural = _("sources of funding")


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Plans with an approved version are public; drafts are seen by those who may."""
        if user.is_authenticated and user.is_staff:
            return self
        return self.filter(pk__in=PlanVersion.objects.visible_to(user).values("plan"))


class Plan(models.Model):
    """A community plan for several years, or a yearly action plan under one."""

    kind = models.CharField(_("kind"), max_length=10, choices=PlanKind)
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("under the plan"),
    )
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    committee = models.ForeignKey(
        Committee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=_("prepared by"),
        help_text=_("Members of this committee see the working versions."),
    )
    summary = models.TextField(_("what the plan is about"), blank=True)
    task_singular = models.CharField(_("a task is called"), max_length=40, default="úkol")
    task_plural = models.CharField(_("tasks are called"), max_length=40, default="úkoly")
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-period_from", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")),
                name="plans_plan_period_in_order",
                violation_error_message=_("The period cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(kind=PlanKind.ACTION) | Q(parent=None),
                name="plans_plan_only_action_has_parent",
                violation_error_message=_("Only an action plan stands under another plan."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("plans:plan_detail", args=[self.slug])

    def committees_in_charge(self):
        """The committee that prepares the plan and those that work under it or on its route."""
        return Committee.objects.filter(
            Q(pk=self.committee_id)
            | Q(parent=self.committee_id, parent__isnull=False)
            | Q(approval_route__plan=self)
        )


class PlanLevel(models.Model):
    """What one level of the plan's tree is called: priority, goal, measure."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="levels", verbose_name=_("plan"))
    depth = models.PositiveSmallIntegerField(_("depth"), validators=[MinValueValidator(1)])
    singular = models.CharField(_("one is called"), max_length=40)
    plural = models.CharField(_("many are called"), max_length=40)

    class Meta:
        verbose_name = _("level of the tree")
        verbose_name_plural = _("levels of the tree")
        ordering = ["plan", "depth"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "depth"],
                name="plans_level_once",
                violation_error_message=_("This depth already has its name."),
            )
        ]

    def __str__(self):
        return self.singular


def _seats_that_see_drafts(user):
    return Seat.objects.current().filter(person=user, role__in=roles_with("plans.view_draft"))


def _granted(user) -> Q:
    return granted(user, ["plans.view_draft", "plans.edit_content"], PlanVersion)


class PlanVersionQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(state=VersionState.APPROVED)

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def visible_to(self, user):
        """Approved versions are public; open ones are for members in charge, grants and coordinators."""
        approved = Q(state=VersionState.APPROVED)
        if not user.is_authenticated:
            return self.filter(approved)
        if user.is_staff:
            return self
        mine = Committee.objects.filter(seats__in=_seats_that_see_drafts(user))
        return self.filter(
            approved
            | Q(state__in=OPEN_STATES, plan__committee__in=mine)
            | Q(state__in=OPEN_STATES, plan__committee__children__in=mine)
            | Q(state__in=OPEN_STATES, plan__route__committee__in=mine)
            | Q(state__in=OPEN_STATES) & _granted(user)
        ).distinct()


class PlanVersion(models.Model):
    """One version of a plan: a working one, one being approved, or an approved one, frozen with its PDF."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=12, choices=VersionState, default=VersionState.DRAFT, editable=False
    )
    based_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        editable=False,
        verbose_name=_("copy of"),
    )
    change_note = models.TextField(_("what this version changes"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    content_sha256 = models.CharField(
        _("fingerprint of the content"), max_length=64, blank=True, editable=False
    )
    content = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("frozen content"),
    )
    pdf = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("PDF"),
    )

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a plan")
        verbose_name_plural = _("versions of plans")
        ordering = ["plan", "-number"]
        permissions = [
            ("view_draft", _("Can see working versions of plans")),
            ("edit_content", _("Can edit the content of a working version")),
            ("open_approval", _("Can open the approval of a version")),
            ("pass_step", _("Can record the passing or returning of an approval step")),
            ("discard_version", _("Can discard a working version")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plans_version_number_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state__in=OPEN_STATES),
                name="plans_version_one_open",
                violation_error_message=_("This plan already has an open version."),
            ),
            models.CheckConstraint(
                condition=~Q(state=VersionState.APPROVED)
                | Q(pdf__isnull=False, content__isnull=False, approved_on__isnull=False)
                & ~Q(content_sha256=""),
                name="plans_version_approved_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.APPROVED)
                | Q(pdf=None, content=None, approved_on=None, content_sha256=""),
                name="plans_version_unapproved_is_bare",
            ),
        ]

    def __str__(self):
        return _("%(plan)s, version %(number)s") % {"plan": self.plan, "number": self.number}

    def get_absolute_url(self):
        return reverse("plans:version_detail", args=[self.plan.slug, self.number])

    @property
    def is_editable(self) -> bool:
        return self.state == VersionState.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.state == VersionState.APPROVED

    def committees_in_charge(self):
        return self.plan.committees_in_charge()


class PlanVersionEvent(Event):
    """What happened to a version of a plan."""

    version = models.ForeignKey(
        PlanVersion, models.PROTECT, related_name="events", verbose_name=_("version of a plan")
    )


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


class PlanUpload(Upload):
    """An Excel file with a plan's tree."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="uploads", verbose_name=_("version")
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta(Upload.Meta):
        verbose_name = _("upload of a plan")
        verbose_name_plural = _("uploads of plans")
