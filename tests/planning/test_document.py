"""The plan on paper: what stands in it, that everybody can read it, and that it is always the same."""

import datetime
import hashlib
import io
import os
import re
import subprocess
import sys
from html import unescape
from urllib.parse import quote

import pikepdf
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from PIL import Image

from committees.bodies.models import Seat
from documents import store
from kpss.czech import NBSP
from kpss.territory.models import Region
from planning.approvals import document, selectors
from planning.plans.content import canonical, content_of, fingerprint, parse, read_content
from planning.plans.models import PlanNode, PlanVersion
from tests.factories import ChapterFactory, TaskFactory
from tests.kpss.test_typography import SENTENCES
from tests.pdf_checks import assert_accessible_pdf, bookmarks, text_of
from tests.planning.approving import (
    ASSEMBLY,
    COMMISSION,
    COUNCIL,
    HIDDEN,
    approve,
    complete_version,
    pass_steps,
)

pytestmark = pytest.mark.django_db


def printed(version) -> tuple[bytes, str]:
    """The PDF of a version and its whole text in one line with plain spaces."""
    data = document.pdf_of(version, content_of(version))
    return data, " ".join(text_of(data)).replace(NBSP, " ")


def test_clause_says_who_did_what_when_and_how_they_voted():
    version = pass_steps(complete_version())

    lines = selectors.clause(version)

    assert [(line.body, line.done, line.date, line.number) for line in lines] == [
        (COMMISSION, "schválila", datetime.date(2020, 11, 12), "3/2020"),
        (COUNCIL, f"doporučila ke{NBSP}schválení", datetime.date(2020, 11, 20), "58/5.1"),
        (ASSEMBLY, "schválilo", datetime.date(2020, 12, 16), "Z12/8.3"),
    ]
    assert lines[2].sentence.replace(NBSP, " ") == (
        f"Schválilo {ASSEMBLY} 16. 12. 2020, usnesení č. Z12/8.3."
    )
    assert [line.vote.replace(NBSP, " ") for line in lines] == [
        "Přijato: pro 8, proti 0, zdržel se 1 z 9 členů. Odpovědělo 9 z 9 členů.",
        "Přijato: pro 5, proti 0, zdrželo se 0 z 5 členů. Přítomno 5 z 5 členů.",
        "Přijato: pro 13, proti 0, zdržel se 1 z 15 členů. Přítomno 14 z 15 členů.",
    ]


def test_document_holds_all_that_a_council_asks_for():
    Region.objects.create(pk=1, name="SO ORP Židlochovice", short_name="Židlochovicko")
    version = pass_steps(complete_version())

    _data, text = printed(version)

    content = content_of(version)
    for wanted in (
        "SO ORP Židlochovice",
        content.title,
        f"Schválilo {ASSEMBLY} 16. 12. 2020, usnesení č. Z12/8.3.",
        "Schvalovací doložka",
        "jméno, funkce, podpis",
        "Plán ve zkratce",
        "Potřeba Lidé chtějí zůstat doma.",
        "Cíl Dostupná ve všech obcích",
        "1.1.1 Udržet kapacitu",
        "Měří se: Počet úvazků 9,5 (úvazek); Počet klientů 110 (klient)",
        "Peníze: Rozpočet města (ORP) 2 000 000 Kč; Rozpočet kraje 1 850 000 Kč (podle výzvy)",
        "spolupráce: obce",
        "3 850 000 Kč",
        "Náklady podle zdrojů",
        "Harmonogram",
        "Síť sociálních služeb v obvodu",
        "Kdo plán sestavil",
        "Vránková",
        "Chalupová",
        " ".join(fingerprint(content)[i : i + 4] for i in range(0, 64, 4)),
        f"/plany/{version.plan.slug}/1/",
    ):
        assert wanted in text
    pages = text_of(_data)
    assert all(
        f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1) if number > 1
    )


