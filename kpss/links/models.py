"""Personal links: an address that opens one thing for one person, without signing in."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kpss import clock


class PersonalLinkQuerySet(models.QuerySet):
    def standing(self):
        """Links nobody has revoked; they may have expired."""
        return self.filter(revoked_at=None)

    def valid(self, at: datetime.datetime | None = None):
        """Links that open at that moment: not revoked, not expired, their person's account open."""
        at = at or clock.now()
        return self.standing().filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=at),
            models.Q(person=None) | models.Q(person__is_active=True),
        )


class PersonalLink(models.Model):
    """One address ``/o/<token>/``: for what, for whom, about what, until when.

    Only the hash of the token is kept. The token itself is derived from ``key`` and the secret of
    the installation (``services.token_of``), so neither the database nor its backup opens anything.
    """

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    purpose = models.SlugField(_("purpose"), max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="personal_links",
        verbose_name=_("for whom"),
    )
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+"
    )
    object_pk = models.CharField(max_length=64, blank=True)
    about = GenericForeignKey("content_type", "object_pk")
    created_at = models.DateTimeField(_("made at"), default=clock.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last opened at"), null=True, blank=True)

    objects = PersonalLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
        ordering = ["-created_at", "-pk"]
        permissions = [("revoke_personallink", "Can revoke personal links")]
        indexes = [models.Index(fields=["content_type", "object_pk"], name="links_about")]
        constraints = [
            models.UniqueConstraint(
                "purpose",
                Coalesce("person", 0),
                Coalesce("content_type", 0),
                "object_pk",
                condition=models.Q(revoked_at=None),
                name="links_one_standing",
            ),
            models.CheckConstraint(
                condition=models.Q(content_type=None, object_pk="")
                | (models.Q(content_type__isnull=False) & ~models.Q(object_pk="")),
                name="links_about_whole",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
