"""Rules of procedure, valid in time."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from committees.bodies.enums import CommitteeKind, Majority, Quorum, Silence
from documents.library.models import Document, DocumentVersion
from kpss.czech import date as czech_date

from .committee import Committee


class Rules(models.Model):
    """Rules of procedure of a committee, valid from a day until the next ones begin."""

    committee = models.ForeignKey(
        Committee, models.CASCADE, related_name="rules", verbose_name=_("committee")
    )
    valid_from = models.DateField(_("valid from"))
    notice_days = models.PositiveSmallIntegerField(
        _("invitation, days ahead"), default=7, validators=[MaxValueValidator(90)]
    )
    quorum = models.CharField(
        _("quorum"), max_length=12, choices=Quorum, default=Quorum.MAJORITY_OF_ALL
    )
    majority = models.CharField(
        _("resolution is adopted by"), max_length=12, choices=Majority, default=Majority.OF_ALL
    )
    chair_decides_tie = models.BooleanField(_("the chair decides a tie"), default=False)
    per_rollam_allowed = models.BooleanField(_("per rollam allowed"), default=False)
    per_rollam_days = models.PositiveSmallIntegerField(
        _("per rollam, days to vote"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    per_rollam_silence = models.CharField(
        _("per rollam, silence"),
        max_length=10,
        choices=Silence,
        default=Silence.NOT_VOTED,
        help_text=_("What it means when a member does not answer in time."),
    )
    per_rollam_closes_early = models.BooleanField(
        _("per rollam ends as soon as it is decided"), default=False
    )
    substitutes_allowed = models.BooleanField(_("substitutes allowed"), default=False)
    minutes_days = models.PositiveSmallIntegerField(
        _("minutes, days after the meeting"), default=10, validators=[MaxValueValidator(90)]
    )
    meetings_public = models.BooleanField(_("meetings are public"), default=False)
    votes_public = models.BooleanField(_("who voted how is published"), default=False)
    min_meetings_per_year = models.PositiveSmallIntegerField(
        _("meetings a year at least"), default=0
    )
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stands in the document"),
    )
    document_version = models.ForeignKey(
        DocumentVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("stands in the wording"),
        help_text=_(
            "The wording of the rules of procedure or of the charter from which these rules come."
        ),
    )

    class Meta:
        verbose_name = _("rules of procedure")
        verbose_name_plural = _("rules of procedure")
        ordering = ["committee", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "valid_from"],
                name="bodies_rules_one_from_day",
                violation_error_message=_("This committee already has rules valid from that day."),
            )
        ]

    def __str__(self):
        return _("%(committee)s, rules valid from %(date)s") % {
            "committee": self.committee,
            "date": czech_date(self.valid_from),
        }

    def clean(self):
        """Refuse what the law does not allow, and rules over a time already decided by others."""
        if self.committee_id is None:
            return
        if CommitteeKind(self.committee.kind).is_statutory:
            self._refuse_what_law_forbids()
        if self.valid_from is not None:
            self._refuse_earlier_than_the_wording()
            self._refuse_rewriting_the_past()

    def _refuse_what_law_forbids(self):
        if self.majority == Majority.OF_PRESENT:
            raise ValidationError(
                {
                    "majority": _(
                        "By law this body decides by more than half of all its members,"
                        " whoever is present."
                    )
                }
            )
        if self.chair_decides_tie:
            raise ValidationError(
                {
                    "chair_decides_tie": _(
                        "In this body a tie means that the resolution is not adopted."
                    )
                }
            )
        if self.per_rollam_silence == Silence.CONSENT:
            raise ValidationError(
                {
                    "per_rollam_silence": _(
                        "In this body only votes cast count by law; silence cannot be consent."
                    )
                }
            )

    def _refuse_earlier_than_the_wording(self):
        version = self.document_version
        if version is not None and version.valid_from > self.valid_from:
            raise ValidationError(
                {
                    "document_version": _("This wording is in force only from %(date)s.")
                    % {"date": czech_date(version.valid_from)}
                }
            )

    def _refuse_rewriting_the_past(self):
        others = Rules.objects.filter(committee=self.committee_id).exclude(pk=self.pk)
        if others.filter(valid_from=self.valid_from).exists():
            # The constraint says the same, but forms of a committee leave it out.
            raise ValidationError(
                {"valid_from": _("This committee already has rules valid from that day.")}
            )
        following = others.filter(valid_from__gt=self.valid_from).order_by("valid_from").first()
        decided = self.committee.resolutions.filter(adopted_on__gte=self.valid_from)
        if following is not None:
            decided = decided.filter(adopted_on__lt=following.valid_from)
        first = decided.exclude(rules=self.pk).order_by("adopted_on", "pk").first()
        if first is not None:
            raise ValidationError(
                {
                    "valid_from": _(
                        "%(resolution)s was already decided by the rules valid before, and it"
                        " stays so. Choose a later day."
                    )
                    % {"resolution": first}
                }
            )

    @property
    def paper(self) -> Document | None:
        """The document in which the rules stand, by its wording where one is named."""
        return self.document_version.document if self.document_version else self.document

    @property
    def is_used(self) -> bool:
        """Whether something was decided by these rules; they then stay as they are. Queries."""
        return any(
            relation.related_model._base_manager.filter(**{relation.field.name: self}).exists()
            for relation in self._meta.get_fields(include_hidden=True)
            if isinstance(relation, models.ForeignObjectRel)
        )