def test_document_is_accessible():
    version = complete_version()
    ChapterFactory(
        version=version,
        title="Rozbor",
        body="### Hluboký nadpis\n\n- první\n- druhý\n\n1. krok\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n# Mělký nadpis\n\ntext",
        position=9,
    )
    version = pass_steps(version)

    data, _text = printed(version)

    assert_accessible_pdf(data, version.plan.title)
    marks = bookmarks(data)
    assert marks[0] == version.plan.title
    assert "  1 Podpora seniorů doma" in marks
    assert "    1.1 Pečovatelská služba" in marks
    assert marks.index("  Rozbor") + 1 == marks.index("    Hluboký nadpis")


def test_a_member_without_consent_is_never_named():
    version = complete_version()
    assert Seat.objects.filter(person__last_name=HIDDEN).count() == 1
    version = pass_steps(version)

    data, text = printed(version)

    assert HIDDEN not in text
    assert HIDDEN not in document.html_of(version, content_of(version))
    assert HIDDEN.encode() not in data
    assert "zástup" in text


def test_a_member_with_consent_is_named():
    version = complete_version()
    Seat.objects.filter(person__last_name=HIDDEN).update(
        name_consent_on=datetime.date(2020, 1, 1), name_consent_text="Souhlasím se jménem."
    )
    version = pass_steps(version)

    assert HIDDEN in document.html_of(version, content_of(version))


def test_members_are_those_of_the_day_of_approval():
    version = complete_version()
    Seat.objects.filter(person__last_name="Chalupová").update(valid_to=datetime.date(2020, 12, 15))
    version = pass_steps(version)

    html = document.html_of(version, content_of(version))

    assert "Chalupová" not in html
    assert "Vránková" in html


@pytest.mark.parametrize(("is_demo", "times"), [(True, True), (False, False)])
def test_demonstration_data_say_so_on_every_page(is_demo, times):
    Region.objects.create(pk=1, name="Region", short_name="Region", is_demo=is_demo)
    version = pass_steps(complete_version())

    pages = text_of(document.pdf_of(version, content_of(version)))

    assert all(("Ukázková data" in page) is times for page in pages)


def test_typography_of_the_plan_is_right_on_paper():
    """Sentences of the trial as tasks, needs and chapters; the engine's own tests watch the line ends."""
    version = complete_version()
    typed = [sentence for sentence, _right in SENTENCES]
    titles, needs, texts = typed[:70], typed[70:140], typed[140:]
    node = version.nodes.get(code="1.1")
    PlanNode.objects.filter(pk=node.pk).update(need="\n".join(needs))
    for number, title in enumerate(titles, start=100):
        TaskFactory(node=node, code=f"1.1.{number}", title=title, position=number)
    paragraphs = [re.sub(r"([\\*_`<>#])", r"\\\1", text) for text in texts]
    ChapterFactory(version=version, title="Věty", body="\n\n".join(paragraphs))

    html = document.html_of(version, content_of(version))

    said = unescape(re.sub(r"<[^>]+>", "", html))
    missing = [right for _typed, right in SENTENCES if right.replace("~", NBSP) not in said]
    assert missing == []
    pages = " ".join(text_of(document.pdf_of(version, content_of(version))))
    lost = [
        right
        for _typed, right in SENTENCES
        if re.sub(r"[\s~]", "", right) not in re.sub(r"\s", "", pages)
    ]
    assert lost == []


def test_language_of_the_reader_does_not_change_the_document():
    version = pass_steps(complete_version())
    content = content_of(version)

    with translation.override("en"):
        in_english = document.html_of(version, content)

    assert in_english == document.html_of(version, content)


RENDER = """
import hashlib, sys, django
django.setup()
from django.utils import translation
from PIL import Image
from planning.approvals.document import pdf_of
from planning.plans.content import read_content
from planning.plans.models import PlanVersion
translation.activate(sys.argv[2])
version = PlanVersion.objects.get(pk=sys.argv[1])
print(hashlib.sha256(pdf_of(version, read_content(version))).hexdigest())
"""


