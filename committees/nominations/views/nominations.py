"""The coordinator's pages about nominations: by committee, the balance they would make, appointing."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.bodies.models import Committee
from committees.nominations import selectors
from committees.nominations.forms import AppointForm, NominationForm, PersonSearchForm, ReasonForm
from committees.nominations.models import Nomination
from committees.nominations.services import appoint, decline, propose, withdraw
from committees.people.models import Person
from kpss.workflow import TransitionRefused

from .interests import crumbs

PEOPLE_FOUND = 20


def _committee(request: HttpRequest, slug: str) -> Committee:
    if not request.user.has_perm("nominations.view_nomination"):
        raise PermissionDenied
    return get_object_or_404(Committee.objects.select_related("parent__parent"), slug=slug)


def _list_crumb() -> dict[str, str]:
    return {"title": _t("Nominations"), "url": reverse("nominations:nomination_list")}


def _page_of(committee: Committee) -> str:
    return reverse("nominations:committee_nominations", args=[committee.slug])


@require_safe
def nomination_list(request: HttpRequest) -> HttpResponse:
    """Committees with how many people are nominated and how many want to join."""
    if not request.user.has_perm("nominations.view_nomination"):
        raise PermissionDenied
    context = {"committees": selectors.committees_with_nominations(), "crumbs": crumbs()}
    return render(request, "nominations/nomination_list.html", context)


@require_safe
def committee_nominations(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is nominated, what the triad would look like with them, and the appointing."""
    return _show(request, _committee(request, slug))


def _show(request: HttpRequest, committee: Committee, form: AppointForm | None = None):
    proposed = list(selectors.proposed_to(committee))
    may_decide = request.user.has_perm("nominations.decide_nomination", committee)
    resolutions = selectors.resolutions_to_appoint_by(committee) if may_decide else []
    if may_decide and proposed and resolutions and form is None:
        form = AppointForm(
            nominations=selectors.proposed_to(committee),
            resolutions=resolutions,
            initial={"nominations": [nomination.pk for nomination in proposed]},
        )
    context = {
        "committee": committee,
        "crumbs": crumbs(_list_crumb()),
        "proposed": proposed,
        "decided": selectors.decided_for(committee),
        "balance": selectors.balance_with(committee, proposed),
        "form": form,
        "may_decide": may_decide,
        "may_add": request.user.has_perm("nominations.add_nomination"),
        "add_resolution_url": reverse("admin:bodies_resolution_add"),
    }
    return render(request, "nominations/committee_nominations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def nomination_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Nominate somebody known: find the person first, then say for which seat."""
    committee = _committee(request, slug)
    if not request.user.has_perm("nominations.add_nomination"):
        raise PermissionDenied
    search = PersonSearchForm(request.GET)
    asked = search.cleaned_data if search.is_valid() else {}
    person, words = asked.get("person"), asked.get("q", "")
    context = {
        "committee": committee,
        "crumbs": crumbs(_list_crumb(), {"title": committee.name, "url": _page_of(committee)}),
        "search": search,
        "person": person,
        "words": words,
        "found": Person.objects.named_like(words)[:PEOPLE_FOUND] if words else [],
    }
    if person is None:
        return render(request, "nominations/nomination_add.html", context)
    form = NominationForm(request.POST or None, committee=committee)
    if form.is_valid():
        try:
            propose(
                form.values, person=person, actor=request.user, token=form.cleaned_data["token"]
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _t("%(name)s is nominated. A resolution appoints.") % {"name": person}
            )
            return redirect(_page_of(committee))
    if "token" in form.errors:
        form.data = form.data.copy()
        form.data["token"] = str(uuid.uuid4())
    return render(request, "nominations/nomination_add.html", {**context, "form": form})


@require_POST
def nominations_appoint(request: HttpRequest, slug: str) -> HttpResponse:
    """Appoint those ticked by the chosen resolution, all or nobody."""
    committee = _committee(request, slug)
    form = AppointForm(
        request.POST,
        nominations=selectors.proposed_to(committee),
        resolutions=selectors.resolutions_to_appoint_by(committee),
    )
    if not request.user.has_perm("nominations.decide_nomination", committee):
        raise PermissionDenied
    if not form.is_valid():
        return _show(request, committee, form)
    try:
        seats = appoint(
            form.cleaned_data["nominations"], form.cleaned_data["resolution"], actor=request.user
        )
    except TransitionRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return _show(request, committee, form)
    text = ngettext(
        "%(count)s person has been appointed.",
        "%(count)s people have been appointed.",
        len(seats),
    )
    messages.success(request, text % {"count": len(seats)})
    unreached = [seat.person.get_full_name() for seat in seats if not seat.person.email]
    if unreached:
        messages.warning(
            request,
            _t("Without an e-mail, tell them yourself: %(names)s")
            % {"names": ", ".join(unreached)},
        )
    return redirect(_page_of(committee))


@require_POST
def nomination_decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Turn the nomination down; the person is told why."""
    return _end(request, slug, pk, decline, _t("The nomination was turned down."))


@require_POST
def nomination_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the nomination back."""
    return _end(request, slug, pk, withdraw, _t("The nomination was withdrawn."))


def _end(request: HttpRequest, slug: str, pk: int, end, done: str) -> HttpResponse:
    committee = _committee(request, slug)
    nominations = Nomination.objects.filter(committee=committee).select_related("person")
    nomination = get_object_or_404(nominations, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _t("Say why: a reason is required here."))
        return redirect(_page_of(committee))
    try:
        end(nomination, reason=form.cleaned_data["reason"], actor=request.user)
    except TransitionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(_page_of(committee))
