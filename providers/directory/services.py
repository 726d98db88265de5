"""Writing to the directory: organisations, services with everything that hangs on them, the search index."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from kpss import czech, search
from kpss.territory.models import Municipality

from .codelists import plain_words
from .models import (
    Facility,
    LifeSituation,
    Organisation,
    Service,
    ServiceCapacity,
    ServiceForm,
    ServiceProfile,
    TargetGroup,
)

CHUNK = 500


# --- Organisations and services ---------------------------------------------------------------------
@transaction.atomic
def save_organisation(organisation: Organisation | None = None, **fields: Any) -> Organisation:
    """Create an organisation, or change the named fields of one; its services can be found by the new name.

    Without ``slug`` a new one gets an address from its name. Raise ValidationError when a field or
    a rule of the database says no.
    """
    organisation = organisation or Organisation()
    _set(organisation, fields)
    organisation.slug = organisation.slug or free_slug(Organisation, organisation.name)
    organisation.full_clean()
    organisation.save()
    refresh_services(organisation.services.all())
    return organisation


@transaction.atomic
def save_service(
    service: Service | None = None,
    *,
    target_groups: Iterable[TargetGroup] | None = None,
    forms: Iterable[ServiceForm] | None = None,
    capacities: Sequence[Mapping[str, Any]] | None = None,
    facilities: Sequence[Mapping[str, Any]] | None = None,
    profile: Mapping[str, Any] | None = None,
    municipalities: Iterable[Municipality] | None = None,
    **fields: Any,
) -> Service:
    """Create a service, or change what is named of one, with all that hangs on it; all of it or nothing.

    ``fields`` belong to the service, ``profile`` to its second layer; ``capacities`` and
    ``facilities`` replace those there are. What is not named stays. Raise ValidationError when a
    field or a rule of the database says no (a hidden address, an end before the beginning…).
    """
    service = service or Service()
    _set(service, fields)
    service.slug = service.slug or free_slug(Service, service.name)
    service.full_clean()
    service.save()
    if target_groups is not None:
        service.target_groups.set(target_groups)
    if forms is not None:
        service.forms.set(forms)
    _replace(ServiceCapacity, service, capacities)
    _replace(Facility, service, facilities)
    if profile is not None or municipalities is not None:
        _save_profile(service, profile or {}, municipalities)
    refresh_search(service)
    return service


@transaction.atomic
def confirm(services: QuerySet[Service], *, on: datetime.date) -> int:
    """Note that the providers of the services confirmed their data that day; return how many."""
    pks = list(services.values_list("pk", flat=True))
    ServiceProfile.objects.bulk_create(
        [ServiceProfile(service_id=pk) for pk in pks], ignore_conflicts=True
    )
    return ServiceProfile.objects.filter(service__in=pks).update(confirmed_on=on)


def free_slug(model: type[Organisation] | type[Service], name: str) -> str:
    """The address of a new row called ``name``, numbered when somebody else has it."""
    return czech.free_slug(name, lambda slug: model.objects.filter(slug=slug).exists())


def _save_profile(service, fields, municipalities) -> None:
    profile = ServiceProfile.objects.filter(service=service).first() or ServiceProfile(
        service=service
    )
    _set(profile, fields)
    profile.full_clean()
    profile.save()
    if municipalities is not None:
        profile.municipalities.set(municipalities)


def _replace(model, service, rows) -> None:
    if rows is None:
        return
    model.objects.filter(service=service).delete()
    for row in rows:
        item = model(service=service, **row)
        item.full_clean()
        item.save()


def _set(item, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        item._meta.get_field(name)  # a misspelt name is an error, not a new attribute
        setattr(item, name, value)


# --- What a service is found by ---------------------------------------------------------------------
def refresh_search(service: Service) -> None:
    """Work out anew what ``service`` is found by."""
    refresh_services(Service.objects.filter(pk=service.pk))


def refresh_all() -> int:
    """Work out anew what every service is found by; return how many were different."""
    return refresh_services(Service.objects.all())


def refresh_services(services: QuerySet[Service]) -> int:
    """Work out anew what the services are found by; return how many were different.

    Call it after anything that stands in the text has changed: a service, its provider, a code
    list, a life situation, a municipality. No moment of change is touched.
    """
    pks = list(services.order_by("pk").values_list("pk", flat=True))
    if not pks:
        return 0
    situations = [
        (situation, _pks(situation.service_kinds), _pks(situation.target_groups))
        for situation in LifeSituation.objects.filter(is_active=True).prefetch_related(
            "service_kinds", "target_groups"
        )
    ]
    district = list(Municipality.objects.in_district().values_list("name", flat=True))
    changed = 0
    for start in range(0, len(pks), CHUNK):
        stale = []
        for service in _with_everything(pks[start : start + CHUNK]):
            text = " ".join(_texts(service, situations, district))
            document = search.document(text)
            if service.search != document:
                service.search = document
                stale.append(service)
        Service.objects.bulk_update(stale, ["search"])
        changed += len(stale)
    return changed


def _with_everything(pks: Collection[int]) -> QuerySet[Service]:
    return (
        Service.objects.filter(pk__in=pks)
        .select_related("kind", "organisation", "profile")
        .prefetch_related(
            Prefetch("target_groups", TargetGroup.objects.select_related("planning_group")),
            "forms",
            "profile__municipalities",
            "facilities__municipality",
        )
    )


def _texts(service: Service, situations, district: Sequence[str]) -> Iterator[str]:
    """Every text by which people may look for the service; never an address."""
    words = plain_words()
    groups = list(service.target_groups.all())
    yield service.name
    yield service.organisation.name
    if service.kind:
        yield from (service.kind.name_cs, service.kind.name_en, words.get(service.kind.code, ""))
    for group in groups:
        yield from (group.name_cs, group.name_en, words.get(group.code, ""))
        yield group.planning_group.name_cs if group.planning_group else ""
    for form in service.forms.all():
        yield from (form.name_cs, words.get(form.code, ""))
    group_pks = {group.pk for group in groups}
    for situation, kinds, target_groups in situations:
        if service.kind_id in kinds and (not target_groups or target_groups & group_pks):
            yield from (situation.name_cs, situation.short_cs)
    for facility in service.facilities.all():
        yield facility.municipality.name if facility.municipality else facility.place_text
    profile = getattr(service, "profile", None)
    if profile:
        yield from (profile.summary, profile.for_whom, profile.helps_with)
        yield from (
            district
            if profile.covers_all
            else [municipality.name for municipality in profile.municipalities.all()]
        )


def _pks(manager) -> frozenset[int]:
    return frozenset(item.pk for item in manager.all())
