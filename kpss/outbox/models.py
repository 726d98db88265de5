"""Mail that the portal sends: what waits, what has gone, what goes into the daily mail, who does not want it."""

from __future__ import annotations

import datetime
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from kpss import clock

from .enums import MessageState

ATTACHMENT_MAX_BYTES = 200 * 1024


def new_message_id() -> str:
    """A Message-ID of a mail of this portal; unlike any other in the world."""
    return f"<{uuid.uuid4()}@{urlsplit(settings.SITE_URL).hostname}>"


class MessageQuerySet(models.QuerySet):
    def due(self, at: datetime.datetime | None = None):
        """Mails to be sent at that moment which nobody is sending and no retry holds back."""
        at = at or clock.now()
        return self.filter(
            Q(claimed_until=None) | Q(claimed_until__lt=at),
            state=MessageState.QUEUED,
            send_after__lte=at,
        ).order_by("send_after", "pk")


class Message(models.Model):
    """One mail to one address, as it was written; its personal links are placeholders."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("to whom"),
    )
    to_email = models.EmailField(_("e-mail"))
    kind = models.SlugField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    message_id = models.CharField(
        "Message-ID", max_length=320, unique=True, default=new_message_id, editable=False
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MessageState, default=MessageState.QUEUED, editable=False
    )
    is_urgent = models.BooleanField(
        _("urgent"),
        default=True,
        help_text=_("Goes to everybody; from the others one may unsubscribe."),
    )
    created_at = models.DateTimeField(_("written at"), default=clock.now, editable=False)
    send_after = models.DateTimeField(_("not before"), default=clock.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last failure"), max_length=200, blank=True)
    # Until then nobody else takes it: while one worker sends it, or before the next attempt.
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    dedup_key = models.CharField(max_length=200, null=True, blank=True, unique=True, editable=False)
    original = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="copies",
        verbose_name=_("sent again after"),
    )
    resent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("sent again by"),
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-pk"]
        permissions = [("resend_message", "Can send mails again")]
        indexes = [
            models.Index(
                fields=["send_after"], condition=Q(state=MessageState.QUEUED), name="outbox_queued"
            ),
            models.Index(fields=["-created_at", "-id"], name="outbox_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at=None)),
                name="outbox_sent_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(original=None, resent_by=None)
                | Q(original__isnull=False, resent_by__isnull=False),
                name="outbox_resent_by_somebody",
            ),
        ]

    def __str__(self):
        return self.subject


class MessageAttachment(models.Model):
    """A small file in a mail, above all an invitation to a calendar."""

    message = models.ForeignKey(
        Message, models.CASCADE, related_name="attachments", verbose_name=_("mail")
    )
    name = models.CharField(_("file name"), max_length=100)
    content_type = models.CharField(_("type"), max_length=100)
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("content"), ATTACHMENT_MAX_BYTES),
                name="outbox_attachment_is_small",
            )
        ]

    def __str__(self):
        return self.name


class NoticeQuerySet(models.QuerySet):
    def waiting(self):
        """Lines which have not gone in any mail yet."""
        return self.filter(message=None)


class Notice(models.Model):
    """One line of the daily mail: what happened and where to read it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notices",
        verbose_name=_("to whom"),
    )
    kind = models.SlugField(_("kind"), max_length=40)
    text = models.CharField(_("text"), max_length=500)
    url = models.CharField(_("address"), max_length=500)
    created_at = models.DateTimeField(_("written at"), default=clock.now, editable=False)
    dedup_key = models.CharField(max_length=200, unique=True, editable=False)
    message = models.ForeignKey(
        Message,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("in the mail"),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the daily mail")
        verbose_name_plural = _("lines of the daily mail")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["person"], condition=Q(message=None), name="outbox_notice_waiting")
        ]

    def __str__(self):
        return self.text


class MailPreference(models.Model):
    """What mail a person does not want."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="mail_preference",
        verbose_name=_("person"),
    )
    daily_off_at = models.DateTimeField(_("daily mail stopped at"), null=True, blank=True)

    class Meta:
        verbose_name = _("choice of mail")
        verbose_name_plural = _("choices of mail")

    def __str__(self):
        return str(self.person)
