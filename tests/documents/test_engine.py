import datetime as dt
import gc
import hashlib
import io
import os
import re
import subprocess
import sys

import pikepdf
import pytest
from django.template import engines
from pypdf import PdfReader

from documents import engine
from documents.engine import EngineError, EngineUnavailable, render_pdf
from kpss.typography import NBSP
from tests.kpss.test_typography import SENTENCES
from tests.pdf_checks import assert_accessible_pdf, bookmarks, faults, text_of

CREATED = dt.datetime(2020, 12, 16, 10, 0, tzinfo=dt.UTC)
IDENTIFIER = b"0123456789abcdef"

DOCUMENT = """{% extends "pdf/base.html" %}
{% block title %}Akční plán 2021{% endblock %}
{% block body %}
<div class="title-page"><h1>Akční plán 2021</h1><p>Židlochovicko</p></div>
<nav><h2 data-running="Obsah">Obsah</h2><ol class="contents">
<li><a href="#p1">1 Senioři</a><span class="page-of" data-target="#p1"></span></li>
<li><a href="#p2">2 Rodiny</a><span class="page-of" data-target="#p2"></span></li>
</ol></nav>
{% for title in titles %}<section class="opens-page">
<h2 id="p{{ forloop.counter }}" data-running="{{ title }}">{{ title }}</h2>
<h3>Opatření {{ forloop.counter }}.1</h3>
<p>Nejnepravděpodobnější nejneobhospodařovávatelnější pečovatelská služba <em>v obci</em>.</p>
<img alt="Znak" width="20" src="data:image/png;base64,{{ picture }}">
<table><caption>Úkoly</caption><colgroup><col class="code"><col></colgroup>
<thead><tr><th scope="col">Kód</th><th scope="col">Úkol</th></tr></thead>
<tbody>{% for row in rows %}<tr><th scope="row">1.{{ row }}</th><td>Úkol {{ row }}</td></tr>{% endfor %}</tbody>
</table></section>{% endfor %}
{% endblock %}"""
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def html():
    context = {"titles": ["1 Senioři", "2 Rodiny"], "rows": range(60), "picture": PICTURE}
    return engines["django"].from_string(DOCUMENT).render(context)


def rendered(source, **options):
    options = {"identifier": IDENTIFIER, "created": CREATED, **options}
    return render_pdf(source, **options)


@pytest.fixture(scope="module")
def pdf():
    return rendered(html(), author="Město Židlochovice")


def test_document_is_accessible(pdf):
    assert_accessible_pdf(pdf, "Akční plán 2021")
    assert bookmarks(pdf) == [
        "Akční plán 2021",
        "  Obsah",
        "  1 Senioři",
        "    Opatření 1.1",
        "  2 Rodiny",
        "    Opatření 2.1",
    ]


def test_the_check_of_accessibility_finds_faults():
    broken = rendered("<title>T</title><h1>A</h1><h3>B</h3><table><tr><td>x</table>")
    plain = engine._weasyprint().HTML(string="<p>nic").write_pdf()

    with pikepdf.open(io.BytesIO(broken)) as pdf:
        assert [fault.partition(" is ")[0] for fault in faults(pdf, "Jiný", "en")] == [
            "language",
            "title",
            "no title in the metadata",
            "heading of level 3 after level 1",
            "table without headings",
        ]
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        assert {"not marked as tagged", "no structure", "no bookmarks", "no PDF/UA mark"} <= set(
            faults(pdf, "", "cs")
        )


def test_pages_have_running_heading_number_and_contents(pdf):
    pages = [re.sub(r"[ .]+", " ", page) for page in text_of(pdf)]

    assert pages[0] == "Akční plán 2021Židlochovicko"
    assert pages[1] == "Obsah 1 Senioři 3 2 Rodiny 5 Obsah 2 / 6"
    assert [page[-14:].lstrip("0123456789 ") for page in pages[2:]] == [
        "Senioři 3 / 6",
        "Senioři 4 / 6",
        "Rodiny 5 / 6",
        "Rodiny 6 / 6",
    ]


def test_metadata_are_given_not_guessed(pdf, tmp_path):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.docinfo["/CreationDate"]) == "D:20201216100000Z"
        assert str(opened.docinfo["/Author"]) == "Město Židlochovice"
        assert bytes(opened.trailer["/ID"][0]) == IDENTIFIER


