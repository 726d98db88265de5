import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from documents import store
from documents.library import panels
from documents.library.enums import DocumentKind
from documents.library.models import Document
from kpss.czech import NBSP
from tests.documents.factories import PDF, DocumentFactory, VersionFactory
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
LIST = "library:document_list"


@pytest.fixture(autouse=True)
def store_dir(settings, tmp_path):
    settings.STORE_DIR = tmp_path / "store"


@pytest.fixture(autouse=True)
def _no_panels(monkeypatch):
    """Queries of other houses are theirs to count."""
    monkeypatch.setattr(panels, "_panels", [])


@pytest.fixture
def coordinator():
    return PersonFactory(is_staff=True, is_superuser=True)


# --- The model -------------------------------------------------------------------------------------
def test_address_comes_from_the_title_and_is_unique():
    first = DocumentFactory(title="Akční plán 2021")
    second = DocumentFactory(title="Akční plán 2021")

    assert (first.slug, second.slug) == ("akcni-plan-2021", "akcni-plan-2021-2")
    assert first.get_absolute_url() == "/dokumenty/akcni-plan-2021/"


def test_documents_sort_in_czech():
    for title in ("Řád", "Ruka", "Chata", "Cihla", "Hora"):
        DocumentFactory(title=title)

    assert list(Document.objects.values_list("title", flat=True)) == [
        "Cihla",
        "Hora",
        "Chata",
        "Ruka",
        "Řád",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"page_from": 77, "page_to": 95},
        {"page_from": 77, "part_of": True},
        {"page_to": 95, "part_of": True},
        {"page_from": 95, "page_to": 77, "part_of": True},
        {"page_from": 0, "page_to": 5, "part_of": True},
        {"period_from": 2023, "period_to": 2020},
        {"valid_from": dt.date(2021, 1, 2), "valid_to": dt.date(2021, 1, 1)},
        {"file_name": "plan.pdf"},
    ],
)
def test_database_refuses_what_makes_no_sense(fields):
    if "part_of" in fields:
        fields = {**fields, "part_of": DocumentFactory()}

    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentFactory(**fields)


def test_a_part_is_a_part_of_a_whole_only():
    whole = DocumentFactory()
    part = DocumentFactory(part_of=whole, page_from=77, page_to=95)

    part.full_clean()
    for wrong in (Document(part_of=part), whole):
        wrong.part_of = wrong.part_of or part
        with pytest.raises(ValidationError) as caught:
            wrong.clean()
        assert list(caught.value.error_dict) == ["part_of"]


# --- Who sees what -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "published_at", [None, timezone.now() + dt.timedelta(days=1)], ids=["never", "tomorrow"]
)
@pytest.mark.parametrize("name", ["document_detail", "document_file"])
def test_unpublished_is_seen_by_the_coordinator_only(client, coordinator, published_at, name):
    hidden = DocumentFactory(title="Tajná analýza", with_file=True, published_at=published_at)
    address = reverse(f"library:{name}", args=[hidden.slug])

    assert client.get(address).status_code == 404
    assert "Tajná" not in client.get(reverse(LIST)).content.decode()
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404
    client.force_login(coordinator)
    assert client.get(address).status_code == 200
    assert "Tajná" in client.get(reverse(LIST)).content.decode()


