"""States of a mail."""

from django.db import models
from django.utils.translation import pgettext_lazy


class MessageState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("mail", "waiting")
    SENT = "sent", pgettext_lazy("mail", "sent")
    FAILED = "failed", pgettext_lazy("mail", "not delivered")
    CANCELLED = "cancelled", pgettext_lazy("mail", "cancelled")
