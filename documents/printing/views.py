"""How far a file is, and the file itself once it is ready."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from documents.store.serving import file_response

from . import cache
from .models import PrintJob
from .registry import maker_of

_SHOWN_BY_BROWSERS = {"application/pdf"}


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that waits; it shows the file as soon as there is one."""
    return render(request, "printing/job.html", _context(_readable(request, pk)))


@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for the page that asks again and again; what a browser shows opens by itself."""
    found = _readable(request, pk)
    if found.is_ready and found.media_type in _SHOWN_BY_BROWSERS:
        return HttpResponseClientRedirect(reverse("printing:job_file", args=[pk]))
    return render(request, "printing/_progress.html", _context(found))


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file; back to the page while there is none."""
    found = _readable(request, pk)
    if found.file is not None:
        return file_response(request, found.file, found.file_name, public=False)
    data = cache.get(found.cached) if found.cached else None
    if data is None:
        return redirect(found)
    is_saved = found.media_type not in _SHOWN_BY_BROWSERS
    return HttpResponse(
        data,
        content_type=found.media_type,
        headers={
            "Content-Disposition": content_disposition_header(is_saved, found.file_name)
            or "inline",
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _readable(request: HttpRequest, pk: int) -> PrintJob:
    found = get_object_or_404(PrintJob.objects.select_related("file", "content_type"), pk=pk)
    try:
        maker = maker_of(found.kind)
    except KeyError as unknown:  # made by an older version of the portal
        raise Http404 from unknown
    if found.about is None or not maker.may_read(request.user, found):
        raise Http404
    return found


def _context(found: PrintJob) -> dict:
    about = found.about
    return {
        "job": found,
        "label": maker_of(found.kind).label,
        "about": about,
        "back": about.get_absolute_url() if hasattr(about, "get_absolute_url") else "",
    }
