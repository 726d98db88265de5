"""Plans with named levels, and their versions; an approved version is frozen by the database.

The triggers that freeze are in ``migrations/0002_freeze.py`` (docs/adr/0003).
"""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.grants import granted
from committees.bodies.models import Committee, Seat
from committees.bodies.rules import roles_with
from documents.store.models import StoredFile
from kpss.events import Event
from kpss.exchange.models import Upload
from planning.plans.enums import OPEN_STATES, PlanKind, VersionState


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


def _worked_on_by(user) -> Q:
    mine = Committee.objects.filter(seats__in=_seats_that_see_drafts(user))
    return (
        Q(plan__committee__in=mine)
        | Q(plan__committee__children__in=mine)
        | Q(plan__route__committee__in=mine)
        | _granted(user)
    )


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
        return self.filter(approved | Q(state__in=OPEN_STATES) & _worked_on_by(user)).distinct()

    def worked_on_by(self, user):
        """Versions whose working texts are for the reader, whatever state they are in now."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff else self.filter(_worked_on_by(user)).distinct()


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
    def is_open(self) -> bool:
        """Whether it is still on its way to approval."""
        return self.state in OPEN_STATES

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


class PlanUpload(Upload):
    """An Excel file with a plan's tree."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="uploads", verbose_name=_("version")
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta(Upload.Meta):
        verbose_name = _("upload of a plan")
        verbose_name_plural = _("uploads of plans")
