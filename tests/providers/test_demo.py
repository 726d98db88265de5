import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpss.territory.models import Municipality
from providers.directory import codelists, demo
from providers.directory.models import Facility, Organisation, Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def _district():
    codelists.load()
    demo.seed(None)


@pytest.mark.usefixtures("_district")
def test_demo_is_the_whole_district():
    assert Municipality.objects.in_district().count() == 24
    assert Municipality.objects.get(is_seat=True).name == "Židlochovice"
    assert Organisation.objects.providers().count() == 14
    assert Organisation.objects.exclude(represents=None).count() == 24
    assert Organisation.objects.filter(name__startswith="MAS ").count() == 1
    services = Service.objects.public().select_related("profile")
    assert services.count() == 20
    assert all(service.search for service in services)
    for service in services:
        profile = service.profile
        assert all(
            [
                profile.summary,
                profile.for_whom,
                profile.helps_with,
                profile.how_to_begin,
                profile.cost,
            ]
        ), service
        assert profile.covers_all or profile.municipalities.exists(), service
        assert len(profile.summary.split()) <= 12, service


@pytest.mark.usefixtures("_district")
def test_demo_keeps_one_address_hidden():
    hidden = Facility.objects.get(is_hidden=True)

    assert hidden.service.name == "Azylový dům Přístav pro rodiče s dětmi"
    assert hidden.municipality is None


@pytest.mark.usefixtures("_district")
def test_second_run_writes_nothing():
    with CaptureQueriesContext(connection) as queries:
        demo.seed(None)

    verbs = {query["sql"].split()[0] for query in queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE"}


@pytest.mark.usefixtures("_district")
def test_search_of_the_demo(client):
    def names(text):
        return {line.name for line in client.get("/sluzby/", {"q": text}).context["lines"]}

    seniors = names("senioři")
    assert len(seniors) >= 8
    assert names("seniorum") == names("SENIORU") == names("seniorů") == seniors
    assert names("exekuce") == {"Občanská a dluhová poradna Nitka"}
    assert "Tísňová péče Jistota" in names("tlačítko")
    assert "Azylový dům Přístav pro rodiče s dětmi" in names("domácí násilí")


@pytest.mark.usefixtures("_district")
def test_every_situation_of_the_demo_opens(client):
    situations = [
        item for group in client.get("/situace/").context["groups"] for item in group.situations
    ]
    assert len(situations) == 29

    for situation in situations:
        assert client.get(situation.get_absolute_url()).status_code == 200, situation
