"""What every page knows of the region and of the reader, also when the database is away."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import resolve

from kpss import context_processors
from kpss.context_processors import portal, region_of
from kpss.territory.models import Region


@pytest.fixture
def request_(monkeypatch):
    """A request in a process that has not seen the region yet."""
    monkeypatch.setitem(context_processors._last_seen, "region", None)
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return request


@pytest.fixture
def broken(monkeypatch):
    """Makes every question to the database fail from now on."""

    def break_now():
        def refuse():
            raise OperationalError("the database is away")

        monkeypatch.setattr(Region, "load", refuse)

    return break_now


@pytest.mark.django_db
def test_region_is_read_once_a_request(request_, django_assert_num_queries):
    Region.objects.create(pk=1, name="SO ORP Židlochovice", short_name="Židlochovicko")

    with django_assert_num_queries(1):
        context = portal(request_)
        assert context["region"].name == "SO ORP Židlochovice"
        assert not context["is_demo"]
        assert context["own_colour"] == ""


@pytest.mark.django_db
def test_nothing_is_read_for_a_page_that_does_not_ask(request_, django_assert_num_queries):
    with django_assert_num_queries(0):
        portal(request_)


def test_region_is_nobody_when_the_database_is_away_from_the_start(request_, broken):
    broken()

    context = portal(request_)

    assert not context["region"]
    assert not context["is_demo"]
    assert context["own_colour"] == ""
    assert not context["is_signed_in"]


@pytest.mark.django_db
def test_region_is_the_one_seen_last_when_the_database_goes_away(request_, broken):
    Region.objects.create(pk=1, name="SO ORP", short_name="ORP", coordinator_phone="547000000")
    region_of(RequestFactory().get("/"))
    broken()

    assert portal(request_)["region"].coordinator_phone == "547000000"


def test_reader_is_not_signed_in_when_the_database_is_away(request_):
    class Unreachable:
        @property
        def is_authenticated(self):
            raise OperationalError("the database is away")

    request_.user = Unreachable()

    assert not portal(request_)["is_signed_in"]


@pytest.mark.django_db
def test_colour_of_the_region_is_its_own_only_when_it_differs(request_):
    Region.objects.create(pk=1, name="SO ORP", short_name="ORP", colour="#7A1F1F")

    assert portal(request_)["own_colour"] == "#7A1F1F"


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/", []),
        ("/sluzby/", ["Najít pomoc"]),
        ("/plany/", ["Plány"]),
        ("/skupiny/", ["Kdo plánuje"]),
        ("/dokumenty/", ["Dokumenty"]),
        ("/aktuality/", ["Aktuality"]),
        ("/o-planovani/", ["O\N{NO-BREAK SPACE}plánování"]),
    ],
)
def test_menu_shows_where_the_reader_is(request_, address, current):
    request_.resolver_match = resolve(address)

    sections = portal(request_)["sections"]

    assert [section.label for section in sections if section.is_current] == current
    assert len(sections) == 6
