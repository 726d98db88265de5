"""Calendars and feeds: public ones, the private one behind a personal link; and the archive of a year."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _t
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from committees.bodies.models import Committee
from documents.store.files import StoreError
from kpss import atom, clock
from kpss.links.models import PersonalLink
from kpss.territory.models import Region

from . import archive, calendars, subscription
from .entries import absolute, entries_for
from .forms import AddressForm
from .scope import Scope

# Calendars and readers ask every hour or so; a cancelled meeting is in them within minutes of the asking.
FRESH_FOR = 300


@login_not_required
@require_safe
def calendar(request, slug=None):
    """Meetings of all public committees, or of one: what everybody may see, whoever asks."""
    scope = _public_scope(slug)
    with override(settings.LANGUAGE_CODE):
        body = calendars.calendar_for(scope, _name(scope))
    return _public(request, body, calendars.CONTENT_TYPE)


@login_not_required
@require_safe
def feed(request, slug=None):
    """News of all public committees with the articles of the region, or of one committee."""
    scope = _public_scope(slug)
    page = scope.committee.get_absolute_url() if scope.committee else reverse("front:home")
    with override(settings.LANGUAGE_CODE):
        body = atom.render(
            title=_name(scope),
            subtitle=_t("Meetings, minutes and resolutions"),
            id=absolute(request.path),
            url=absolute(request.path),
            page=absolute(page),
            entries=entries_for(scope, with_articles=scope.committee is None),
        )
    return _public(request, body, atom.CONTENT_TYPE)


@require_safe
def private(request: HttpRequest, link: PersonalLink, rest: str) -> HttpResponseBase:
    """A member's own calendar and feed, by the personal link; the answer is kept nowhere."""
    scope = Scope(person=link.person)
    with override(settings.LANGUAGE_CODE):
        name = _t("My committees")
        if rest == subscription.CALENDAR:
            return HttpResponse(calendars.calendar_for(scope, name), calendars.CONTENT_TYPE)
        if rest == subscription.FEED:
            body = atom.render(
                title=name,
                subtitle=_t("What happens in your committees"),
                id=f"urn:uuid:{link.key}",
                page=absolute(reverse("front:my_desk")),
                entries=entries_for(scope),
            )
            return HttpResponse(body, atom.CONTENT_TYPE)
    raise Http404


@require_POST
def address(request):
    """Make, replace or close the private address of the one who is signed in."""
    form = AddressForm(request.POST)
    if form.is_valid():
        key = form.cleaned_data["key"]
        if form.cleaned_data["action"] == "renew":
            subscription.renew(request.user, instead_of=key)
            messages.success(request, _t("The address is ready. Copy it into your calendar."))
        else:
            subscription.cancel(request.user, key)
            messages.success(request, _t("The address no longer works."))
    return redirect(reverse("front:my_desk") + "#odbery")


@require_safe
def archive_list(request, slug):
    """The years of a committee that can be handed over to the filing office."""
    committee = _committee_in_charge(request, slug)
    gaps = archive.gaps_of(committee)
    return render(
        request,
        "following/archive_list.html",
        {
            "committee": committee,
            "years": [(year, gaps.get(year, [])) for year in archive.years_of(committee)],
            "this_year": clock.today().year,
            "crumbs": [
                {"title": _t("Who plans"), "url": reverse("bodies:committee_list")},
                {"title": committee.name, "url": committee.get_absolute_url()},
            ],
        },
    )


@require_safe
def archive_file(request, slug, year):
    """All papers of one committee's year in one ZIP."""
    committee = _committee_in_charge(request, slug)
    if year not in archive.years_of(committee):
        raise Http404
    try:
        packed = archive.archive_of(committee, year)
    except StoreError as failed:
        messages.error(request, str(failed))
        return redirect("following:archive_list", slug)
    return FileResponse(
        packed,
        as_attachment=True,
        filename=f"{committee.slug}-{year}.zip",
        content_type="application/zip",
    )


def _committee_in_charge(request: HttpRequest, slug: str) -> Committee:
    committee = get_object_or_404(Committee.objects.visible_to(request.user), slug=slug)
    if not (
        request.user.is_staff and request.user.has_perm("bodies.view_committee_work", committee)
    ):
        raise PermissionDenied
    return committee


def _public_scope(slug: str | None) -> Scope:
    if slug is None:
        return Scope()
    return Scope(committee=get_object_or_404(Committee.objects.filter(is_public=True), slug=slug))


def _name(scope: Scope) -> str:
    if scope.committee is not None:
        return scope.committee.name
    return Region.load().name


def _public(request: HttpRequest, body: bytes, content_type: str) -> HttpResponseBase:
    """The body to keep for a while, or 304 to who has these very bytes.

    Nothing is said of the time of the last change: what leaves a calendar leaves no time behind.
    """
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(body, content_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    return response
