"""What every page of an exchange does: takes a file, leads through the steps, hands a workbook out."""

import uuid
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t

from .forms import UploadForm
from .models import Upload
from .sheets import CONTENT_TYPE, FileUnreadable

U = TypeVar("U", bound=Upload)


def receive(
    form: UploadForm, take: Callable[..., U], refusals: tuple[type[Exception], ...]
) -> U | None:
    """The upload that ``take`` makes of the posted file; None when the form now says what is wrong.

    ``take`` gets ``data``, ``file_name`` and ``token``; ``refusals`` and FileUnreadable from it
    become errors of the form. A damaged token is replaced by a new one.
    """
    if not form.is_valid():
        if "token" in form.errors:
            form.data = form.data.copy()
            form.data["token"] = str(uuid.uuid4())
        return None
    file = form.cleaned_data["file"]
    try:
        return take(data=file.read(), file_name=file.name, token=form.cleaned_data["token"])
    except FileUnreadable as unreadable:
        reasons: Iterable[str] = unreadable.reasons
    except refusals as refused:
        reasons = [str(refused)]
    for reason in reasons:
        form.add_error("file", _t("%(file)s: %(reason)s") % {"file": file.name, "reason": reason})
    return None


def steps(upload: Upload, start_url: str) -> list[dict[str, str]]:
    """The three steps of an exchange, as the page of ``upload`` shows them."""
    after = "done" if upload.applied_at else "waiting"
    return [
        {"label": _t("Upload the file"), "state": "done", "url": start_url},
        {
            "label": _t("Look at what it would do"),
            "state": "done" if upload.applied_at else "current",
        },
        {"label": _t("Use the changes"), "state": after},
    ]


def workbook_response(data: bytes, name: str) -> HttpResponse:
    """The workbook as a file to be saved; no cache keeps it."""
    response = HttpResponse(data, content_type=CONTENT_TYPE)
    disposition = content_disposition_header(True, name)
    assert disposition
    response["Content-Disposition"] = disposition
    response["Cache-Control"] = "private, no-store"
    return response
