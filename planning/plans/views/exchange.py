"""Plans out to Excel and back: a page with files, and a page for each upload with its dry run."""

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

from documents.store.files import StoreError
from kpss import czech
from kpss.archives import FileRefused
from kpss.exchange.forms import ApplyForm, UploadForm
from kpss.exchange.summary import summary_of
from kpss.exchange.uploads import Outcome, RowsRefused, digest
from kpss.exchange.views import receive, steps, workbook_response
from kpss.templatetags.czech import cz_datetime
from planning.plans.exchange.layout import Kind
from planning.plans.exchange.report import Report
from planning.plans.exchange.uploads import apply_upload, receive_upload
from planning.plans.exchange.workbook import content_workbook, result_workbook, template_workbook
from planning.plans.models import PlanUpload, PlanVersion
from planning.plans.services import ContentLocked, why_locked

RECENT = 10


def _version(request: HttpRequest, slug: str, number: int) -> PlanVersion:
    """The version of the address: 404 for who may not see it, 403 for who may not edit it."""
    version = get_object_or_404(
        PlanVersion.objects.visible_to(request.user).select_related("plan"),
        plan__slug=slug,
        number=number,
    )
    if not request.user.has_perm("plans.edit_content", version):
        raise PermissionDenied
    return version


def _upload(request: HttpRequest, slug: str, number: int, pk: int) -> PlanUpload:
    version = _version(request, slug, number)
    uploads = PlanUpload.objects.filter(version=version).select_related("file", "uploaded_by")
    upload = get_object_or_404(uploads, pk=pk)
    upload.version = version
    return upload


def _url(version: PlanVersion, name: str, *args) -> str:
    return reverse(f"plans:{name}", args=[version.plan.slug, version.number, *args])


def _crumbs(version: PlanVersion, *more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"title": _t("Plans"), "url": reverse("plans:plan_list")},
        {"title": version.plan.title, "url": version.plan.get_absolute_url()},
        {"title": _t("Editor"), "url": _url(version, "editor")},
        *more,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Files to take away, and the form that takes one back."""
    version = _version(request, slug, number)
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        take = partial(receive_upload, version, actor=request.user)
        try:
            upload = receive(form, take, (FileRefused, StoreError))
        except ContentLocked as locked:
            messages.error(request, str(locked))
            return redirect(_url(version, "exchange"))
        if upload:
            return redirect(_url(version, "upload_detail", upload.pk))
    uploads = list(
        PlanUpload.objects.filter(version=version)
        .select_related("uploaded_by")
        .defer("report")[:RECENT]
    )
    for upload in uploads:
        upload.url = _url(version, "upload_detail", upload.pk)
    context = {
        "version": version,
        "plan": version.plan,
        "crumbs": _crumbs(version),
        "locked": why_locked(version),
        "content_url": _url(version, "exchange_content"),
        "content_label": _t("The present content"),
        "template_url": _url(version, "exchange_template"),
        "template_label": _t("An empty template"),
        "applied_label": pgettext("upload", "used"),
        "waiting_label": pgettext("upload", "only compared"),
        "form": form,
        "uploads": uploads,
    }
    return render(request, "plans/exchange/exchange.html", context)


@require_safe
def template_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The empty workbook to fill in."""
    version = _version(request, slug, number)
    return workbook_response(template_workbook(version), f"sablona-{_name(version)}.xlsx")


@require_safe
def content_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The workbook with the present content."""
    version = _version(request, slug, number)
    return workbook_response(content_workbook(version), f"{_name(version)}.xlsx")


def _name(version: PlanVersion) -> str:
    return f"{czech.slug(version.plan.title, max_length=60)}-verze-{version.number}"


@require_safe
def upload_detail(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """What the file would do, or has done."""
    return _show(request, _upload(request, slug, number, pk))


def _show(request: HttpRequest, upload: PlanUpload, form: ApplyForm | None = None) -> HttpResponse:
    version, report = upload.version, Report.from_json(upload.report)
    is_open = version.is_editable and not upload.applied_at
    if form is None:
        form = ApplyForm(initial={"seen": digest(upload.report)}, has_refused=bool(report.refused))
    is_applied = bool(upload.applied_at)
    locked = "" if is_applied else why_locked(version)
    same = _t("The same in the file and in the plan")
    absent = _t("In the plan, not in the file: stay as they are")
    context = {
        "upload": upload,
        "version": version,
        "plan": version.plan,
        "crumbs": _crumbs(version, {"title": _t("Excel"), "url": _url(version, "exchange")}),
        "summary": summary_of(
            report, kinds=list(Kind), is_applied=is_applied, same=same, absent=absent
        ),
        "kind_labels": [_t("Priorities and measures"), _t("Tasks")],
        "short_label": _t("Code"),
        "rest_label": _t("Title"),
        "name_label": _t("Code and title"),
        "same": same,
        "absent": absent,
        "notices": list(_notices(upload, report, locked)),
        "locked": locked,
        "nothing": _t("(empty)"),
        "result_url": _url(version, "upload_report", upload.pk),
        "result_label": _t("The whole result"),
        "form": form if is_open and report.changes_anything else None,
        "apply_url": _url(version, "upload_apply", upload.pk),
        "again_url": _url(version, "exchange"),
        "steps": steps(upload, _url(version, "exchange")),
    }
    return render(request, "plans/exchange/upload_detail.html", context)


def _notices(upload: PlanUpload, report: Report, locked: str) -> Iterator[dict[str, str]]:
    """What stands above the tables: how the upload ended, or what stands in its way."""
    if upload.applied_at:
        words = {
            "name": upload.report.get("applied", {}).get("name", ""),
            "moment": cz_datetime(upload.applied_at),
        }
        yield {"text": _t("Written into the plan by %(name)s, %(moment)s.") % words, "tone": "good"}
        return
    if locked:
        yield {"text": locked, "tone": "now"}
    if report.refused:
        text = _t("Some rows cannot be used. Repair them in the file and upload it again.")
        yield {"text": text, "tone": "bad"}
    elif not report.changes_anything:
        text = _t("The file says the same as the plan. There is nothing to write.")
        yield {"text": text, "tone": "info"}


@require_POST
def upload_apply(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Use the changes once; a plan changed meanwhile shows its new dry run instead."""
    upload = _upload(request, slug, number, pk)
    page = redirect(_url(upload.version, "upload_detail", upload.pk))
    has_refused = bool(upload.report["refused"])
    form = ApplyForm(request.POST, has_refused=has_refused)
    if upload.applied_at:
        messages.info(request, _t("These changes are already in the plan."))
        return page
    if not form.is_valid():
        return _show(request, upload, form)
    try:
        outcome = apply_upload(
            upload,
            actor=request.user,
            seen=form.cleaned_data["seen"],
            only_good=form.cleaned_data.get("only_good", False),
        )
    except (ContentLocked, StoreError, RowsRefused) as refused:
        messages.error(request, str(refused))
        return page
    if outcome == Outcome.APPLIED:
        messages.success(request, _t("The changes from the file are in the plan."))
    elif outcome == Outcome.APPLIED_BEFORE:
        messages.info(request, _t("These changes are already in the plan."))
    else:
        messages.warning(
            request,
            _t(
                "The plan has changed since, so nothing was written. Look at what the file would do now."
            ),
        )
    return page


@require_safe
def report_file(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """The whole report as a workbook."""
    upload = _upload(request, slug, number, pk)
    report = Report.from_json(upload.report)
    return workbook_response(
        result_workbook(report), f"vysledek-{_name(upload.version)}-{upload.pk}.xlsx"
    )
