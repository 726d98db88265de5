"""The register of resolutions, its export, and the permanent page of one resolution."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from committees.minutes import register, tables
from committees.minutes.forms import RegisterForm
from committees.minutes.pages import ResolutionPage

PAGE = 20
MOST_EXPORTED = 20_000


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def resolution_list(request):
    """Adopted resolutions by words and filters; htmx asks for the rows only."""
    form, found = _found(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows_only = request.htmx and not request.htmx.history_restore_request
    template = "_resolution_rows.html" if rows_only else "resolution_list.html"
    context = {
        "form": form,
        "page": page,
        "query": form.query_string,
        "is_narrowed": bool(form.chosen),
        "crumbs": [{"title": _t("Who plans"), "url": reverse("bodies:committee_list")}],
    }
    return render(request, f"minutes/{template}", context)


@login_not_required
@require_safe
def export_csv(request):
    """What the register shows now, as CSV."""
    _form, found = _found(request)
    return _attachment(tables.as_csv(found[:MOST_EXPORTED]), "text/csv; charset=utf-8", "csv")


@login_not_required
@require_safe
def export_xlsx(request):
    """What the register shows now, for Excel."""
    _form, found = _found(request)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _attachment(tables.as_xlsx(found[:MOST_EXPORTED]), kind, "xlsx")


@login_not_required
@require_safe
def resolution_detail(request, slug, pk):
    """One resolution at its permanent address: the text, the vote, where it comes from."""
    resolution = get_object_or_404(
        register.resolutions_for(request.user).select_related("rules"),
        committee__slug=slug,
        pk=pk,
    )
    context = {
        "resolution": resolution,
        "committee": resolution.committee,
        "page": ResolutionPage.of(resolution, request.user),
        "crumbs": [
            {"title": resolution.committee.name, "url": resolution.committee.get_absolute_url()},
            {"title": _t("Resolutions"), "url": reverse("minutes:resolution_list")},
        ],
    }
    return render(request, "minutes/resolution_detail.html", context)


def _found(request):
    resolutions = register.resolutions_for(request.user)
    form = RegisterForm(
        request.GET,
        committees=register.committees_in(resolutions),
        years=register.years_in(resolutions),
    )
    return form, register.filtered(resolutions, form.chosen)


def _attachment(data: bytes, content_type: str, ending: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="usneseni.{ending}"'},
    )
