import pytest

from tests.factories import MunicipalityFactory, OrganisationFactory
from tests.providers.factories import findable, names

pytestmark = pytest.mark.django_db


def test_list_has_providers_with_a_public_service_in_czech_order(client):
    for name in ["Chaloupka", "Čtyřlístek", "Cesta", "Hvězda"]:
        findable(organisation=OrganisationFactory(name=name))
    findable(organisation=OrganisationFactory(name="Neveřejná"), is_public=False)
    OrganisationFactory(name="Bez služby")
    findable(organisation=OrganisationFactory(name="Úřad", is_provider=False))

    page = client.get("/poskytovatele/")

    assert [item.name for item in page.context["page"]] == [
        "Cesta",
        "Čtyřlístek",
        "Hvězda",
        "Chaloupka",
    ]


def test_list_counts_public_services_only(client):
    charity = OrganisationFactory()
    findable(organisation=charity)
    findable(organisation=charity)
    findable(organisation=charity, is_public=False)

    [listed] = client.get("/poskytovatele/").context["page"]

    assert listed.service_count == 2


def test_page_has_public_services_and_identification(client):
    charity = OrganisationFactory(
        name="Charita", ico="27082440", municipality=MunicipalityFactory(name="Rajhrad")
    )
    findable(name="Asistence", organisation=charity)
    findable(name="Skrytá", organisation=charity, is_public=False)

    page = client.get(charity.get_absolute_url())

    assert [line.name for line in page.context["page"].services] == ["Asistence"]
    assert "27082440" in page.content.decode()
    assert "Rajhrad" in page.content.decode()
    assert "Skrytá" not in page.content.decode()


def test_unknown_organisation_does_not_exist(client):
    assert client.get("/poskytovatele/nikdo/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, django_assert_num_queries, count):
    for _number in range(count):
        findable(organisation=OrganisationFactory(municipality=MunicipalityFactory()))

    with django_assert_num_queries(3):  # number, page, region
        page = client.get("/poskytovatele/")

    assert len(page.context["page"].object_list) == count


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_count(client, django_assert_num_queries, count):
    charity = OrganisationFactory()
    for _number in range(count):
        findable(organisation=charity, groups=["seniori"], forms=["ter"])

    with django_assert_num_queries(7):  # organisation, services with 4 prefetches, region
        page = client.get(charity.get_absolute_url())

    assert len(page.context["page"].services) == count


@pytest.mark.parametrize("query", [{"page": "x"}, {"page": "0"}, {"page": "\x00"}, {"sort": "a"}])
def test_no_query_breaks_the_list(client, query):
    findable()

    page = client.get("/poskytovatele/", query)

    assert page.status_code == 200
    assert len(page.context["page"].object_list) == 1


def test_lines_of_a_provider_are_those_of_the_catalogue(client):
    service = findable(profile={"summary": "Pro seniory"})

    of_provider = client.get(service.organisation.get_absolute_url()).context["page"].services

    assert of_provider == client.get("/sluzby/").context["lines"]
    assert names(client.get("/sluzby/")) == [service.name]
