import pytest
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from providers.directory import services
from providers.directory.models import CapacityKind, Facility, Organisation, Service, ServiceForm
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    ServiceKindFactory,
    TargetGroupFactory,
)
from tests.providers.factories import FacilityFactory, LifeSituationFactory, findable

pytestmark = pytest.mark.django_db


def found(text):
    return list(Service.objects.filter(search__match=text))


def test_save_service_makes_all_that_hangs_on_it():
    form = ServiceForm.objects.create(code="ter", name_cs="Terénní")
    clients = CapacityKind.objects.create(code="klient", name_cs="Počet klientů")
    rajhrad = MunicipalityFactory(name="Rajhrad")

    service = services.save_service(
        organisation=OrganisationFactory(),
        kind=ServiceKindFactory(),
        name="Pečovatelská služba",
        target_groups=[TargetGroupFactory()],
        forms=[form],
        capacities=[{"form": form, "kind": clients, "registered_maximum": 18}],
        facilities=[{"name": "Kancelář", "municipality": rajhrad}],
        profile={"summary": "Pro seniory"},
        municipalities=[rajhrad],
    )

    assert service.slug == "pecovatelska-sluzba"
    assert [item.code for item in service.target_groups.all()] == ["seniori"]
    assert service.capacities.get().registered_maximum == 18
    assert service.facilities.get().municipality == rajhrad
    assert list(service.profile.municipalities.all()) == [rajhrad]
    assert found("pečovatelské") == [service]


def test_save_service_changes_only_what_is_named():
    service = findable(name="Poradna", groups=["seniori"], profile={"cost": "Zdarma"})
    FacilityFactory(service=service, name="Kancelář")

    services.save_service(service, name="Nová poradna", profile={"summary": "Pro každého"})

    service = Service.objects.get()
    assert (service.name, service.profile.summary, service.profile.cost) == (
        "Nová poradna",
        "Pro každého",
        "Zdarma",
    )
    assert [item.name for item in service.facilities.all()] == ["Kancelář"]
    assert service.target_groups.count() == 1


def test_names_that_are_alike_get_addresses_of_their_own():
    charity = OrganisationFactory()

    first, second = (services.save_service(organisation=charity, name="Poradna") for _ in "ab")

    assert (first.slug, second.slug) == ("poradna", "poradna-2")


def test_misspelt_field_is_an_error():
    with pytest.raises(FieldDoesNotExist):
        services.save_service(organisation=OrganisationFactory(), name="Poradna", telephone="1")


def test_hidden_address_is_refused_and_nothing_is_written():
    with pytest.raises(ValidationError) as refusal:
        services.save_service(
            organisation=OrganisationFactory(),
            name="Azylový dům",
            facilities=[{"name": "Dům", "is_hidden": True, "street": "Kanárková 1"}],
        )

    assert list(refusal.value.message_dict) == ["street"]
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    "address", [{"street": "Kanárková 1"}, {"postcode": "66701"}, {"place_text": "Brno"}]
)
def test_database_itself_keeps_no_hidden_address(address):
    facility = FacilityFactory(**address)

    with pytest.raises(IntegrityError), transaction.atomic():
        Facility.objects.filter(pk=facility.pk).update(is_hidden=True)


def test_database_itself_keeps_no_municipality_of_a_hidden_address():
    facility = FacilityFactory(hidden=True)
    municipality = MunicipalityFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Facility.objects.filter(pk=facility.pk).update(municipality=municipality)


# --- What a service is found by ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "nitka",
        "charita",
        "poradenství",
        "seniorům",
        "stáří",
        "starám",
        "židlochovic",
        "oddlužení",
        "dopis",
    ],
)
def test_service_is_found_by_everything_people_may_write(text):
    kind = ServiceKindFactory(code="odborne-socialni-poradenstvi", name_cs="Odborné poradenství")
    situation = LifeSituationFactory(name_cs="Starám se o blízkého")
    situation.service_kinds.set([kind])

    service = findable(
        name="Poradna Nitka",
        organisation=OrganisationFactory(name="Charita"),
        kind=kind,
        groups=["seniori"],
        municipalities=[MunicipalityFactory(name="Židlochovice")],
        profile={"helps_with": "Napíšeme s vámi dopis."},
    )

    assert found(text) == [service]


def test_street_is_not_sought():
    service = findable(name="Poradna")
    FacilityFactory(service=service, street="Kanárková 1")
    services.refresh_search(service)

    assert found("kanárková") == []


def test_new_name_of_the_provider_is_found_and_the_old_one_is_not():
    charity = OrganisationFactory(name="Charita")
    service = findable(organisation=charity)

    services.save_organisation(charity, name="Diakonie")

    assert found("diakonie") == [service]
    assert found("charita") == []


def test_refresh_touches_only_what_is_different():
    service = findable(name="Poradna")
    findable(name="Stacionář")
    before = Service.objects.get(pk=service.pk).updated_at
    Service.objects.filter(pk=service.pk).update(search="")

    assert services.refresh_all() == 1
    with CaptureQueriesContext(connection) as queries:
        assert services.refresh_all() == 0

    assert not [query for query in queries if query["sql"].startswith("UPDATE")]
    assert Service.objects.get(pk=service.pk).updated_at == before


@pytest.mark.parametrize("count", [1, 3])
def test_refresh_query_count(django_assert_num_queries, count):
    for _number in range(count):
        FacilityFactory(
            service=findable(groups=["seniori"], forms=["ter"]), municipality=MunicipalityFactory()
        )
    services.refresh_all()
    LifeSituationFactory().service_kinds.set([ServiceKindFactory()])
    Service.objects.update(search="")

    # keys, situations with 2 prefetches, district, services with 5 prefetches, savepoint, update, release
    with django_assert_num_queries(12):
        assert services.refresh_all() == count


def test_organisation_without_an_address_gets_one_from_its_name():
    organisation = services.save_organisation(name="Město Židlochovice")

    assert Organisation.objects.get().slug == "mesto-zidlochovice"
    assert organisation.get_absolute_url() == "/poskytovatele/mesto-zidlochovice/"
