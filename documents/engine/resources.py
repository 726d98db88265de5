"""What a document may take in: our static files, the store, small pictures in the page itself.

Nothing here opens a connection; an address of any other kind is refused by its form alone.
"""

import base64
import binascii
import re
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from documents import store
from documents.store.models import StoredFile
from kpss.pictures import PictureRefused, picture_size

MAX_PICTURE_BYTES = 4 * 1024 * 1024
MAX_PIXELS = 40_000_000

_STATIC = re.compile(r"static:((?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*)")
_STORE = re.compile(r"store:([0-9a-f]{64})")
_DATA = re.compile(r"data:(image/(?:png|jpeg|svg\+xml));base64,([A-Za-z0-9+/]+=*)")
_STATIC_TYPES = {
    ".css": "text/css",
    ".ttf": "font/ttf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
}
_RASTERS = {"image/png", "image/jpeg"}


class ResourceRefused(Exception):
    """The document asks for something that it may not have or that is not there."""


class Resource(NamedTuple):
    content: bytes
    content_type: str


def resource(address: str) -> Resource:
    """Return what ``address`` means: ``static:<path>``, ``store:<sha256>`` or a data picture.

    Raise ResourceRefused for every other address and for files and pictures that will not do.
    """
    if match := _STATIC.fullmatch(address):
        found = _static(match[1])
    elif match := _STORE.fullmatch(address):
        found = _stored(match[1])
    elif len(address) <= 2 * MAX_PICTURE_BYTES and (match := _DATA.fullmatch(address)):
        found = _data(match[1], match[2])
    else:
        raise ResourceRefused(f"address {address[:200]!r}")
    if found.content_type in _RASTERS:
        _check_picture(found)
    return found


def _static(name: str) -> Resource:
    root = Path(settings.BASE_DIR, "static").resolve()
    path = (root / name).resolve()
    content_type = _STATIC_TYPES.get(path.suffix)
    if content_type is None or not path.is_relative_to(root) or not path.is_file():
        raise ResourceRefused(f"static file {name!r}")
    return Resource(path.read_bytes(), content_type)


def _stored(sha256: str) -> Resource:
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None or stored.content_type not in _RASTERS:
        raise ResourceRefused(f"stored picture {sha256}")
    try:
        return Resource(store.read(stored), stored.content_type)
    except store.StoreError as error:
        raise ResourceRefused(str(error)) from error


def _data(content_type: str, encoded: str) -> Resource:
    try:
        return Resource(base64.b64decode(encoded, validate=True), content_type)
    except binascii.Error as error:
        raise ResourceRefused("data address that is not base64") from error


def _check_picture(found: Resource) -> None:
    try:
        width, height = picture_size(found.content)
    except PictureRefused as error:
        raise ResourceRefused(str(error)) from error
    if len(found.content) > MAX_PICTURE_BYTES or width * height > MAX_PIXELS:
        raise ResourceRefused(f"picture of {width} × {height} pixels, {len(found.content)} bytes")
