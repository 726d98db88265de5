"""The one door for personal links: the token is checked here, the room of its purpose answers."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from . import services


@login_not_required
@csrf_exempt  # each handler is protected below, but for those which protect themselves
@never_cache
def open_link(request, token, rest=""):
    """Hand the request over to the handler of the link's purpose.

    Whatever is wrong with the token, the answer is the same page, byte by byte.
    """
    link = services.find(token)
    purpose = services.purposes.get(link.purpose) if link else None
    if purpose is None:
        return _unlisted(_not_valid(request))
    services.note_use(link)
    handler = purpose.handler if purpose.csrf_exempt else csrf_protect(purpose.handler)
    try:
        return _unlisted(handler(request, link, rest))
    except Http404:
        return _unlisted(_not_valid(request))


def _not_valid(request):
    return render(request, "links/not_valid.html", status=404)


def _unlisted(response):
    """Keep the address to ourselves: away from other sites, from logs of our own files, from search.

    Of the address only the site is told. "no-referrer" would tell less but makes browsers send forms
    from "null", which the check against forged requests refuses.
    """
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
