"""Meetings: when and where, the agenda with its papers, who came, who had a conflict, what was put to the vote."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.ballots.models import Ballot
from committees.bodies.enums import Verb
from committees.bodies.models import Committee, Rules, Seat
from documents.store.models import StoredFile
from kpss.events import Event

from .enums import Answer, Format, MeetingState, TaskState


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Called meetings of public committees; all meetings of one's own committees; all to coordinators."""
        called = self.filter(committee__is_public=True).exclude(state=MeetingState.PLANNED)
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


class AgendaItem(models.Model):
    """One point of the agenda; points hang under one another."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="items", verbose_name=_("meeting")
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("under the item"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("item"), max_length=250)
    text = models.TextField(_("explanation"), blank=True)
    presenter = models.CharField(_("presented by"), max_length=160, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes planned"), null=True, blank=True)
    verb = models.CharField(_("verb"), max_length=16, choices=Verb, blank=True)
    proposal = models.TextField(_("proposed resolution"), blank=True)
    is_internal = models.BooleanField(
        _("internal"), default=False, help_text=_("Only members see it, never the public.")
    )
    taken_up_at = models.DateTimeField(_("taken up"), null=True, editable=False)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "position", "pk"]
        default_permissions: list[str] = []

    def __str__(self):
        return self.title

    def clean(self):
        """Refuse an item that hangs under itself or under another meeting's."""
        above, steps = self.parent, 0
        while above is not None:
            if above.pk == self.pk or above.meeting_id != self.meeting_id or steps > 8:
                raise ValidationError({"parent": _("Choose another item of the same agenda.")})
            above, steps = above.parent, steps + 1


class AgendaPaper(models.Model):
    """A paper to an item of the agenda."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="papers", verbose_name=_("agenda item")
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    file_name = models.CharField(_("file name"), max_length=150)
    is_internal = models.BooleanField(_("internal"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["position", "pk"]
        default_permissions: list[str] = []

    def __str__(self):
        return self.file_name


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
        default_permissions: list[str] = []
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
            models.CheckConstraint(
                condition=Q(person__isnull=False, guest_name="")
                | Q(person=None, seat=None, represents=None) & ~Q(guest_name=""),
                name="meetings_participant_person_or_guest",
                violation_error_message=_("Choose a person or write the name of a guest."),
            ),
        ]

    def __str__(self):
        return str(self.person) if self.person else self.guest_name


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
        default_permissions: list[str] = []
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
        default_permissions: list[str] = []
        constraints = [
            models.UniqueConstraint(fields=["item", "participant"], name="meetings_conflict_once")
        ]

    def __str__(self):
        return f"{self.participant}: {self.item}"


class Motion(models.Model):
    """A ballot held at an item of the agenda."""

    item = models.ForeignKey(
        AgendaItem, models.PROTECT, related_name="motions", verbose_name=_("agenda item")
    )
    ballot = models.OneToOneField(
        Ballot, models.PROTECT, related_name="motion", verbose_name=_("ballot")
    )

    class Meta:
        verbose_name = _("motion")
        verbose_name_plural = _("motions")
        ordering = ["pk"]
        default_permissions: list[str] = []

    def __str__(self):
        return str(self.ballot)


class MeetingTask(models.Model):
    """A task given at a meeting (úkol z jednání): who, what, until when. No task of a plan."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="tasks", verbose_name=_("meeting")
    )
    item = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("agenda item"),
    )
    text = models.CharField(_("what is to be done"), max_length=500)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meeting_tasks",
        verbose_name=_("who"),
    )
    responsible = models.CharField(
        _("who, in words"),
        max_length=160,
        blank=True,
        help_text=_("When it is nobody the portal knows."),
    )
    due_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=TaskState, default=TaskState.OPEN, editable=False
    )
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("given"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("task from a meeting")
        verbose_name_plural = _("tasks from meetings")
        ordering = ["due_on", "pk"]
        default_permissions = ["view"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(responsible=""),
                name="meetings_task_has_somebody",
                violation_error_message=_("Say who does it."),
            )
        ]

    def __str__(self):
        return self.text

    def committees_in_charge(self):
        return Committee.objects.filter(meetings=self.meeting_id)


class MeetingEvent(Event):
    """What happened to a meeting."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="events", verbose_name=_("meeting")
    )


class MeetingTaskEvent(Event):
    """What happened to a task from a meeting."""

    task = models.ForeignKey(
        MeetingTask, models.PROTECT, related_name="events", verbose_name=_("task from a meeting")
    )
