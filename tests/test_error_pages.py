"""Error pages: Czech, whole, drawn also when the database does not answer; what a monitor reads."""

import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import Http404
from django.test import override_settings
from django.urls import path

from kpss import urls, views
from kpss.territory.models import Region
from tests import production
from tests.strict import StrictClient, check_page

NOWHERE = "postgres://kpss:kpss@127.0.0.1:1/kpss"
FAULTS = {
    "400": SuspiciousOperation,
    "403": PermissionDenied,
    "404": Http404,
    "500": ZeroDivisionError,
    "503": OperationalError,
    "503b": InterfaceError,
}


@login_not_required
def _fails(request, fault):
    raise FAULTS[fault]("the inside of the portal")


@login_not_required
def _fills_the_disk(request):
    with transaction.atomic():
        Region.objects.create(pk=1, name="Kraj", short_name="Kraj")
        Region.objects.update(welcome="x" * 5_000_000)


urlpatterns = [
    path("chyba/<str:fault>/", _fails),
    path("plny-disk/", _fills_the_disk),
    *urls.urlpatterns,
]
handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error


@pytest.fixture
def lenient_client(settings):
    """Lets the error pages answer instead of raising; the pages themselves are checked as any."""
    settings.ROOT_URLCONF = __name__
    return StrictClient(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status", "heading"),
    [
        ("400", 400, "Požadavku jsme neporozuměli"),
        ("403", 403, "K\N{NO-BREAK SPACE}této stránce nemáte přístup"),
        ("404", 404, "Tuto stránku jsme nenašli"),
        ("500", 500, "Něco se pokazilo"),
        ("503", 503, "Portál si na chvíli odpočívá"),
        ("503b", 503, "Portál si na chvíli odpočívá"),
    ],
)
def test_error_page_is_czech_and_tells_nothing_of_the_inside(
    lenient_client, fault, status, heading
):
    response = lenient_client.get(f"/chyba/{fault}/")

    html = response.content.decode()
    assert response.status_code == status
    assert re.search("<h1[^>]*>(.*?)</h1>", html, re.DOTALL).group(1).strip() == heading
    assert '<html lang="cs">' in html
    assert "the inside of the portal" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["500", "503"])
def test_fault_has_a_number_that_the_log_has_too(lenient_client, caplog, fault):
    html = lenient_client.get(f"/chyba/{fault}/").content.decode()

    (incident,) = re.findall("<strong>([0-9a-f]{8})</strong>", html)
    assert incident in caplog.text


@pytest.mark.django_db
def test_too_large_a_request_is_explained(lenient_client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    response = lenient_client.post("/ucet/login/", {"login": "x" * 100, "password": "y"})

    assert response.status_code == 413
    assert "Soubor je příliš velký" in response.content.decode()


@pytest.mark.django_db
def test_forged_form_is_explained(settings):
    client = StrictClient(enforce_csrf_checks=True)

    response = client.post("/ucet/login/", {"login": "a@example.cz", "password": "y"})

    assert response.status_code == 403
    assert '<html lang="cs">' in response.content.decode()


@pytest.fixture(scope="module")
def without_database(tmp_path_factory, static_root):
    """What an installation whose database is down answers, by address."""
    return production.visit(
        tmp_path_factory.mktemp("without_database"),
        "anonymous = {path: get(path) for path in"
        " ('/', '/sluzby/', '/plany/', '/zdravi/', '/ucet/login/', '/muj-stul/')}\n"
        "client.cookies['__Host-session'] = 'x' * 32\n"
        "member = {'member ' + path: get(path) for path in ('/', '/muj-stul/', '/neni/')}\n"
        "result = anonymous | member",
        DATABASE_URL=NOWHERE,
    )


@pytest.mark.parametrize(
    "address", ["/", "/sluzby/", "/plany/", "member /", "member /muj-stul/", "member /neni/"]
)
def test_page_without_database_says_so(without_database, address):
    answer = without_database[address]

    assert answer["status"] == 503
    assert check_page(answer["html"]) == []
    assert "Portál si na chvíli odpočívá" in answer["html"]
    assert 'href="tel:116123"' in answer["html"]
    assert answer["headers"]["Retry-After"] == "60"
    assert "no-store" in answer["headers"]["Cache-Control"]


def test_signing_in_is_offered_without_database(without_database):
    assert without_database["/muj-stul/"]["status"] == 302
    assert without_database["/muj-stul/"]["headers"]["Location"] == "/ucet/login/?next=/muj-stul/"


def test_monitor_learns_that_the_database_is_down(without_database):
    answer = without_database["/zdravi/"]

    assert answer["status"] == 503
    assert answer["html"] == '{"status": "failed", "database": "failed", "store": "ok"}'


@pytest.mark.django_db
def test_monitor_learns_that_all_is_well(client):
    response = client.get("/zdravi/")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "store": "ok"}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_monitor_learns_that_the_store_cannot_be_written(client, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.STORE_DIR = tmp_path / "file" / "store"

    response = client.get("/zdravi/")

    assert response.status_code == 503
    assert response.json() == {"status": "failed", "database": "ok", "store": "failed"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no limit to set")
def test_full_disk_is_a_page_and_leaves_nothing_half_written(lenient_client):
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 5}")
        try:
            response = lenient_client.get("/plny-disk/")
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")

        assert response.status_code == 503
        assert Region.objects.count() == 0
        assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@override_settings(DEBUG=True)
@pytest.mark.django_db
def test_style_page_is_for_developers(client):
    assert client.get("/styl/").status_code == 200


@pytest.mark.django_db
def test_style_page_is_hidden_in_real_life(client):
    assert client.get("/styl/").status_code == 404
