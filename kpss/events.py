"""The abstract event: the history of one aggregate and, at the same time, its outbox."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpss.czech import datetime_


class EventQuerySet(models.QuerySet):
    def unnotified(self):
        """Events whose people have not been told yet; the sweep sends what a crash left."""
        return self.filter(notified_at=None)

    def with_actor(self):
        return self.select_related("actor")


class Event(models.Model):
    """One thing that happened to one object: who, when, from which state to which, and why.

    Rows are written only by ``kpss.workflow`` and never change; triggers in the database refuse
    everything but filling in ``notified_at``. Subclasses add one foreign key named by
    ``Workflow.event_field``.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    transition = models.CharField(_("what"), max_length=40)
    from_state = models.CharField(_("from state"), max_length=20, blank=True)
    to_state = models.CharField(_("to state"), max_length=20)
    note = models.TextField(_("reason"), blank=True)
    notified_at = models.DateTimeField(_("people told at"), null=True, blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("history")

    def __str__(self):
        return datetime_(self.at)
