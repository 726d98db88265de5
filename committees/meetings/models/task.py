"""Tasks given at meetings, and what happened to them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.models import Committee, Seat
from committees.meetings.enums import TaskState
from kpss import clock
from kpss.events import Event

from .agenda import AgendaItem
from .meeting import Meeting


class MeetingTaskQuerySet(models.QuerySet):
    def open(self):
        """Tasks still to be done."""
        return self.filter(state=TaskState.OPEN)

    def visible_to(self, user):
        """Tasks of one's own committees and those given to oneself; all to coordinators."""
        if user.has_perm("bodies.view_committee_work"):
            return self
        seats = Seat.objects.current().filter(person=user)
        own = Q(meeting__committee__in=seats.values("committee"))
        return self.filter(own | Q(person=user))


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
    closed_at = models.DateTimeField(_("settled"), null=True, editable=False)

    objects = MeetingTaskQuerySet.as_manager()

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
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, closed_at=None)
                | ~Q(state=TaskState.OPEN) & Q(closed_at__isnull=False),
                name="meetings_task_settled_is_dated",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def is_late(self) -> bool:
        """Whether its term has passed and it is not done."""
        return (
            self.state == TaskState.OPEN and self.due_on is not None and self.due_on < clock.today()
        )

    def committees_in_charge(self):
        return Committee.objects.filter(meetings=self.meeting_id)


class MeetingTaskEvent(Event):
    """What happened to a task from a meeting."""

    task = models.ForeignKey(
        MeetingTask, models.PROTECT, related_name="events", verbose_name=_("task from a meeting")
    )
