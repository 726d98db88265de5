"""Made files and their parts that can be made again: kept outside the store, forgotten when room is needed.

Names are SHA-256 in hexadecimal of whatever the file is made from. A file carries the hash of its own
content in front, so a damaged one counts as missing.
"""

import contextlib
import hashlib
import os
import re
import secrets
from pathlib import Path

from django.conf import settings

_NAME = re.compile(r"[0-9a-f]{64}")
_HEAD = 32


def name_of(*parts: str) -> str:
    """The name for what is made from these texts, in this order."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def get(name: str) -> bytes | None:
    """The file of that name, marked as used just now; None when it is not here or not whole."""
    path = _path(name)
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    data = kept[_HEAD:]
    if hashlib.sha256(data).digest() != kept[:_HEAD]:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return data


def put(name: str, data: bytes) -> None:
    """Keep ``data`` under the name, whole or not at all; raise OSError when the disk refuses."""
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / f".part-{secrets.token_hex(8)}"
    try:
        part.write_bytes(hashlib.sha256(data).digest() + data)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def shrink(most: int) -> int:
    """Forget the files not used for longest until the rest takes at most ``most`` bytes; how many went."""
    found = []
    for path in _root().rglob("*"):
        with contextlib.suppress(OSError):
            if path.is_file():
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
    total = sum(size for _used, size, _path in found)
    gone = 0
    for _used, size, path in sorted(found):
        if total <= most:
            break
        path.unlink(missing_ok=True)
        total -= size
        gone += 1
    return gone


def _root() -> Path:
    return Path(settings.DATA_DIR) / "prints"


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a SHA-256.")
    return _root() / name[:2] / name
