import datetime

import pytest
from django.core.management import call_command
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

from providers.directory.models import Service
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    PlanningGroupFactory,
    ServiceKindFactory,
    TargetGroupFactory,
)
from tests.providers.factories import CrisisLineFactory, FacilityFactory, findable, names

pytestmark = pytest.mark.django_db
LIST = "/sluzby/"
YESTERDAY = datetime.timedelta(days=1)


def options(page, name):
    """What a filter offers: value → how many services it leaves."""
    flat = []
    for value, label in page.context["form"].fields[name].widget.choices:
        flat += label if isinstance(label, list) else [(value, label)]
    return {value: int(label.rpartition("(")[2].rstrip(")")) for value, label in flat if value}


# --- What is shown ----------------------------------------------------------------------------------


def test_list_shows_public_running_services_only(client):
    today = timezone.localdate()
    findable(name="Běžící")
    findable(name="Končí dnes", runs_to=today)
    findable(name="Ukončená", runs_to=today - YESTERDAY)
    findable(name="Budoucí", runs_from=today + YESTERDAY)
    findable(name="Neveřejná", is_public=False)

    page = client.get(LIST)

    assert names(page) == ["Běžící", "Končí dnes"]


def test_search_does_not_reach_what_is_not_public(client):
    findable(name="Kanárkova poradna", is_public=False)
    assert Service.objects.filter(search__match="kanárkova").exists()

    page = client.get(LIST, {"q": "kanárkova"})

    assert names(page) == []


def test_list_is_sorted_in_czech(client):
    for name in ["Dílna", "Chata", "Čaj", "Hora", "Cesta", "Ihned"]:
        findable(name=name)

    page = client.get(LIST)

    assert names(page) == ["Cesta", "Čaj", "Dílna", "Hora", "Chata", "Ihned"]


def test_line_says_for_whom_where_and_whom_to_call(client):
    rajhrad = MunicipalityFactory(name="Rajhrad")
    service = findable(
        name="Pečovatelka",
        organisation=OrganisationFactory(name="Charita", phone="+420000000102"),
        forms=["ter"],
        municipalities=[rajhrad],
        profile={
            "summary": "Pro seniory doma",
            "free_places": "yes",
            "free_places_on": datetime.date(2020, 11, 12),
        },
    )
    FacilityFactory(service=service, municipality=rajhrad)

    [line] = client.get(LIST).context["lines"]

    assert line.for_whom == "Pro seniory doma"
    assert line.provider == "Charita"
    assert line.place == "Rajhrad, jezdí do obcí: Rajhrad"
    assert line.phone == "+420000000102"
    assert (line.free_state, line.free_places) == (
        "free",
        "Volná místa, 12.\u00a011.\u00a02020",
    )


def test_ended_facility_is_not_named(client):
    service = findable(name="Stacionář")
    FacilityFactory(
        service=service,
        municipality=MunicipalityFactory(name="Kanárkov"),
        runs_to=timezone.localdate() - YESTERDAY,
    )

    page = client.get(LIST)

    assert page.context["lines"][0].place == ""
    assert "Kanárkov" not in client.get(service.get_absolute_url()).content.decode()


# --- Search -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["senioři", "seniorů", "seniorum", "SENIORU", "  senior  "])
def test_search_gives_the_same_answer_in_every_form_of_a_word(client, text):
    findable(name="Stacionář", groups=["seniori"])
    findable(name="Klub mladých")

    assert names(client.get(LIST, {"q": text})) == ["Stacionář"]


def test_search_knows_words_that_people_use(client):
    kind = ServiceKindFactory(code="tisnova-pece", name_cs="Tísňová péče")
    findable(name="Jistota", kind=kind)
    findable(name="Domov", kind=ServiceKindFactory(code="domovy-pro-seniory", name_cs="Domov"))

    assert names(client.get(LIST, {"q": "tlačítko"})) == ["Jistota"]


def test_search_puts_services_of_the_named_kind_first(client):
    care = ServiceKindFactory(code="pecovatelska-sluzba", name_cs="Pečovatelská služba")
    day = ServiceKindFactory(code="denni-stacionare", name_cs="Denní stacionáře")
    findable(name="A stacionář", kind=day, organisation=OrganisationFactory(name="Pečovatelská s."))
    findable(name="Z péče", kind=care)

    assert names(client.get(LIST, {"q": "pečovatelská"})) == ["Z péče", "A stacionář"]


def test_search_follows_a_change_of_the_provider(client):
    service = findable(name="Poradna", organisation=OrganisationFactory(name="Nitka"))
    assert names(client.get(LIST, {"q": "nitka"})) == ["Poradna"]

    Service.objects.filter(pk=service.pk).update(search="")
    call_command("reindex_services", verbosity=0)

    assert names(client.get(LIST, {"q": "nitka"})) == ["Poradna"]


def test_nothing_found_offers_another_word_lines_and_the_coordinator(client):
    findable(name="Pečovatelská služba")
    CrisisLineFactory(name_cs="Tísňové volání", phone="112")
    line = CrisisLineFactory(name_cs="Linka bezpečí")

    page = client.get(LIST, {"q": "peovatelska"})

    assert names(page) == []
    assert page.context["meant"] == "pečovatelská"
    assert page.context["crisis"] == [line]
    followed = client.get(f"{LIST}?{page.context['meant_query']}")
    assert names(followed) == ["Pečovatelská služba"]


