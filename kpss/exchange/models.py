"""The abstract upload: one Excel file, checked first (dry run), then applied once."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Upload(models.Model):
    """One file that somebody sent, with the report of its dry run. A room adds where it keeps the file."""

    file_name = models.CharField(_("file name"), max_length=200)
    token = models.UUIDField(
        _("token of the form"),
        unique=True,
        editable=False,
        help_text="The same form sent twice makes one upload.",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    report = models.JSONField(_("report"), default=dict, editable=False)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-uploaded_at"]

    def __str__(self):
        return self.file_name
