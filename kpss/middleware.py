"""What every answer passes through: a clear page when the database is away, no caching of private pages."""

import logging
import secrets

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_vary_headers

logger = logging.getLogger(__name__)


class DatabaseDownMiddleware:
    """Answers 503 with a Czech page when the database cannot be reached, whatever was being done."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return unavailable(request)

    def process_exception(self, request, exception):
        if isinstance(exception, OperationalError | InterfaceError):
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
