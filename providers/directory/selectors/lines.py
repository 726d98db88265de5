"""A service as one line of a list: for whom, where, whom to call."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Prefetch, QuerySet, Value, When
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpss.templatetags.czech import cz_date
from kpss.territory.models import Municipality
from providers.directory.enums import FreePlaces
from providers.directory.models import Facility, Service, ServiceKind, ServiceProfile

FIELD = "ter"
NAMED_MUNICIPALITIES = 3
# The marks of kpss.templatetags.face for what a provider says about places.
PLACES_MARKS = {
    FreePlaces.YES: "free",
    FreePlaces.FEW: "few",
    FreePlaces.WAITING: "waiting",
    FreePlaces.NO: "full",
}


@dataclass(frozen=True)
class ServiceLine:
    """What one line of a list says about a service."""

    name: str
    url: str
    for_whom: str
    provider: str
    form: str
    place: str
    phone: str
    free_state: str
    free_places: str


def services_for_lines(
    services: QuerySet[Service],
    *,
    near: Municipality | None = None,
    kinds_first: Iterable[ServiceKind] = (),
) -> QuerySet[Service]:
    """The services in the order of a list, with all that ``service_lines`` touches.

    ``kinds_first`` come before the others. With ``near``, what is in that municipality comes first,
    then what comes to it by name, then what serves the whole district; at the end the Czech order.
    """
    order = ["sort_key", "pk"]
    if near is not None:
        in_place = Facility.objects.filter(municipality=near, service=OuterRef("pk"))
        named = ServiceProfile.municipalities.through.objects.filter(
            municipality=near, serviceprofile=OuterRef("profile")
        )
        services = services.annotate(
            distance=Case(
                When(Exists(in_place), Value(0)), When(Exists(named), Value(1)), default=Value(2)
            )
        )
        order.insert(0, "distance")
    if kinds_first:
        services = services.annotate(
            rank=Case(When(kind__in=list(kinds_first), then=Value(0)), default=Value(1))
        )
        order.insert(0, "rank")
    return (
        services.select_related("organisation", "profile")
        .prefetch_related("target_groups", "forms", facilities_now(), "profile__municipalities")
        .order_by(*order)
    )


def facilities_now() -> Prefetch:
    """The facilities that run today, as ``facilities_now`` of each service."""
    running = Facility.objects.running_on(timezone.localdate()).select_related("municipality")
    return Prefetch("facilities", running, to_attr="facilities_now")


def service_lines(
    services: Iterable[Service], *, near: Municipality | None = None
) -> list[ServiceLine]:
    """Lines for services read by ``services_for_lines``; nothing more is asked of the database."""
    return [_line(service, near) for service in services]


def _line(service: Service, near: Municipality | None) -> ServiceLine:
    profile = profile_of(service)
    state, label = free_places(profile)
    return ServiceLine(
        name=service.name,
        url=service.get_absolute_url(),
        for_whom=(profile.summary if profile else "") or groups_in_words(service),
        provider=service.organisation.name,
        form=", ".join(
            form.name if i == 0 else form.name.lower() for i, form in enumerate(service.forms.all())
        ),
        place=", ".join(filter(None, [places_in_words(service), coverage_in_words(service, near)])),
        phone=service.phone or service.organisation.phone,
        free_state=state,
        free_places=label,
    )


def profile_of(service: Service) -> ServiceProfile | None:
    """The second layer of a service, None when nobody has filled it in."""
    return getattr(service, "profile", None)


def groups_in_words(service: Service) -> str:
    """The target groups as one line."""
    return capfirst(", ".join(group.name for group in service.target_groups.all()))


def places_in_words(service: Service) -> str:
    """Where the service is: municipalities of its facilities, or that the address is hidden."""
    places = []
    for facility in service.facilities_now:
        if facility.is_hidden:
            places.append(_("the address is hidden"))
        else:
            places.append(
                facility.municipality.name if facility.municipality else facility.place_text
            )
    return ", ".join(dict.fromkeys(filter(None, places)))


def coverage_in_words(service: Service, near: Municipality | None = None) -> str:
    """Where a field service comes, said about ``near`` when the reader has told where they are."""
    profile = profile_of(service)
    comes = any(form.code == FIELD for form in service.forms.all())
    if profile is None or not comes:
        return ""
    municipalities = list(profile.municipalities.all())
    if near is not None and (profile.covers_all or near in municipalities):
        return _("also comes to %(municipality)s") % {"municipality": near.name}
    if profile.covers_all:
        return _("comes to the whole district")
    if not municipalities:
        return ""
    if len(municipalities) <= NAMED_MUNICIPALITIES:
        names = ", ".join(municipality.name for municipality in municipalities)
        return _("comes to: %(names)s") % {"names": names}
    return ngettext(
        "comes to %(count)d municipality", "comes to %(count)d municipalities", len(municipalities)
    ) % {"count": len(municipalities)}


def website_label(address: str) -> str:
    """A website without its scheme, as people say it."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/") or address


def free_places(profile: ServiceProfile | None) -> tuple[str, str]:
    """The mark and the words of free places with their day; empty when nobody has said anything."""
    if profile is None or not profile.free_places:
        return "", ""
    told = FreePlaces(profile.free_places)
    label = capfirst(told.label)
    return PLACES_MARKS[told], f"{label}, {cz_date(profile.free_places_on)}"
