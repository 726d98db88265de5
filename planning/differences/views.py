"""What changed between two texts of a plan: on a page, and as an annex in PDF."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from planning.plans.models import Plan

from . import printing, wording
from .compare import difference
from .forms import PairForm
from .readings import Reading, chosen, readings_of, usual_pair

PER_PAGE = 100  # changes on one page


@login_not_required
@require_safe
@gzip_page
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """The changes in reading order; ``od`` and ``do`` choose the texts, ``jen`` one kind of change."""
    plan, readings = _plan(request, slug)
    pair, form = _pair(request, plan, readings)
    context = {
        "plan": plan,
        "form": form,
        "crumbs": [
            {"title": _t("Plans"), "url": reverse("plans:plan_list")},
            {"title": plan.title, "url": plan.get_absolute_url()},
        ],
    }
    if pair is None:
        return render(request, "differences/difference.html", context)
    old, new = pair
    found = difference(old.content, new.content)
    only = form.cleaned_data["jen"]
    shown = [change for change in found.changes if not only or only in change.kinds]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context |= {
        "old": old,
        "new": new,
        "difference": found,
        "counts": wording.counts(found),
        "only": only,
        "page": page,
        "address": urlencode({"od": old.ref, "do": new.ref}),
        "query": urlencode({"od": old.ref, "do": new.ref} | ({"jen": only} if only else {})),
        "more_cost": found.cost_now - found.cost_before,
    }
    response = render(request, "differences/difference.html", context)
    if not (old.is_public and new.is_public):
        response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def changes_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the annex made, for somebody signed in who may read both texts."""
    plan, readings = _plan(request, slug)
    form = PairForm(request.POST, readings=readings)
    if not form.is_valid():
        raise Http404
    old, new = (chosen(readings, form.cleaned_data[name]) for name in ("od", "do"))
    return redirect(printing.request_annex(old, new, actor=request.user))


def _plan(request: HttpRequest, slug: str) -> tuple[Plan, list[Reading]]:
    plan = get_object_or_404(Plan.objects.visible_to(request.user), slug=slug)
    return plan, readings_of(plan, request.user)


def _pair(
    request: HttpRequest, plan: Plan, readings: list[Reading]
) -> tuple[tuple[Reading, Reading] | None, PairForm]:
    """The two texts asked for, or the usual two; a text that is not the reader's is not found."""
    if "od" in request.GET or "do" in request.GET:
        form = PairForm(request.GET, readings=readings)
        if not form.is_valid():
            raise Http404
        return (
            chosen(readings, form.cleaned_data["od"]),
            chosen(readings, form.cleaned_data["do"]),
        ), form
    usual = usual_pair(readings, plan)
    if usual is None:
        return None, PairForm(None, readings=readings)
    old, new = usual
    form = PairForm(
        {"od": old.ref, "do": new.ref, "jen": request.GET.get("jen", "")}, readings=readings
    )
    if not form.is_valid():
        raise Http404
    return usual, form
