"""Code lists: stable codes, labels that may be corrected, validity in time."""

import csv
import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from django.db import models, transaction
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


@dataclass(frozen=True)
class Counts:
    """What bringing a code list up to date did to its items."""

    created: int = 0
    updated: int = 0
    retired: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> int:
        """How many items are not as they were."""
        return self.created + self.updated + self.retired


@transaction.atomic
def bring_up_to_date(
    model: type[CodeItem], rows: Iterable[Mapping[str, str]], *, regional: bool = False
) -> Counts:
    """Make the items of ``model`` agree with ``rows`` and say what changed; a second run changes nothing.

    A row's columns are fields of the model: plain values, the code of a foreign key, codes of a
    many-to-many joined by "|". An empty cell leaves what is there. The order of rows is the order
    of items. Nothing is deleted: an item that is not among the rows goes out of use.

    A ``regional`` list is only offered: missing items are created, and what the region has changed
    or added stays as it is. Raise ValueError for a row that names a code nobody knows.
    """
    rows = list(rows)
    columns = [model._meta.get_field(name) for name in (rows[0] if rows else ()) if name != "code"]
    codes = {
        field.name: dict(
            cast(type[CodeItem], field.related_model).objects.values_list("code", "pk")
        )
        for field in columns
        if field.is_relation
    }
    plural = [field for field in columns if field.many_to_many]
    existing = {item.code: item for item in model.objects.all()}
    linked = {field.name: _links(model, field) for field in plural}
    created = updated = unchanged = 0
    for position, row in enumerate(rows, start=1):
        item = existing.pop(row["code"], None)
        if item is not None and regional:
            unchanged += 1
            continue
        is_new = item is None
        if item is None:
            item = model(code=row["code"])
        changed = _assign(item, {"position": position, "is_active": True})
        for field in columns:
            if row[field.name] and not field.many_to_many:
                changed |= _assign(item, _value(field, row, codes))
        if is_new or changed:
            item.save()
        for field in plural:
            wanted = {_pk(row, field, code, codes) for code in row[field.name].split("|") if code}
            if wanted and wanted != linked[field.name].get(item.pk, set()):
                getattr(item, field.name).set(wanted)
                changed = True
        created += is_new
        updated += changed and not is_new
        unchanged += not changed and not is_new
    gone = [] if regional else [item.pk for item in existing.values() if item.is_active]
    retired = model.objects.filter(pk__in=gone).update(is_active=False) if gone else 0
    return Counts(created, updated, retired, unchanged + len(existing) - retired)


def _assign(item: CodeItem, values: Mapping[str, object]) -> bool:
    """Set the values on ``item``; True when any of them was different."""
    changed = False
    for name, value in values.items():
        if getattr(item, name) != value:
            setattr(item, name, value)
            changed = True
    return changed


def _value(field, row: Mapping[str, str], codes: dict) -> dict[str, object]:
    text = row[field.name]
    if field.is_relation:
        return {field.attname: _pk(row, field, text, codes)}
    if isinstance(field, models.BooleanField):
        return {field.name: text == "yes"}
    return {field.name: field.to_python(text)}


def _pk(row: Mapping[str, str], field, code: str, codes: dict) -> int:
    try:
        return codes[field.name][code]
    except KeyError:
        raise ValueError(f"{row['code']}: {field.name} names an unknown code “{code}”") from None


def _links(model: type[CodeItem], field) -> dict[int, set[int]]:
    """The present links of a many-to-many field: own key → keys of the others."""
    links: dict[int, set[int]] = {}
    for own, other in field.remote_field.through.objects.values_list(
        field.m2m_field_name(), field.m2m_reverse_field_name()
    ):
        links.setdefault(own, set()).add(other)
    return links
