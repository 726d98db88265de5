"""A file of people on its way in: compared when it is sent, applied once when it is confirmed, then forgotten."""

import datetime
import json
import uuid

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from committees.people.models import PeopleUpload, Person
from kpss import clock
from kpss.exchange.uploads import Outcome, apply_once, identity, settle

from .comparison import work_out
from .report import Report
from .workbook import read_people
from .writing import write

# What the file may do, whoever sends it must be allowed to do one by one.
PERMISSIONS = (
    "people.add_person",
    "people.change_person",
    "bodies.add_seat",
    "bodies.change_seat",
)
# The file and its result hold personal data and serve only while one may ask what was done.
KEPT_FOR = datetime.timedelta(days=90)


class UploadForgotten(Exception):
    """The file has been forgotten meanwhile and has to be sent again."""


def may_exchange(user: Person) -> bool:
    """Whether the person may bring people in from Excel and take them out."""
    return user.has_perms(PERMISSIONS)


def receive_upload(*, data: bytes, file_name: str, token: uuid.UUID, actor: Person) -> PeopleUpload:
    """Keep a file, compare it with the portal and return the upload with its report; nothing is written.

    The same file sent again by the same form (``token``) is the same upload, however many times.
    Raise FileRefused or FileUnreadable with what is wrong with the file, or PermissionDenied.
    """
    if not may_exchange(actor):
        raise PermissionDenied
    known_as = identity(token, data, actor.pk, file_name)
    if received := PeopleUpload.objects.filter(token=known_as).first():
        return received
    parsed = read_people(data, file_name)
    upload, _created = PeopleUpload.objects.get_or_create(
        token=known_as,
        defaults={
            "content": data,
            "file_name": file_name[:200],
            "uploaded_by": actor,
            "report": work_out(parsed, actor=actor).report.as_json(),
        },
    )
    return upload


def apply_upload(
    upload: PeopleUpload, *, actor: Person, seen: str, only_good: bool = False
) -> Outcome:
    """Write the file into the portal once, exactly as the dry run with the digest ``seen`` said.

    When it would now do something else, nothing is written and the upload gets a new report (STALE).
    An upload applied before stays as it is. Raise RowsRefused when rows cannot be used and not
    ``only_good``, UploadForgotten when the file is no longer kept, or PermissionDenied.
    """
    if not may_exchange(actor):
        raise PermissionDenied
    upload.refresh_from_db()
    if upload.applied_at:
        return Outcome.APPLIED_BEFORE
    if not upload.content:
        raise UploadForgotten
    parsed = read_people(bytes(upload.content), upload.file_name)

    def write_what_was_seen() -> None:
        changes = work_out(parsed, actor=actor, locked=True)
        settle(upload, changes.report, actor=actor, seen=seen, only_good=only_good)
        write(changes, actor=actor)
        PeopleUpload.objects.filter(pk=upload.pk).update(content=None)

    with transaction.atomic():
        # Uploads are applied one after another: two files may bring the same new person.
        list(PeopleUpload.objects.select_for_update().filter(applied_at=None).order_by("pk"))
        try:
            return apply_once(upload, write_what_was_seen)
        except IntegrityError:
            # Somebody wrote the same e-mail or seat at that very moment.
            report = work_out(parsed, actor=actor).report.as_json()
            PeopleUpload.objects.filter(pk=upload.pk, applied_at=None).update(report=report)
            upload.refresh_from_db()
            return Outcome.STALE


def forget_uploads(now: datetime.datetime) -> int:
    """Empty files and results older than KEPT_FOR; returns how many. Registered in kpss.due."""
    old = PeopleUpload.objects.filter(uploaded_at__lt=now - KEPT_FOR, forgotten_at=None)
    return _forget(old, now)


def forget_person(person: Person, actor: Person) -> None:
    """Empty every file and result that names the person; registered with people's erasure."""
    name = " ".join(filter(None, [person.first_name, person.last_name]))
    marks = [mark.casefold() for mark in (name, person.email) if mark]
    named = [
        upload.pk
        for upload in PeopleUpload.objects.filter(forgotten_at=None)
        if _names(upload, marks)
    ]
    _forget(PeopleUpload.objects.filter(pk__in=named), clock.now())


def _names(upload: PeopleUpload, marks: list[str]) -> bool:
    said = json.dumps(upload.report, ensure_ascii=False).casefold()
    return any(mark in said for mark in marks)


def _forget(uploads: QuerySet[PeopleUpload], now: datetime.datetime) -> int:
    return uploads.update(content=None, report=Report().as_json(), file_name="", forgotten_at=now)
