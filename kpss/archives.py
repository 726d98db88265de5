"""ZIP packages of office programs, opened only after it is known that they are what they seem.

Everything is refused before anything is parsed: bombs, document types and entities in XML, macros,
embedded programs, links to the outside.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from django.utils.translation import gettext as _

# Large pieces: the parser goes over an unfinished piece of text again with each next one.
CHUNK = 8 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_UNCOMPRESSED = 64 * 1024 * 1024
# Sheets of equal rows shrink hundreds of times; only large parts that shrink more are suspicious.
MAX_RATIO = 400
MAX_ELEMENTS = 1_500_000
SMALL_PART = 1024 * 1024

_END_OF_DIRECTORY = b"PK\x05\x06"
_END_LENGTH = 22
_XML_PART = re.compile(r"\.(?:xml|rels|rdf)$", re.IGNORECASE)
_ACTIVE_PART = re.compile(
    r"vba|macrosheets/|dialogsheets/|activex/|oleobject|externallinks/|querytables/|connections\.xml"
    r"|webextensions/|customui/|\.(?:bin|exe|dll|js|vbs|class|jar|swf|html?|xlsm|docm|pptm)$"
    r"|^basic/|^scripts/",
    re.IGNORECASE,
)
_HARMLESS_PART = re.compile(r"/printersettings/[^/]+\.bin$", re.IGNORECASE)
# A chart in a text carries its table along as a package of its own.
_INNER_PACKAGE = re.compile(r"/embeddings/[^/]+\.(?:xlsx|docx|pptx)$", re.IGNORECASE)
_LOCAL_TEMPLATE = re.compile(r"file:///[A-Za-z]:")
_NAME_REFUSED = re.compile(r"^[/\\]|\.\.(?:[/\\]|$)|:|\\|[\x00-\x1f]")


class FileRefused(Exception):
    """The file will not be taken; the text is a sentence for the person who sent it."""


class Package:
    """A checked ZIP package: its parts may be read, and none of them is larger than allowed."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self.names = frozenset(archive.namelist())

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part piece by piece; raise FileRefused when it is damaged."""
        try:
            with self._archive.open(name) as part:
                while chunk := part.read(CHUNK):
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            KeyError,
            OSError,
            NotImplementedError,
        ) as error:
            raise FileRefused(_damaged()) from error

    def read(self, name: str) -> bytes:
        """Return a whole part; raise FileRefused when it is damaged or missing."""
        return b"".join(self.chunks(name))


def open_package(data: bytes, *, max_uncompressed: int = MAX_UNCOMPRESSED) -> Package:
    """Return the office package in ``data`` (docx, xlsx, odt, ods); raise FileRefused with the reason."""
    return _open_checked(data, max_uncompressed, is_inner=False)


def _open_checked(data: bytes, max_uncompressed: int, *, is_inner: bool) -> Package:
    archive = _open(data)
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise FileRefused(_("The file has too many parts inside."))
    _check_names(entries)
    _check_sizes(entries, max_uncompressed)
    package = Package(archive)
    for entry in entries:
        _check_part(package, entry)
        if _INNER_PACKAGE.search(entry.filename):
            if is_inner:
                raise FileRefused(_outside())
            _open_checked(package.read(entry.filename), max_uncompressed, is_inner=True)
    return package


def _damaged() -> str:
    return _("The file is damaged. Open it in your program, save it again and retry.")


def _open(data: bytes) -> zipfile.ZipFile:
    # From the first byte to the last one archive: nothing before it, nothing behind it.
    directory_end = data.rfind(_END_OF_DIRECTORY)
    if not data.startswith(b"PK\x03\x04") or directory_end != len(data) - _END_LENGTH:
        raise FileRefused(_damaged())
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        UnicodeDecodeError,
    ) as error:
        raise FileRefused(_damaged()) from error


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) != len(names) or any(map(_NAME_REFUSED.search, names)):
        raise FileRefused(_damaged())
    for name in names:
        if _ACTIVE_PART.search(name) and not _HARMLESS_PART.search(name):
            raise FileRefused(
                _(
                    "The file has macros, embedded objects or links to other files inside (%(part)s)."
                    " Save it without them."
                )
                % {"part": name[:80]}
            )


def _check_sizes(entries: list[zipfile.ZipInfo], max_uncompressed: int) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused(_("The file is locked by a password. Save it without one."))
    if any(
        entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries
    ):
        raise FileRefused(_damaged())
    position = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < position:
            raise FileRefused(_damaged())  # parts that lie over one another
        position = entry.header_offset + entry.compress_size
    too_dense = any(
        entry.file_size > SMALL_PART and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if too_dense or sum(entry.file_size for entry in entries) > max_uncompressed:
        raise FileRefused(_("The file is too large when unpacked."))


def _check_part(package: Package, entry: zipfile.ZipInfo) -> None:
    """Read the part to its end, so that its size and checksum are true, and its XML if it is one."""
    reader = _XmlCheck(entry.filename) if _XML_PART.search(entry.filename) else None
    size = 0
    for chunk in package.chunks(entry.filename):
        size += len(chunk)
        if reader:
            reader.feed(chunk)
    if size != entry.file_size:
        raise FileRefused(_damaged())
    if reader:
        reader.close()


class _XmlCheck:
    """Walks one XML part and refuses document types, outside links and scripts."""

    def __init__(self, name: str):
        self._is_relations = name.lower().endswith(".rels")
        self._elements = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        # Sheets and texts of Microsoft are all cells and words: looking at each would take seconds.
        if not name.lower().startswith(
            ("xl/worksheets/sheet", "xl/sharedstrings", "word/document")
        ):
            self._parser.StartElementHandler = self._start

    def feed(self, chunk: bytes) -> None:
        self._parse(chunk, False)

    def close(self) -> None:
        self._parse(b"", True)

    def _parse(self, chunk: bytes, is_final: bool) -> None:
        try:
            self._parser.Parse(chunk, is_final)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise FileRefused(_damaged()) from error

    def _doctype(self, *args) -> None:
        raise FileRefused(_("The file has XML entities inside, which no office program writes."))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise FileRefused(_("The file is too large when unpacked."))
        local = name.rpartition(" ")[2]
        if self._is_relations and local == "Relationship":
            self._check_relation(attributes)
        if (
            local in {"Override", "Default"}
            and "macroenabled" in attributes.get("ContentType", "").lower()
        ):
            raise FileRefused(_outside())
        if "urn:oasis:names:tc:opendocument" in name:
            self._check_open_document(local, attributes)

    @staticmethod
    def _check_relation(attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        if kind == "aFChunk":
            raise FileRefused(_outside())
        if attributes.get("TargetMode", "").lower() != "external" or kind == "hyperlink":
            return
        if not (kind == "attachedTemplate" and _LOCAL_TEMPLATE.match(target)):
            raise FileRefused(_outside())

    @staticmethod
    def _check_open_document(local: str, attributes: dict[str, str]) -> None:
        if local in {
            "script",
            "event-listener",
            "object-ole",
            "applet",
            "plugin",
            "floating-frame",
        }:
            raise FileRefused(_outside())
        href = attributes.get("http://www.w3.org/1999/xlink href", "")
        # Links for readers, and the template from which the text once started, are never followed.
        if (
            href
            and local not in {"a", "template"}
            and re.match(r"[a-zA-Z][\w+.-]*:|[/\\]|\.\.", href)
        ):
            raise FileRefused(_outside())


def _outside() -> str:
    return _("The file has macros or links to other files inside. Save it without them.")
