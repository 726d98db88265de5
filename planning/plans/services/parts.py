"""What stands beside the tree: chapters of text, and services in the district network."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _t

from planning.plans.models import Chapter, NetworkEntry, PlanVersion
from planning.plans.values import ChapterValues, NetworkValues, chapter_values, network_values
from providers.directory.models import Service

from .guards import AlreadyMade, fresh, open_for_edit, refuse_stale
from .order import number_again, siblings


@transaction.atomic
def add_chapter(
    version: PlanVersion, *, actor, values: ChapterValues, lineage: UUID | None = None
) -> Chapter:
    """Add a chapter as the last one and return it; repeatable under one ``lineage``.

    Raise PermissionDenied, ContentLocked, AlreadyMade or ValidationError.
    """
    version = open_for_edit(version.pk, actor)
    if lineage and (made := Chapter.objects.filter(version=version, lineage=lineage).first()):
        if chapter_values(made) != values:
            raise AlreadyMade(made)
        return made
    chapter = Chapter(
        version=version, lineage=lineage or uuid4(), title=values.title, body=values.body
    )
    chapter.full_clean()
    chapter.save()
    _number_last(chapter)
    return chapter


@transaction.atomic
def save_chapter(
    chapter: Chapter, *, actor, values: ChapterValues, loaded: Mapping[str, Any] | None = None
) -> Chapter:
    """Write the title and text of a chapter and return it.

    Raise PermissionDenied, ContentLocked, Vanished, EditConflict (somebody has saved other words
    than ``loaded`` since) or ValidationError.
    """
    version = open_for_edit(chapter.version_id, actor)
    chapter = fresh(Chapter, chapter.pk, version)
    refuse_stale(loaded, chapter_values(chapter))
    chapter.title, chapter.body = values.title, values.body
    chapter.full_clean()
    chapter.save()
    return chapter


@transaction.atomic
def delete_chapter(chapter: Chapter, *, actor) -> None:
    """Delete a chapter. Raise PermissionDenied, ContentLocked or Vanished."""
    _delete(chapter, actor)


@transaction.atomic
def add_network_entry(version: PlanVersion, *, actor, values: NetworkValues) -> NetworkEntry:
    """Add a service to the district network under its present name and return the entry.

    The same values sent twice make one entry. Raise PermissionDenied, ContentLocked or
    ValidationError (a service stands in the network once).
    """
    version = open_for_edit(version.pk, actor)
    standing = NetworkEntry.objects.filter(version=version, service=values.service).first()
    if standing and network_values(standing) == values:
        return standing
    entry = NetworkEntry(version=version)
    _write_entry(entry, values)
    _number_last(entry)
    return entry


@transaction.atomic
def save_network_entry(
    entry: NetworkEntry, *, actor, values: NetworkValues, loaded: Mapping[str, Any] | None = None
) -> NetworkEntry:
    """Write what an entry of the network says and return it.

    The names stay as they were written unless another service is chosen. Raise PermissionDenied,
    ContentLocked, Vanished, EditConflict or ValidationError.
    """
    version = open_for_edit(entry.version_id, actor)
    entry = fresh(NetworkEntry, entry.pk, version)
    refuse_stale(loaded, network_values(entry))
    _write_entry(entry, values)
    return entry


@transaction.atomic
def remove_network_entry(entry: NetworkEntry, *, actor) -> None:
    """Take a service out of the network. Raise PermissionDenied, ContentLocked or Vanished."""
    _delete(entry, actor)


def _write_entry(entry: NetworkEntry, values: NetworkValues) -> None:
    if entry.service_id != values.service:
        service = Service.objects.select_related("organisation").filter(pk=values.service).first()
        if service is None:
            raise ValidationError({"service": _t("This service is not in the catalogue.")})
        entry.service = service
        entry.name, entry.provider_name = service.name, service.organisation.name
    taken = NetworkEntry.objects.filter(version=entry.version_id, service=values.service)
    if taken.exclude(pk=entry.pk).exists():
        raise ValidationError({"service": _t("This service is already in the network.")})
    entry.fte, entry.beds, entry.note = values.fte, values.beds, values.note
    entry.full_clean()
    entry.save()


def _number_last(item: Chapter | NetworkEntry) -> None:
    number_again([*(other for other in siblings(item) if other.pk != item.pk), item])


def _delete(item: Chapter | NetworkEntry, actor) -> None:
    version = open_for_edit(item.version_id, actor)
    item = fresh(type(item), item.pk, version)
    left = [other for other in siblings(item) if other.pk != item.pk]
    item.delete()
    number_again(left)