def test_part_of_an_unpublished_whole_does_not_speak_of_it(client, coordinator):
    whole = DocumentFactory(title="Tajný plán", with_file=True, hidden=True)
    part = DocumentFactory(title="Kapitola", part_of=whole, page_from=7, page_to=9)

    for address in (reverse(LIST), part.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "Kapitola" in page
        assert "Tajný" not in page
        assert "tajny" not in page
    client.force_login(coordinator)
    assert "Tajný" in client.get(part.get_absolute_url()).content.decode()


def test_public_pages_set_no_cookie(client):
    document = DocumentFactory(with_file=True)

    for address in (reverse(LIST), document.get_absolute_url(), document.file_url):
        assert client.get(address).cookies == {}


# --- Pages -------------------------------------------------------------------------------------------
def test_list_groups_by_kind_and_puts_the_newest_first(client):
    DocumentFactory(title="Memorandum B", signed_on=dt.date(2015, 1, 1))
    DocumentFactory(title="Memorandum A", signed_on=dt.date(2018, 1, 1))
    DocumentFactory(title="Plán 1", kind="komunitni_plan", period_from=2012, period_to=2015)
    DocumentFactory(title="Plán 3", kind="komunitni_plan", period_from=2020, period_to=2023)
    DocumentFactory(title="Plán 2", kind="komunitni_plan", period_from=2016, period_to=2019)

    groups = client.get(reverse(LIST)).context["groups"]

    assert [(group.kind, [line.document.title for line in group.lines]) for group in groups] == [
        (DocumentKind.COMMUNITY_PLAN, ["Plán 3", "Plán 2", "Plán 1"]),
        (DocumentKind.MEMORANDUM, ["Memorandum A", "Memorandum B"]),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_constantly(client, count, django_assert_num_queries):
    for _number in range(count):
        whole = DocumentFactory(with_file=True)
        VersionFactory(document=whole)
        DocumentFactory(part_of=whole, page_from=1, page_to=2)

    with django_assert_num_queries(4):  # region, documents, their wordings, those of wholes
        response = client.get(reverse(LIST))

    assert sum(len(group.lines) for group in response.context["groups"]) == 2 * count


@pytest.mark.parametrize("count", [1, 3])
def test_detail_asks_the_database_constantly(client, count, django_assert_num_queries):
    whole = DocumentFactory(with_file=True)
    parts = [DocumentFactory(part_of=whole, page_from=n, page_to=n) for n in range(1, count + 1)]

    # region; the document, its wordings; its parts, their wordings and those of the whole
    with django_assert_num_queries(6):
        response = client.get(whole.get_absolute_url())

    assert [line.document for line in response.context["parts"]] == parts


def test_part_leads_to_its_page_in_the_whole(client):
    whole = DocumentFactory(title="Komunitní plán", with_file=True)
    part = DocumentFactory(title="Akční plán", part_of=whole, page_from=77, page_to=95)

    page = client.get(part.get_absolute_url()).content.decode()

    assert 'href="/dokumenty/komunitni-plan/soubor/#page=77"' in page
    sentence = client.get(part.get_absolute_url()).context["line"].part_of
    assert "77–95" in sentence
    assert "Komunitní plán" in sentence


def test_detail_tells_what_is_known(client):
    document = DocumentFactory(
        title="Plán v obci",
        description="Text **o službách**",
        parties="Město\nKraj",
        period_from=2020,
        period_to=2023,
        signed_on=dt.date(2020, 12, 16),
        pages=96,
        with_file=True,
    )

    response = client.get(document.get_absolute_url())

    values = [row["value"] for row in response.context["facts"]]
    assert values[1:4] == ["2020–2023", f"16.{NBSP}12.{NBSP}2020", "Město, Kraj"]
    page = response.content.decode()
    assert f"Plán v{NBSP}obci" in page
    assert f"<strong>o{NBSP}službách</strong>" in page
    assert document.file.sha256 in page


def test_document_elsewhere_leads_there(client):
    document = DocumentFactory(external_url="https://example.cz/plan.pdf")

    assert (
        'href="https://example.cz/plan.pdf"'
        in client.get(document.get_absolute_url()).content.decode()
    )
    assert client.get(reverse("library:document_file", args=[document.slug])).status_code == 404


def test_file_is_served_and_asked_for_again(client):
    document = DocumentFactory(with_file=True)

    response = client.get(document.file_url)

    assert response.content == store.read(document.file)
    assert response["Cache-Control"] == "public, no-cache"
    assert response["Content-Disposition"] == 'inline; filename="plan.pdf"'
    again = client.get(document.file_url, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_empty_library_says_what_belongs_here(client):
    page = client.get(reverse(LIST))

    assert page.context["groups"] == []
    assert 'class="empty"' in page.content.decode()


# --- Admin -------------------------------------------------------------------------------------------
FIELDS = {"title": "Memorandum", "kind": "memorandum"}
NO_VERSIONS = {
    f"{prefix}-{name}": "0"
    for prefix in ("versions", "versions-2")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def _post(desk, document=None, **fields):
    address = (
        reverse("admin:library_document_change", args=[document.pk])
        if document
        else reverse("admin:library_document_add")
    )
    return desk.post(address, {**FIELDS, **NO_VERSIONS, **fields})


def test_coordinator_uploads_a_file(desk):
    response = _post(desk, upload=SimpleUploadedFile("Akční plán.pdf", PDF))

    assert response.status_code == 302
    document = Document.objects.get()
    assert store.read(document.file) == PDF
    assert (document.file_name, document.file.content_type) == ("Akční plán.pdf", "application/pdf")


@pytest.mark.parametrize(
    "upload", [SimpleUploadedFile("a.html", b"<script>"), SimpleUploadedFile("a.pdf", b"<script>")]
)
def test_bad_file_is_refused_beside_its_field(desk, upload):
    response = _post(desk, upload=upload)

    assert list(response.context["adminform"].form.errors) == ["upload"]
    assert not Document.objects.exists()


def test_full_store_is_told_beside_the_field(desk, settings, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    settings.STORE_DIR = tmp_path / "file"

    response = _post(desk, upload=SimpleUploadedFile("a.pdf", PDF))

    assert list(response.context["adminform"].form.errors) == ["upload"]
    assert not Document.objects.exists()


def test_file_stays_unless_replaced_or_taken_away(desk):
    document = DocumentFactory(title="Memorandum", with_file=True)
    first = document.file

    _post(desk, document)
    document.refresh_from_db()
    assert document.file == first
    _post(desk, document, upload=SimpleUploadedFile("b.pdf", PDF))
    document.refresh_from_db()
    assert (document.file_name, store.read(document.file)) == ("b.pdf", PDF)
    _post(desk, document, without_file="on")
    document.refresh_from_db()
    assert (document.file, document.file_name) == (None, "")


def test_pages_without_a_whole_are_refused_with_a_sentence(desk):
    response = _post(desk, page_from=3, page_to=5)

    assert response.context["adminform"].form.non_field_errors()


def test_documents_are_published_and_hidden_from_the_list(desk):
    hidden, public = DocumentFactory(hidden=True), DocumentFactory()
    address = reverse("admin:library_document_changelist")
    before = public.published_at

    desk.post(address, {"action": "publish", "_selected_action": [hidden.pk, public.pk]})
    hidden.refresh_from_db()
    public.refresh_from_db()
    assert hidden.is_public
    assert public.published_at == before
    desk.post(address, {"action": "hide", "_selected_action": [public.pk]})
    public.refresh_from_db()
    assert public.published_at is None


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"public": "yes"}, ["Veřejný"]),
        ({"public": "no"}, ["Skrytý"]),
        ({"q": "skryty"}, ["Skrytý"]),
    ],
)
def test_list_in_the_admin_is_filtered_and_searched(desk, query, titles):
    DocumentFactory(title="Skrytý", hidden=True)
    DocumentFactory(title="Veřejný")

    response = desk.get(reverse("admin:library_document_changelist"), query)

    assert [document.title for document in response.context["cl"].result_list] == titles


def test_stored_files_are_only_to_look_at(desk):
    stored = DocumentFactory(with_file=True).file

    assert desk.get(reverse("admin:store_storedfile_changelist")).status_code == 200
    assert desk.get(reverse("admin:store_storedfile_change", args=[stored.pk])).status_code == 200
    for name, args in (("add", []), ("delete", [stored.pk])):
        assert desk.get(reverse(f"admin:store_storedfile_{name}", args=args)).status_code == 403
