"""What became of payloads in an answer: taken apart by the parser of its kind, every one must still be text.

``read`` returns the faults in words and the numbers of payloads that can be read as text.
"""

import csv
import email
import email.policy
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import icalendar
import openpyxl
import pikepdf
from defusedxml.ElementTree import fromstring
from pypdf import PdfReader

from tests.strict import DATA_SCRIPTS, faults_of_tree, parse_page

from .texts import MARK

ADDRESSES = {
    "action", "background", "cite", "data", "formaction", "href", "manifest", "ping", "poster", "src",
    "{http://www.w3.org/1999/xlink}href",
}  # fmt: skip
HARMLESS_SCHEMES = {"", "http", "https", "mailto", "tel", "webcal"}
FORMULA = re.compile(r"[=+\-@\t\r]")
STAND_IN = 1_000  # bytes: smaller "PDFs" only stand for papers that somebody has uploaded
PDF_ACTIONS = {
    "/GoToE", "/GoToR", "/Hide", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Named", "/Rendition", "/ResetForm",
    "/SubmitForm",
}  # fmt: skip


@dataclass
class Reading:
    """Faults of answers that have been read, and which payloads were seen as text."""

    faults: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    def read(self, data: bytes, kind: str, where: str) -> None:
        """Take ``data`` apart as ``kind``, a type of content; ``where`` names it in the faults."""
        kind = kind.split(";")[0]
        self.kinds.add(kind)
        found = READERS[kind](data, self.seen)
        self.faults += [f"{where}: {fault}" for fault in found]


def _note(text: str, seen: set[int]) -> None:
    seen.update(int(number) for number in MARK.findall(text))


def _marked(text: object) -> bool:
    return "kpssx" in str(text).lower()


# --- HTML ------------------------------------------------------------------------------------------------------------


def _page(data: bytes, seen: set[int]) -> Iterator[str]:
    html = data.decode()
    parser, tree, whole = parse_page(html, fragment="<html" not in html[:200])
    # Tags of templates are among the payloads, and so are signs that stand in no good text.
    for fault in faults_of_tree(html, parser, tree, whole):
        if "left over from a template" not in fault and "codepoint" not in fault:
            yield fault
    yield from _structure(tree, seen)


def _structure(tree, seen: set[int]) -> Iterator[str]:
    """What the payloads made in this HTML besides text."""
    for element in tree.iter():
        text = element.text or ""
        if not isinstance(element.tag, str):
            if _marked(text):
                yield f"a comment: {text[:80]}"
            continue
        _note(text, seen)
        _note(element.tail or "", seen)
        if _marked(element.tag) or "7*7" in element.tag:
            yield f"an element: <{element.tag[:80]}>"
        tag = element.tag.rpartition("}")[2]
        if tag in {"script", "style"} and _marked(text):
            if element.get("type") in DATA_SCRIPTS:
                yield from _json(text.encode(), seen)
            else:
                yield f"inside <{tag}>: {text[:80]}"
        for name, value in element.attrib.items():
            _note(value, seen)
            yield from _attribute(tag, str(name), value)


def _attribute(tag: str, name: str, value: str) -> Iterator[str]:
    if _marked(name):
        yield f"an attribute: <{tag} {name[:80]}>"
    if not _marked(value):
        return
    if name.startswith("on") or name in {"style", "srcdoc", "http-equiv", "integrity"}:
        yield f"in <{tag} {name}>: {value[:80]}"
    if name in ADDRESSES and _scheme(value) not in HARMLESS_SCHEMES:
        yield f"an address: <{tag} {name}>: {value[:80]}"


def _scheme(address: str) -> str:
    """The scheme as browsers read it: blind to white space and controls."""
    bare = re.sub(r"[\x00-\x20]", "", address).lower()
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", bare)
    return scheme[1] if scheme else ""


# --- Other kinds -----------------------------------------------------------------------------------------------------


def _feed(data: bytes, seen: set[int]) -> Iterator[str]:
    for element in fromstring(data).iter():
        _note(element.text or "", seen)
        if _marked(element.tag):
            yield f"an element: {element.tag}"
        for name, value in element.attrib.items():
            if _marked(name):
                yield f"an attribute: {name}"
            if name == "href" and _scheme(value) not in HARMLESS_SCHEMES:
                yield f"an address: {value}"
        if element.get("type") == "html":
            _parser, tree, _whole = parse_page(element.text or "", fragment=True)
            yield from _structure(tree, seen)


