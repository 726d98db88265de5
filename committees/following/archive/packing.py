"""Packing papers into one ZIP with a list of what is inside; knows files and bytes, no committees.

The same papers always give the same bytes: files in the order of their paths, one time for all, nothing
compressed (a PDF already is, and what is stored plainly can be saved from a damaged disk).
"""

import datetime
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _t

from documents.store import files
from documents.store.models import StoredFile
from kpss.czech import date as czech_date

LIST_JSON = "obsah.json"
LIST_TEXT = "obsah.txt"
_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can say
_IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True)
class Paper:
    """One file of the archive: where it lies, what it is in words, the day it belongs to, its content."""

    path: str
    title: str
    on: datetime.date | None
    content: bytes | StoredFile
    content_type: str = "application/pdf"

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.size

    @property
    def sha256(self) -> str:
        if isinstance(self.content, bytes):
            return hashlib.sha256(self.content).hexdigest()
        return self.content.sha256


def pack(papers: Iterable[Paper], heading: dict[str, Any]) -> IO[bytes]:
    """Return a temporary file with the ZIP, at its beginning; whoever closes it deletes it.

    ``heading`` stands on top of both lists: "title" is their title, "missing" are sentences saying what
    should be here and is not, the rest is for machines. Files of the store are read piece by piece and checked. Raise StoreMissing or StoreCorrupted, then there is
    no ZIP; ValueError for two papers on one path.
    """
    ordered = sorted(papers, key=lambda paper: paper.path)
    if len({paper.path for paper in ordered}) < len(ordered):
        raise ValueError("Two papers of the archive have the same path.")
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for paper in [*_lists(ordered, heading), *ordered]:
                _add(archive, paper)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _lists(papers: list[Paper], heading: dict[str, Any]) -> Iterator[Paper]:
    as_json = {**heading, "files": [_described(paper) for paper in papers]}
    yield Paper(LIST_JSON, "", None, as_bytes(as_json), "application/json")
    yield Paper(LIST_TEXT, "", None, _as_text(papers, heading).encode(), "text/plain")


def _described(paper: Paper) -> dict[str, Any]:
    return {
        "path": paper.path,
        "title": paper.title,
        "date": paper.on.isoformat() if paper.on else "",
        "type": paper.content_type,
        "size": paper.size,
        "sha256": paper.sha256,
        "reference_number": "",
    }


def _as_text(papers: list[Paper], heading: dict[str, Any]) -> str:
    size, reference_number = _t("size in bytes"), _t("reference number")
    lines = [heading["title"], "=" * len(heading["title"]), ""]
    if heading["missing"]:
        lines += [_t("Still missing:"), *(f"- {gap}" for gap in heading["missing"]), ""]
    for paper in papers:
        lines += [
            paper.path,
            f"  {paper.title}" + (f", {czech_date(paper.on)}" if paper.on else ""),
            f"  {size}: {paper.size}",
            f"  SHA-256: {paper.sha256}",
            f"  {reference_number}:",
            "",
        ]
    return "\n".join(lines)


def _add(archive: zipfile.ZipFile, paper: Paper) -> None:
    entry = zipfile.ZipInfo(paper.path, _TIME)
    entry.create_system = 3  # as made on Unix, on whatever machine
    entry.external_attr = 0o100644 << 16
    entry.file_size = paper.size
    with archive.open(entry, "w") as target:
        if isinstance(paper.content, bytes):
            target.write(paper.content)
            return
        seen = hashlib.sha256()
        with files.open_file(paper.content) as source:
            while piece := source.read(files.CHUNK):
                seen.update(piece)
                target.write(piece)
    if seen.hexdigest() != paper.content.sha256:
        raise files.StoreCorrupted(
            _t("The file is damaged and was not used. Tell the administrator: %(sha256)s.")
            % {"sha256": paper.content.sha256}
        )


def as_bytes(data: Any) -> bytes:
    """Plain data as JSON that a person can read too; days and moments are texts."""
    return (json.dumps(data, ensure_ascii=False, indent=2, default=_plain) + "\n").encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"Not plain data: {value!r}")
