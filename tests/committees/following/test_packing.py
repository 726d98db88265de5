"""Papers packed into one ZIP: whole, listed with their hashes, the same bytes every time."""

import datetime
import hashlib
import json
import zipfile

import pytest

from committees.following.archive.packing import Paper, pack
from documents.store import files
from documents.store.files import put
from tests.factories import stored

HEADING = {"title": "Komise: písemnosti za rok 2020", "year": 2020, "missing": []}
DAY = datetime.date(2020, 11, 12)


def paper(path="jednani/pozvanka.pdf", content=b"%PDF-1.7", **more):
    return Paper(path, "Pozvánka", DAY, content, **more)


def packed(*papers):
    with pack(papers, HEADING) as file:
        return file.read()


def opened(tmp_path, *papers):
    target = tmp_path / "archiv.zip"
    target.write_bytes(packed(*papers))
    return zipfile.ZipFile(target)


@pytest.mark.django_db
def test_every_paper_is_whole_and_listed_with_its_hash(tmp_path):
    large = bytes(range(256)) * 8000
    in_store = put(large, content_type="application/pdf")

    archive = opened(
        tmp_path, paper("b.json", b"{}", content_type="application/json"), paper("a.pdf", in_store)
    )

    listed = json.loads(archive.read("obsah.json"))
    assert archive.testzip() is None
    assert archive.namelist() == ["obsah.json", "obsah.txt", "a.pdf", "b.json"]
    assert archive.read("a.pdf") == large
    assert listed == {
        **HEADING,
        "files": [
            {
                "path": "a.pdf",
                "title": "Pozvánka",
                "date": "2020-11-12",
                "type": "application/pdf",
                "size": len(large),
                "sha256": hashlib.sha256(large).hexdigest(),
                "reference_number": "",
            },
            {
                "path": "b.json",
                "title": "Pozvánka",
                "date": "2020-11-12",
                "type": "application/json",
                "size": 2,
                "sha256": hashlib.sha256(b"{}").hexdigest(),
                "reference_number": "",
            },
        ],
    }


def test_the_list_for_people_names_every_file(tmp_path):
    archive = opened(tmp_path, paper("a.pdf", b"1"), paper("b.pdf", b"2"))

    text = archive.read("obsah.txt").decode()

    assert text.startswith("Komise: písemnosti za rok 2020\n")
    for name, content in (("a.pdf", b"1"), ("b.pdf", b"2")):
        assert f"\n{name}\n" in text
        assert hashlib.sha256(content).hexdigest() in text


def test_the_list_for_people_says_what_is_missing():
    heading = HEADING | {"missing": ["schválený zápis: 3. jednání"]}

    with pack([paper()], heading) as file:
        text = zipfile.ZipFile(file).read("obsah.txt").decode()

    assert "\n- schválený zápis: 3. jednání\n" in text


def test_the_same_papers_in_any_order_give_the_same_bytes():
    one, two = paper("a.pdf", b"1"), paper("b.pdf", b"2")

    assert packed(one, two) == packed(two, one)
    assert packed(one, two) != packed(one, paper("b.pdf", b"3"))


def test_two_papers_on_one_path_are_refused():
    with pytest.raises(ValueError, match="same path"):
        pack([paper(), paper()], HEADING)


@pytest.mark.django_db
def test_a_paper_that_is_gone_or_damaged_makes_no_archive():
    damaged = put(b"%PDF-1.7 whole", content_type="application/pdf")
    place = files.path(damaged)
    place.chmod(0o640)
    place.write_bytes(b"%PDF-1.7 wrong")

    with pytest.raises(files.StoreCorrupted):
        pack([paper(content=damaged)], HEADING)
    with pytest.raises(files.StoreMissing):
        pack([paper(content=stored(b"never written"))], HEADING)
