"""The page of one service."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from providers.directory.enums import ContactLevel
from providers.directory.models import Facility, Service, ServiceCapacity, ServiceProfile

from .lines import (
    ServiceLine,
    coverage_in_words,
    facilities_now,
    free_places,
    groups_in_words,
    profile_of,
    service_lines,
    services_for_lines,
    website_label,
)

SIMILAR = 3


@dataclass(frozen=True)
class Answer:
    """One of the four questions people ask, and what the service says."""

    question: str
    text: str


@dataclass(frozen=True)
class ServicePage:
    """What the page of a service says."""

    service: Service
    profile: ServiceProfile | None
    summary: str
    phone: str
    email: str
    website: str
    whose_contacts: str
    whose_website: str
    places: list[Facility]
    is_hidden: bool
    coverage: str
    covered: list[str]
    free_state: str
    free_places: str
    answers: list[Answer]
    capacities: list[ServiceCapacity]
    similar: list[ServiceLine]

    @property
    def website_label(self) -> str:
        return website_label(self.website)


def service_page(slug: str) -> ServicePage:
    """The public service of that address; raise ``Service.DoesNotExist``."""
    service = (
        Service.objects.public()
        .select_related("organisation__municipality", "kind__group", "profile")
        .prefetch_related(
            "target_groups",
            "forms",
            facilities_now(),
            "profile__municipalities",
            "capacities__form",
            "capacities__kind",
        )
        .get(slug=slug)
    )
    profile = profile_of(service)
    phone, phone_level = _contact(service, "phone")
    email, email_level = _contact(service, "email")
    website, website_level = _contact(service, "website")
    state, places_label = free_places(profile)
    return ServicePage(
        service=service,
        profile=profile,
        summary=(profile.summary if profile else "") or groups_in_words(service),
        phone=phone,
        email=email,
        website=website,
        whose_contacts=_whose(service, phone_level, email_level),
        whose_website=website_level,
        places=[facility for facility in service.facilities_now if not facility.is_hidden],
        is_hidden=any(facility.is_hidden for facility in service.facilities_now),
        coverage=coverage_in_words(service),
        covered=_covered(profile),
        free_state=state,
        free_places=places_label,
        answers=_answers(service, profile),
        capacities=list(service.capacities.all()),
        similar=service_lines(_similar(service)),
    )


def _contact(service: Service, name: str) -> tuple[str, str]:
    """The service's own contact, else its provider's, and whose it is; empty when neither has one."""
    for level, owner in (
        (ContactLevel.SERVICE, service),
        (ContactLevel.PROVIDER, service.organisation),
    ):
        if value := getattr(owner, name):
            return value, level
    return "", ""


def _whose(service: Service, phone_level: str, email_level: str) -> str:
    """A sentence that names the provider when its contacts stand in for the service's own."""
    provider = {"provider": service.organisation.name}
    borrowed = ContactLevel.PROVIDER
    if phone_level == email_level == borrowed:
        return _("The phone and the e-mail belong to the provider: %(provider)s") % provider
    if phone_level == borrowed:
        return _("The phone belongs to the provider: %(provider)s") % provider
    if email_level == borrowed:
        return _("The e-mail belongs to the provider: %(provider)s") % provider
    return ""


def _covered(profile: ServiceProfile | None) -> list[str]:
    if profile is None or profile.covers_all:
        return []
    return [municipality.name for municipality in profile.municipalities.all()]


def _answers(service: Service, profile: ServiceProfile | None) -> list[Answer]:
    """The four answers; what nobody has filled in is left out, but for whom is always known."""
    answers = [
        (_("For whom"), (profile.for_whom if profile else "") or groups_in_words(service)),
        (_("What it helps with"), profile.helps_with if profile else ""),
        (_("How to begin"), profile.how_to_begin if profile else ""),
        (_("What it costs"), profile.cost if profile else ""),
    ]
    return [Answer(question, text) for question, text in answers if text]


def _similar(service: Service):
    """Other public services: of the same kind first, then of its group for the same people."""
    groups = [group.pk for group in service.target_groups.all()]
    for_same_people = Q(
        pk__in=Service.target_groups.through.objects.filter(targetgroup__in=groups).values(
            "service"
        )
    )
    alike = for_same_people
    if service.kind:
        alike = Q(kind=service.kind) | Q(kind__group=service.kind.group) & for_same_people
    others = Service.objects.public().filter(alike).exclude(pk=service.pk)
    return services_for_lines(others, kinds_first=[service.kind] if service.kind else ())[:SIMILAR]
