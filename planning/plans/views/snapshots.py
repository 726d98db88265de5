"""Working versions that were sent out: kept, mailed, read by those who work on the plan."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kpss.links.models import PersonalLink
from planning.plans import selectors, services
from planning.plans.forms.snapshots import SendForm, SnapshotForm
from planning.plans.models import PlanVersion, Snapshot


@require_safe
def snapshot_list(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Snapshots of the version, newest first; a form for who may make the next one."""
    return _list(request, _version(request, slug, number))


@require_POST
def snapshot_make(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Keep the version as it is now."""
    version = _version(request, slug, number)
    form = SnapshotForm(request.POST)
    if not form.is_valid():
        return _list(request, version, form=form, status=422)
    try:
        snapshot = services.make_snapshot(version, actor=request.user, **form.cleaned_data)
    except services.EditRefused as refused:
        messages.error(request, str(refused))
        return redirect("plans:snapshots", slug, number)
    messages.success(request, _t("It is kept. Now choose to whom it goes."))
    return redirect("plans:snapshot_send", slug, number, snapshot.number)


@require_safe
def snapshot_detail(request: HttpRequest, slug: str, number: int, order: int) -> HttpResponse:
    """The text of a snapshot, for those who work on the plan."""
    return _read(request, _snapshot(request, slug, number, order))


def snapshot_send(request: HttpRequest, slug: str, number: int, order: int) -> HttpResponse:
    """Choose committees and mail it to their members."""
    snapshot = _snapshot(request, slug, number, order)
    if not request.user.has_perm("plans.make_snapshot", snapshot.version):
        raise PermissionDenied
    form = SendForm(request.POST if request.method == "POST" else None, snapshot=snapshot)
    if form.is_valid():
        sent = services.send_snapshot(
            snapshot, list(form.cleaned_data["committees"]), actor=request.user
        )
        said = ngettext("%(count)s mail was written.", "%(count)s mails were written.", sent)
        messages.success(request, said % {"count": sent})
        return redirect("plans:snapshots", slug, number)
    context = {"snapshot": snapshot, "version": snapshot.version, "form": form}
    status = 422 if form.errors else 200
    return render(request, "plans/snapshot_send.html", _with_crumbs(context), status=status)


def read_by_link(request: HttpRequest, link: PersonalLink, rest: str) -> HttpResponse:
    """What a request gets through a link with the purpose ``notifications.LINK``.

    Raise Http404 once the person does not work on the plan any more.
    """
    if rest or link.person is None:
        raise Http404
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    snapshots = Snapshot.objects.visible_to(link.person).select_related(
        "version__plan", "content", "made_by"
    )
    return _read(request, get_object_or_404(snapshots, pk=link.object_pk), by_link=True)


def _list(request, version: PlanVersion, *, form=None, status: int = 200) -> HttpResponse:
    may_make = request.user.has_perm("plans.make_snapshot", version)
    context = {
        "version": version,
        "snapshots": selectors.snapshots_of(version),
        "form": form
        or (
            SnapshotForm(initial={"token": uuid.uuid4()}) if may_make and version.is_open else None
        ),
        "may_make": may_make,
    }
    return render(request, "plans/snapshot_list.html", _with_crumbs(context), status=status)


def _read(request, snapshot: Snapshot, *, by_link: bool = False) -> HttpResponse:
    content = services.content_of_snapshot(snapshot)
    context = {
        "snapshot": snapshot,
        "version": snapshot.version,
        "content": content,
        "toc": selectors.toc_of(content),
        "clashing_codes": selectors.clashing_codes(content),
        "by_link": by_link,
    }
    response = render(request, "plans/snapshot_detail.html", _with_crumbs(context))
    response["Cache-Control"] = "private, no-store"
    return response


def _with_crumbs(context: dict) -> dict:
    version = context["version"]
    crumbs = [
        {"title": _t("Plans"), "url": reverse("plans:plan_list")},
        {"title": version.plan.title, "url": version.plan.get_absolute_url()},
    ]
    return context | {"plan": version.plan, "crumbs": crumbs}


def _version(request, slug: str, number: int) -> PlanVersion:
    """The version, when the reader works on it; else Http404."""
    versions = PlanVersion.objects.worked_on_by(request.user).select_related("plan")
    return get_object_or_404(versions, plan__slug=slug, number=number)


def _snapshot(request, slug: str, number: int, order: int) -> Snapshot:
    snapshots = Snapshot.objects.filter(version=_version(request, slug, number))
    rows = snapshots.select_related("version__plan", "content", "made_by")
    return get_object_or_404(rows, number=order)
