"""A file on its way into a plan: kept and compared when it is sent, applied once when it is confirmed."""

import uuid

from django.db import transaction

from documents.store import files
from kpss.exchange.sheets import CONTENT_TYPE
from kpss.exchange.uploads import Outcome, apply_once, identity, settle
from planning.plans.models import PlanUpload, PlanVersion
from planning.plans.services import ContentLocked, open_for_edit, why_locked
from planning.plans.services.guards import require

from .changes import plan_changes, work_out
from .parser import Parsed, parse
from .workbook import read_sheets_of_plan
from .writing import write


def receive_upload(
    version: PlanVersion, *, data: bytes, file_name: str, token: uuid.UUID, actor
) -> PlanUpload:
    """Keep a file, compare it with the version and return the upload with its report; nothing is written.

    The same file sent again by the same form (``token``) is the same upload, however many times.
    Raise FileRefused or FileUnreadable with what is wrong with the file, StoreError when it cannot
    be kept, PermissionDenied, or ContentLocked when the version is not a working one.
    """
    require(actor, "plans.edit_content", version)
    known_as = identity(token, data, version.pk, actor.pk, file_name)
    if received := PlanUpload.objects.filter(token=known_as).first():
        return received
    if not version.is_editable:
        raise ContentLocked(why_locked(version))
    parsed = read_plan(data, file_name)
    stored = files.put(data, content_type=CONTENT_TYPE)
    with transaction.atomic():
        version = open_for_edit(version.pk, actor)
        upload, _created = PlanUpload.objects.get_or_create(
            token=known_as,
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
    """The rows of an Excel file. Raise FileRefused or FileUnreadable with sentences."""
    return parse(read_sheets_of_plan(data, file_name))


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

    def write_what_was_seen() -> None:
        version = open_for_edit(upload.version_id, actor)
        changes = work_out(version, parsed)
        settle(upload, changes.report, actor=actor, seen=seen, only_good=only_good)
        write(version, changes)

    return apply_once(upload, write_what_was_seen)
