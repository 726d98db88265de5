"""Meetings: when and where, in what state, and what happened to them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.models import Committee, Rules, Seat
from committees.meetings.enums import Format, MeetingState
from documents.store.models import StoredFile
from kpss.events import Event


class MeetingQuerySet(models.QuerySet):
    def called(self):
        """Meetings that people were invited to or that took place, cancelled ones among them."""
        return self.exclude(state=MeetingState.PLANNED).exclude(
            state=MeetingState.CANCELLED, invited_at=None
        )

    def visible_to(self, user):
        """Called meetings of public committees; all meetings of one's own committees; all to coordinators."""
        called = self.called().filter(committee__is_public=True)
        if not user.is_authenticated:
            return called
        if user.has_perm("bodies.view_committee_work"):
            return self
        own = Seat.objects.current().filter(person=user).values("committee")
        return (called | self.filter(committee__in=own)).distinct()

    def upcoming(self, now):
        """Called meetings that have not begun, the nearest first."""
        return self.filter(state=MeetingState.INVITED, starts_at__gte=now).order_by("starts_at")


class Meeting(models.Model):
    """One sitting of a committee (jednání), numbered within its year."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="meetings", verbose_name=_("committee")
    )
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveSmallIntegerField(_("number in the year"), editable=False)
    title = models.CharField(
        _("what it is about"),
        max_length=200,
        blank=True,
        help_text=_("For example: constituent meeting"),
    )
    format = models.CharField(_("how"), max_length=10, choices=Format, default=Format.IN_PERSON)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    online_url = models.URLField(
        _("link for online attendance"),
        blank=True,
        max_length=500,
        help_text=_("Only those who are invited see it."),
    )
    message = models.TextField(_("words of the invitation"), blank=True)
    is_public = models.BooleanField(_("open to the public"), default=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=MeetingState,
        default=MeetingState.PLANNED,
        editable=False,
        db_index=True,
    )
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # Calendars are told of each new SEQUENCE; it was made at this moment.
    revised_at = models.DateTimeField(default=timezone.now, editable=False)
    # The agenda or its papers have changed since, and those invited have not been told.
    untold_since = models.DateTimeField(null=True, editable=False)
    invited_at = models.DateTimeField(_("called"), null=True, editable=False)
    started_at = models.DateTimeField(_("began"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    current_item = models.ForeignKey(
        "AgendaItem", models.SET_NULL, null=True, related_name="+", editable=False
    )
    invitation = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("invitation"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-pk"]
        default_permissions = ["view"]
        permissions = [
            ("prepare_meeting", _("Can prepare a meeting, call it and cancel it")),
            ("run_meeting", _("Can run a meeting: attendance, items, votes")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "number"], name="meetings_meeting_number_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="meetings_meeting_times_in_order",
                violation_error_message=_("The meeting cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.INVITED) | Q(invited_at__isnull=False),
                name="meetings_meeting_called",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MeetingState.RUNNING, MeetingState.ENDED])
                | Q(started_at__isnull=False),
                name="meetings_meeting_began",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.ENDED) | Q(ended_at__isnull=False),
                name="meetings_meeting_ended",
            ),
        ]

    def __str__(self):
        return _("%(number)s. meeting in %(year)s, %(committee)s") % {
            "number": self.number,
            "year": self.year,
            "committee": self.committee,
        }

    def get_absolute_url(self):
        return reverse(
            "meetings:meeting_detail", args=[self.committee.slug, self.year, self.number]
        )

    def committees_in_charge(self):
        return Committee.objects.filter(pk=self.committee_id)

    @property
    def day(self):
        """The local day on which it is held; rules and seats of this day count."""
        return timezone.localdate(self.starts_at)

    def rules(self) -> Rules | None:
        """The rules of procedure by which the meeting counts. Causes a query."""
        return self.committee.rules_on(self.day)


class MeetingEvent(Event):
    """What happened to a meeting."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="events", verbose_name=_("meeting")
    )
