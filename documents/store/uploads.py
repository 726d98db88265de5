"""Files sent by people: what is taken, and in what words the rest is refused."""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from documents.store import files
from documents.store.models import StoredFile
from kpss.archives import FileRefused, open_package
from kpss.pictures import PictureRefused, picture_size

MAX_NAME = 150
MAX_SIDE = 12_000
MAX_PIXELS = 50_000_000

_MARKUP = re.compile(rb"<(?:script|html|svg|iframe|\?php|!doctype\s+html)", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_ZIP_REACH = 65_557
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")
_PDF_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


class CheckedFile(NamedTuple):
    """An uploaded file that passed: its tidy name, its true type and its bytes."""

    name: str
    content_type: str
    data: bytes

    def put(self) -> StoredFile:
        """Keep it in the store; raise StoreError."""
        return files.put(self.data, content_type=self.content_type)


@dataclass(frozen=True)
class FileKind:
    """One kind of file: its endings, its type, and the check that its bytes are of that kind."""

    endings: tuple[str, ...]
    content_type: str
    check: Callable[[bytes], None]


def _check_pdf(data: bytes) -> None:
    if not data.startswith(b"%PDF-1.") and not data.startswith(b"%PDF-2."):
        raise FileRefused(_not_that_kind())
    if not data.rstrip(b"\r\n\t \0").endswith(b"%%EOF") or _MARKUP.search(data[:4096]):
        raise FileRefused(_("The PDF is damaged or is not only a PDF. Save it again and retry."))
    plain = _PDF_ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), data)
    if _PDF_ACTIVE.search(data) or _PDF_ACTIVE.search(plain):
        raise FileRefused(_("The PDF has scripts or other files inside. Save it without them."))


def _check_picture(data: bytes) -> None:
    try:
        width, height = picture_size(data)
    except PictureRefused as error:
        raise FileRefused(str(error)) from error
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise FileRefused(
            _("The picture is too large: %(width)s × %(height)s pixels. Make it smaller.")
            % {"width": width, "height": height}
        )
    if _MARKUP.search(data):
        raise FileRefused(_("The picture has something else inside. Save it again and retry."))


def _office(main_part: str) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        names = open_package(data).names
        if main_part not in names or "[Content_Types].xml" not in names:
            raise FileRefused(_not_that_kind())

    return check


def _open_document(content_type: str) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        package = open_package(data)
        if "mimetype" not in package.names or package.read("mimetype") != content_type.encode():
            raise FileRefused(_not_that_kind())

    return check


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
PDF = FileKind(("pdf",), "application/pdf", _check_pdf)
PNG = FileKind(("png",), "image/png", _check_picture)
JPEG = FileKind(("jpg", "jpeg"), "image/jpeg", _check_picture)
DOCX = FileKind(("docx",), f"{_OOXML}wordprocessingml.document", _office("word/document.xml"))
XLSX = FileKind(("xlsx",), f"{_OOXML}spreadsheetml.sheet", _office("xl/workbook.xml"))
ODT = FileKind(("odt",), f"{_ODF}text", _open_document(f"{_ODF}text"))
ODS = FileKind(("ods",), f"{_ODF}spreadsheet", _open_document(f"{_ODF}spreadsheet"))

DOCUMENTS = (PDF, DOCX, XLSX, ODT, ODS)
PICTURES = (PNG, JPEG)
_MAGIC = {PNG: b"\x89PNG", JPEG: b"\xff\xd8\xff"}


def check_upload(file: File, kinds: Collection[FileKind] = DOCUMENTS) -> CheckedFile:
    """Return the uploaded file when it is whole, harmless and of one of ``kinds``.

    What it is, is told by its ending and its bytes, never by what the browser says. Raise
    ValidationError with one sentence saying what is wrong and what to do.
    """
    limit = settings.KPSS_UPLOAD_MAX_BYTES
    file.seek(0)
    data = file.read(limit + 1)
    if not data:
        raise ValidationError(_("The file is empty."), code="empty")
    if len(data) > limit:
        raise ValidationError(
            _("The file is larger than %(limit)s. Make it smaller or split it.")
            % {"limit": filesizeformat(limit)},
            code="too_large",
        )
    name = tidy_name(file.name or "")
    stem, _dot, ending = name.rpartition(".")
    kind = next((kind for kind in kinds if stem and ending.lower() in kind.endings), None)
    if kind is None:
        allowed = ", ".join(kind.endings[0].upper() for kind in kinds)
        raise ValidationError(
            _("Files of this kind are not taken. Send one of these: %(allowed)s.")
            % {"allowed": allowed},
            code="kind",
        )
    try:
        if not data.startswith(_MAGIC.get(kind, b"")):
            raise FileRefused(_not_that_kind())
        kind.check(data)
        if kind not in {DOCX, XLSX, ODT, ODS} and _ZIP_END in data[-_ZIP_REACH:]:
            raise FileRefused(_not_that_kind())
    except FileRefused as error:
        raise ValidationError(str(error), code="refused") from error
    return CheckedFile(name, kind.content_type, data)


def tidy_name(name: str) -> str:
    """Return the last part of ``name`` without signs that mislead or break, not too long."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in base)
    stem, dot, ending = re.sub(r'[<>:"|?*\s]+', " ", seen).strip(" .").rpartition(".")
    return f"{stem[: MAX_NAME - len(dot + ending)].strip()}{dot}{ending}"[:MAX_NAME]


def _not_that_kind() -> str:
    return _("The content of the file is not what its ending says. Save it again and retry.")


class CheckedFileField(forms.FileField):
    """A form field whose clean value is a CheckedFile."""

    def __init__(self, *, kinds: Collection[FileKind] = DOCUMENTS, **kwargs):
        self.kinds = kinds
        super().__init__(**kwargs)
        endings = [f".{ending}" for kind in kinds for ending in kind.endings]
        self.widget.attrs.setdefault("accept", ",".join(endings))

    def to_python(self, data):
        file = super().to_python(data)
        return None if file is None else check_upload(file, self.kinds)