def test_word_is_not_offered_when_it_finds_nothing_public(client):
    findable(name="Kanárkova poradna", is_public=False)

    page = client.get(LIST, {"q": "kanarkovaa"})

    assert page.context["meant"] == ""


# --- Filters ----------------------------------------------------------------------------------------


@pytest.fixture
def district():
    """Three services, which the filters tell apart."""
    rajhrad = MunicipalityFactory(name="Rajhrad", slug="rajhrad")
    ledce = MunicipalityFactory(name="Ledce", slug="ledce")
    families = PlanningGroupFactory(code="rodiny", name_cs="Rodiny")
    TargetGroupFactory(code="seniori", name_cs="senioři")
    TargetGroupFactory(code="demence", name_cs="demence")
    TargetGroupFactory(code="rodiny-s-detmi", name_cs="rodiny s dětmi", planning_group=families)
    care = ServiceKindFactory(code="pecovatelska-sluzba", name_cs="Pečovatelská služba")
    home = ServiceKindFactory(code="domovy-pro-seniory", name_cs="Domovy pro seniory")
    ServiceKindFactory(code="rana-pece", name_cs="Raná péče")
    assistance = findable(
        name="Asistence", kind=care, groups=["seniori", "demence"], forms=["ter"],
        municipalities=[rajhrad],
    )  # fmt: skip
    FacilityFactory(service=assistance, municipality=rajhrad)
    findable(
        name="Byty", kind=home, groups=["seniori"], forms=["pob"], profile={"covers_all": True}
    )
    centre = findable(name="Centrum", kind=care, groups=["rodiny-s-detmi"], forms=["ter", "amb"])
    FacilityFactory(service=centre, municipality=ledce)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Asistence", "Byty", "Centrum"]),
        ("komu=seniori", ["Asistence", "Byty"]),
        ("komu=cs-demence", ["Asistence"]),
        ("komu=rodiny", ["Centrum"]),
        ("druh=pecovatelska-sluzba", ["Asistence", "Centrum"]),
        ("forma=ter", ["Asistence", "Centrum"]),
        ("forma=pob&forma=amb", ["Byty", "Centrum"]),
        ("obec=rajhrad", ["Asistence", "Byty"]),
        ("obec=ledce", ["Centrum", "Byty"]),
        ("obec=rajhrad&forma=pob", ["Byty"]),
        ("q=senior&druh=domovy-pro-seniory", ["Byty"]),
    ],
)
@pytest.mark.usefixtures("district")
def test_filters_narrow_and_what_is_near_comes_first(client, query, expected):
    assert names(client.get(f"{LIST}?{query}")) == expected


@pytest.mark.usefixtures("district")
def test_every_count_equals_what_its_choice_shows(client):
    for query in ("", "komu=seniori", "forma=ter", "obec=rajhrad", "q=senior"):
        for name in ("obec", "komu", "druh", "forma"):
            page = client.get(f"{LIST}?{query}")
            rest = "&".join(part for part in query.split("&") if not part.startswith(name))
            for value, count in options(page, name).items():
                chosen = client.get(f"{LIST}?{rest}&{name}={value}")
                assert len(names(chosen)) == count, (query, name, value)


@pytest.mark.usefixtures("district")
def test_choices_that_lead_nowhere_are_left_out_unless_chosen(client):
    page = client.get(LIST, {"komu": "rodiny", "druh": "domovy-pro-seniory"})

    assert options(page, "druh") == {"pecovatelska-sluzba": 1, "domovy-pro-seniory": 0}
    assert options(page, "obec") == {"ledce": 0, "rajhrad": 0}
    assert "rana-pece" not in options(client.get(LIST), "druh")


@pytest.mark.usefixtures("district")
def test_each_chip_takes_its_filter_off(client):
    page = client.get(f"{LIST}?q=senior&obec=rajhrad&forma=pob&forma=ter")

    chips = {chip.label: chip.url for chip in page.context["chips"]}

    assert chips == {
        "„senior“": "/sluzby/?obec=rajhrad&forma=pob&forma=ter",
        "Rajhrad": "/sluzby/?q=senior&forma=pob&forma=ter",
        "pob": "/sluzby/?q=senior&obec=rajhrad&forma=ter",
        "ter": "/sluzby/?q=senior&obec=rajhrad&forma=pob",
    }


@pytest.mark.usefixtures("district")
def test_list_says_how_many_services_do_not_come(client):
    page = client.get(LIST, {"obec": "ledce", "komu": "seniori"})

    assert names(page) == ["Byty"]
    assert page.context["elsewhere"] == 1
    assert page.context["elsewhere_query"] == "komu=seniori"


# --- The fragment and the whole page ------------------------------------------------------------------


