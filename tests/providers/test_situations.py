import datetime

import pytest
from django.utils import timezone

from providers.directory import selectors
from tests.factories import (
    MunicipalityFactory,
    PlanningGroupFactory,
    ServiceKindFactory,
    TargetGroupFactory,
)
from tests.providers.factories import CrisisLineFactory, LifeSituationFactory, findable, names

pytestmark = pytest.mark.django_db


def test_home_offers_chosen_situations_in_use_eight_at_most():
    chosen = [LifeSituationFactory(on_home_page=True, position=n) for n in range(9)]
    LifeSituationFactory(on_home_page=False)
    LifeSituationFactory(on_home_page=True, is_active=False)

    assert list(selectors.situations_for_home()) == chosen[:8]


def test_crisis_lines_are_those_in_use():
    line = CrisisLineFactory(availability_cs="nepřetržitě")
    CrisisLineFactory(is_active=False)
    CrisisLineFactory(valid_to=timezone.localdate() - datetime.timedelta(days=1))

    assert [(one.name, one.availability) for one in selectors.crisis_lines()] == [
        (line.name_cs, "nepřetržitě")
    ]


def test_list_groups_situations_by_their_people(client):
    seniors = TargetGroupFactory(planning_group=PlanningGroupFactory(position=1))
    families = TargetGroupFactory(
        code="rodiny-s-detmi",
        planning_group=PlanningGroupFactory(code="rodiny", name_cs="Rodiny", position=2),
    )
    both, family, anybody = LifeSituationFactory.create_batch(3)
    both.target_groups.set([seniors, families])
    family.target_groups.set([families])

    groups = client.get("/situace/").context["groups"]

    assert [(group.title, group.situations) for group in groups] == [
        ("Senioři a pečující osoby", [both]),
        ("Rodiny", [family]),
        ("Když si nejste jistí", [anybody]),
    ]


@pytest.fixture
def situation():
    """Care at home: two kinds of service, for seniors, one line to call."""
    situation = LifeSituationFactory(name_cs="Starám se doma o seniora", slug="pece")
    care = ServiceKindFactory(code="pecovatelska-sluzba")
    assistance = ServiceKindFactory(code="osobni-asistence", name_cs="Osobní asistence")
    situation.service_kinds.set([care, assistance])
    situation.target_groups.set([TargetGroupFactory(code="seniori")])
    situation.crisis_lines.set([CrisisLineFactory(name_cs="Linka seniorů")])
    return situation


def test_page_has_services_of_the_kinds_for_the_groups(client, situation):
    care, assistance = situation.service_kinds.order_by("-code")
    findable(name="Pečovatelka", kind=care, groups=["seniori"])
    findable(name="Asistentka", kind=assistance, groups=["seniori", "demence"])
    findable(name="Pro jiné", kind=care, groups=["demence"])
    findable(name="Jiná", kind=ServiceKindFactory(code="nocleharny"), groups=["seniori"])
    findable(name="Ukončená", kind=care, groups=["seniori"], is_public=False)

    page = client.get("/situace/pece/")

    assert names(page) == ["Asistentka", "Pečovatelka"]
    assert [line.name for line in page.context["crisis"]] == ["Linka seniorů"]


def test_when_nobody_fits_the_groups_the_kinds_are_enough(client, situation):
    care = situation.service_kinds.get(code="pecovatelska-sluzba")
    findable(name="Pro jiné", kind=care, groups=["demence"])

    assert names(client.get("/situace/pece/")) == ["Pro jiné"]


def test_page_keeps_what_comes_to_my_municipality(client, situation):
    care = situation.service_kinds.get(code="pecovatelska-sluzba")
    here = MunicipalityFactory(name="Rajhrad", slug="rajhrad")
    findable(name="Jezdí všude", kind=care, groups=["seniori"], profile={"covers_all": True})
    findable(name="Jezdí sem", kind=care, groups=["seniori"], municipalities=[here])
    findable(name="Jezdí jinam", kind=care, groups=["seniori"])

    page = client.get("/situace/pece/", {"obec": "rajhrad"})

    assert names(page) == ["Jezdí sem", "Jezdí všude"]


@pytest.mark.parametrize("value", ["nikde", "' OR 1=1", "\x00", "x" * 5000])
def test_unknown_municipality_changes_nothing(client, situation, value):
    care = situation.service_kinds.get(code="pecovatelska-sluzba")
    findable(name="Pečovatelka", kind=care, groups=["seniori"])

    assert names(client.get("/situace/pece/", {"obec": value})) == ["Pečovatelka"]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"valid_to": datetime.date(2020, 1, 1)}])
def test_situation_out_of_use_has_no_page(client, fields):
    LifeSituationFactory(slug="stara", **fields)

    assert client.get("/situace/stara/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_count(client, situation, django_assert_num_queries, count):
    care = situation.service_kinds.get(code="pecovatelska-sluzba")
    for _number in range(count):
        findable(kind=care, groups=["seniori"], forms=["ter"])

    # 1 situation with 3 prefetches, 1 municipalities, 1 whether any fits, 1 number, 1 page with 4, 1 region
    with django_assert_num_queries(13):
        page = client.get("/situace/pece/")

    assert len(names(page)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, django_assert_num_queries, count):
    for number in range(count):
        situation = LifeSituationFactory()
        situation.target_groups.set([TargetGroupFactory(code=f"skupina-{number}")])

    with django_assert_num_queries(5):  # situations, their groups, groups of these, lines, region
        page = client.get("/situace/")

    assert sum(len(group.situations) for group in page.context["groups"]) == count
