"""Who sits where, from when until when, and what happened to the seat."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.enums import Role, SeatChange, Side
from kpss import clock
from kpss.czech import date as czech_date
from providers.directory.models import Organisation

from .committee import Committee

FAR_FUTURE = datetime.date.max


class SeatQuerySet(models.QuerySet):
    def on(self, day: datetime.date):
        """Seats held on ``day``, both ends included."""
        return self.filter(Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))

    def current(self):
        """Seats held at this moment: a mandate ended during its last day is over at once."""
        return self.on(clock.today()).filter(Q(ended_at=None) | Q(ended_at__gt=clock.now()))

    def as_of(self, day: datetime.date):
        """Seats on the roster of ``day``; on the roster of today those held at this moment."""
        return self.current() if day == clock.today() else self.on(day)

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
    ended_at = models.DateTimeField(
        _("ended at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The moment the mandate ended before the end of its last day."),
    )
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
    name_consent_withdrawn_on = models.DateField(
        _("took the consent back on"), null=True, blank=True
    )

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
            models.CheckConstraint(
                condition=Q(name_consent_withdrawn_on=None)
                | Q(name_consent_withdrawn_on__gte=F("name_consent_on")),
                name="bodies_seat_consent_withdrawn_later",
                violation_error_message=_("A consent cannot be taken back before it was given."),
            ),
            models.CheckConstraint(
                condition=Q(name_consent_withdrawn_on=None) | Q(name_consent_on__isnull=False),
                name="bodies_seat_withdrawn_was_given",
                violation_error_message=_("There is no consent to be taken back."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(valid_to__isnull=False),
                name="bodies_seat_ended_has_last_day",
            ),
            models.CheckConstraint(
                condition=Q(substitute_for=None) | Q(role=Role.SUBSTITUTE),
                name="bodies_seat_only_substitute_stands_for",
                violation_error_message=_(
                    "Only a seat with the role of substitute stands for another."
                ),
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
        if not Role(self.substitute_for.role).votes:
            raise ValidationError(
                {"substitute_for": _("Choose the seat of a member who votes in their own right.")}
            )

    def overlaps(self, other: "Seat") -> bool:
        """Whether both seats are held on some day."""
        return self.valid_from <= (other.valid_to or FAR_FUTURE) and other.valid_from <= (
            self.valid_to or FAR_FUTURE
        )

    @property
    def is_open(self) -> bool:
        """Whether it is held now or is still to come."""
        if self.ended_at is not None and self.ended_at <= clock.now():
            return False
        return self.valid_to is None or self.valid_to >= clock.today()

    @property
    def name_is_public(self) -> bool:
        """Whether the name may be published: always but on the users' side, there by consent."""
        return self.side != Side.USER or self.has_name_consent

    @property
    def has_name_consent(self) -> bool:
        """Whether the member agreed to be named and has not taken it back."""
        return self.name_consent_on is not None and self.name_consent_withdrawn_on is None


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


class SeatEvent(models.Model):
    """One thing that happened to a seat: who did it, when, what and why. Rows never change."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="events", verbose_name=_("seat"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    what = models.CharField(_("what"), max_length=20, choices=SeatChange)
    note = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("event of a seat")
        verbose_name_plural = _("history of the seat")
        ordering = ["at", "pk"]
        default_permissions = ["view"]

    def __str__(self):
        return self.get_what_display()
