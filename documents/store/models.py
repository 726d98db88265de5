"""Files kept under the hash of their content; ``documents.store.files`` writes and reads them."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """The content of one file, kept once and for ever under its SHA-256."""

    sha256 = models.CharField(
        _("SHA-256"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}\Z", _("The hash has 64 digits 0–9, a–f."))],
    )
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(_("type of content"), max_length=100)
    created_at = models.DateTimeField(_("stored at"), auto_now_add=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["-created_at", "sha256"]

    def __str__(self):
        return self.sha256
