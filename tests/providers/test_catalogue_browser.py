import datetime
import re

import pytest
from playwright.sync_api import expect

from kpss.territory.models import Region
from providers.directory.models import CapacityKind, ServiceCapacity
from tests.browsing import assert_accessible_everywhere, wait_until
from tests.factories import MunicipalityFactory, OrganisationFactory
from tests.providers.factories import (
    CrisisLineFactory,
    FacilityFactory,
    LifeSituationFactory,
    findable,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    """Two services with everything that the pages draw; one of them in a hidden place."""
    Region.objects.create(
        pk=1,
        name="Správní obvod Židlochovice",
        short_name="Židlochovicko",
        coordinator_name="Jana Ukázková",
        coordinator_phone="+420000000100",
        coordinator_email="kpss@example.cz",
    )
    rajhrad = MunicipalityFactory(name="Rajhrad", slug="rajhrad")
    MunicipalityFactory(name="Ledce", slug="ledce")
    care = findable(
        name="Pečovatelská služba",
        slug="pecovatelska-sluzba",
        organisation=OrganisationFactory(name="Charita", slug="charita", phone="+420000000102"),
        groups=["seniori"],
        forms=["ter"],
        municipalities=[rajhrad],
        profile={
            "summary": "Pro seniory doma",
            "for_whom": "Pro seniory.",
            "helps_with": "S mytím.",
            "how_to_begin": "Zavolejte.",
            "cost": "150 Kč za hodinu.",
            "free_places": "few",
            "free_places_on": datetime.date(2020, 11, 12),
            "confirmed_on": datetime.date(2020, 11, 12),
        },
    )
    FacilityFactory(service=care, municipality=rajhrad, street="Ukázková 1", postcode="664 61")
    clients, _new = CapacityKind.objects.get_or_create(code="klient", name_cs="Počet klientů")
    ServiceCapacity.objects.create(
        service=care, form=care.forms.get(), kind=clients, registered_maximum=18
    )
    shelter = findable(name="Azylový dům", slug="azylovy-dum", forms=["pob"])
    FacilityFactory(service=shelter, hidden=True)
    situation = LifeSituationFactory(
        name_cs="Nezvládám péči", slug="pece", explanation="Zavolejte."
    )
    situation.service_kinds.set([care.kind])
    situation.crisis_lines.set([CrisisLineFactory(name_cs="Linka seniorů")])


ADDRESSES = [
    "/sluzby/",
    "/sluzby/?q=seniorum&obec=rajhrad&forma=ter&komu=seniori",
    "/sluzby/?q=peovatelska",
    "/sluzby/pecovatelska-sluzba/",
    "/sluzby/azylovy-dum/",
    "/poskytovatele/",
    "/poskytovatele/charita/",
    "/situace/",
    "/situace/pece/",
]


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_accessible(page, address):
    assert_accessible_everywhere(page, address)


def choose_rajhrad(page):
    """As a person does: the first touch of the form fetches htmx, which then sends the choice."""
    where = page.get_by_label("Kde jste?")
    where.focus()
    wait_until(page, "Boolean(window.htmx)")
    where.select_option("rajhrad")


@pytest.mark.usefixtures("district")
def test_filters_work_at_once_and_can_be_taken_back(page):
    page.goto("/sluzby/")
    rows = page.locator("#service-rows .row-title")
    expect(rows).to_have_count(2)

    choose_rajhrad(page)

    expect(rows).to_have_text(["Pečovatelská služba"])
    expect(page.locator("#service-count")).to_have_text("1 služba pro lidi z obce Rajhrad")
    expect(page).to_have_url(re.compile(r"/sluzby/\?obec=rajhrad$"))
    expect(page.get_by_role("option", name="Rajhrad (1)")).to_have_count(1)
    page.get_by_role("link", name="Rajhrad – zrušit tento filtr").click()
    expect(rows).to_have_count(2)
    page.go_back()
    expect(rows).to_have_count(1)


@pytest.mark.usefixtures("district")
def test_filter_keeps_the_focus_on_what_was_chosen(page):
    page.goto("/sluzby/")
    choose_rajhrad(page)
    expect(page.locator("#service-rows .row-title")).to_have_count(1)

    expect(page.get_by_label("Kde jste?")).to_be_focused()


@pytest.mark.usefixtures("district")
def test_catalogue_works_without_javascript(chromium, live_server):
    context = chromium.new_context(
        base_url=live_server.url,
        locale="cs-CZ",
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
    )
    page = context.new_page()
    page.goto("/sluzby/")

    page.get_by_text("Další filtry").click()
    page.get_by_label("ter (1)").check()
    page.get_by_role("button", name="Zobrazit služby").click()
    page.locator("main").get_by_role("searchbox").fill("seniorum")
    page.locator("main").get_by_role("button", name="Hledat").click()

    expect(page.locator(".row-title")).to_have_text(["Pečovatelská služba"])
    assert "forma=ter" in page.url
    assert "q=seniorum" in page.url
    page.get_by_role("link", name="Pečovatelská služba", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pečovatelská služba")
    context.close()


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize("address", ["/sluzby/", "/sluzby/pecovatelska-sluzba/", "/situace/"])
def test_page_weighs_little(page, address):
    sizes = []
    page.on("response", lambda response: sizes.append(len(response.body())))

    page.goto(address, wait_until="networkidle")

    assert 10_000 < sum(sizes) < 150_000
