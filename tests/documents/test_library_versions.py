"""Wordings of a document: which is in force, where each is read, and that none ever changes."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from committees.bodies.models import Rules
from documents import store
from documents.library import panels
from documents.library.models import Document, DocumentVersion
from documents.library.selectors import documents_for, wordings_of
from tests.documents.factories import PDF, DocumentFactory, VersionFactory
from tests.factories import CommitteeFactory, PersonFactory, RulesFactory

pytestmark = pytest.mark.django_db

FIRST = datetime.date(2020, 2, 26)
AMENDED = datetime.date(2021, 3, 1)
TO_COME = datetime.date(2099, 1, 1)


@pytest.fixture(autouse=True)
def _store_dir(settings, tmp_path):
    settings.STORE_DIR = tmp_path / "store"


@pytest.fixture
def paper():
    document = DocumentFactory(title="Jednací řád komise", kind="jednaci_rad")
    for day in (FIRST, AMENDED, TO_COME):
        VersionFactory(document=document, valid_from=day, file_name=f"rad-{day:%Y}.pdf")
    return document


def body_of(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_wordings_are_numbered_by_themselves(paper):
    other = VersionFactory()

    numbers = paper.versions.order_by("number").values_list("number", "valid_from")
    assert list(numbers) == [(1, FIRST), (2, AMENDED), (3, TO_COME)]
    assert other.number == 1


@pytest.mark.parametrize("clash", [{"number": 2}, {"valid_from": AMENDED}])
def test_two_wordings_never_share_a_number_or_a_day(paper, clash):
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionFactory(document=paper, **{"valid_from": datetime.date(2022, 1, 1)} | clash)

    assert paper.versions.count() == 3


def test_page_lists_wordings_with_their_validity_and_marks_the_one_in_force(client, paper):
    response = client.get(paper.get_absolute_url())

    shown = [
        (one.version.number, one.validity.replace("\N{NO-BREAK SPACE}", " "), one.is_in_force)
        for one in response.context["wordings"]
    ]
    assert shown == [
        (3, "od 1. 1. 2099", False),
        (2, "1. 3. 2021 – 31. 12. 2098", True),
        (1, "26. 2. 2020 – 28. 2. 2021", False),
    ]
    page = response.content.decode()
    for number in (1, 2, 3):
        assert f'href="/dokumenty/jednaci-rad-komise/zneni/{number}/soubor/"' in page


def test_validity_of_the_last_wording_ends_with_the_document():
    document = DocumentFactory(valid_to=datetime.date(2023, 12, 31))
    VersionFactory(document=document)

    [wording] = wordings_of(documents_for(PersonFactory()).get(pk=document.pk))

    assert wording.validity.replace("\N{NO-BREAK SPACE}", " ") == "26. 2. 2020 – 31. 12. 2023"


def test_each_wording_has_its_address_and_the_document_opens_the_one_in_force(client, paper):
    by_number = {version.number: store.read(version.file) for version in paper.versions.all()}

    for version in paper.versions.all():
        assert body_of(client.get(version.file_url)) == by_number[version.number]
    assert body_of(client.get(paper.file_url)) == by_number[2]
    assert client.get(reverse("library:version_file", args=[paper.slug, 4])).status_code == 404


def test_wordings_win_over_a_file_of_the_document_once_one_is_in_force(client):
    document = DocumentFactory(with_file=True)
    VersionFactory(document=document, valid_from=TO_COME)
    assert body_of(client.get(document.file_url)) == store.read(document.file)

    begun = VersionFactory(document=document)

    assert body_of(client.get(document.file_url)) == store.read(begun.file)


def test_wording_of_a_hidden_document_is_hidden(client):
    version = VersionFactory(document=DocumentFactory(hidden=True))

    assert client.get(version.file_url).status_code == 404
    client.force_login(PersonFactory(superuser=True))
    assert body_of(client.get(version.file_url)) == store.read(version.file)


@pytest.mark.parametrize("column", ["file_id", "number", "valid_from", "document_id"])
def test_wording_never_changes_but_for_its_note(paper, column):
    version = paper.versions.get(number=1)
    others = {
        "file_id": VersionFactory().file_id,
        "number": 9,
        "valid_from": datetime.date(2020, 5, 5),
        "document_id": DocumentFactory().pk,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(**{column: others[column]})
    DocumentVersion.objects.filter(pk=version.pk).update(note="Schválila komise.")

    version.refresh_from_db()
    assert (version.number, version.valid_from, version.note) == (1, FIRST, "Schválila komise.")


def test_wording_by_which_somebody_decides_cannot_be_taken_away(paper):
    used = paper.versions.get(number=1)
    RulesFactory(valid_from=FIRST, document_version=used)

    with pytest.raises(ProtectedError):
        used.delete()
    with pytest.raises(ProtectedError):
        paper.delete()
    paper.versions.get(number=3).delete()

    assert paper.versions.count() == 2


def test_rules_cannot_begin_before_their_wording(paper):
    rules = Rules(
        committee=CommitteeFactory(),
        valid_from=FIRST,
        document_version=paper.versions.get(number=2),
    )

    with pytest.raises(ValidationError) as refused:
        rules.full_clean()

    assert list(refused.value.message_dict) == ["document_version"]


def test_document_leads_to_those_who_decide_by_it_and_they_lead_back(client, paper):
    RulesFactory(valid_from=FIRST, document_version=paper.versions.get(number=1))
    committee = RulesFactory(
        valid_from=AMENDED, document_version=paper.versions.get(number=2)
    ).committee
    hidden = RulesFactory(
        committee=CommitteeFactory(is_public=False),
        valid_from=FIRST,
        document_version=paper.versions.get(number=1),
    ).committee

    document = client.get(paper.get_absolute_url()).content.decode()
    page = client.get(committee.get_absolute_url()).content.decode()

    assert f'href="{committee.get_absolute_url()}"' in document
    assert hidden.name not in document
    text = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Jednací řád komise ve znění platném od 1. 3. 2021" in text
    assert 'href="/dokumenty/jednaci-rad-komise/zneni/2/soubor/"' in page


def test_committee_does_not_speak_of_a_hidden_paper(client):
    version = VersionFactory(document=DocumentFactory(hidden=True, title="Tajný řád"))
    committee = RulesFactory(valid_from=FIRST, document_version=version).committee

    assert "Tajný řád" not in client.get(committee.get_absolute_url()).content.decode()


# --- Admin ------------------------------------------------------------------------------------------------------------

NONE = {
    f"{prefix}-{name}": "0"
    for prefix in ("versions", "versions-2")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture
def desk(client):
    client.force_login(PersonFactory(superuser=True))
    return client


def post(desk, document, **fields):
    return desk.post(
        reverse("admin:library_document_change", args=[document.pk]),
        {"title": document.title, "slug": document.slug, "kind": document.kind} | NONE | fields,
    )


def test_coordinator_adds_a_wording_with_its_file(desk):
    document = DocumentFactory()
    new = {
        "versions-2-TOTAL_FORMS": "1",
        "versions-2-0-valid_from": "2020-02-26",
        "versions-2-0-note": "Schválila komise.",
    }

    refused = post(desk, document, **new)
    assert refused.status_code == 200
    assert not document.versions.exists()
    added = post(
        desk, document, **new | {"versions-2-0-upload": SimpleUploadedFile("rad.pdf", PDF)}
    )

    assert added.status_code == 302
    version = document.versions.get()
    assert (version.number, version.valid_from, version.file_name) == (1, FIRST, "rad.pdf")
    assert store.read(version.file) == PDF


def test_second_wording_of_the_same_day_is_refused_with_a_sentence(desk, paper):
    response = post(
        desk,
        paper,
        **{
            "versions-2-TOTAL_FORMS": "1",
            "versions-2-0-valid_from": "2020-02-26",
            "versions-2-0-upload": SimpleUploadedFile("rad.pdf", PDF),
        },
    )

    formset = response.context["inline_admin_formsets"][1].formset
    assert list(formset.forms[0].errors) == ["valid_from"]
    assert paper.versions.count() == 3


def test_used_wording_is_not_deleted_in_the_admin_and_a_free_one_is(desk, paper):
    used, free = paper.versions.get(number=1), paper.versions.get(number=3)
    RulesFactory(valid_from=FIRST, document_version=used)

    def delete(version):
        return post(
            desk,
            paper,
            **{
                "versions-TOTAL_FORMS": "1",
                "versions-INITIAL_FORMS": "1",
                "versions-0-id": version.pk,
                "versions-0-document": paper.pk,
                "versions-0-note": "",
                "versions-0-DELETE": "on",
            },
        )

    assert delete(used).status_code == 200
    assert delete(free).status_code == 302

    assert list(paper.versions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_coordinator_chooses_a_wording_by_the_name_of_its_document(desk, paper):
    response = desk.get(
        reverse("admin:autocomplete"),
        {
            "term": "jednaci rad",
            "app_label": "bodies",
            "model_name": "rules",
            "field_name": "document_version",
        },
    )

    texts = [row["text"].replace("\N{NO-BREAK SPACE}", " ") for row in response.json()["results"]]
    assert texts[-1] == "Jednací řád komise, znění platné od 26. 2. 2020"
    assert len(texts) == 3


def test_list_in_the_admin_knows_a_file_kept_by_wordings(desk, paper):
    rows = desk.get(reverse("admin:library_document_changelist")).context["cl"].result_list

    assert [(row.pk, bool(row.has_wordings)) for row in rows] == [(paper.pk, True)]
    assert Document.objects.get().file is None


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_document_asks_constantly(client, count, django_assert_num_queries, monkeypatch):
    document = DocumentFactory()
    for year in range(count):
        version = VersionFactory(document=document, valid_from=FIRST.replace(year=2020 + year))
        RulesFactory(valid_from=version.valid_from, document_version=version)

    # region; the document, its wordings; its parts; who decides by it
    with django_assert_num_queries(5):
        response = client.get(document.get_absolute_url())

    assert len(response.context["wordings"]) == count
    assert len(panels._panels) >= 1
