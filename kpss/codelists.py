"""Code lists: stable codes, labels that may be corrected, validity in time."""

import csv
import datetime
from collections.abc import Iterator
from pathlib import Path

from django.db import models
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _


class CodeQuerySet(models.QuerySet):
    def valid_on(self, day: datetime.date):
        """Items that may be chosen on ``day``."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gte=day),
            is_active=True,
        )

    def current(self):
        return self.valid_on(timezone.localdate())


class CodeItem(models.Model):
    """One item of a code list. The code never changes; the label may be corrected."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name_cs = models.CharField(_("Czech name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The label in the reader's language, Czech when there is no other."""
        if (translation.get_language() or "cs").startswith("en") and self.name_en:
            return self.name_en
        return self.name_cs


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a UTF-8 CSV file with a header; values stripped, missing ones empty."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {key: (value or "").strip() for key, value in row.items() if key}
