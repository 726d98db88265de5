from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class Lane(models.TextChoices):
    """Who makes it: its own quick worker for what somebody waits for, or the background worker."""

    FAST = "fast", _("at once")
    SLOW = "slow", _("in the background")
