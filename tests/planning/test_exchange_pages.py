import io
import re
import time
import uuid
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from guardian.shortcuts import assign_perm

from documents.store.models import StoredFile
from kpss.spreadsheets import Column, Sheet, read_rows, write_workbook
from planning.plans import services
from planning.plans.exchange.layout import NODE_SHEET, TASK_SHEET
from planning.plans.exchange.workbook import content_workbook
from planning.plans.models import PlanNode, PlanUpload, PlanVersion
from planning.plans.values import NodeValues
from tests.factories import PersonFactory, SeatFactory, freeze
from tests.kpss.packages import BILLION_LAUGHS, hostile_xlsx, relation
from tests.planning.exchange_sheets import awkward_version, version_with_measure
from tests.planning.factories import coordinator

pytestmark = pytest.mark.django_db


def address(version, name="exchange", *args):
    return reverse(f"plans:{name}", args=[version.plan.slug, version.number, *args])


def workbook(*rows, headings=("Kód", "Nadřazený kód", "Název"), name=NODE_SHEET):
    return write_workbook([Sheet(name, [Column(heading) for heading in headings], rows)])


GOOD = [("1", None, "Doma jinak"), ("2", None, "Druhá")]
MIXED = [*GOOD, ("3", None, None)]


def send(client, version, data, *, token=None, name="plan.xlsx"):
    return client.post(
        address(version),
        {"token": token or uuid.uuid4(), "file": SimpleUploadedFile(name, data)},
    )


def uploaded(client, version, *rows):
    send(client, version, workbook(*rows))
    return PlanUpload.objects.get(version=version)


def confirm(client, upload, **data):
    page = client.get(address(upload.version, "upload_detail", upload.pk))
    seen = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    form = {"seen": seen[1] if seen else "", **data}
    return client.post(address(upload.version, "upload_apply", upload.pk), form, follow=True)


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


@pytest.fixture
def version():
    return version_with_measure()


@pytest.fixture
def signed_in(client):
    client.force_login(coordinator())
    return client


def test_the_page_offers_files_and_takes_one(signed_in, version):
    page = text_of(signed_in.get(address(version)))

    assert address(version, "exchange_template") in page
    assert address(version, "exchange_content") in page
    assert 'type="file"' in page


@pytest.mark.parametrize("name", ["exchange_template", "exchange_content"])
def test_files_are_offered_for_saving(signed_in, version, name):
    response = signed_in.get(address(version, name))

    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in response["Cache-Control"]
    assert next(read_rows(response.content, sheet=NODE_SHEET)).values[0] == "Kód"


def test_from_file_to_plan(signed_in, version):
    response = send(signed_in, version, workbook(*MIXED))

    upload = PlanUpload.objects.get()
    assert response.url == address(version, "upload_detail", upload.pk)
    page = text_of(signed_in.get(response.url))
    assert "List Priority a opatření, řádek 4, sloupec C" in page
    assert "Doma jinak" in page
    assert version.nodes.count() == 2

    refused = confirm(signed_in, upload)

    assert "zaškrtněte, že se mají použít jen správné řádky" in text_of(refused)
    assert version.nodes.count() == 2

    done = confirm(signed_in, upload, only_good="on")

    assert "Změny ze souboru jsou v plánu." in text_of(done)
    assert dict(version.nodes.values_list("code", "title")) == {
        "1": "Doma jinak",
        "1.1": "Péče",
        "2": "Druhá",
    }
    upload.refresh_from_db()
    assert upload.applied_at
    assert upload.report["applied"]["only_good"] is True
    result = signed_in.get(address(version, "upload_report", upload.pk))
    assert [row.values[4] for row in read_rows(result.content)][1:-1] == ["3", "2", "1", "1.1"]


def test_a_file_that_says_the_same_offers_nothing_to_apply(signed_in, version):
    send(signed_in, version, content_workbook(version))
    upload = PlanUpload.objects.get()

    page = text_of(signed_in.get(address(version, "upload_detail", upload.pk)))

    assert "V souboru je totéž co v plánu." in page
    assert address(version, "upload_apply", upload.pk) not in page


def test_a_plan_changed_since_shows_its_new_comparison_and_writes_nothing(signed_in, version):
    upload = uploaded(signed_in, version, *GOOD)
    page = signed_in.get(address(version, "upload_detail", upload.pk)).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    services.add_node(version, actor=coordinator(), values=NodeValues("Druhá", "2"))

    stale = signed_in.post(address(version, "upload_apply", upload.pk), {"seen": seen}, follow=True)

    assert "Plán se mezitím změnil" in text_of(stale)
    upload.refresh_from_db()
    assert not upload.applied_at
    assert [item["code"] for item in upload.report["created"]] == []
    assert version.nodes.get(code="1").title == "Doma"

    confirm(signed_in, upload)

    upload.refresh_from_db()
    assert upload.applied_at
    assert version.nodes.get(code="1").title == "Doma jinak"


