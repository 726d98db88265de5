import datetime
import json
import re

import pytest
from django.utils import timezone

from providers.directory.models import CapacityKind, Service, ServiceCapacity, ServiceForm
from providers.directory.qr import qr_code
from tests.factories import MunicipalityFactory, OrganisationFactory, ServiceKindFactory
from tests.providers.factories import FacilityFactory, findable

pytestmark = pytest.mark.django_db
YESTERDAY = datetime.timedelta(days=1)


def text(page) -> str:
    return page.content.decode()


# --- Who sees it ------------------------------------------------------------------------------------


def test_page_of_a_public_service(client):
    service = findable(name="Poradna Nitka")

    page = client.get(service.get_absolute_url())

    assert page.status_code == 200
    assert page.context["service"] == service


@pytest.mark.parametrize(
    "fields",
    [
        {"is_public": False},
        {"runs_to": timezone.localdate() - YESTERDAY},
        {"runs_from": timezone.localdate() + YESTERDAY},
    ],
    ids=["hidden", "ended", "not begun"],
)
def test_page_of_another_service_does_not_exist(client, fields):
    service = findable(name="Poradna Nitka", **fields)

    assert client.get(service.get_absolute_url()).status_code == 404


# --- Contacts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "phone", "email", "sentence"),
    [
        (
            {"phone": "+420 000 000 001", "email": "sluzba@example.cz"},
            "+420 000 000 001",
            "sluzba@example.cz",
            "",
        ),
        (
            {"phone": "+420 000 000 001"},
            "+420 000 000 001",
            "charita@example.cz",
            "E-mail patří poskytovateli: Charita",
        ),
        (
            {"email": "sluzba@example.cz"},
            "+420 000 000 002",
            "sluzba@example.cz",
            "Telefon patří poskytovateli: Charita",
        ),
        (
            {},
            "+420 000 000 002",
            "charita@example.cz",
            "Telefon a e-mail patří poskytovateli: Charita",
        ),
    ],
)
def test_contacts_fall_back_to_the_provider_and_say_so(client, own, phone, email, sentence):
    charity = OrganisationFactory(
        name="Charita", phone="+420 000 000 002", email="charita@example.cz"
    )
    service = findable(organisation=charity, **own)

    page = client.get(service.get_absolute_url()).context["page"]

    assert (page.phone, page.email) == (phone, email)
    assert page.whose_contacts.replace("\u00a0", " ") == sentence


# --- A hidden address -------------------------------------------------------------------------------


def test_hidden_address_is_never_in_any_page(client):
    """Nothing about the place is kept, and what hints at it (the facility's own name) is not shown."""
    shelter = findable(
        name="Azylový dům",
        organisation=OrganisationFactory(name="Přístav"),
        kind=ServiceKindFactory(code="azylove-domy", name_cs="Azylové domy"),
        profile={"covers_all": True},
    )
    FacilityFactory(service=shelter, name="Dům v Kanárkově", hidden=True)

    for address in (
        shelter.get_absolute_url(),
        shelter.organisation.get_absolute_url(),
        "/sluzby/",
        "/sluzby/?q=azylový",
        "/sluzby/?q=kanárkově",
        "/poskytovatele/",
    ):
        page = client.get(address)
        assert "anárkov" not in text(page).replace("kanárkově", ""), address
    assert "Adresa je utajená" in text(client.get(shelter.get_absolute_url()))
    assert client.get("/sluzby/").context["lines"][0].place == "adresa je utajená"


def test_open_address_of_the_same_service_is_shown(client):
    shelter = findable(name="Azylový dům")
    FacilityFactory(service=shelter, name="Dům v Kanárkově", hidden=True)
    FacilityFactory(
        service=shelter,
        name="Kancelář",
        street="Ukázková 1",
        postcode="667 01",
        municipality=MunicipalityFactory(name="Židlochovice"),
    )

    html = text(client.get(shelter.get_absolute_url()))

    assert "Ukázková 1" in html
    assert "Kanárkově" not in html


# --- What it says -----------------------------------------------------------------------------------


def test_page_gives_the_four_answers_and_only_those_known(client):
    service = findable(profile={"for_whom": "Pro seniory.", "cost": "Zdarma."}, groups=["seniori"])

    answers = client.get(service.get_absolute_url()).context["page"].answers

    assert [(answer.question, answer.text) for answer in answers] == [
        ("Pro koho", "Pro seniory."),
        ("Kolik to stojí", "Zdarma."),
    ]


def test_without_a_profile_the_groups_say_for_whom(client):
    service = findable(groups=["seniori"])
    service.profile.delete()

    page = client.get(service.get_absolute_url())

    assert [answer.text for answer in page.context["page"].answers] == ["Senioři"]


def test_registered_capacity_is_not_called_free_places(client):
    service = findable()
    form = ServiceForm.objects.create(code="pob", name_cs="Pobytová")
    beds = CapacityKind.objects.create(code="luzka", name_cs="Počet lůžek")
    ServiceCapacity.objects.create(service=service, form=form, kind=beds, registered_maximum=1062)

    html = text(client.get(service.get_absolute_url()))

    assert "Počet lůžek – 1\u00a0062" in html
    assert "O\u00a0volných místech to nic neříká." in html
    assert client.get(service.get_absolute_url()).context["page"].free_places == ""