def test_a_draft_has_no_date_and_a_day_will_do(tmp_path):
    draft = rendered("<title>T</title><h1>A", created=None)
    dated = rendered("<title>T</title><h1>A", created=dt.date(2020, 12, 16))

    with pikepdf.open(io.BytesIO(draft)) as opened:
        assert "/CreationDate" not in opened.docinfo
    with pikepdf.open(io.BytesIO(dated)) as opened:
        assert str(opened.docinfo["/CreationDate"]).startswith("D:20201216")


def test_same_input_gives_the_same_bytes_in_two_processes(tmp_path):
    source = tmp_path / "document.html"
    source.write_text(html(), encoding="utf-8")
    script = (
        "import django, sys, datetime, hashlib; django.setup();"
        "from documents.engine import render_pdf;"
        f"print(hashlib.sha256(render_pdf(open(sys.argv[1], encoding='utf-8').read(),"
        f" identifier={IDENTIFIER!r}, created={CREATED!r}, author='A')).hexdigest())"
    )

    hashes = [
        subprocess.run(
            [sys.executable, "-c", script, str(source)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": "C"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("77", "Asia/Tokyo"))
    ]

    here = hashlib.sha256(rendered(html(), author="A")).hexdigest()
    assert hashes == [here, here]


def test_another_identifier_or_date_gives_other_bytes():
    variants = {
        rendered("<title>T</title><h1>A"),
        rendered("<title>T</title><h1>A", identifier=b"x" * 16),
        rendered("<title>T</title><h1>A", created=dt.date(2021, 1, 1)),
    }

    assert len(variants) == 3


def test_collector_is_left_as_it_was():
    assert gc.isenabled()
    rendered("<title>T</title><h1>A")
    assert gc.isenabled()

    with pytest.raises(EngineError):
        rendered("<title>T</title><img src='http://127.0.0.1/'>")
    assert gc.isenabled()


@pytest.mark.parametrize(
    "source",
    [
        "<h1>Bez titulu</h1>",
        "<title>T</title><img src='static:img/neni.png'>",
        "<title>T</title><img src='static:css/pdf.css'>",
        "<title>T</title><img src='relativni.png'>",
        "<title>T</title><link rel=stylesheet href='static:css/neni.css'>",
        "<title>T</title><img alt=x src='data:image/png;base64,AAAA'>",
        f"<title>T</title><img src='data:image/png;base64,{PICTURE}'>",
    ],
)
def test_document_with_a_fault_is_not_made(source):
    with pytest.raises(EngineError):
        rendered(source)


def test_missing_libraries_are_named_with_the_command(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)

    class NoPango:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(sys, "meta_path", [NoPango, *sys.meta_path])

    with pytest.raises(EngineUnavailable, match="sudo apt-get install .*libpango-1.0-0"):
        rendered("<title>T</title>")


def test_every_sentence_of_the_trial_breaks_only_where_it_may():
    paragraphs = "".join(
        engines["django"].from_string("<p>{{ text|typo }}</p>").render({"text": typed})
        for typed, _right in SENTENCES
    )
    style = "<style>@page{size:60mm 290mm;margin:5mm;@top-right{content:none}} p{hyphens:manual;margin:0}</style>"
    sheet = '<link rel="stylesheet" href="static:css/pdf.css">'
    data = rendered(f"<title>T</title>{sheet}{style}{paragraphs}")
    lines = [
        line.replace(NBSP, " ").strip()
        for page in PdfReader(io.BytesIO(data)).pages
        for line in page.extract_text().splitlines()
    ]

    broken = 0
    for _typed, right in SENTENCES:
        rest = right
        while rest:
            line = lines.pop(0)
            assert rest.replace("~", " ").startswith(line), (line, rest)
            here, rest = rest[: len(line)], rest[len(line) :]
            # A line may end at a space, or after a dash, a hyphen or a stroke; never at a hard space.
            assert rest[:1] in {"", " "} or here[-1] in "–-/?&=", right
            broken += bool(rest)
            rest = rest.removeprefix(" ")
    assert broken > 100
    assert lines == []
