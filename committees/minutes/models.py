"""Minutes of meetings: what the writer types, who verifies it, and the files frozen by the approval."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.models import Committee, Resolution, Seat
from committees.meetings.models import AgendaItem, Meeting
from documents.store.models import StoredFile
from kpss.events import Event
from kpss.search import SearchField

from .enums import MinutesState

SHA256_LENGTH = 64


PUBLISHED = Q(state=MinutesState.APPROVED, is_published=True, meeting__committee__is_public=True)


class MinutesQuerySet(models.QuerySet):
    def published(self):
        """Approved minutes whose public layer everybody may read."""
        return self.filter(PUBLISHED)

    def visible_to(self, user):
        """Published minutes; all minutes of one's own committees and those one verifies; all to coordinators."""
        if not user.is_authenticated:
            return self.published()
        if user.has_perm("bodies.view_committee_work"):
            return self
        own = Seat.objects.current().filter(person=user).values("committee")
        asked = MinutesVerifier.objects.filter(
            person=user, minutes__state=MinutesState.VERIFYING, round=F("minutes__round")
        )
        return self.filter(
            PUBLISHED | Q(meeting__committee__in=own) | Q(pk__in=asked.values("minutes"))
        )


class Minutes(models.Model):
    """The minutes of one meeting (zápis).

    Facts (who came, how it was voted) are read from the meeting; only texts are typed. Sent to
    verifiers, the whole content is put into the store and stays as it is until the minutes are
    approved or come back to the writer. The database keeps it (migrations/0002_locked.py).
    """

    meeting = models.OneToOneField(
        Meeting, models.PROTECT, related_name="minutes", verbose_name=_("meeting")
    )
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=MinutesState,
        default=MinutesState.DRAFT,
        editable=False,
        db_index=True,
    )
    opening = models.TextField(_("opening of the meeting"), blank=True)
    closing = models.TextField(_("end of the meeting"), blank=True)
    due_on = models.DateField(_("to be ready by"), editable=False)
    created_at = models.DateTimeField(
        pgettext_lazy("minutes", "begun"), default=timezone.now, editable=False
    )

    # Written when they are sent to verifiers, emptied when they come back.
    round = models.PositiveSmallIntegerField(_("how many times sent"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent to verifiers"), null=True, editable=False)
    content = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("content"),
    )  # fmt: skip
    content_sha256 = models.CharField(
        _("fingerprint"), max_length=SHA256_LENGTH, blank=True, editable=False
    )

    # Written by who approves them; the files by the worker.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=pgettext_lazy("minutes", "approved by"),
    )  # fmt: skip
    approved_at = models.DateTimeField(
        pgettext_lazy("minutes", "approved"), null=True, editable=False
    )
    is_published = models.BooleanField(_("the public reads them"), default=False, editable=False)
    public_sha256 = models.CharField(
        _("fingerprint of the public wording"),
        max_length=SHA256_LENGTH,
        blank=True,
        editable=False,
    )
    pdf = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("minutes as PDF"),
    )  # fmt: skip
    public_content = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("public content"),
    )  # fmt: skip
    public_pdf = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("public minutes as PDF"),
    )  # fmt: skip
    extract = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("extract of resolutions"),
    )  # fmt: skip
    public_extract = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("public extract of resolutions"),
    )  # fmt: skip

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["-meeting__starts_at", "-pk"]
        default_permissions = ["view"]
        permissions = [
            ("write_minutes", _("Can write minutes and send them to verifiers")),
            ("approve_minutes", _("Can approve minutes")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MinutesState.DRAFT, content=None, content_sha256="", sent_at=None)
                | ~Q(state=MinutesState.DRAFT)
                & ~Q(content_sha256="")
                & Q(content__isnull=False, sent_at__isnull=False, round__gte=1),
                name="minutes_minutes_sent_has_content",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MinutesState.SEALING, MinutesState.APPROVED])
                & Q(approved_by__isnull=False, approved_at__isnull=False)
                | Q(state__in=[MinutesState.DRAFT, MinutesState.VERIFYING])
                & Q(approved_by=None, approved_at=None, is_published=False),
                name="minutes_minutes_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=MinutesState.APPROVED)
                & ~Q(public_sha256="")
                & Q(pdf__isnull=False, public_pdf__isnull=False, public_content__isnull=False)
                | ~Q(state=MinutesState.APPROVED)
                & Q(
                    pdf=None,
                    public_pdf=None,
                    public_content=None,
                    extract=None,
                    public_extract=None,
                    public_sha256="",
                ),
                name="minutes_minutes_approved_has_files",
            ),
        ]

    def __str__(self):
        return _("Minutes: %(meeting)s") % {"meeting": self.meeting}

    def get_absolute_url(self):
        meeting = self.meeting
        return reverse(
            "minutes:minutes_detail", args=[meeting.committee.slug, meeting.year, meeting.number]
        )

    def committees_in_charge(self):
        return Committee.objects.filter(meetings=self.meeting_id)

    @property
    def is_approved(self) -> bool:
        return self.state == MinutesState.APPROVED


class MinutesEntry(models.Model):
    """What the writer typed about one item of the agenda."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="entries", verbose_name=_("minutes")
    )
    item = models.OneToOneField(
        AgendaItem, models.PROTECT, related_name="entry", verbose_name=_("agenda item")
    )
    text = models.TextField(_("course of the item"), blank=True)

    class Meta:
        verbose_name = _("text about an item")
        verbose_name_plural = _("texts about items")
        ordering = ["minutes", "item"]
        default_permissions: ClassVar[list[str]] = []

    def __str__(self):
        return str(self.item)


class MinutesVerifier(models.Model):
    """Somebody asked in one round to verify the minutes, and the answer."""

    minutes = models.ForeignKey(
        Minutes, models.PROTECT, related_name="verifiers", verbose_name=_("minutes")
    )
    round = models.PositiveSmallIntegerField(_("round"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("verifier")
    )
    asked_at = models.DateTimeField(pgettext_lazy("verifier", "asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(pgettext_lazy("verifier", "confirmed"), null=True)
    objected_at = models.DateTimeField(pgettext_lazy("verifier", "objected"), null=True)
    objection = models.TextField(_("objection"), blank=True)

    class Meta:
        verbose_name = _("verifier")
        verbose_name_plural = _("verifiers")
        ordering = ["minutes", "-round", "pk"]
        default_permissions: ClassVar[list[str]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "round", "person"], name="minutes_verifier_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(objected_at=None, objection="")
                | Q(objected_at__isnull=False, confirmed_at=None) & ~Q(objection=""),
                name="minutes_verifier_one_answer",
            ),
        ]

    def __str__(self):
        return str(self.person)

    @property
    def has_answered(self) -> bool:
        return self.confirmed_at is not None or self.objected_at is not None


class MinutesEvent(Event):
    """What happened to the minutes."""

    minutes = models.ForeignKey(
        Minutes, models.PROTECT, related_name="events", verbose_name=_("minutes")
    )


class ResolutionIndex(models.Model):
    """The words by which the register finds a resolution.

    The database drops the row when the resolution is corrected; ``register.index`` makes it again.
    """

    resolution = models.OneToOneField(
        Resolution, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("resolution")
    )
    search = SearchField()

    class Meta:
        verbose_name = _("words of a resolution")
        verbose_name_plural = _("words of resolutions")
        default_permissions: ClassVar[list[str]] = []

    def __str__(self):
        return str(self.resolution)
