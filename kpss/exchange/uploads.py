"""A file on its way in: one upload however many times it is sent, applied once as it was seen."""

import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from .models import Upload
from .report import Problem, Report


class Outcome(StrEnum):
    """What came of the confirmation of an upload."""

    APPLIED = "applied"
    APPLIED_BEFORE = "applied before"
    STALE = "stale"


class Stale(Exception):
    """The dry run now says something else than what was seen; ``report`` is the new one."""

    def __init__(self, report: dict[str, Any]):
        self.report = report
        super().__init__()


class RowsRefused(Exception):
    """Some rows cannot be used, so nothing was written; ``problems`` say which and why."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def identity(token: uuid.UUID, data: bytes, *about: object) -> uuid.UUID:
    """The same file sent again by the same form is the same upload; ``about`` tells others apart."""
    words = [str(part) for part in (*about, hashlib.sha256(data).hexdigest())]
    return uuid.uuid5(token, " ".join(words))


def digest(report: dict[str, Any]) -> str:
    """A short name of what the dry run says; the form carries it, so that what is confirmed was seen."""
    said = {key: value for key, value in report.items() if key != "applied"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def claim(upload: Upload) -> bool:
    """Compare-and-set: the database decides which of two confirmations was first."""
    waiting = type(upload)._default_manager.filter(pk=upload.pk, applied_at=None)
    return bool(waiting.update(applied_at=timezone.now()))


def apply_once(upload: Upload, write: Callable[[], None]) -> Outcome:
    """Claim the upload and call ``write`` in one transaction; says what came of it.

    A dry run that is Stale is replaced by the new one and nothing is written.
    """
    uploads = type(upload)._default_manager
    try:
        with transaction.atomic():
            if not claim(upload):
                return Outcome.APPLIED_BEFORE
            write()
    except Stale as stale:
        uploads.filter(pk=upload.pk, applied_at=None).update(report=stale.report)
        return Outcome.STALE
    finally:
        upload.refresh_from_db()
    return Outcome.APPLIED


def settle(upload: Upload, report: Report, *, actor, seen: str, only_good: bool) -> None:
    """Let ``report`` be applied by ``actor``: it is what was seen, and says what may be left out.

    Raise Stale when it says something else than the dry run with the digest ``seen``, RowsRefused
    when rows cannot be used and not ``only_good``.
    """
    said = report.as_json()
    if digest(said) != seen:
        raise Stale(said)
    if report.refused and not only_good:
        raise RowsRefused(report.problems)
    applied = {"by": actor.pk, "name": str(actor), "only_good": only_good}
    type(upload)._default_manager.filter(pk=upload.pk).update(report=said | {"applied": applied})