def database_url() -> str:
    """The address of the test database, for a process of its own."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    place = quote(facts["HOST"] or "localhost", safe="")
    who = f"{quote(facts['USER'], safe='')}:{quote(facts['PASSWORD'], safe='')}"
    return f"postgresql://{who}@{place}:{facts['PORT'] or 5432}/{facts['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_two_processes_make_the_very_bytes_that_were_stored():
    version = approve(complete_version())

    hashes = [
        subprocess.run(
            [sys.executable, "-c", RENDER, str(version.pk), language],
            env={**os.environ, "PYTHONHASHSEED": seed, "DATABASE_URL": database_url()},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed, language in (("1", "cs"), ("2", "en"))
    ]

    assert hashes == [version.pdf.sha256] * 2
    assert hashlib.sha256(store.read(version.pdf)).hexdigest() == version.pdf.sha256


def test_frozen_content_comes_back_whole():
    version = complete_version()
    content = content_of(version)

    again = parse(canonical(content))

    assert again == content
    assert canonical(again) == canonical(content)


def test_content_of_an_approved_version_is_read_from_the_store():
    version = approve(complete_version())

    assert read_content(version) == content_of(version)
    store.path(version.content).unlink()
    with pytest.raises(store.StoreError):
        read_content(version)


@pytest.mark.parametrize("plan_count", [1, 3])
def test_gathering_the_document_has_a_constant_number_of_queries(
    plan_count, django_assert_num_queries
):
    version = complete_version()
    for _more in range(plan_count - 1):
        complete_version(title="Jiný plán", committee=version.plan.committee)
    version = pass_steps(version)
    version = PlanVersion.objects.select_related("plan__committee").get(pk=version.pk)
    content = content_of(version)

    with django_assert_num_queries(3):  # steps with resolutions, region, seats
        document.html_of(version, content)


def test_coat_of_arms_stands_on_the_title_page_with_its_words():
    picture = io.BytesIO()
    Image.new("RGB", (60, 72), "#0b5c66").save(picture, "PNG")
    Region.objects.create(
        pk=1, name="SO ORP Židlochovice", short_name="Židlochovicko", arms=picture.getvalue()
    )
    version = pass_steps(complete_version())

    data = document.pdf_of(version, content_of(version))

    assert_accessible_pdf(data, version.plan.title)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "Znak: SO ORP Židlochovice" in {
            str(item.Alt)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        }


def test_hostile_words_stay_words():
    """Markup in a plan is text on paper: nothing is fetched, nothing is drawn (trial H4)."""
    hostile = (
        '<img src="http://10.0.0.1/x.png"><style>body{background:url(file:///etc/passwd)}</style>'
    )
    version = complete_version()
    PlanNode.objects.filter(version=version).update(title=hostile, need=hostile)
    ChapterFactory(version=version, title=hostile, body=f"{hostile}\n\n![x](http://10.0.0.1/y.png)")

    data, text = printed(version)

    assert data.startswith(b"%PDF-")
    assert "http://10.0.0.1/x.png" in text
    assert "body{background" in text.replace(" ", "")


def contrast_with_white(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def test_grey_printing_loses_nothing():
    """Every ink, printed in grey, still reads on white; nothing is said by a light ground alone."""
    sheets = [
        (settings.BASE_DIR / "static" / "css" / name).read_text(encoding="utf-8")
        for name in ("pdf.css", "pdf-plan.css")
    ]
    declared = re.findall(r"([\w-]+):[^;{}]*?(#[0-9a-f]{3,6})\b", "\n".join(sheets))
    inks = {colour for kind, colour in declared if colour != "#fff"}

    assert len(inks) >= 3
    assert {ink for ink in inks if contrast_with_white(ink) < 4.5 and ink != "#847b6d"} == set()
    assert contrast_with_white("#847b6d") > 3  # hairlines
    grounds = {colour for kind, colour in declared if kind.startswith("background")}
    assert grounds == {"#0b5c66"}  # the bars of the timetable, with white words in them
