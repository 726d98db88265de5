"""Working versions as they were sent out: what a plan said at one moment, before it is approved."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.bodies.models import Committee
from documents.store.models import StoredFile
from kpss import clock

from .plan import PlanVersion


class SnapshotQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Snapshots of versions on which the reader works, also when the version has been approved since."""
        return self.filter(version__in=PlanVersion.objects.worked_on_by(user))


class Snapshot(models.Model):
    """The content of a version at one moment, numbered, that is sent to people to be read; it never changes."""

    version = models.ForeignKey(
        PlanVersion, models.PROTECT, related_name="snapshots", verbose_name=_("version of a plan")
    )
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    title = models.CharField(_("title"), max_length=120)
    note = models.TextField(
        _("what is new in it"),
        blank=True,
        help_text=_("It stands above the text and in the mail."),
    )
    content = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", editable=False, verbose_name=_("content")
    )
    content_sha256 = models.CharField(
        _("fingerprint of the content"), max_length=64, editable=False
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), default=clock.now, editable=False)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("working version as sent out")
        verbose_name_plural = _("working versions as sent out")
        ordering = ["version", "-number"]
        default_permissions = ("view",)
        permissions = [("make_snapshot", _("Can keep a working version and send it out"))]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="plans_snapshot_number_once")
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        version = self.version
        return reverse("plans:snapshot", args=[version.plan.slug, version.number, self.number])


class SnapshotSending(models.Model):
    """To which committee a snapshot was sent, once."""

    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="sendings", verbose_name=_("working version")
    )
    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="+", verbose_name=_("committee")
    )
    sent_at = models.DateTimeField(_("sent at"), default=clock.now, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    people = models.PositiveSmallIntegerField(_("people"), default=0)

    class Meta:
        verbose_name = _("sending of a working version")
        verbose_name_plural = _("sendings of working versions")
        ordering = ["sent_at", "pk"]
        default_permissions: ClassVar[list[str]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "committee"], name="plans_snapshot_sent_once"
            )
        ]

    def __str__(self):
        return f"{self.snapshot} → {self.committee}"
