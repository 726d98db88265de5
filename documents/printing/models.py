"""Files being made in the background: asked for once, made once, with progress."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.store.models import StoredFile
from kpss import clock

from .enums import JobState, Lane


class PrintJobQuerySet(models.QuerySet):
    def standing(self):
        """Jobs that have not failed: the same thing is never asked for twice beside them."""
        return self.exclude(state=JobState.FAILED)

    def waiting(self, lane: str):
        """Jobs of the lane that nobody has begun, in the order in which they were asked for."""
        return self.filter(state=JobState.QUEUED, lane=lane).order_by("pk")

    def abandoned(self, at: datetime.datetime | None = None):
        """Jobs begun by a worker that has said nothing for too long."""
        return self.filter(state=JobState.RUNNING, claimed_until__lt=at or clock.now())


class PrintJob(models.Model):
    """One file: what it is (``kind``), about what, from what (``key``), and how far it is.

    ``key`` is a hash of everything that goes in, so the same key means the same file. What is to be
    kept ends in the store (``file``); what can be made again at any time only in the cache (``cached``).
    """

    kind = models.SlugField(_("kind"), max_length=40)
    key = models.CharField(max_length=64, editable=False)
    lane = models.CharField(_("lane"), max_length=4, choices=Lane, editable=False)
    params = models.JSONField(default=dict, editable=False)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", editable=False)
    object_pk = models.CharField(max_length=64, editable=False)
    about = GenericForeignKey("content_type", "object_pk")
    state = models.CharField(
        _("state"), max_length=7, choices=JobState, default=JobState.QUEUED, editable=False
    )
    stage = models.CharField(_("what is being done"), max_length=80, blank=True)
    done = models.PositiveSmallIntegerField(_("parts done"), default=0)
    total = models.PositiveSmallIntegerField(_("parts in all"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Until then nobody else takes it; every step forward puts it off.
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    requested_at = models.DateTimeField(_("asked for"), default=clock.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("file"),
    )
    cached = models.CharField(max_length=64, blank=True, editable=False)
    media_type = models.CharField(_("type"), max_length=100, blank=True)
    file_name = models.CharField(_("file name"), max_length=150, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    error = models.CharField(_("why it failed"), max_length=300, blank=True)

    objects = PrintJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("print job")
        verbose_name_plural = _("print jobs")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["lane", "id"],
                condition=Q(state=JobState.QUEUED),
                name="printing_waiting",
            ),
            models.Index(fields=["content_type", "object_pk"], name="printing_about"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=~Q(state=JobState.FAILED),
                name="printing_once",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.READY)
                & (Q(file__isnull=False, cached="") | Q(file=None) & ~Q(cached=""))
                | ~Q(state=JobState.READY) & Q(file=None, cached=""),
                name="printing_ready_has_its_file",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, claimed_until__isnull=False)
                | ~Q(state=JobState.RUNNING) & Q(claimed_until=None),
                name="printing_running_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="printing_done_of_total"
            ),
        ]

    def __str__(self):
        return self.file_name or f"{self.kind} {self.pk}"

    def get_absolute_url(self):
        return reverse("printing:job", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.state == JobState.READY

    @property
    def is_failed(self) -> bool:
        return self.state == JobState.FAILED
