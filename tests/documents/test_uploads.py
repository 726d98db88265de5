import io
import os
import random
import time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.store.uploads import (
    DOCUMENTS,
    PICTURES,
    CheckedFile,
    CheckedFileField,
    check_upload,
    tidy_name,
)
from tests.kpss.packages import (
    BILLION_LAUGHS,
    CONTENT_TYPES,
    DOCX_PARTS,
    ODF_OFFICE,
    ODS_TYPE,
    ODT_PARTS,
    ODT_TYPE,
    XLINK,
    hostile_xlsx,
    jpeg,
    package,
    png,
    relation,
    xlsx,
)

EVERYTHING = (*DOCUMENTS, *PICTURES)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DOCX = package(DOCX_PARTS)
ODT = package(ODT_PARTS)
ODS = package({**ODT_PARTS, "mimetype": ODS_TYPE})


def upload(name, data):
    return check_upload(SimpleUploadedFile(name, data, "text/html"), EVERYTHING)


def picture(kind, size=(30, 20)):
    target = io.BytesIO()
    Image.new("RGB", size, "red").save(target, kind)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("Plán.PDF", PDF, "application/pdf"),
        ("plan.pdf", PDF.rstrip(), "application/pdf"),
        ("a.png", picture("PNG"), "image/png"),
        ("a.png", png(), "image/png"),
        ("a.jpg", picture("JPEG"), "image/jpeg"),
        ("a.jpeg", jpeg(), "image/jpeg"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.odt", ODT, ODT_TYPE),
        ("a.ods", ODS, ODS_TYPE),
        (
            "chart.docx",
            package(DOCX_PARTS, **{"word/embeddings/List.xlsx": xlsx()}),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "template.docx",
            package(
                DOCX_PARTS,
                **{
                    "word/_rels/settings.xml.rels": relation(
                        "attachedTemplate", "file:///C:\\a.dotx"
                    )
                },
            ),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "links.odt",
            package(
                {
                    **ODT_PARTS,
                    "content.xml": f'<document-content xmlns="{ODF_OFFICE}" xmlns:x="{XLINK}">'
                    '<a x:href="https://example.cz/"/><image x:href="Pictures/1.png"/></document-content>',
                }
            ),
            ODT_TYPE,
        ),
    ],
)
def test_honest_file_is_taken_as_what_it_is(name, data, content_type):
    assert upload(name, data) == CheckedFile(name, content_type, data)


def _odt(content):
    return package({**ODT_PARTS, "content.xml": content})


def _odf_with(element):
    return _odt(
        f'<document-content xmlns="{ODF_OFFICE}" xmlns:x="{XLINK}">{element}</document-content>'
    )


