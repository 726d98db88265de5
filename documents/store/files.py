"""Writing files into the store and reading them back, whole and unharmed or not at all."""

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from documents.store.models import StoredFile

CHUNK = 1024 * 1024
PART_PREFIX = ".part-"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StoreError(Exception):
    """The store cannot give or take a file; the text is a sentence for the person at the screen."""


class StoreFull(StoreError):
    """There is no room for the file; nothing of it was kept."""


class StoreMissing(StoreError):
    """The row is here, its file is not."""


class StoreCorrupted(StoreError):
    """The file is not what its hash says."""


def put(data: bytes, *, content_type: str) -> "StoredFile":
    """Keep ``data`` and return its row; the same bytes are kept once, under the type first given.

    The bytes are on the disk before the row is made. A damaged copy of the same bytes is mended.
    Raise StoreFull or StoreError; then nothing partial remains.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    target = location(sha256)
    if not _holds(target, sha256):
        try:
            _write(target, data)
        except OSError as error:
            if error.errno in _FULL:
                raise StoreFull(
                    _("There is no room left for files. Tell the administrator; nothing was saved.")
                ) from error
            raise StoreError(
                _("The file could not be saved. Tell the administrator; nothing was saved.")
            ) from error
    row, _created = apps.get_model("store", "StoredFile").objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "content_type": content_type}
    )
    return row


def read(stored: "StoredFile") -> bytes:
    """Return the bytes of ``stored`` after checking them against their hash.

    Raise StoreMissing or StoreCorrupted.
    """
    with open_file(stored) as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise StoreCorrupted(
            _("The file is damaged and was not used. Tell the administrator: %(sha256)s.")
            % {"sha256": stored.sha256}
        )
    return data


def open_file(stored: "StoredFile") -> BinaryIO:
    """Open the file of ``stored`` for reading without checking it; raise StoreMissing."""
    try:
        return path(stored).open("rb")
    except OSError as error:
        raise StoreMissing(
            _("The file is missing in the store. Tell the administrator: %(sha256)s.")
            % {"sha256": stored.sha256}
        ) from error


def check(stored: "StoredFile") -> None:
    """Read the whole file piece by piece; raise StoreMissing or StoreCorrupted."""
    open_file(stored).close()
    if not _holds(path(stored), stored.sha256):
        raise StoreCorrupted(
            _("The file is damaged and was not used. Tell the administrator: %(sha256)s.")
            % {"sha256": stored.sha256}
        )


def path(stored: "StoredFile") -> Path:
    """Return where the file of ``stored`` lies."""
    return location(stored.sha256)


def location(sha256: str) -> Path:
    """Return where a file with this hash lies; raise ValueError for what is no hash."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is not a SHA-256.")
    return Path(settings.STORE_DIR) / sha256[:2] / sha256[2:4] / sha256


def files() -> Iterator[Path]:
    """Yield everything that lies in the store, unfinished pieces included."""
    root = Path(settings.STORE_DIR)
    if root.is_dir():
        yield from (found for found in sorted(root.rglob("*")) if found.is_file())


def _holds(target: Path, sha256: str) -> bool:
    try:
        with target.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _write(target: Path, data: bytes) -> None:
    _make_directory(target.parent)
    part = target.parent / f"{PART_PREFIX}{secrets.token_hex(8)}"
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o440)
        # Another process may do the same: both rename the same bytes to the same name.
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_directory(target.parent)


def _make_directory(directory: Path) -> None:
    missing = [folder for folder in (directory, *directory.parents) if not folder.exists()]
    directory.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        _sync_directory(folder.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
