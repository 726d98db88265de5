"""People out to Excel and back: a page with files, and a page for each upload with its dry run."""

from collections.abc import Iterator
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.people.models import PeopleUpload
from kpss import clock
from kpss.archives import FileRefused
from kpss.exchange.forms import ApplyForm, UploadForm
from kpss.exchange.summary import summary_of
from kpss.exchange.uploads import Outcome, RowsRefused, digest
from kpss.exchange.views import receive, steps, workbook_response
from kpss.templatetags.czech import cz_datetime

from .layout import Kind
from .report import Report
from .uploads import UploadForgotten, apply_upload, may_exchange, receive_upload
from .workbook import content_workbook, result_workbook, template_workbook

RECENT = 10


def _uploads(request: HttpRequest):
    """Uploads that this person may see: 403 for who may not bring people in."""
    if not may_exchange(request.user):
        raise PermissionDenied
    return PeopleUpload.objects.select_related("uploaded_by").defer("content")


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"title": _t("Coordinator's desk"), "url": reverse("front:coordinator_desk")},
        {"title": _t("People"), "url": reverse("admin:people_person_changelist")},
        *more,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: HttpRequest) -> HttpResponse:
    """Files to take away, and the form that takes one back."""
    uploads = list(_uploads(request).defer("report", "content")[:RECENT])
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        upload = receive(form, partial(receive_upload, actor=request.user), (FileRefused,))
        if upload:
            return redirect("people:upload_detail", upload.pk)
    for upload in uploads:
        upload.url = reverse("people:upload_detail", args=[upload.pk])
    context = {
        "crumbs": _crumbs(),
        "content_url": reverse("people:exchange_content"),
        "content_label": _t("People as they are now"),
        "template_url": reverse("people:exchange_template"),
        "template_label": _t("An empty template"),
        "applied_label": pgettext("upload", "used"),
        "waiting_label": pgettext("upload", "only compared"),
        "form": form,
        "uploads": uploads,
    }
    return render(request, "people/exchange/exchange.html", context)


@require_safe
def template_file(request: HttpRequest) -> HttpResponse:
    """The empty workbook to fill in."""
    _uploads(request)
    return workbook_response(template_workbook(), "sablona-lide.xlsx")


@require_safe
def content_file(request: HttpRequest) -> HttpResponse:
    """The workbook with the people of today."""
    _uploads(request)
    return workbook_response(content_workbook(), f"lide-{clock.today():%Y-%m-%d}.xlsx")


@require_safe
def upload_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, or has done."""
    return _show(request, get_object_or_404(_uploads(request), pk=pk))


def _show(request: HttpRequest, upload: PeopleUpload, form: ApplyForm | None = None):
    report = Report.from_json(upload.report)
    is_applied = bool(upload.applied_at)
    is_open = not is_applied and not upload.forgotten_at
    if form is None:
        form = ApplyForm(initial={"seen": digest(upload.report)}, has_refused=bool(report.refused))
    again = reverse("people:exchange")
    same = _t("The same in the file and in the portal")
    context = {
        "upload": upload,
        "crumbs": _crumbs({"title": _t("Excel"), "url": again}),
        "summary": summary_of(report, kinds=list(Kind), is_applied=is_applied, same=same),
        "kind_labels": [_t("People"), pgettext("people in Excel", "Seats")],
        "short_label": pgettext("people in Excel", "Person or seat"),
        "rest_label": _t("E-mail"),
        "name_label": pgettext("people in Excel", "Person or seat"),
        "same": same,
        "notices": list(_notices(upload, report)),
        "nothing": _t("(empty)"),
        "result_url": reverse("people:upload_report", args=[upload.pk]),
        "result_label": _t("The whole result"),
        "form": form if is_open and report.changes_anything else None,
        "apply_url": reverse("people:upload_apply", args=[upload.pk]),
        "again_url": again,
        "steps": steps(upload, again),
    }
    return render(request, "people/exchange/upload_detail.html", context)


def _notices(upload: PeopleUpload, report: Report) -> Iterator[dict[str, str]]:
    """What stands above the tables: how the upload ended, or what stands in its way."""
    if upload.forgotten_at:
        text = _t(
            "The file and its result are no longer kept, because they held personal data. What was"
            " written stays in the portal."
        )
        yield {"text": text, "tone": "info"}
    elif upload.applied_at:
        words = {
            "name": upload.report.get("applied", {}).get("name", ""),
            "moment": cz_datetime(upload.applied_at),
        }
        text = _t("Written into the portal by %(name)s, %(moment)s.") % words
        yield {"text": text, "tone": "good"}
    elif report.refused:
        text = _t("Some rows cannot be used. Repair them in the file and upload it again.")
        yield {"text": text, "tone": "bad"}
    elif not report.changes_anything:
        text = _t("The file says the same as the portal. There is nothing to write.")
        yield {"text": text, "tone": "info"}


@require_POST
def upload_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Use the changes once; what has changed meanwhile shows the new dry run instead."""
    upload = get_object_or_404(_uploads(request), pk=pk)
    page = redirect("people:upload_detail", upload.pk)
    form = ApplyForm(request.POST, has_refused=bool(upload.report["refused"]))
    if not upload.applied_at and not form.is_valid():
        return _show(request, upload, form)
    try:
        outcome = apply_upload(
            upload,
            actor=request.user,
            seen=form.data.get("seen", ""),
            only_good=bool(form.data.get("only_good")),
        )
    except RowsRefused as refused:
        messages.error(request, str(refused))
    except UploadForgotten:
        messages.error(request, _t("This file is no longer kept. Upload it again."))
    else:
        _tell(request, outcome)
    return page


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    if outcome == Outcome.APPLIED:
        messages.success(request, _t("The changes from the file are in the portal."))
    elif outcome == Outcome.APPLIED_BEFORE:
        messages.info(request, _t("These changes are already in the portal."))
    else:
        messages.warning(
            request,
            _t(
                "Somebody has changed these people since, so nothing was written. Look at what the"
                " file would do now."
            ),
        )


@require_safe
def report_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole report as a workbook."""
    upload = get_object_or_404(_uploads(request), pk=pk)
    return workbook_response(
        result_workbook(Report.from_json(upload.report)), f"vysledek-lide-{upload.pk}.xlsx"
    )
