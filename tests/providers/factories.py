"""Services with what hangs on them, ready to be found; places; situations and lines."""

import factory
from factory.django import DjangoModelFactory

from providers.directory.models import (
    CrisisLine,
    Facility,
    LifeSituation,
    Service,
    ServiceForm,
)
from providers.directory.services import refresh_search
from tests.factories import ServiceFactory, ServiceProfileFactory, TargetGroupFactory


class FacilityFactory(DjangoModelFactory):
    class Meta:
        model = Facility

    class Params:
        hidden = factory.Trait(is_hidden=True)

    service = factory.SubFactory(ServiceFactory)
    name = factory.Sequence(lambda n: f"Zařízení {n}")


class CrisisLineFactory(DjangoModelFactory):
    class Meta:
        model = CrisisLine

    code = factory.Sequence(lambda n: f"linka-{n}")
    name_cs = factory.Sequence(lambda n: f"Linka {n}")
    phone = factory.Sequence(lambda n: f"116 {100 + n}")


class LifeSituationFactory(DjangoModelFactory):
    class Meta:
        model = LifeSituation

    code = slug = factory.Sequence(lambda n: f"situace-{n}")
    name_cs = factory.Sequence(lambda n: f"Stalo se mi {n}")


def findable(*, groups=(), forms=(), municipalities=(), profile=(), **fields) -> Service:
    """A public service with a profile that the search knows; groups and forms are made by their codes."""
    service = ServiceFactory(**fields)
    for code in groups:
        service.target_groups.add(TargetGroupFactory(code=code))
    for code in forms:
        service.forms.add(
            ServiceForm.objects.get_or_create(code=code, defaults={"name_cs": code})[0]
        )
    made = ServiceProfileFactory(service=service, **dict(profile))
    made.municipalities.set(municipalities)
    refresh_search(service)
    return Service.objects.get(pk=service.pk)


def names(page) -> list[str]:
    """The names on a page of the catalogue, in its order."""
    return [line.name for line in page.context["lines"]]