@pytest.mark.usefixtures("district")
def test_htmx_gets_the_same_lines_without_the_page(client):
    whole = client.get(LIST, {"komu": "seniori"})
    part = client.get(LIST, {"komu": "seniori"}, headers={"HX-Request": "true"})

    assert names(part) == names(whole)
    assert "<h1" not in part.content.decode()
    assert part.content.decode().count("hx-swap-oob") == 5
    assert 'class="row-title"' in part.content.decode()
    assert part["HX-Push-Url"] == "/sluzby/?komu=seniori"


def test_htmx_history_gets_the_whole_page(client):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    page = client.get(LIST, headers=headers)

    assert "<h1" in page.content.decode()
    assert "HX-Request" in page["Vary"]


def test_pages_keep_the_filters(client):
    for number in range(21):
        findable(name=f"Služba {number}", forms=["ter"])

    first = client.get(LIST, {"forma": "ter"})
    second = client.get(LIST, {"forma": "ter", "page": 2})

    assert len(names(first)) == 20
    assert names(second) == ["Služba 20"]
    assert "?forma=ter&amp;page=2" in first.content.decode()


# --- What everybody may ask -----------------------------------------------------------------------------

HOSTILE = [
    {"sort": "password"},
    {"sort": "'; DROP TABLE directory_service; --"},
    {"page": "abc"},
    {"page": "-1"},
    {"page": "9" * 5000},
    {"page": "2\x00"},
    {"q": "'"},
    {"q": '"'},
    {"q": 'a" OR "b'},
    {"q": "a' | 'b & !c"},
    {"q": "NEAR(a b)"},
    {"q": "search:*"},
    {"q": "a\x00b"},
    {"q": "\U0001f600 \u202e \ufeff"},
    {"q": "x" * 5000},
    {"q": "a " * 2500},
    {"q": "%s %(name)s {0}"},
    {"q": "!!! ???"},
    {"obec": "' OR 1=1"},
    {"obec": "\x00"},
    {"komu": "cs-"},
    {"komu": "-1 UNION SELECT 1"},
    {"druh": "[]"},
    {"forma": ["ter", "' OR 1=1", "\x00"]},
    {"q": ["a", "b"], "obec": ["x", "y"], "page": ["1", "2"]},
    {"q\x00": "a", "": "", "kind__code": "x", "organisation__email__contains": "@"},
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("htmx", [False, True])
def test_no_query_breaks_the_list(client, query, htmx):
    findable(name="Poradna")

    page = client.get(LIST, query, headers={"HX-Request": "true"} if htmx else {})

    assert page.status_code == 200
    assert set(names(page)) <= {"Poradna"}


def test_query_is_escaped_on_the_page(client):
    text = "<script>alert(1)</script>"

    html = client.get(LIST, {"q": text}).content.decode()

    assert text not in html
    assert escape(text) in html


def test_catalogue_sets_no_cookie(client):
    service = findable(name="Poradna")
    addresses = [LIST, "/poskytovatele/", "/situace/", service.get_absolute_url()]

    for address in [*addresses, service.organisation.get_absolute_url()]:
        assert dict(client.get(address).cookies) == {}, address


def test_catalogue_is_read_only(client):
    assert client.post(LIST).status_code == 405


def fill(count):
    """``count`` services, each with everything a line touches."""
    for number in range(count):
        municipality = MunicipalityFactory()
        service = findable(
            name=f"Služba {number}",
            groups=["seniori", f"skupina-{number}"],
            forms=["ter", f"forma-{number}"],
            municipalities=[municipality],
            profile={"free_places": "few", "free_places_on": datetime.date(2020, 11, 12)},
        )
        FacilityFactory(service=service, municipality=municipality)


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, django_assert_num_queries, count):
    fill(count)

    # 4 lists, 1 region, 1 number, 1 page with 4 prefetches, 8 counts of choices
    with django_assert_num_queries(19):
        page = client.get(LIST)

    assert len(names(page)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_narrowed_list_query_count(client, django_assert_num_queries, count):
    fill(count)
    everywhere = MunicipalityFactory(slug="tady")
    for service in Service.objects.all():
        service.profile.municipalities.add(everywhere)

    # as above, and what does not come here
    with django_assert_num_queries(20):
        page = client.get(LIST, {"q": "služba", "obec": "tady", "forma": "ter", "komu": "seniori"})

    assert len(names(page)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_empty_list_query_count(client, django_assert_num_queries, count):
    fill(count)

    # 4 lists, 1 region, 1 number, 8 counts, 1 lines of help, 5 for the word that was meant
    with django_assert_num_queries(20):
        page = client.get(LIST, {"q": "xyzxyz"})

    assert names(page) == []


def test_page_weight(client):
    for number in range(40):
        findable(
            name=f"Pečovatelská služba číslo {number} s delším názvem",
            forms=["ter", "amb"],
            profile={"summary": "Pro seniory a nemocné, kteří chtějí zůstat doma, " * 3},
        )
    html = client.get(LIST).content

    assert len(html) < 60_000


def test_great_counts_are_grouped_for_people():
    page = Paginator(range(6733), 20).page(1)

    html = render_to_string("directory/_service_count.html", {"page": page})

    assert "6\u00a0733\u00a0služeb" in html
