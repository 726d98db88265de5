"""Office packages for tests: honest ones, and those of people who mean harm."""

import io
import struct
import zipfile
import zlib

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"

CONTENT_TYPES = (
    f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/></Types>'
)
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="List 1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
WORKBOOK_RELATIONS = (
    f'<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


XLSX_PARTS = {
    "[Content_Types].xml": CONTENT_TYPES,
    "xl/workbook.xml": WORKBOOK,
    "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS,
    "xl/worksheets/sheet1.xml": sheet('<row r="1"><c r="A1"><v>1</v></c></row>'),
}
DOCX_PARTS = {
    "[Content_Types].xml": CONTENT_TYPES,
    "word/document.xml": "<document><p>text</p></document>",
}
ODT_TYPE = "application/vnd.oasis.opendocument.text"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODF_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
XLINK = "http://www.w3.org/1999/xlink"
ODT_PARTS = {
    "mimetype": ODT_TYPE,
    "content.xml": f'<document-content xmlns="{ODF_OFFICE}"/>',
}


def package(parts: dict[str, str | bytes], **changes: str | bytes) -> bytes:
    """Return a ZIP of ``parts`` with some changed or added (``__`` in names stands for ``/``)."""
    target = io.BytesIO()
    named = {name.replace("__", "/"): content for name, content in changes.items()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **named}.items():
            archive.writestr(name, content)
    return target.getvalue()


def xlsx(changes: dict[str, str | bytes] | None = None) -> bytes:
    return package({**XLSX_PARTS, **(changes or {})})


def relation(kind: str, target: str, mode: str = "External") -> str:
    return (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId9" Type="{OFFICE}/{kind}"'
        f' Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]><x>&a9;</x>"
)


def hostile_xlsx() -> dict[str, bytes]:
    """Spreadsheets that must be refused, by what is wrong with them."""
    good = xlsx()
    external = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    parameter = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd">%p;]><x/>'
    return {
        "billion laughs in the sheet": xlsx({"xl/worksheets/sheet1.xml": BILLION_LAUGHS}),
        "billion laughs in the workbook": xlsx({"xl/workbook.xml": BILLION_LAUGHS}),
        "billion laughs in a part nobody reads": xlsx({"customXml/item1.xml": BILLION_LAUGHS}),
        "quadratic blow-up": xlsx(
            {
                "xl/sharedStrings.xml": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 50_000}</x>'
            }
        ),
        "external entity": xlsx({"xl/worksheets/sheet1.xml": external}),
        "external entity in UTF-16": xlsx({"xl/worksheets/sheet1.xml": external.encode("utf-16")}),
        "external entity in relations": xlsx({"xl/_rels/workbook.xml.rels": external}),
        "parameter entity": xlsx({"docProps/core.xml": parameter}),
        "empty document type": xlsx({"xl/styles.xml": "<!DOCTYPE styleSheet><styleSheet/>"}),
        "macros": xlsx({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
        "macros by content type": xlsx(
            {
                "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Override PartName="/xl/workbook.xml"'
                ' ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
            }
        ),
        "macro sheet": xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}),
        "embedded program": xlsx({"xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}),
        "ActiveX": xlsx({"xl/activeX/activeX1.xml": "<x/>"}),
        "external workbook": xlsx({"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
        "external link": xlsx(
            {"xl/_rels/x.xml.rels": relation("externalLinkPath", "file:///C:/x.xlsx")}
        ),
        "picture from outside": xlsx(
            {"xl/drawings/_rels/drawing1.xml.rels": relation("image", "http://127.0.0.1:9/x.png")}
        ),
        "database connection": xlsx({"xl/connections.xml": "<connections/>"}),
        "query table": xlsx({"xl/queryTables/queryTable1.xml": "<queryTable/>"}),
        "embedded workbook with macros": xlsx(
            {"xl/embeddings/Sheet1.xlsx": xlsx({"xl/vbaProject.bin": b"x"})}
        ),
        "dense bomb": xlsx({"xl/worksheets/sheet1.xml": sheet(" " * 40_000_000)}),
        "many parts": xlsx({f"customXml/item{n}.xml": "<x/>" for n in range(3_000)}),
        "many rows": xlsx(
            {"xl/worksheets/sheet1.xml": sheet("<row><c><v>1</v></c></row>" * 10_001)}
        ),
        "many columns": xlsx(
            {"xl/worksheets/sheet1.xml": sheet(f"<row>{'<c><v>1</v></c>' * 101}</row>")}
        ),
        "many empty cells": xlsx(
            {"xl/worksheets/sheet1.xml": sheet(f"<row>{'<c/>' * 2_000_000}</row>")}
        ),
        "row beyond the end": xlsx(
            {"xl/worksheets/sheet1.xml": sheet('<row r="99999999999"><c><v>1</v></c></row>')}
        ),
        "column beyond the end": xlsx(
            {"xl/worksheets/sheet1.xml": sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')}
        ),
        "endless number": xlsx(
            {"xl/worksheets/sheet1.xml": sheet("<row><c><v>1e999</v></c></row>")}
        ),
        "not a number": xlsx({"xl/worksheets/sheet1.xml": sheet("<row><c><v>nan</v></c></row>")}),
        "text out of the table": xlsx(
            {"xl/worksheets/sheet1.xml": sheet('<row><c t="s"><v>5</v></c></row>')}
        ),
        "unknown type of cell": xlsx(
            {"xl/worksheets/sheet1.xml": sheet('<row><c t="q"><v>5</v></c></row>')}
        ),
        "broken XML": xlsx({"xl/worksheets/sheet1.xml": "<worksheet><sheetData>"}),
        "sheet outside the package": xlsx(
            {
                "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS.replace(
                    "worksheets/", "../../../etc/"
                )
            }
        ),
        "no workbook": package({"[Content_Types].xml": CONTENT_TYPES}),
        "path upwards": xlsx({"../../evil.xml": "<x/>"}),
        "absolute path": xlsx({"/etc/evil.xml": "<x/>"}),
        "something before": b"#!/bin/sh\n" + good,
        "something behind": good + b"<script>",
        "comment of the archive": _commented(good),
        "cut short": good[: len(good) // 2],
        "flipped byte": _flipped(good),
        "false size": _false_size(),
        "parts over one another": _overlapping(),
        "password": _encrypted_flag(good),
        "HTML called xlsx": b"<html><table><tr><td>1</table>",
        "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "nothing": b"",
        "other archive": b"7z\xbc\xaf'\x1c" + b"\0" * 60,
    }


def _commented(data: bytes) -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = b"<script>alert(1)</script>"
    return target.getvalue()


def _flipped(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 70
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def _false_size() -> bytes:
    """The directory says 10 bytes; unpacked there are two million."""
    raw = sheet(" " * 2_000_000).encode()
    data = bytearray(xlsx({"xl/worksheets/sheet1.xml": raw}))
    false = struct.pack("<L", 10)
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        position = 0
        while (position := data.find(signature, position)) >= 0:
            if data[position + at : position + at + 4] == struct.pack("<L", len(raw)):
                data[position + at : position + at + 4] = false
            position += 4
    return bytes(data)


def _overlapping() -> bytes:
    """Two names in the directory lead to the same bytes."""
    data = xlsx()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first, second = archive.infolist()[:2]
    directory = data.index(b"PK\x01\x02")
    changed = bytearray(data)
    entry = data.index(b"PK\x01\x02", directory + 4)
    changed[entry + 42 : entry + 46] = struct.pack("<L", first.header_offset)
    assert second.header_offset != first.header_offset
    return bytes(changed)


def _encrypted_flag(data: bytes) -> bytes:
    changed = bytearray(data)
    entry = data.index(b"PK\x01\x02")
    changed[entry + 8] |= 1
    return bytes(changed)


def png(width: int = 2, height: int = 2, extra: bytes = b"") -> bytes:
    """Return a whole grey PNG; ``extra`` goes into a text chunk."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">L", len(content)) + body + struct.pack(">L", zlib.crc32(body))

    rows = b"".join(b"\0" + b"\x80" * width for _row in range(min(height, 10)))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0))
        + (chunk(b"tEXt", b"Comment\0" + extra) if extra else b"")
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg(width: int = 2, height: int = 2, extra: bytes = b"") -> bytes:
    """Return the outline of a JPEG: headers, an empty scan, the end; ``extra`` goes into a comment."""
    comment = b"\xff\xfe" + struct.pack(">H", len(extra) + 2) + extra if extra else b""
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + comment
        + b"\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"
    )
