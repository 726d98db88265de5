import base64
import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from kpss.territory.models import Municipality, Region
from kpss.territory.services import add_municipalities
from tests.factories import MunicipalityFactory, PersonFactory

pytestmark = pytest.mark.django_db
HEADER = "csu_code,name,kind,population_2020,district,is_orp_seat\n"


def png(width=2, height=2, padding=0) -> bytes:
    """The smallest PNG of that size, made larger by ``padding`` bytes of an unused chunk."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    pixels = zlib.compress(b"".join(b"\0" + b"\0" * width for _row in range(min(height, 3))))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + (chunk(b"tEXt", b"a\0" + b"x" * padding) if padding else b"")
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def region():
    return Region.objects.create(pk=1, name="SO ORP Židlochovice", short_name="Židlochovicko")


@pytest.fixture
def admin(client):
    client.force_login(PersonFactory(superuser=True))
    return client


def send(admin, **changes):
    data = {"name": "SO ORP Židlochovice", "short_name": "Židlochovicko", "colour": "#0b5c66"}
    return admin.post(reverse("admin:territory_region_change", args=[1]), {**data, **changes})


def errors(response):
    return response.context["adminform"].form.errors


# --- The arms and the colour --------------------------------------------------------------------------


@pytest.mark.usefixtures("region")
def test_arms_are_kept_and_served(admin, client):
    send(admin, new_arms=SimpleUploadedFile("znak.png", png()))

    assert Region.load().has_arms
    assert client.get("/znak.png").content == png()
    shown = admin.get(reverse("admin:territory_region_change", args=[1])).content.decode()
    assert base64.b64encode(png()).decode() in shown


@pytest.mark.usefixtures("region")
def test_arms_can_be_taken_away_and_stay_otherwise(admin):
    send(admin, new_arms=SimpleUploadedFile("znak.png", png()))
    send(admin)
    assert Region.load().has_arms

    send(admin, remove_arms="on")

    assert not Region.load().has_arms


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (png(padding=200_000), "Zmenšete obrázek"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "není obrázek PNG"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100 + b"\xff\xd9", "není obrázek PNG"),
        (png()[:-8], "PNG"),
        (png() + b"<script>", "PNG"),
        (png().replace(b"IDAT", b"IDAX"), "PNG"),
        (png(width=2001), "2000 bodů"),
        (png(height=50_000), "2000 bodů"),
    ],
    ids=["large", "svg", "jpeg", "cut", "polyglot", "damaged", "wide", "bomb"],
)
def test_bad_arms_are_refused_with_a_sentence(admin, data, sentence):
    response = send(admin, new_arms=SimpleUploadedFile("znak.png", data, "image/png"))

    [message] = errors(response)["new_arms"]
    assert sentence in message.replace("\u00a0", " ")
    assert not Region.load().has_arms


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize("colour", ["#0b5c66", "#000000", "#767676"])
def test_legible_colour_is_kept(admin, colour):
    send(admin, colour=colour)

    assert Region.load().colour == colour


@pytest.mark.usefixtures("region")
def test_illegible_colour_is_refused_and_a_better_one_offered(admin):
    response = send(admin, colour="#ffcc00")

    [message] = errors(response)["colour"]
    better = message.rpartition(" ")[2].rstrip(".")
    assert "1,5 : 1" in message.replace("\u00a0", " ")
    send(admin, colour=better)
    assert Region.load().colour == better


# --- One region ---------------------------------------------------------------------------------------


def test_region_has_no_list_and_no_second_one(admin, region):
    listed = admin.get(reverse("admin:territory_region_changelist"))

    assert listed["Location"] == reverse("admin:territory_region_change", args=[1])
    assert admin.get(reverse("admin:territory_region_add")).status_code == 403
    assert admin.post(reverse("admin:territory_region_delete", args=[1])).status_code == 403


def test_first_region_is_added(admin):
    data = {"name": "SO ORP Vlašim", "short_name": "Vlašimsko", "colour": "#0b5c66"}

    admin.post(reverse("admin:territory_region_add"), data)

    assert Region.objects.get().pk == 1


# --- Municipalities -------------------------------------------------------------------------------------


def row(code, name, seat="no"):
    return {
        "csu_code": code,
        "name": name,
        "kind": "obec",
        "population_2020": "300",
        "district": "Brno-venkov",
        "is_orp_seat": seat,
    }


def test_missing_municipalities_are_added_once():
    MunicipalityFactory(csu_code="583880", name="Naše Sobotovice", slug="sobotovice")
    rows = [
        row("584282", "Židlochovice", "yes"),
        row("583880", "Sobotovice"),
        row("1" * 6, "Sobotovice"),
    ]

    assert add_municipalities(rows) == 2
    assert add_municipalities(rows) == 0

    assert Municipality.objects.get(is_seat=True).name == "Židlochovice"
    assert set(Municipality.objects.values_list("csu_code", "name", "slug")) == {
        ("584282", "Židlochovice", "zidlochovice"),
        ("583880", "Naše Sobotovice", "sobotovice"),
        ("111111", "Sobotovice", "sobotovice-2"),
    }


def test_municipalities_are_loaded_from_a_file(tmp_path):
    file = tmp_path / "obce.csv"
    file.write_text(HEADER + "584282,Židlochovice,mesto,3823,Brno-venkov,yes\n", encoding="utf-8")
    said = io.StringIO()

    call_command("load_municipalities", file, stdout=said)

    assert said.getvalue() == "1 municipalities added.\n"
    assert Municipality.objects.get().population == 3823


def test_file_without_a_column_is_refused(tmp_path):
    file = tmp_path / "obce.csv"
    file.write_text("csu_code,name\n584282,Židlochovice\n", encoding="utf-8")

    with pytest.raises(CommandError, match="no column"):
        call_command("load_municipalities", file)
    with pytest.raises(CommandError, match="no file"):
        call_command("load_municipalities", tmp_path / "neni.csv")


def test_municipalities_are_in_czech_order_and_searched_without_diacritics(admin):
    for number, name in enumerate(["Ivaň", "Chrlice", "Hrušovany", "Čebín", "Cvrčovice"]):
        MunicipalityFactory(name=name, csu_code=f"60000{number}")

    page = admin.get("/admin/territory/municipality/")
    searched = admin.get("/admin/territory/municipality/", {"q": "CEBIN"})

    assert [item.name for item in page.context["cl"].result_list] == [
        "Cvrčovice",
        "Čebín",
        "Hrušovany",
        "Chrlice",
        "Ivaň",
    ]
    assert [item.name for item in searched.context["cl"].result_list] == ["Čebín"]


def test_code_and_address_of_a_municipality_stay(admin):
    municipality = MunicipalityFactory(name="Ledce", csu_code="583278", slug="ledce")

    admin.post(
        reverse("admin:territory_municipality_change", args=[municipality.pk]),
        {"name": "Ledce u Židlochovic", "kind": "obec", "csu_code": "1" * 6, "slug": "jine"},
    )

    municipality.refresh_from_db()
    assert (municipality.name, municipality.csu_code, municipality.slug) == (
        "Ledce u Židlochovic",
        "583278",
        "ledce",
    )