def bad_uploads():
    """A thousand uploads that must be refused: (name, bytes)."""
    zipped = package({"a.txt": "x"})
    macros = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    bad = [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("a.html", b"<html>"),
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.pdf", b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF"),
        ("a.pdf", b"%PDF-1.7\n<?php system($_GET[0]); ?>\n%%EOF"),
        ("a.pdf", b"GIF89a\n" + PDF),
        ("a.pdf", b"\n" + PDF),
        ("a.pdf", PDF + zipped),
        ("a.pdf", PDF + b"<script>"),
        ("a.pdf", PDF + zipped + b"%%EOF"),
        ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>")),
        ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/J#61vaScript/JS(x)>>")),
        ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/A<</S/Launch/F(cmd.exe)>>")),
        ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/EF<</F<</Type/EmbeddedFile>>>>")),
        ("a.pdf", b"%PDF-1.7"),
        ("a.pdf", b""),
        ("a.png", png() + b"<script>alert(1)</script>"),
        ("a.png", png(extra=b"<script>alert(1)</script>")),
        ("a.png", png(extra=b"<?php x ?>")),
        ("a.png", png(extra=zipped)),
        ("a.png", png() + zipped),
        ("a.png", png(50_000, 50_000)),
        ("a.png", png(50_000, 1)),
        ("a.png", png(0, 5)),
        ("a.png", png()[:-12]),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.png", jpeg()),
        ("a.png", PDF),
        ("a.jpg", png()),
        ("a.jpg", jpeg() + b"x"),
        ("a.jpg", jpeg(60_000, 60_000)),
        ("a.jpg", jpeg(extra=b"<script>alert(1)</script>")),
        ("a.jpg", jpeg(extra=zipped)),
        ("a.jpg", jpeg()[:-2]),
        ("a.jpg", b"\xff\xd8\xff\xd9"),
        ("a.jpg", b"\xff\xd8\xff" + b"\xff" * 5_000 + b"\xff\xd9"),
        ("a.docx", package(DOCX_PARTS, **macros)),
        ("a.docx", package(DOCX_PARTS, **{"word/embeddings/oleObject1.bin": b"x"})),
        (
            "a.docx",
            package(DOCX_PARTS, **{"word/embeddings/a.docx": package(DOCX_PARTS, **macros)}),
        ),
        ("a.docx", package(DOCX_PARTS, **{"word/activeX/activeX1.xml": "<x/>"})),
        ("a.docx", package(DOCX_PARTS, **{"word/document.xml": BILLION_LAUGHS})),
        (
            "a.docx",
            package(
                DOCX_PARTS,
                **{
                    "word/_rels/settings.xml.rels": relation(
                        "attachedTemplate", "http://127.0.0.1:9/x.dotm"
                    )
                },
            ),
        ),
        (
            "a.docx",
            package(
                DOCX_PARTS, **{"word/_rels/a.xml.rels": relation("image", "http://127.0.0.1:9/")}
            ),
        ),
        (
            "a.docx",
            package(DOCX_PARTS, **{"word/_rels/a.xml.rels": relation("oleObject", "\\\\a\\b")}),
        ),
        (
            "a.docx",
            package(
                DOCX_PARTS, **{"word/_rels/a.xml.rels": relation("aFChunk", "a.html", "Internal")}
            ),
        ),
        (
            "a.docx",
            package(
                DOCX_PARTS, **{"word/_rels/a.xml.rels": relation("frame", "http://127.0.0.1:9/")}
            ),
        ),
        ("a.docx", package({"[Content_Types].xml": CONTENT_TYPES})),
        ("a.docx", xlsx()),
        ("a.docx", ODT),
        ("a.docx", zipped),
        ("a.docx", PDF),
        ("a.docm", package(DOCX_PARTS, **macros)),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 512),
        ("a.rtf", b"{\\rtf1}"),
        ("a.odt", ODS),
        ("a.ods", ODT),
        ("a.odt", package({"content.xml": "<x/>"})),
        ("a.odt", _odt(BILLION_LAUGHS)),
        ("a.odt", package({**ODT_PARTS, "Basic/Standard/Module1.xml": "<x/>"})),
        ("a.odt", package({**ODT_PARTS, "Scripts/python/x.py": "import os"})),
        ("a.odt", _odf_with("<scripts><script/></scripts>")),
        ("a.odt", _odf_with("<event-listener/>")),
        ("a.odt", _odf_with("<object-ole/>")),
        ("a.odt", _odf_with('<image x:href="http://127.0.0.1:9/a.png"/>')),
        ("a.odt", _odf_with('<section-source x:href="file:///etc/passwd"/>')),
        ("a.odt", _odf_with('<image x:href="//127.0.0.1/share/a.png"/>')),
        ("a.odt", _odf_with('<image x:href="../../a.png"/>')),
        ("a.exe", b"MZ"),
        ("a.pdf.exe", PDF),
        ("a.pdf\0.exe", PDF),
        ("pdf", PDF),
        (".pdf.", PDF),
        ("a.js", b"alert(1)"),
        ("a.zip", zipped),
        ("a.pdf/../a.html", PDF),
    ]
    bad += [("a.xlsx", data) for data in _refused_as_packages().values()]
    chance = random.Random(2020)
    endings = [kind.endings[0] for kind in EVERYTHING]
    while len(bad) < 1_000:
        ending = chance.choice(endings)
        honest = {
            "pdf": PDF,
            "png": picture("PNG"),
            "jpg": picture("JPEG"),
            "docx": DOCX,
            "xlsx": xlsx(),
        }
        original = honest.get(ending, ODT if ending == "odt" else ODS)
        way = chance.randrange(4)
        if way == 0:
            data = chance.randbytes(chance.randrange(1, 3_000))
        elif way == 1:
            data = original[: chance.randrange(len(original) - 10)]
        elif way == 2:
            data = chance.randbytes(chance.randrange(1, 50)) + original
        else:
            data = original + chance.choice([b"<script>", b"<?php", b"MZ\x90", zipped, PDF[:20]])
        bad.append((f"a.{ending}", data))
    return bad