def test_section_of_the_act_is_shown_only_when_it_is_known(client):
    known = findable(kind=ServiceKindFactory(code="a", section="§ 40"))
    unknown = findable(kind=ServiceKindFactory(code="b", section=""))

    assert "§\u00a040 zákona č.\u00a0108/2006\u00a0Sb." in text(
        client.get(known.get_absolute_url())
    )
    assert "zákona č." not in text(client.get(unknown.get_absolute_url()))


def test_similar_services_are_public_and_of_the_same_kind_first(client):
    care = ServiceKindFactory(code="pecovatelska-sluzba")
    day = ServiceKindFactory(code="denni-stacionare", group=care.group)
    service = findable(name="Naše", kind=care, groups=["seniori"])
    findable(name="Z stejná", kind=care)
    findable(name="A příbuzná", kind=day, groups=["seniori"])
    findable(name="Jiná", kind=day, groups=["demence"])
    findable(name="Tajná", kind=care, is_public=False)

    similar = client.get(service.get_absolute_url()).context["page"].similar

    assert [line.name for line in similar] == ["Z stejná", "A příbuzná"]


def test_texts_of_a_provider_are_escaped(client):
    service = findable(name="<b>Tučná</b>", profile={"for_whom": "<script>alert(1)</script>"})

    html = text(client.get(service.get_absolute_url()))

    assert "<script>alert" not in html
    assert "<b>Tučná" not in html
    assert "&lt;script&gt;alert(1)" in html


def data_of(page) -> dict:
    """What the page says to search engines."""
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', text(page), re.DOTALL)
    return json.loads(script[1])


def test_search_engines_read_what_people_read(client, settings):
    settings.SITE_URL = "https://kpss.example.cz"
    charity = OrganisationFactory(name="Charita", ico="27082440", phone="+420 000 000 102")
    service = findable(
        name="Asistence", slug="asistence", organisation=charity, groups=["seniori"],
        municipalities=[MunicipalityFactory(name="Rajhrad")], forms=["ter"],
        profile={"summary": "Pro seniory"},
    )  # fmt: skip
    FacilityFactory(service=service, name="Kancelář", street="Ukázková 1", place_text="Brno")

    assert data_of(client.get(service.get_absolute_url())) == {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": "Asistence",
        "url": "https://kpss.example.cz/sluzby/asistence/",
        "description": "Pro seniory",
        "serviceType": "Pečovatelská služba",
        "areaServed": ["Rajhrad"],
        "audience": [{"@type": "Audience", "audienceType": "senioři"}],
        "provider": {"@type": "Organization", "name": "Charita", "identifier": "27082440"},
        "availableChannel": {
            "@type": "ServiceChannel",
            "servicePhone": {"@type": "ContactPoint", "telephone": "+420000000102"},
            "serviceLocation": [
                {
                    "@type": "Place",
                    "name": "Kancelář",
                    "address": {
                        "@type": "PostalAddress",
                        "streetAddress": "Ukázková 1",
                        "addressLocality": "Brno",
                        "addressCountry": "CZ",
                    },
                }
            ],
        },
    }


def test_hidden_place_is_not_told_to_search_engines(client):
    shelter = findable(name="Azylový dům")
    FacilityFactory(service=shelter, name="Dům v Kanárkově", hidden=True)

    data = data_of(client.get(shelter.get_absolute_url()))
    assert data["name"] == "Azylový dům"
    assert "serviceLocation" not in data.get("availableChannel", {})


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!--<script>", "]]>", '"},{"@type":"x', "&lt;"]
)
def test_no_text_leaves_the_data_for_search_engines(client, name):
    service = findable(name=name, slug="sluzba")

    page = client.get(service.get_absolute_url())

    assert data_of(page)["name"] == name
    assert "alert(1)</script>" not in text(page)


def test_code_leads_to_the_page(client, settings):
    settings.SITE_URL = "https://kpss.example.cz"
    service = findable(slug="poradna")

    page = client.get(service.get_absolute_url())

    assert page.context["qr"] == qr_code("https://kpss.example.cz/sluzby/poradna/")
    assert "kpss.example.cz/sluzby/poradna/" in text(page)


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_count(client, django_assert_num_queries, count):
    kind = ServiceKindFactory()
    for number in range(count + 1):
        municipality = MunicipalityFactory()
        service = findable(
            kind=kind,
            groups=[f"skupina-{n}" for n in range(number + 1)],
            forms=[f"forma-{n}" for n in range(number + 1)],
            municipalities=[municipality],
        )
        for _each in range(number + 1):
            FacilityFactory(service=service, municipality=municipality)
        for form in service.forms.all():
            beds, _new = CapacityKind.objects.get_or_create(code="luzka")
            ServiceCapacity.objects.create(
                service=service, form=form, kind=beds, registered_maximum=1
            )

    # 1 service with 7 prefetches, 1 similar with 4, 1 region
    with django_assert_num_queries(14):
        client.get(service.get_absolute_url())

    assert Service.objects.count() == count + 1
