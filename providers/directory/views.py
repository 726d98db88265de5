"""The public catalogue. Everybody may read it, without an account and without a cookie."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from . import selectors
from .filters import ServiceFilter
from .forms import WhereForm
from .models import LifeSituation, Organisation, Service
from .qr import qr_code
from .structured import service_data

PAGE = 20
# The emergency numbers stand in the footer of every page.
LINES_IN_LEADS = 4


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def service_list(request):
    """Services by a word and by filters; htmx asks for the rows and the counts only."""
    lists = selectors.catalogue_lists()
    found = ServiceFilter(request.GET, lists=lists)
    text, near = found.chosen.get("q", ""), found.municipality
    services = selectors.services_for_lines(
        found.services(), near=near, kinds_first=selectors.kinds_named(lists.kinds, text)
    )
    page = Paginator(services, PAGE).get_page(request.GET.get("page"))
    found.count_choices()
    # The browser's Back button asks htmx for the whole page, not for the rows.
    rows_only = request.htmx and not request.htmx.history_restore_request
    template = "_service_rows.html" if rows_only else "service_list.html"
    context = {
        "filter": found,
        "form": found.form,
        "text": text,
        "municipality": near,
        "page": page,
        "lines": selectors.service_lines(page, near=near),
        "chips": found.chips(),
        "query": found.query_string(),
        "rows_only": rows_only,
        **(_beyond(found, page.paginator.count) if near else {}),
        **({} if page.paginator.count else _leads(found)),
    }
    response = render(request, f"directory/{template}", context)
    # The address that the browser shows and people send on, without the fields left empty.
    return push_url(response, found.address(page=page.number)) if rows_only else response


def _beyond(found: ServiceFilter, here: int) -> dict:
    """How many more services there are for somebody who may travel, and their address."""
    return {
        "elsewhere": found.services(without="obec").count() - here,
        "elsewhere_query": found.query_string(without="obec"),
    }


def _leads(found: ServiceFilter) -> dict:
    """What to try when nothing was found: another word, fewer filters, a telephone."""
    text = found.chosen.get("q", "")
    meant = selectors.suggestion(text) if text else ""
    return {
        "meant": meant,
        "meant_query": found.query_string(q=meant) if meant else "",
        "is_narrowed": len(found.chosen) > bool(text),
        "crisis": selectors.lines_to_talk()[:LINES_IN_LEADS],
    }


@login_not_required
@require_safe
def service_detail(request, slug):
    """One service: whom to call, four answers, where it comes, what the register says."""
    try:
        page = selectors.service_page(slug)
    except Service.DoesNotExist:
        raise Http404 from None
    address = settings.SITE_URL + page.service.get_absolute_url()
    context = {
        "page": page,
        "service": page.service,
        "data": service_data(page, address),
        "qr": qr_code(address),
        "address_label": address.partition("://")[2],
        "error_subject": _("An error in the data: %(service)s") % {"service": page.service.name},
        "crumbs": [_services_crumb()],
    }
    return render(request, "directory/service_detail.html", context)


@login_not_required
@require_safe
def organisation_list(request):
    """Providers of the catalogue in the Czech order."""
    page = Paginator(selectors.organisations_for_list(), 2 * PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "crumbs": [_services_crumb()]}
    return render(request, "directory/organisation_list.html", context)


@login_not_required
@require_safe
def organisation_detail(request, slug):
    """One organisation: its contacts and its services."""
    try:
        page = selectors.organisation_page(slug)
    except Organisation.DoesNotExist:
        raise Http404 from None
    crumbs = [
        _services_crumb(),
        {"title": _("Providers"), "url": reverse("directory:organisation_list")},
    ]
    context = {"page": page, "organisation": page.organisation, "crumbs": crumbs}
    return render(request, "directory/organisation_detail.html", context)


@login_not_required
@require_safe
def situation_list(request):
    """All life situations, in plain words."""
    context = {
        "groups": selectors.situations_for_list(),
        "crisis": selectors.crisis_lines(),
        "crumbs": [_services_crumb()],
    }
    return render(request, "directory/situation_list.html", context)


@login_not_required
@require_safe
def situation_detail(request, slug):
    """One situation: whom to call at once, what helps, who helps in my municipality."""
    try:
        page = selectors.situation_page(slug)
    except LifeSituation.DoesNotExist:
        raise Http404 from None
    form = WhereForm(request.GET, municipalities=selectors.municipalities())
    near = form.municipality
    services = selectors.services_for_situation(page)
    if near:
        services = services.coming_to(near)
    services = selectors.services_for_lines(services, near=near)
    listed = Paginator(services, PAGE).get_page(request.GET.get("page"))
    context = {
        "situation": page.situation,
        "crisis": page.lines,
        "form": form,
        "municipality": near,
        "page": listed,
        "lines": selectors.service_lines(listed, near=near),
        "query": form.query_string,
        "crumbs": [
            _services_crumb(),
            {"title": _("Life situations"), "url": reverse("directory:situation_list")},
        ],
    }
    return render(request, "directory/situation_detail.html", context)


def _services_crumb() -> dict:
    return {"title": _("Find help"), "url": reverse("directory:service_list")}
