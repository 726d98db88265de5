"""Committees, their rules of procedure valid in time, seats, and resolutions."""

import datetime

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.library.models import Document
from documents.store.models import StoredFile
from kpss.czech import date as czech_date
from kpss.czech import sort_key
from kpss.territory.models import Municipality
from providers.directory.models import Organisation, PlanningGroup

from .enums import CommitteeKind, GrantAction, Majority, Mode, Quorum, Role, Side, Verb

FAR_FUTURE = datetime.date.max


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
        return _("%(committee)s, rules valid from %(date)s") % {
            "committee": self.committee,
            "date": czech_date(self.valid_from),
        }

    def clean(self):
        """Refuse what the law does not allow a statutory body to choose."""
        if self.committee_id is None or not CommitteeKind(self.committee.kind).is_statutory:
            return
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

    @property
    def is_used(self) -> bool:
        """Whether a resolution was decided by these rules; they then stay as they are. A query."""
        return Resolution.objects.filter(rules=self).exists()


class SeatQuerySet(models.QuerySet):
    def on(self, day: datetime.date):
        """Seats held on ``day``, both ends included."""
        return self.filter(Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))

    def current(self):
        return self.on(timezone.localdate())

    def voting(self):
        """Seats whose holder votes in their own right."""
        return self.filter(role__in=[role for role in Role if role.votes])

    def overlapping(self, seat: "Seat"):
        """Other seats of the same person on the same committee that share a day with ``seat``."""
        return (
            self.filter(committee=seat.committee_id, person=seat.person_id)
            .filter(Q(valid_to=None) | Q(valid_to__gte=seat.valid_from))
            .filter(valid_from__lte=seat.valid_to or FAR_FUTURE)
            .exclude(pk=seat.pk)
        )


class Seat(models.Model):
    """A person's place on a committee: role, side of the triad, organisation, from–until.

    A person holds at most one seat of a committee at a time; the database keeps it
    (migrations/0003_one_seat_at_a_time.py), so that nobody votes twice.
    """

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

    def clean(self):
        """Refuse a second seat at the same time and a substitute of somebody elsewhere."""
        if self.committee_id is None or self.person_id is None or self.valid_from is None:
            return
        other = Seat.objects.overlapping(self).first()
        if other is not None:
            raise ValidationError({"person": seat_taken_message(other)})
        if self.substitute_for is None:
            return
        if self.role != Role.SUBSTITUTE:
            raise ValidationError(
                {"substitute_for": _("Only a seat with the role of substitute stands for another.")}
            )
        if self.substitute_for.committee_id != self.committee_id:
            raise ValidationError({"substitute_for": _("Choose a seat on the same committee.")})

    def overlaps(self, other: "Seat") -> bool:
        """Whether both seats are held on some day."""
        return self.valid_from <= (other.valid_to or FAR_FUTURE) and other.valid_from <= (
            self.valid_to or FAR_FUTURE
        )

    @property
    def name_is_public(self) -> bool:
        """Whether the name may be published: always but on the users' side, there by consent."""
        return self.side != Side.USER or self.name_consent_on is not None


def seat_taken_message(seat: Seat) -> str:
    """A sentence saying that the person already sits there, and until when."""
    if seat.valid_to is None:
        return _("This person already has a seat on this committee, from %(date)s.") % {
            "date": czech_date(seat.valid_from)
        }
    return _("This person already has a seat on this committee from %(from)s to %(to)s.") % {
        "from": czech_date(seat.valid_from),
        "to": czech_date(seat.valid_to),
    }


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
                    members_present__gte=F("votes_for") + F("votes_against") + F("abstained")
                ),
                name="bodies_resolution_votes_within_present",
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


class CommitteeGrant(models.Model):
    """A right to one object given to a committee by name; it reaches those who sit on it now."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="grants", verbose_name=_("committee")
    )
    permission = models.ForeignKey(
        Permission, models.CASCADE, related_name="+", verbose_name=_("right")
    )
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_pk = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("right of a committee")
        verbose_name_plural = _("rights of committees")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "permission", "object_pk"],
                name="bodies_committeegrant_once",
            )
        ]

    def __str__(self):
        return f"{self.committee}: {self.permission.codename}"


class GrantEvent(models.Model):
    """A right given or withdrawn by name: who, to whom, which, to what, why. Rows never change."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    action = models.CharField(_("what"), max_length=10, choices=GrantAction)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, related_name="+", verbose_name=_("committee")
    )
    permission = models.CharField(_("right"), max_length=150)
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of object")
    )
    object_pk = models.CharField(max_length=64)
    object_text = models.CharField(_("object"), max_length=300)
    note = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("given or withdrawn right")
        verbose_name_plural = _("given and withdrawn rights")
        ordering = ["-at", "-pk"]
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["content_type", "object_pk"], name="bodies_grantevent_object")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, committee__isnull=False)
                | Q(person__isnull=False, committee=None),
                name="bodies_grantevent_one_holder",
            )
        ]

    def __str__(self):
        return f"{self.permission} {self.object_text}"

    @property
    def holder(self):
        """The person or the committee concerned."""
        return self.person or self.committee
