import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from providers.directory.models import Facility, Service, ServiceForm, ServiceKind, ServiceProfile
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    PersonFactory,
    ServiceFactory,
    ServiceKindFactory,
    TargetGroupFactory,
)
from tests.providers.factories import FacilityFactory, LifeSituationFactory, findable

pytestmark = pytest.mark.django_db
LIST = "/admin/directory/service/"


@pytest.fixture
def admin(client):
    client.force_login(PersonFactory(superuser=True))
    return client


def found(text):
    return list(Service.objects.filter(search__match=text))


def form_data(service, **changes):
    """What a browser sends for the service as it stands, with ``changes``."""
    data = {
        "name": service.name,
        "slug": service.slug,
        "organisation": service.organisation_id,
        "kind": service.kind_id,
        "is_public": "on",
        "profile-TOTAL_FORMS": 1,
        "profile-INITIAL_FORMS": 1,
        "profile-0-id": service.profile.pk,
        "profile-0-service": service.pk,
        "facilities-TOTAL_FORMS": 0,
        "facilities-INITIAL_FORMS": 0,
        "capacities-TOTAL_FORMS": 0,
        "capacities-INITIAL_FORMS": 0,
    }
    return {**data, **changes}


def change_address(item):
    return reverse(f"admin:directory_{item._meta.model_name}_change", args=[item.pk])


# --- Services ---------------------------------------------------------------------------------------


def test_saved_service_is_found_by_its_new_words(admin):
    service = findable(name="Poradna", profile={"summary": "Pro každého"})

    admin.post(
        change_address(service),
        form_data(service, **{"name": "Stacionář", "profile-0-summary": "Pro babičky"}),
    )

    assert found("stacionář") == [service]
    assert found("babiček") == [service]
    assert found("poradna") == []


def test_hidden_address_is_refused_beside_the_field(admin):
    service = findable()
    facility = {
        "facilities-TOTAL_FORMS": 1,
        "facilities-0-name": "Dům",
        "facilities-0-is_hidden": "on",
        "facilities-0-street": "Kanárková 1",
        "facilities-0-municipality": MunicipalityFactory().pk,
        "facilities-0-service": service.pk,
    }

    response = admin.post(change_address(service), form_data(service, **facility))

    errors = response.context["inline_admin_formsets"][1].formset.errors
    assert errors == [
        {
            name: [
                "Toto pole vymažte. Utajená adresa se\u00a0nesmí uložit.".replace("\u00a0n", " n")
            ]
            for name in ("municipality", "street")
        }
    ]
    assert not Facility.objects.exists()


def test_data_from_the_register_cannot_be_changed(admin):
    service = findable(name="Z registru")
    FacilityFactory(service=service, name="Původní")
    Service.objects.filter(pk=service.pk).update(
        rpss_identifier="1234567", rpss_synced_at=timezone.now()
    )
    service.refresh_from_db()

    admin.post(
        change_address(service),
        form_data(
            service,
            **{
                "name": "Přepsaná",
                "phone": "123",
                "profile-0-summary": "Pro seniory",
                "facilities-TOTAL_FORMS": 1,
                "facilities-INITIAL_FORMS": 1,
                "facilities-0-id": service.facilities.get().pk,
                "facilities-0-service": service.pk,
                "facilities-0-name": "Přepsané",
            },
        ),
    )

    service = Service.objects.get()
    assert (service.name, service.phone, service.facilities.get().name) == (
        "Z registru",
        "",
        "Původní",
    )
    assert service.profile.summary == "Pro seniory"


def test_data_not_yet_from_the_register_can_be_changed(admin):
    service = findable(name="Naše")

    admin.post(change_address(service), form_data(service, name="Přejmenovaná"))

    assert Service.objects.get().name == "Přejmenovaná"


def test_published_address_stays(admin):
    service = findable(slug="poradna")

    admin.post(change_address(service), form_data(service, name="Jiná", slug="jina"))

    assert Service.objects.get().slug == "poradna"


def test_new_service_is_made_with_its_profile(admin):
    charity, kind = OrganisationFactory(), ServiceKindFactory()
    form = ServiceForm.objects.create(code="ter", name_cs="Terénní")

    admin.post(
        reverse("admin:directory_service_add"),
        {
            "name": "Poradna",
            "slug": "poradna",
            "organisation": charity.pk,
            "kind": kind.pk,
            "is_public": "on",
            "forms": [form.pk],
            "target_groups": [TargetGroupFactory().pk],
            "profile-TOTAL_FORMS": 1,
            "profile-INITIAL_FORMS": 0,
            "profile-0-summary": "Pro seniory",
            "profile-0-free_places": "yes",
            "profile-0-free_places_on": "12. 11. 2020",
            "facilities-TOTAL_FORMS": 0,
            "facilities-INITIAL_FORMS": 0,
            "capacities-TOTAL_FORMS": 0,
            "capacities-INITIAL_FORMS": 0,
        },
    )

    service = Service.objects.get()
    assert service.profile.free_places_on == datetime.date(2020, 11, 12)
    assert found("seniorům") == [service]