def _refused_as_packages():
    """Those of the hostile spreadsheets whose fault lies in the package, not in the table."""
    of_the_table = {
        "many rows",
        "many columns",
        "many empty cells",
        "row beyond the end",
        "column beyond the end",
        "endless number",
        "not a number",
        "text out of the table",
        "unknown type of cell",
        "sheet outside the package",
    }
    return {name: data for name, data in hostile_xlsx().items() if name not in of_the_table}


def test_a_thousand_bad_uploads_are_refused_each_with_a_sentence():
    bad = bad_uploads()
    taken, sentences, started = [], set(), time.process_time()

    for name, data in bad:
        try:
            upload(name, data)
        except ValidationError as error:
            sentences.update(error.messages)
        else:
            taken.append((name, data[:60]))

    assert taken == []
    assert len(bad) == 1_000
    assert [
        sentence for sentence in sentences if not sentence.strip().endswith((".", "ODS", "JPG"))
    ] == []
    assert time.process_time() - started < 60


def test_limit_of_size(settings):
    settings.KPSS_UPLOAD_MAX_BYTES = 1024
    whole = b"%PDF-1.7\n" + b" " * (1024 - 14) + b"%%EOF"

    assert upload("a.pdf", whole).data == whole
    with pytest.raises(ValidationError) as caught:
        upload("a.pdf", b"%PDF-1.7\n" + b" " * 1024 + b"%%EOF")
    assert caught.value.code == "too_large"


def test_only_the_wanted_kinds_are_taken():
    with pytest.raises(ValidationError) as caught:
        check_upload(SimpleUploadedFile("a.pdf", PDF), PICTURES)
    assert "PNG, JPG" in caught.value.messages[0]


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("Akční plán 2021.pdf", "Akční plán 2021.pdf"),
        ("C:\\Dokumenty\\a.pdf", "a.pdf"),
        ("../../etc/a.pdf", "a.pdf"),
        ("a\u202efdp.exe", "a fdp.exe"),
        ("a\r\nX: y.pdf", "a X y.pdf"),
        ("a\0.pdf", "a .pdf".replace(" ", "")),
        ("  .a  b.pdf ", "a b.pdf"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
        ("", ""),
        ("...", ""),
    ],
)
def test_names_are_tidied(name, tidy):
    assert tidy_name(name) == tidy


class _Form(forms.Form):
    file = CheckedFileField()
    other = CheckedFileField(required=False, kinds=PICTURES)


def test_field_gives_the_checked_file():
    form = _Form(files={"file": SimpleUploadedFile("a.pdf", PDF)})

    assert form.is_valid()
    assert form.cleaned_data["file"] == CheckedFile("a.pdf", "application/pdf", PDF)
    assert form.cleaned_data["other"] is None
    assert 'accept=".png,.jpg,.jpeg"' in str(form["other"])


def test_field_says_what_is_wrong():
    assert list(_Form(files={}).errors) == ["file"]
    assert list(_Form(files={"file": SimpleUploadedFile("a.exe", b"MZ")}).errors) == ["file"]


@pytest.mark.django_db
def test_checked_file_goes_to_the_store(settings, tmp_path):
    settings.STORE_DIR = tmp_path

    stored = CheckedFile("a.pdf", "application/pdf", PDF).put()

    assert (stored.size, stored.content_type) == (len(PDF), "application/pdf")
    assert os.listdir(tmp_path) == [stored.sha256[:2]]
