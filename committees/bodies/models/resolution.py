"""What committees decided."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.enums import Mode, Verb
from documents.store.models import StoredFile
from kpss.czech import date as czech_date

from .committee import Committee
from .rules import Rules

# Where the agenda item hangs at which the resolution was voted on, and how deep agendas go.
_ITEM = "ballot__motion__item"
_DEEPEST_AGENDA = 9


class ResolutionQuerySet(models.QuerySet):
    def voted_internally(self):
        """Resolutions voted on at an internal item of an agenda, or at one under it."""
        flags = (f"{_ITEM}{'__parent' * depth}__is_internal" for depth in range(_DEEPEST_AGENDA))
        return self.filter(Q(*((flag, True) for flag in flags), _connector=Q.OR))

    def visible_to(self, user):
        """Of public committees all but those of internal items; of one's own committees all, and so
        to coordinators.
        """
        if user.is_authenticated and user.has_perm("bodies.view_committee_work"):
            return self
        inside = Resolution.objects.voted_internally().order_by().values("pk")
        public = Q(committee__is_public=True) & ~Q(pk__in=inside)
        if not user.is_authenticated:
            return self.filter(public)
        own = user.seats.current().values("committee")
        return self.filter(public | Q(committee__in=own))


class Resolution(models.Model):
    """A decision of a committee: number in its own form, date, verb, text and the vote.

    ``is_adopted`` is decided once, when the resolution is recorded, by the rules valid on its day.
    """

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="resolutions", verbose_name=_("committee")
    )
    number = models.CharField(
        _("number"), max_length=40, help_text=_("As the committee writes it: 4/5, UZ/22/32/2016…")
    )
    adopted_on = models.DateField(_("date"))
    mode = models.CharField(_("how"), max_length=12, choices=Mode, default=Mode.IN_PERSON)
    verb = models.CharField(_("verb"), max_length=16, choices=Verb, default=Verb.APPROVES)
    text = models.TextField(_("text"))
    votes_for = models.PositiveSmallIntegerField(_("for"))
    votes_against = models.PositiveSmallIntegerField(_("against"), default=0)
    abstained = models.PositiveSmallIntegerField(_("abstained"), default=0)
    excluded = models.PositiveSmallIntegerField(
        _("did not vote for a conflict of interest"),
        default=0,
        help_text=_("Present, but excluded from this item."),
    )
    members_total = models.PositiveSmallIntegerField(
        _("members in all"), validators=[MinValueValidator(1)]
    )
    members_present = models.PositiveSmallIntegerField(
        _("members present"), help_text=_("Per rollam: how many members answered.")
    )
    chair_voted_for = models.BooleanField(
        _("the chair voted for"),
        null=True,
        blank=True,
        help_text=_("Fill in when the vote is a tie and the chair decides."),
    )
    rules = models.ForeignKey(
        Rules,
        models.PROTECT,
        related_name="+",
        verbose_name=_("decided by the rules"),
        editable=False,
    )
    is_adopted = models.BooleanField(_("adopted"), editable=False)
    url = models.URLField(_("link"), blank=True)
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("paper"),
        editable=False,
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["-adopted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "number", "adopted_on"],
                name="bodies_resolution_number_once",
                violation_error_message=_(
                    "This committee already has a resolution of that number and date."
                ),
            ),
            models.CheckConstraint(
                condition=Q(members_present__lte=F("members_total")),
                name="bodies_resolution_present_within_all",
                violation_error_message=_("More members cannot be present than there are in all."),
            ),
            models.CheckConstraint(
                condition=Q(
                    members_present__gte=F("votes_for")
                    + F("votes_against")
                    + F("abstained")
                    + F("excluded")
                ),
                name="bodies_resolution_voters_within_present",
                violation_error_message=_("There are more votes than members present."),
            ),
        ]

    def __str__(self):
        return _("Resolution No. %(number)s of %(date)s") % {
            "number": self.number,
            "date": czech_date(self.adopted_on),
        }

    @property
    def is_used(self) -> bool:
        """Whether something stands on this resolution, such as a step of approval. Queries."""
        return any(
            relation.related_model._base_manager.filter(**{relation.field.name: self}).exists()
            for relation in self._meta.related_objects
        )
