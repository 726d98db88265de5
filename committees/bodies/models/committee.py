"""Bodies that plan or decide."""

import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.bodies.enums import CommitteeKind
from committees.bodies.numbering import (
    AT_MEETING,
    PER_ROLLAM,
    validate,
    validate_per_rollam,
)
from kpss.czech import sort_key
from kpss.territory.models import Municipality
from providers.directory.models import PlanningGroup

if TYPE_CHECKING:
    from .rules import Rules


class CommitteeQuerySet(models.QuerySet):
    def active_on(self, day: datetime.date):
        return self.filter(
            Q(established_on=None) | Q(established_on__lte=day),
            Q(dissolved_on=None) | Q(dissolved_on__gte=day),
        )

    def visible_to(self, user):
        """Public committees, plus those on which the user now sits; coordinators see all."""
        if not user.is_authenticated:
            return self.filter(is_public=True)
        if user.has_perm("bodies.view_committee_work"):
            return self
        seats = user.seats.current()
        return self.filter(Q(is_public=True) | Q(pk__in=seats.values("committee")))


class Committee(models.Model):
    """A body that plans or decides: working group, steering group, commission, council, assembly."""

    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    sort_key = models.CharField(max_length=340, editable=False, db_index=True)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=CommitteeKind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("works under"),
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="committees",
        verbose_name=_("municipality"),
    )
    planning_group = models.ForeignKey(
        PlanningGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="committees",
        verbose_name=_("planning group"),
    )
    purpose = models.TextField(_("what it is for"), blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=True)
    position = models.PositiveIntegerField(_("order"), default=0)
    numbering = models.CharField(
        _("numbers of resolutions"),
        max_length=60,
        default=AT_MEETING,
        validators=[validate],
    )
    numbering_per_rollam = models.CharField(
        _("numbers of resolutions per rollam"),
        max_length=60,
        default=PER_ROLLAM,
        validators=[validate_per_rollam],
    )

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["position", "sort_key"]
        permissions = [
            ("view_committee_work", _("Can see committees that are not public")),
            ("hand_out_grants", _("Can give and withdraw rights by name")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(dissolved_on=None)
                | Q(established_on=None)
                | Q(dissolved_on__gte=F("established_on")),
                name="bodies_committee_dates_in_order",
                violation_error_message=_(
                    "The committee cannot be dissolved before it is established."
                ),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="bodies_committee_not_own_parent",
                violation_error_message=_("A committee cannot work under itself."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("bodies:committee_detail", args=[self.slug])

    def clean(self):
        """Refuse a circle of committees working under one another."""
        above, seen = self.parent, {self.pk}
        while self.pk and above is not None:
            if above.pk in seen:
                raise ValidationError(
                    {"parent": _("This committee works under the one you are changing.")}
                )
            seen.add(above.pk)
            above = above.parent

    def rules_on(self, day: datetime.date) -> "Rules | None":
        """The rules of procedure valid on ``day``. Causes a query."""
        return self.rules.filter(valid_from__lte=day).order_by("-valid_from").first()

    def exists_on(self, day: datetime.date) -> bool:
        """Whether the committee was established by ``day`` and not dissolved before it."""
        return (self.established_on or day) <= day <= (self.dissolved_on or day)
