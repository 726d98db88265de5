"""Pages of the portal as a whole: errors, health, the coat of arms, language, the style page."""

import logging
import secrets
import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from kpss import colours
from kpss.middleware import DATABASE_DOWN, unavailable
from kpss.styleguide import sample
from kpss.territory.models import Region

logger = logging.getLogger(__name__)


def _error(request, template: str, status: int, **context):
    return render(request, f"errors/{template}.html", context, status=status)


@login_not_required
def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        return _error(request, "413", 413)
    return _error(request, "400", 400)


@login_not_required
def permission_denied(request, exception=None):
    return _error(request, "403", 403)


@login_not_required
def csrf_failure(request, reason=""):
    return _error(request, "403_csrf", 403)


@login_not_required
def page_not_found(request, exception=None):
    return _error(request, "404", 404)


@login_not_required
def server_error(request):
    """The 500 page with an incident number; the log has the same number beside the fault.

    503 when the fault is that the database does not answer.
    """
    if isinstance(sys.exc_info()[1], DATABASE_DOWN):
        return unavailable(request)
    incident = secrets.token_hex(4)
    logger.error("Incident %s at %s", incident, request.path)
    return _error(request, "500", 500, incident=incident)


@login_not_required
@never_cache
@require_safe
def health(request):
    """For a monitor: 200 and ``ok`` when the database answers and the store can be written, else 503."""
    checks = {"database": "ok", "store": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        checks["database"] = "failed"
    try:
        settings.STORE_DIR.mkdir(parents=True, exist_ok=True)
        probe = settings.STORE_DIR / f".probe-{secrets.token_hex(8)}"
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError:
        checks["store"] = "failed"
    healthy = set(checks.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if healthy else "failed", **checks}, status=200 if healthy else 503
    )


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def arms(request):
    """The region's coat of arms as PNG."""
    region = Region.load()
    if not region.arms:
        raise Http404
    return HttpResponse(bytes(region.arms), content_type="image/png")


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def region_colours(request):
    """The style sheet of the region's own colour, corrected until it is legible."""
    return HttpResponse(colours.style_sheet(Region.load().colour), content_type="text/css")


@login_not_required
@require_safe
def style_page(request):
    """Every component of the design system in every state; for developers only."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "styleguide.html", sample())
