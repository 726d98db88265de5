"""Committees, their rules of procedure valid in time, seats, and resolutions."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.library.models import Document
from documents.store.models import StoredFile
from kpss.czech import sort_key
from kpss.territory.models import Municipality
from providers.directory.models import Organisation, PlanningGroup

from .enums import CommitteeKind, Majority, Mode, Quorum, Role, Side, Verb


class CommitteeQuerySet(models.QuerySet):
    def active_on(self, day: datetime.date):
        return self.filter(
            Q(established_on=None) | Q(established_on__lte=day),
            Q(dissolved_on=None) | Q(dissolved_on__gte=day),
        )

    def visible_to(self, user):
        """Public committees, plus those on which the user now sits; coordinators see all."""
        if user.is_authenticated and user.is_staff:
            return self
        if not user.is_authenticated:
            return self.filter(is_public=True)
        seats = Seat.objects.current().filter(person=user)
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

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["position", "sort_key"]
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

    def rules_on(self, day: datetime.date) -> "Rules | None":
        """The rules of procedure valid on ``day``. Causes a query."""
        return self.rules.filter(valid_from__lte=day).order_by("-valid_from").first()


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
    substitutes_allowed = models.BooleanField(_("substitutes allowed"), default=False)
    minutes_days = models.PositiveSmallIntegerField(
        _("minutes, days after the meeting"), default=10, validators=[MaxValueValidator(90)]
    )
    meetings_public = models.BooleanField(_("meetings are public"), default=False)
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
        return f"{self.committee} ({self.valid_from:%d.%m.%Y})"


class SeatQuerySet(models.QuerySet):
    def on(self, day: datetime.date):
        """Seats held on ``day``, both ends included."""
        return self.filter(Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))

    def current(self):
        return self.on(timezone.localdate())

    def voting(self):
        return self.filter(role__in=[role for role in Role if role.votes])


class Seat(models.Model):
    """A person's place on a committee: role, side of the triad, organisation, from–until."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="seats", verbose_name=_("committee")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    side = models.CharField(_("side of the triad"), max_length=14, choices=Side)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("organisation"),
    )
    function = models.CharField(
        _("function"),
        max_length=160,
        blank=True,
        help_text=_("For example: head of the social department"),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    substitute_for = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="substitutes",
        verbose_name=_("substitutes for"),
    )
    name_consent_on = models.DateField(
        _("agreed to publish the name on"),
        null=True,
        blank=True,
        help_text=_(
            "A member on the users' side is public by role only, unless consent is recorded."
        ),
    )
    name_consent_text = models.TextField(_("words of the consent"), blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["committee", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="bodies_seat_dates_in_order",
                violation_error_message=_("A seat cannot end before it begins."),
            ),
            models.UniqueConstraint(
                fields=["committee", "person"],
                condition=Q(valid_to=None),
                name="bodies_seat_one_open",
                violation_error_message=_(
                    "This person already has an open seat on this committee."
                ),
            ),
            models.UniqueConstraint(
                fields=["committee", "person", "valid_from"],
                name="bodies_seat_once_from_day",
                violation_error_message=_("This person already has a seat from that day."),
            ),
            models.CheckConstraint(
                condition=Q(name_consent_on=None) | ~Q(name_consent_text=""),
                name="bodies_seat_consent_has_words",
                violation_error_message=_("Write the words of the consent."),
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.get_role_display()} ({self.committee})"

    @property
    def name_is_public(self) -> bool:
        """Whether the name may be published: always but on the users' side, there by consent."""
        return self.side != Side.USER or self.name_consent_on is not None


class ResolutionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(committee__in=Committee.objects.visible_to(user))


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
    members_total = models.PositiveSmallIntegerField(
        _("members in all"), validators=[MinValueValidator(1)]
    )
    members_present = models.PositiveSmallIntegerField(
        _("members present"), help_text=_("Per rollam: how many members answered.")
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
                    members_present__gte=F("votes_for") + F("votes_against") + F("abstained")
                ),
                name="bodies_resolution_votes_within_present",
                violation_error_message=_("There are more votes than members present."),
            ),
        ]

    def __str__(self):
        return _("Resolution No. %(number)s of %(date)s") % {
            "number": self.number,
            "date": self.adopted_on.strftime("%d. %m. %Y"),
        }
