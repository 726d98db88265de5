"""Who is invited, who came and for how long, who had a conflict of interest."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.models import Seat
from committees.meetings.enums import Answer

from .agenda import AgendaItem
from .meeting import Meeting


class Participant(models.Model):
    """Somebody invited to a meeting or present at it: a member by a seat, or a guest without one."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="participants", verbose_name=_("meeting")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    guest_name = models.CharField(_("name of the guest"), max_length=160, blank=True)
    seat = models.ForeignKey(
        Seat, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seat")
    )
    represents = models.ForeignKey(
        Seat,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stands in for"),
    )
    answer = models.CharField(_("answer"), max_length=12, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_excused = models.BooleanField(_("excused"), default=False)
    invited_at = models.DateTimeField(_("invited"), null=True, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["meeting", "pk"]
        default_permissions: ClassVar[list[str]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], name="meetings_participant_person_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "seat"], name="meetings_participant_seat_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "represents"], name="meetings_participant_represents_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "guest_name"],
                condition=Q(person=None),
                name="meetings_participant_guest_once",
                violation_error_message=_("This guest is already invited."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, guest_name="")
                | Q(person=None, seat=None, represents=None) & ~Q(guest_name=""),
                name="meetings_participant_person_or_guest",
                violation_error_message=_("Choose a person or write the name of a guest."),
            ),
        ]

    def __str__(self):
        return str(self.person) if self.person else self.guest_name

    @property
    def is_guest(self) -> bool:
        """Whether they come without a seat: what is internal is not theirs."""
        return self.seat_id is None


class Presence(models.Model):
    """A stretch of time for which somebody was at the meeting."""

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="presences", verbose_name=_("participant")
    )
    arrived_at = models.DateTimeField(_("came"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    is_online = models.BooleanField(_("online"), default=False)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["arrived_at", "pk"]
        default_permissions: ClassVar[list[str]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(left_at=None),
                name="meetings_presence_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("arrived_at")),
                name="meetings_presence_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.participant}"


class Conflict(models.Model):
    """A conflict of interest declared at an item; who declares it does not vote there."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="conflicts", verbose_name=_("agenda item")
    )
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="conflicts", verbose_name=_("who")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        default_permissions: ClassVar[list[str]] = []
        constraints = [
            models.UniqueConstraint(fields=["item", "participant"], name="meetings_conflict_once")
        ]

    def __str__(self):
        return f"{self.participant}: {self.item}"