@pytest.mark.parametrize("state", ["frozen", "in_approval"])
def test_a_locked_version_gives_files_and_takes_none(signed_in, version, state):
    upload = uploaded(signed_in, version, *GOOD)
    if state == "frozen":
        freeze(version)
    else:
        PlanVersion.objects.filter(pk=version.pk).update(state=state)

    page = text_of(signed_in.get(address(version)))
    assert 'type="file"' not in page
    assert signed_in.get(address(version, "exchange_content")).status_code == 200
    sent = send(signed_in, version, workbook(("9", None, "Nová")))
    signed_in.get(sent.url)
    detail = text_of(signed_in.get(address(version, "upload_detail", upload.pk)))
    assert (
        '<form method="post" action="' + address(version, "upload_apply", upload.pk) not in detail
    )
    confirmed = signed_in.post(
        address(version, "upload_apply", upload.pk), {"seen": "x"}, follow=True
    )
    assert "schv" in text_of(confirmed)

    assert PlanUpload.objects.count() == 1
    assert version.nodes.count() == 2


def test_every_page_is_for_those_who_may_edit_the_content(client, version):
    upload = uploaded_by_coordinator(version)
    member = SeatFactory(committee=version.plan.committee).person
    editor = PersonFactory()
    assign_perm("plans.edit_content", editor, version)
    pages = [
        ("exchange", ()),
        ("exchange_template", ()),
        ("exchange_content", ()),
        ("upload_detail", (upload.pk,)),
        ("upload_report", (upload.pk,)),
    ]

    def answers(person=None):
        client.logout()
        if person:
            client.force_login(person)
        gets = [client.get(address(version, name, *args)).status_code for name, args in pages]
        posts = [
            client.post(address(version, "exchange")).status_code,
            client.post(address(version, "upload_apply", upload.pk)).status_code,
        ]
        return {*gets, *posts}

    assert answers() == {302}
    assert answers(PersonFactory()) == {404}
    assert answers(member) == {403}
    assert answers(editor) == {200}
    assert answers(coordinator()) == {200}


def uploaded_by_coordinator(version):
    from django.test import Client  # noqa: PLC0415 - one more browser than the fixture has

    browser = Client()
    browser.force_login(coordinator())
    return uploaded(browser, version, *GOOD)


def test_an_upload_of_another_version_is_not_found(signed_in, version):
    upload = uploaded(signed_in, version, *GOOD)
    other = version_with_measure()

    for name in ("upload_detail", "upload_report"):
        assert signed_in.get(address(other, name, upload.pk)).status_code == 404
    assert signed_in.post(address(other, "upload_apply", upload.pk)).status_code == 404


# --- Sent again ----------------------------------------------------------------------------------------
@pytest.mark.slow
def test_five_hundred_repeats_make_one_upload_and_one_application(signed_in, version):
    """Double click, Back and send again, reload of the answer, retry after a lost answer."""
    file, token = workbook(*GOOD), uuid.uuid4()
    for _time in range(250):
        send(signed_in, version, file, token=token)
    upload = PlanUpload.objects.get()
    page = signed_in.get(address(version, "upload_detail", upload.pk)).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]

    for _time in range(250):
        signed_in.post(address(version, "upload_apply", upload.pk), {"seen": seen})
        send(signed_in, version, file, token=token)

    applied = PlanUpload.objects.get()
    assert applied.report == upload.report | {"applied": applied.report["applied"]}
    assert StoredFile.objects.count() == 1
    assert sorted(version.nodes.values_list("code", "title")) == [
        ("1", "Doma jinak"),
        ("1.1", "Péče"),
        ("2", "Druhá"),
    ]


def test_another_file_in_the_form_sent_before_is_another_upload(signed_in, version):
    token = uuid.uuid4()
    send(signed_in, version, workbook(*GOOD), token=token)
    send(signed_in, version, workbook(("5", None, "Pátá")), token=token)

    assert PlanUpload.objects.count() == 2


def test_the_same_token_of_somebody_else_leads_to_an_upload_of_their_own(client, version):
    token = uuid.uuid4()
    for _person in range(2):
        client.force_login(coordinator())
        send(client, version, workbook(*GOOD), token=token)

    assert PlanUpload.objects.values("uploaded_by").distinct().count() == 2


def test_a_form_with_a_damaged_token_gets_a_new_one(signed_in, version):
    response = send(signed_in, version, workbook(*GOOD), token="rozbitý")

    assert not PlanUpload.objects.exists()
    token = re.search(r'name="token" value="([\w-]+)"', response.content.decode())[1]
    assert uuid.UUID(token)


