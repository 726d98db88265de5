"""Who wants to take part, and who is nominated where, until a resolution appoints them.

Personal words (what somebody wrote, reasons, answers) stand in columns that can be emptied; events hold
none, so that they never have to change. The triggers are in ``migrations/0002_kept.py``.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.bodies.enums import Role, Side
from committees.bodies.models import Committee, Resolution, Seat
from kpss import clock
from kpss.events import Event
from providers.directory.models import Organisation

from .enums import Channel, InterestState, NominationState, Standing


class InterestQuerySet(models.QuerySet):
    def waiting(self):
        """Those that nobody has answered yet."""
        return self.filter(state=InterestState.NEW)

    def kept(self):
        """Those that still say who it was."""
        return self.exclude(state=InterestState.ERASED)


class Interest(models.Model):
    """Somebody said that they want to take part in planning (zájem o účast)."""

    token = models.UUIDField(unique=True, editable=False)
    channel = models.CharField(_("how it came"), max_length=10, choices=Channel)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    name = models.CharField(_("first and last name"), max_length=140, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    reach = models.CharField(_("how to reach you best"), max_length=200, blank=True)
    standing = models.CharField(_("who you are in planning"), max_length=12, choices=Standing)
    organisation = models.CharField(_("organisation or municipality"), max_length=160, blank=True)
    committees = models.ManyToManyField(
        Committee, blank=True, related_name="interests", verbose_name=_("where")
    )
    wants_advice = models.BooleanField(_("wants advice where to go"), default=False)
    words = models.TextField(_("in a few words"), max_length=2000, blank=True)
    agreed_at = models.DateTimeField(_("agreed to be kept here"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who wrote it down"),
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=InterestState,
        default=InterestState.NEW,
        editable=False,
    )
    settled_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    reply = models.TextField(_("answer"), blank=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="interests",
        verbose_name=_("person"),
    )

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest in taking part")
        verbose_name_plural = _("people who want to take part")
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view", "add")
        permissions = [("settle_interest", _("Can answer those who want to take part"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=InterestState.ERASED)
                | (~Q(name="") & (~Q(email="") | ~Q(phone="") | ~Q(reach=""))),
                name="nominations_interest_can_be_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state=InterestState.ERASED)
                | Q(
                    name="", email="", phone="", reach="", organisation="", words="", reply="",
                    person=None,
                ),
                name="nominations_interest_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(state=InterestState.NEW, settled_at=None)
                | ~Q(state=InterestState.NEW),
                name="nominations_interest_new_is_open",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        InterestState.NOMINATED,
                        InterestState.THANKED,
                        InterestState.DECLINED,
                    ]
                )
                | Q(settled_at__isnull=False),
                name="nominations_interest_settled_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=InterestState.NOMINATED) | Q(person__isnull=False),
                name="nominations_interest_nominated_is_somebody",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.number} {self.name}".strip()

    def get_absolute_url(self):
        return reverse("nominations:interest_detail", args=[self.pk])

    @property
    def number(self) -> str:
        """By what the person and the coordinator call it: "Z-12/2026"."""
        return f"Z-{self.pk}/{self.received_at.year}"

    @property
    def side(self) -> Side:
        """The side of the triad that the person's words mean."""
        return Standing(self.standing).side


class InterestEvent(Event):
    """What happened to an interest; says nothing of who it was."""

    interest = models.ForeignKey(
        Interest, models.PROTECT, related_name="events", verbose_name=_("interest in taking part")
    )


class NominationQuerySet(models.QuerySet):
    def proposed(self):
        return self.filter(state=NominationState.PROPOSED)


class Nomination(models.Model):
    """A person put forward for a seat; a resolution appoints, and with it the seat is made."""

    token = models.UUIDField(unique=True, editable=False)
    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="nominations", verbose_name=_("committee")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="nominations",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    side = models.CharField(_("side of the triad"), max_length=14, choices=Side)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name=_("organisation"),
    )
    function = models.CharField(_("function"), max_length=160, blank=True)
    valid_from = models.DateField(
        _("seat from"),
        null=True,
        blank=True,
        help_text=_("When it is left empty, the seat begins on the day of the resolution."),
    )
    substitute_for = models.ForeignKey(
        Seat,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("substitutes for"),
    )
    interest = models.ForeignKey(
        Interest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name=_("interest in taking part"),
    )
    proposed_at = models.DateTimeField(_("proposed"), default=clock.now, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=NominationState,
        default=NominationState.PROPOSED,
        editable=False,
    )
    reason = models.TextField(_("reason"), blank=True, editable=False)
    resolution = models.ForeignKey(
        Resolution,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="nominations",
        verbose_name=_("resolution"),
    )
    seat = models.OneToOneField(
        Seat,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="nomination",
        verbose_name=_("seat"),
    )

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["committee", "proposed_at", "pk"]
        default_permissions = ("view", "add")
        permissions = [
            ("decide_nomination", _("Can appoint, turn down and withdraw those nominated"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "person"],
                condition=Q(state=NominationState.PROPOSED),
                name="nominations_nomination_one_open",
                violation_error_message=_("This person is already nominated to this committee."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state=NominationState.APPOINTED,
                    resolution__isnull=False,
                    seat__isnull=False,
                )
                | (~Q(state=NominationState.APPOINTED) & Q(resolution=None, seat=None)),
                name="nominations_nomination_appointed_by_resolution",
            ),
            models.CheckConstraint(
                condition=Q(substitute_for=None) | Q(role=Role.SUBSTITUTE),
                name="nominations_nomination_only_substitute_stands_for",
                violation_error_message=_(
                    "Only a seat with the role of substitute stands for another."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.get_role_display()} ({self.committee})"

    def get_absolute_url(self):
        return reverse("nominations:committee_nominations", args=[self.committee.slug])


class NominationEvent(Event):
    """What happened to a nomination; reasons stand on the nomination."""

    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="events", verbose_name=_("nomination")
    )
