"""Providers and other organisations."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from providers.directory.models import Organisation, Service

from .lines import ServiceLine, service_lines, services_for_lines, website_label


def organisations_for_list() -> QuerySet[Organisation]:
    """Providers with at least one public service, with ``service_count``."""
    public = Service.objects.public()
    return (
        Organisation.objects.providers()
        .filter(pk__in=public.values("organisation"))
        .select_related("municipality", "legal_form")
        .annotate(service_count=Count("services", filter=Q(services__in=public)))
        .order_by("sort_key", "pk")
    )


@dataclass(frozen=True)
class OrganisationPage:
    """One organisation and the lines of its public services."""

    organisation: Organisation
    services: list[ServiceLine]

    @property
    def website_label(self) -> str:
        return website_label(self.organisation.website)


def organisation_page(slug: str) -> OrganisationPage:
    """The organisation of that address; raise ``Organisation.DoesNotExist``."""
    organisation = Organisation.objects.select_related(
        "municipality", "legal_form", "represents"
    ).get(slug=slug)
    services = services_for_lines(Service.objects.public().filter(organisation=organisation))
    return OrganisationPage(organisation, service_lines(services))
