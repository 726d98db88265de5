"""Minutes on paper: for a screen reader (E3), in Czech typography (E4), the same bytes twice (S8)."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from committees.minutes.archive import archive_files
from committees.minutes.content import MinutesContent
from committees.minutes.document import files_of
from documents import store
from kpss.canonical import fingerprint, parse
from tests.committees.minutes import held as h
from tests.pdf_checks import assert_accessible_pdf, bookmarks, text_of


@pytest.fixture(autouse=True)
def idle_worker(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.mark.django_db
def test_papers_are_accessible_and_say_what_they_are():
    held = h.hold()
    minutes = h.approved(held)
    year = held.meeting.year
    titles = {
        "pdf": f"Zápis z\xa0jednání 1/{year}: Komise pro služby",
        "public_pdf": f"Zápis z\xa0jednání 1/{year}: Komise pro služby",
        "extract": f"Usnesení z\xa0jednání 1/{year}: Komise pro služby",
        "public_extract": f"Usnesení z\xa0jednání 1/{year}: Komise pro služby",
    }
    papers = {name: store.read(getattr(minutes, name)) for name in titles}

    for name, paper in papers.items():
        assert_accessible_pdf(paper, titles[name])
    assert bookmarks(papers["pdf"]) == [
        f"Zápis z\xa01.\xa0jednání v\xa0roce {year}",
        "  Účast",
        "  Průběh jednání",
        "    1. Zpráva o\xa0plnění",
        "    2. Příspěvek na dopravu",
        "    3. Kanárčí neveřejný bod",
        "  Úkoly",
        "  Ověření a\xa0schválení",
        "  Tiráž",
    ]
    whole = " ".join(text_of(papers["pdf"]))
    for words in ("Usnesení č. 1/", "Hlasovalo se jmenovitě", "Pro (3)", "potvrzeno elektronicky"):
        assert words in whole.replace("\xa0", " ")
    groups = [minutes.content_sha256[i : i + 4] for i in range(0, 64, 4)]
    assert " ".join(groups) in whole
    assert "Veřejné znění" in " ".join(text_of(papers["public_pdf"])).replace("\xa0", " ")


@pytest.mark.django_db
def test_the_public_content_is_what_its_fingerprint_says():
    minutes = h.approved(h.hold_quietly())

    public = parse(MinutesContent, store.read(minutes.public_content))

    assert fingerprint(public) == minutes.public_sha256
    assert fingerprint(parse(MinutesContent, store.read(minutes.content))) == minutes.content_sha256
    assert (minutes.extract, minutes.public_extract) == (None, None)


RENDER = """
import hashlib, json, sys
import django
django.setup()
from committees.minutes.document import files_of
from committees.minutes.models import Minutes
minutes = Minutes.objects.select_related("meeting__committee", "writer", "content", "approved_by").get()
paper = files_of(minutes)
print(json.dumps({n: hashlib.sha256(getattr(paper, n)).hexdigest() for n in
    ("pdf", "public_pdf", "extract", "public_extract", "public_content")}))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_processes_render_the_same_bytes():
    """Trial S8: another process, with another seed of hashes, makes the same files."""
    minutes = h.sealed(h.hold())
    ours = files_of(minutes)
    url = (
        f"sqlite:///{connection.settings_dict['NAME']}"
        if connection.vendor == "sqlite"
        else f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    )
    environment = os.environ | {
        "DATABASE_URL": url,
        "PYTHONHASHSEED": "4",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }

    theirs = subprocess.run(
        [sys.executable, "-c", RENDER], env=environment, capture_output=True, text=True, check=True
    )

    assert json.loads(theirs.stdout.splitlines()[-1]) == {
        name: hashlib.sha256(getattr(ours, name)).hexdigest()
        for name in ("pdf", "public_pdf", "extract", "public_extract", "public_content")
    }


@pytest.mark.django_db
def test_the_filing_office_gets_every_file():
    held = h.hold()
    assert archive_files(held.meeting) == []

    minutes = h.frozen(held)

    assert archive_files(held.meeting) == [
        ("zapis.pdf", minutes.pdf),
        ("zapis.json", minutes.content),
        ("zapis-verejne-zneni.pdf", minutes.public_pdf),
        ("zapis-verejne-zneni.json", minutes.public_content),
        ("usneseni.pdf", minutes.extract),
        ("usneseni-verejne-zneni.pdf", minutes.public_extract),
    ]