def test_free_places_need_their_day(admin):
    service = findable()

    response = admin.post(
        change_address(service), form_data(service, **{"profile-0-free_places": "yes"})
    )

    assert "Doplňte, ke kterému dni" in response.content.decode()
    assert ServiceProfile.objects.get().free_places == ""


@pytest.mark.parametrize("text", ["SENIORU", "charita", "27082440", "1234567"])
def test_list_is_searched_as_the_catalogue_is(admin, text):
    service = findable(
        name="Stacionář",
        organisation=OrganisationFactory(name="Charita", ico="27082440"),
        groups=["seniori"],
        rpss_identifier="1234567",
    )
    findable(name="Klub")

    page = admin.get(LIST, {"q": text})

    assert list(page.context["cl"].result_list) == [service]


@pytest.mark.parametrize("text", ["'", "!!!", '"', "a\u00a0b", "x" * 2000])
def test_no_search_breaks_the_list(admin, text):
    findable(name="Klub")

    assert admin.get(LIST, {"q": text}).status_code == 200


def test_ageing_services_are_those_public_and_not_confirmed_for_a_year(admin):
    today = timezone.localdate()
    findable(profile={"confirmed_on": today - datetime.timedelta(days=365)})
    old = findable(profile={"confirmed_on": today - datetime.timedelta(days=366)})
    never = findable()
    without = ServiceFactory()
    findable(is_public=False)

    stale = admin.get(LIST, {"freshness": "stale"})

    assert set(stale.context["cl"].result_list) == {old, never, without}
    assert admin.get(LIST, {"freshness": "fresh"}).context["cl"].result_count == 1


def test_action_confirms_chosen_services_today(admin):
    with_profile, without = findable(), ServiceFactory()
    other = findable()

    admin.post(LIST, {"action": "confirm_today", "_selected_action": [with_profile.pk, without.pk]})

    confirmed = ServiceProfile.objects.filter(confirmed_on=timezone.localdate())
    assert {profile.service for profile in confirmed} == {with_profile, without}
    assert ServiceProfile.objects.get(service=other).confirmed_on is None


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(admin, django_assert_max_num_queries, count):
    for _number in range(count):
        findable(profile={"confirmed_on": timezone.localdate()})

    with django_assert_max_num_queries(12):
        page = admin.get(LIST)

    assert page.context["cl"].result_count == count


# --- Organisations and code lists ---------------------------------------------------------------------


def test_renamed_provider_is_found_by_its_new_name(admin):
    charity = OrganisationFactory(name="Charita", slug="charita", ico=None)
    service = findable(organisation=charity)

    admin.post(
        change_address(charity), {"name": "Diakonie", "slug": "charita", "is_provider": "on"}
    )

    assert found("diakonie") == [service]


def test_wrong_number_is_refused_beside_the_field(admin):
    response = admin.post(
        reverse("admin:directory_organisation_add"),
        {"name": "Charita", "slug": "charita", "ico": "27082441"},
    )

    [message] = response.context["adminform"].form.errors["ico"]
    assert "není platné IČO" in message


@pytest.mark.parametrize("text", ["ridici", "ŘÍDICÍ", "Řídicí úřad", "27082440"])
def test_organisations_are_searched_without_diacritics(admin, text):
    office = OrganisationFactory(name="Úřad řídicí", ico="27082440")
    OrganisationFactory(name="Charita")

    page = admin.get("/admin/directory/organisation/", {"q": text})

    assert list(page.context["cl"].result_list) == [office]


def test_code_stays_and_items_are_not_deleted(admin):
    kind = ServiceKindFactory(code="pecovatelska-sluzba")
    service = findable(name="Pomoc", kind=kind)

    admin.post(
        change_address(kind),
        {"code": "jiny", "name_cs": "Kanárkova služba", "position": 1, "is_active": "on"},
    )
    refused = admin.post(reverse("admin:directory_servicekind_delete", args=[kind.pk]))

    kind = ServiceKind.objects.get()
    assert (kind.code, kind.name_cs) == ("pecovatelska-sluzba", "Kanárkova služba")
    assert refused.status_code == 403
    assert found("kanárková") == [service]


def test_words_of_a_changed_situation_are_sought(admin):
    kind = ServiceKindFactory()
    service = findable(kind=kind)
    situation = LifeSituationFactory()

    admin.post(
        change_address(situation),
        {
            "name_cs": "Nezvládám péči o babičku",
            "position": 1,
            "is_active": "on",
            "service_kinds": [kind.pk],
        },
    )

    assert found("babičku") == [service]


def test_field_offers_only_what_is_valid_today(admin):
    ServiceKindFactory(code="plati", name_cs="Platná")
    ServiceKindFactory(code="neplati", name_cs="Plátěná", valid_to=datetime.date(2025, 2, 28))

    offered = admin.get(
        "/admin/autocomplete/",
        {"term": "plat", "app_label": "directory", "model_name": "service", "field_name": "kind"},
    ).json()

    assert [item["text"] for item in offered["results"]] == ["Platná"]
