"""Rights given by name, and their history."""

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.enums import GrantAction

from .committee import Committee


class CommitteeGrant(models.Model):
    """A right to one object given to a committee by name; it reaches those who sit on it now."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="grants", verbose_name=_("committee")
    )
    permission = models.ForeignKey(
        Permission, models.CASCADE, related_name="+", verbose_name=_("right")
    )
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_pk = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("right of a committee")
        verbose_name_plural = _("rights of committees")
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "permission", "object_pk"],
                name="bodies_committeegrant_once",
            )
        ]

    def __str__(self):
        return f"{self.committee}: {self.permission.codename}"


class GrantEvent(models.Model):
    """A right given or withdrawn by name: who, to whom, which, to what, why. Rows never change."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    action = models.CharField(_("what"), max_length=10, choices=GrantAction)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, related_name="+", verbose_name=_("committee")
    )
    permission = models.CharField(_("right"), max_length=150)
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of object")
    )
    object_pk = models.CharField(max_length=64)
    object_text = models.CharField(_("object"), max_length=300)
    note = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("given or withdrawn right")
        verbose_name_plural = _("given and withdrawn rights")
        ordering = ["-at", "-pk"]
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["content_type", "object_pk"], name="bodies_grantevent_object")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, committee__isnull=False)
                | Q(person__isnull=False, committee=None),
                name="bodies_grantevent_one_holder",
            )
        ]

    def __str__(self):
        return f"{self.permission} {self.object_text}"

    @property
    def holder(self):
        """The person or the committee concerned."""
        return self.person or self.committee
