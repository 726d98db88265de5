"""A file on its way into a plan: kept and compared when it is sent, applied once when it is confirmed."""

import hashlib
import json
import uuid
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from documents.store import files
from planning.plans.models import PlanUpload, PlanVersion
from planning.plans.services import ContentLocked, open_for_edit, why_locked
from planning.plans.services.guards import require

from .changes import plan_changes, work_out
from .parser import Parsed, parse
from .workbook import CONTENT_TYPE, read_workbook
from .writing import RowsRefused, write


class Outcome(StrEnum):
    """What came of the confirmation of an upload."""

    APPLIED = "applied"
    APPLIED_BEFORE = "applied before"
    STALE = "stale"


class _Stale(Exception):
    def __init__(self, report: dict[str, Any]):
        self.report = report
        super().__init__()


def receive_upload(
    version: PlanVersion, *, data: bytes, file_name: str, token: uuid.UUID, actor
) -> PlanUpload:
    """Keep a file, compare it with the version and return the upload with its report; nothing is written.

    The same file sent again by the same form (``token``) is the same upload, however many times.
    Raise FileRefused or PlanUnreadable with what is wrong with the file, StoreError when it cannot
    be kept, PermissionDenied, or ContentLocked when the version is not a working one.
    """
    require(actor, "plans.edit_content", version)
    sha256 = hashlib.sha256(data).hexdigest()
    identity = uuid.uuid5(token, f"{version.pk} {actor.pk} {sha256} {file_name}")
    if received := PlanUpload.objects.filter(token=identity).first():
        return received
    if not version.is_editable:
        raise ContentLocked(why_locked(version))
    parsed = read_plan(data, file_name)
    stored = files.put(data, content_type=CONTENT_TYPE)
    with transaction.atomic():
        version = open_for_edit(version.pk, actor)
        upload, _created = PlanUpload.objects.get_or_create(
            token=identity,
            defaults={
                "version": version,
                "file": stored,
                "file_name": file_name[:200],
                "uploaded_by": actor,
                "report": plan_changes(version, parsed).as_json(),
            },
        )
    return upload


def read_plan(data: bytes, file_name: str) -> Parsed:
    """The rows of an Excel file. Raise FileRefused or PlanUnreadable with sentences."""
    return parse(read_workbook(data, file_name))


def digest(report: dict[str, Any]) -> str:
    """A short name of what the dry run says; the form carries it, so that what is confirmed was seen."""
    said = {key: value for key, value in report.items() if key != "applied"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def apply_upload(upload: PlanUpload, *, actor, seen: str, only_good: bool = False) -> Outcome:
    """Write the file into its version once, exactly as the dry run with the digest ``seen`` said.

    When the plan has changed since, nothing is written and the upload gets a new report (STALE).
    An upload applied before stays as it is. Raise RowsRefused when rows cannot be used and not
    ``only_good``, PermissionDenied, ContentLocked, or StoreError when the file cannot be read.
    """
    require(actor, "plans.edit_content", upload.version)
    upload.refresh_from_db()
    if upload.applied_at:
        return Outcome.APPLIED_BEFORE
    parsed = read_plan(files.read(upload.file), upload.file_name)
    try:
        with transaction.atomic():
            outcome = _apply_once(upload, parsed, actor=actor, seen=seen, only_good=only_good)
    except _Stale as stale:
        PlanUpload.objects.filter(pk=upload.pk, applied_at=None).update(report=stale.report)
        outcome = Outcome.STALE
    upload.refresh_from_db()
    return outcome


def _apply_once(
    upload: PlanUpload, parsed: Parsed, *, actor, seen: str, only_good: bool
) -> Outcome:
    version = open_for_edit(upload.version_id, actor)
    if not claim(upload):
        return Outcome.APPLIED_BEFORE
    changes = work_out(version, parsed)
    report = changes.report.as_json()
    if digest(report) != seen:
        raise _Stale(report)
    if changes.report.refused and not only_good:
        raise RowsRefused(changes.report.problems)
    write(version, changes)
    applied = {"by": actor.pk, "name": str(actor), "only_good": only_good}
    PlanUpload.objects.filter(pk=upload.pk).update(report=report | {"applied": applied})
    return Outcome.APPLIED


def claim(upload: PlanUpload) -> bool:
    """Compare-and-set: the database decides which of two confirmations was first."""
    waiting = PlanUpload.objects.filter(pk=upload.pk, applied_at=None)
    return bool(waiting.update(applied_at=timezone.now()))