def _calendar(data: bytes, seen: set[int]) -> Iterator[str]:
    for component in icalendar.Calendar.from_ical(data).walk():
        yield from (f"a fault of {component.name}: {fault}" for fault in component.errors)
        if component.name not in {
            "VCALENDAR",
            "VEVENT",
            "VTIMEZONE",
            "STANDARD",
            "DAYLIGHT",
            "VALARM",
        }:
            yield f"a component: {component.name}"
        for name, value in component.property_items(recursive=False):
            if name not in {"BEGIN", "END"}:
                _note(str(value), seen)
            if _marked(name) or name == "BCC":
                yield f"a property: {name}"
            yield from (
                f"a parameter: {key}" for key in getattr(value, "params", {}) if _marked(key)
            )


def _json(data: bytes, seen: set[int]) -> Iterator[str]:
    try:
        whole = json.loads(data)
    except ValueError as error:
        yield f"broken JSON: {error}"
        return
    for key, value in _leaves(whole):
        _note(str(value), seen)
        if _marked(key):
            yield f"a key: {key}"


def _leaves(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, key)
    else:
        yield key, value


def _table(data: bytes, seen: set[int]) -> Iterator[str]:
    text = data.decode("utf-8-sig")
    for row in csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in text.split("\n")[0] else ","
    ):
        for cell in row:
            _note(cell, seen)
            if _marked(cell) and FORMULA.match(cell):
                yield f"a formula: {cell[:80]}"


def _workbook(data: bytes, seen: set[int]) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        if _marked(sheet.title):
            yield f"a sheet: {sheet.title}"
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            _note(str(cell.value or ""), seen)
            if cell.data_type == "f" or cell.hyperlink or cell.comment:
                yield f"a formula, link or comment: {cell.value}"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        yield from (f"a part: {name}" for name in package.namelist() if _marked(name))


def _paper(data: bytes, seen: set[int]) -> Iterator[str]:
    if len(data) < STAND_IN:
        return
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for thing in pdf.objects:
            for part in _parts(thing):
                yield from _paper_part(part)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    _note(re.sub(r"\s", "", text), seen)


def _parts(thing) -> Iterator[pikepdf.Dictionary | pikepdf.Stream]:
    """The object of a PDF with the dictionaries that lie right in it."""
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        inner = [thing[key] for key in thing.keys()]  # noqa: SIM118 - iterating asks for values
    else:
        inner = list(thing) if isinstance(thing, pikepdf.Array) else []
    for one in inner:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Array) and not one.is_indirect:
            yield from _parts(one)


def _paper_part(thing) -> Iterator[str]:
    for key in ("/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/XFA", "/RichMedia"):
        if key in thing:
            yield f"{key} in the PDF"
    action = thing.get("/S")
    if "/URI" in thing and _scheme(str(thing["/URI"])) not in HARMLESS_SCHEMES:
        yield f"an address in the PDF: {thing['/URI']}"
    if str(action) in PDF_ACTIONS:
        yield f"an action of the PDF: {action}"


def _archive(data: bytes, seen: set[int]) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            if _marked(name) and re.search(r"[<>:\"|?*\\\x00-\x1f]|\.\.|^/", name):
                yield f"a path: {name}"
            ending = name.rpartition(".")[2]
            reader = {"json": _json, "csv": _table, "ics": _calendar, "pdf": _paper}.get(
                ending, _plain
            )
            yield from reader(packed.read(name), seen)


def _plain(data: bytes, seen: set[int]) -> Iterator[str]:
    _note(data.decode(errors="replace"), seen)
    return iter(())


def _letter(data: bytes, seen: set[int]) -> Iterator[str]:
    letter = email.message_from_bytes(data, policy=email.policy.default)
    for part in letter.walk():
        yield from (f"a header: {name}" for name in part if _marked(name) or name.lower() == "bcc")
        kind = part.get_content_type()
        if kind == "text/html":
            yield "HTML in a mail"
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            yield from READERS[kind](content, seen)


READERS = {
    "application/atom+xml": _feed,
    "application/json": _json,
    "application/pdf": _paper,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _workbook,
    "application/zip": _archive,
    "message/rfc822": _letter,
    "text/calendar": _calendar,
    "text/css": _plain,
    "text/csv": _table,
    "text/html": _page,
    "text/javascript": _plain,
    "text/plain": _plain,
}
