"""The portal as it really runs: the safety of its settings, headers and cookies."""

import re

import pytest

from committees.people.roles import COORDINATORS, ROLES
from tests import production
from tests.strict import check_page

SEVERED = {"unsafe-inline", "unsafe-eval", "unsafe-hashes", "data:", "*", "https:", "http:"}


@pytest.fixture(scope="module")
def installation(tmp_path_factory, static_root):
    """The data folder of an installation made ready as docs/provoz.md says."""
    data_dir = tmp_path_factory.mktemp("installation")
    prepared = production.manage(data_dir, "prepare")
    assert prepared.returncode == 0, prepared.stderr
    return data_dir


def test_deploy_check_has_no_findings(tmp_path):
    checked = production.manage(tmp_path, "check", "--deploy", "--fail-level", "INFO")

    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith("System check identified no issues")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", ""),
        ("DEBUG", "true"),
        ("KPSS_ENV", "produkce"),
        ("KPSS_UPLOAD_MAX_BYTES", "many"),
    ],
)
def test_wrong_setting_stops_the_start(tmp_path, name, value):
    started = production.manage(tmp_path, "check", **{name: value})

    assert started.returncode != 0
    assert name in started.stderr


def test_every_setting_is_described():
    source = (production.PROJECT / "kpss/settings.py").read_text()
    described = (production.PROJECT / "docs/nastaveni.md").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))

    assert len(read) > 10
    assert [name for name in sorted(read) if f"| `{name}` |" not in described] == []


def test_missing_secret_stops_the_start(tmp_path, monkeypatch):
    monkeypatch.delitem(production.ENVIRONMENT, "SECRET_KEY")

    started = production.manage(tmp_path, "check")

    assert started.returncode != 0
    assert "SECRET_KEY" in started.stderr


def test_preparing_again_changes_nothing_and_makes_no_demonstration(installation):
    before = (installation / "kpss.sqlite3").read_bytes()

    again = production.manage(installation, "prepare")

    assert again.returncode == 0, again.stderr
    assert again.stdout == ""
    assert (installation / "kpss.sqlite3").read_bytes() == before


def test_installation_has_the_role_of_coordinators(installation):
    held = production.visit(
        installation,
        "from committees.people.roles import coordinators\n"
        "result = coordinators().permissions.count()",
    )

    assert held == sum(len(permissions) for permissions in ROLES[COORDINATORS].values()) > 0


def test_public_page_carries_the_headers_of_safety(installation):
    home = production.visit(installation, "result = get('/')")

    assert home["status"] == 200
    assert check_page(home["html"]) == []
    assert home["cookies"] == {}
    headers = home["headers"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_content_security_policy_is_strict(installation):
    header = production.visit(installation, "result = get('/')")["headers"][
        "Content-Security-Policy"
    ]
    policy = {name: set(values) for name, *values in map(str.split, header.split(";"))}

    assert policy["default-src"] == {"'none'"}
    assert policy["frame-ancestors"] == {"'none'"}
    assert policy["base-uri"] == {"'none'"}
    assert policy["form-action"] == {"'self'"}
    for directive, sources in policy.items():
        allowed = {"data:"} if directive == "img-src" else set()
        assert {source.strip("'") for source in sources} & SEVERED <= allowed, directive


def test_plain_http_is_sent_to_https(installation):
    answer = production.visit(
        installation,
        "r = client.get('/sluzby/'); result = [r.status_code, r['Location']]",
    )

    assert answer == [301, f"https://{production.HOST}/sluzby/"]


def test_unknown_host_is_refused(installation):
    answer = production.visit(
        installation, "result = get('/', headers={'host': 'jinde.example.com'})"
    )

    assert answer["status"] == 400
    assert check_page(answer["html"]) == []


def test_cookies_are_kept_to_our_host_and_to_https(installation):
    cookies = production.visit(installation, SIGN_IN + "result = entered['cookies']")

    assert set(cookies) == {"__Host-session", "__Host-csrf"}
    for cookie in cookies.values():
        assert cookie["secure"] is True
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
        assert cookie["domain"] == ""
        assert cookie["path"] == "/"


def test_private_pages_are_kept_in_no_cache(installation):
    pages = production.visit(
        installation, SIGN_IN + "result = [get(path) for path in ('/muj-stul/', '/', '/admin/')]"
    )

    for page in pages:
        assert page["status"] == 200
        assert page["headers"]["Cache-Control"] == "private, no-store"
        assert "Cookie" in page["headers"]["Vary"]


# What a person does first.
SIGN_IN = """
from committees.people.models import Person
person, _ = Person.objects.get_or_create(
    email="spravce@example.cz", defaults={"is_staff": True, "is_superuser": True, "last_name": "Nová"}
)
person.set_password("dlouhe heslo zkousky")
person.save()
client.get("/ucet/login/", secure=True)
response = client.post(
    "/ucet/login/",
    {"login": "spravce@example.cz", "password": "dlouhe heslo zkousky"},
    secure=True,
)
assert response.status_code == 302, response.content
entered = {"cookies": {name: dict(m) for name, m in client.cookies.items()}}
"""