# --- Hostile files ---------------------------------------------------------------------------------------
def changed_package(data, parts):
    """The workbook with parts added or replaced; a callable gets the old text."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = parts.get(name, old.read(name))
            new.writestr(name, part(old.read(name).decode()) if callable(part) else part)
        for name, part in parts.items():
            if name not in old.namelist():
                new.writestr(name, part)
    return target.getvalue()


def bomb(text):
    return BILLION_LAUGHS.partition("<x>")[0] + text.partition("?>")[2].replace(">Kód<", ">&a9;<")


def hostile_files():
    good = workbook(*GOOD)
    sheet = "xl/worksheets/sheet1.xml"
    many = [(str(n), None, "Doma") for n in range(6_000)]
    return hostile_xlsx() | {
        "bomb in our sheet": changed_package(good, {sheet: bomb}),
        "macros in our workbook": changed_package(good, {"xl/vbaProject.bin": b"\xd0\xcf"}),
        "link in our workbook": changed_package(
            good,
            {"xl/worksheets/_rels/sheet1.xml.rels": relation("externalLink", "file:///etc/passwd")},
        ),
        "inflated sheet": changed_package(good, {sheet: lambda text: text + " " * 90_000_000}),
        "6,000 rows": workbook(*many),
        "no headings": workbook(headings=("A", "B"), name=TASK_SHEET),
        "another table": workbook(*GOOD, name="List1"),
        "only headings": workbook(),
    }


def test_hostile_files_are_refused_quickly_with_a_sentence(signed_in, version):
    slowest = 0.0
    for name, data in hostile_files().items():
        began = time.monotonic()
        response = send(signed_in, version, data)
        slowest = max(slowest, time.monotonic() - began)

        assert response.status_code == 200, name
        errors = response.context["form"].errors["file"]
        assert errors, name
        assert all(len(error) > 20 for error in errors), (name, errors)
    assert slowest < 5
    assert not PlanUpload.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsm", "plan.xls", "plan.xlsx.exe", "plan"])
def test_other_extensions_are_refused_whatever_is_inside(signed_in, version, name):
    response = send(signed_in, version, workbook(*GOOD), name=name)

    assert f"{name}: Přijímáme jen sešity Excelu s příponou .xlsx." in text_of(response)
    assert not PlanUpload.objects.exists()


@pytest.mark.parametrize("data", [{}, {"file": ""}, {"file": "text"}])
def test_a_form_without_a_file_says_so(signed_in, version, data):
    response = signed_in.post(address(version), {"token": uuid.uuid4(), **data})

    assert "Vyberte soubor." in text_of(response)


def test_a_file_over_the_limit_is_refused_before_it_is_read(signed_in, version, settings):
    settings.KPSS_UPLOAD_MAX_BYTES = 1024 * 1024

    response = send(signed_in, version, b"PK" + b"0" * 1024 * 1024)

    assert "Nahrát lze nejvýše 1 MB." in text_of(response)


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_names_and_texts_of_the_file_are_only_text_on_the_page(signed_in, version, payload):
    rows = [("1", payload, payload), (payload, None, payload), ("2", None, payload)]
    send(signed_in, version, workbook(*rows), name=f"{payload.replace('/', '')}.xlsx")
    upload = PlanUpload.objects.get()

    page = signed_in.get(address(version, "upload_detail", upload.pk)).content.decode()

    assert payload not in page
    assert signed_in.get(address(version)).status_code == 200


def test_characters_no_database_takes_are_refused_at_their_place(signed_in, version):
    send(signed_in, version, workbook(("2", None, "\x00"), ("\ud800", None, "x"), ("3", None, "y")))

    upload = PlanUpload.objects.get()

    assert [item["problems"][0]["kind"] for item in upload.report["refused"]] == [
        "unprintable",
        "code_wrong",
    ]
    page = signed_in.get(address(version, "upload_detail", upload.pk))
    assert page.status_code == 200
    confirm(signed_in, upload, only_good="on")
    assert PlanNode.objects.filter(version=version, code="3").exists()


def test_everything_awkward_is_drawn(signed_in):
    version = awkward_version()
    headings = ("Kód", "Název", "Potřeba", "Obce", "Cizí")
    send(
        signed_in,
        version,
        workbook(("1", "=Jinak", None, None, 1), (1.1, "x", "", "", ""), headings=headings),
    )
    upload = PlanUpload.objects.get()

    page = text_of(signed_in.get(address(version, "upload_detail", upload.pk)))

    assert "Sloupec „Cizí“ neznáme" in page
    assert "(prázdné)" in page


@pytest.mark.parametrize("count", [1, 30])
def test_pages_have_constant_query_counts(signed_in, version, count, django_assert_num_queries):
    for number in range(count):
        upload = PlanUpload.objects.create(
            version=version,
            file=StoredFile.objects.get_or_create(sha256="0" * 64, defaults={"size": 1, "content_type": "x"})[0],
            file_name=f"{number}.xlsx",
            token=uuid.uuid4(),
            uploaded_by=PersonFactory(),
            report={"created": [], "changed": [], "unchanged": [], "refused": [], "absent": [], "notices": [], "state": ""},
        )  # fmt: skip

    signed_in.get(address(version))
    with django_assert_num_queries(5):
        signed_in.get(address(version))
    with django_assert_num_queries(5):
        signed_in.get(address(version, "upload_detail", upload.pk))
