"""What every answer passes through: a clear page when the database is away, no caching of private pages."""

import logging
import secrets

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_vary_headers

logger = logging.getLogger(__name__)


# A server that does not answer, a full disk, a lock that was not released in time.
DATABASE_DOWN = (OperationalError, InterfaceError)


class DatabaseDownMiddleware:
    """Answers 503 with a Czech page when a view cannot reach the database.

    Faults outside views, such as in reading the session, end in ``kpss.views.server_error``, which
    answers the same.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, DATABASE_DOWN):
            return unavailable(request)
        return None


def unavailable(request):
    """A 503 page that needs no database, with the number under which the log has the fault."""
    incident = secrets.token_hex(4)
    logger.exception("The database is not available, incident %s", incident)
    response = render(request, "errors/503.html", {"incident": incident}, status=503)
    response["Retry-After"] = "60"
    add_never_cache_headers(response)
    return response


class PrivatePagesMiddleware:
    """Keeps answers to signed-in people out of every cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ["Cookie"])
        return response
