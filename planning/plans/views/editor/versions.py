"""How the next version of a plan begins."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, Value, When
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from planning.plans import services
from planning.plans.forms import VersionStartForm
from planning.plans.models import Plan, PlanVersion

from .common import editor_url


@require_http_methods(["GET", "POST"])
def version_start(request, slug):
    """Start the next version, empty or as a copy; an open one is opened instead."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("plans.add_planversion", plan):
        raise PermissionDenied
    standing = plan.versions.open().select_related("plan").first()
    if standing:
        messages.info(request, _t("This plan already has an open version."))
        return redirect(editor_url(standing, "editor"))
    sources = _copies_for(plan, request.user)
    newest = sources.filter(plan=plan).first()
    form = VersionStartForm(
        request.POST if request.method == "POST" else None,
        sources=sources,
        initial={"based_on": newest.pk if newest else ""},
    )
    if form.is_valid():
        try:
            version = services.start_version(
                plan,
                actor=request.user,
                based_on=form.cleaned_data["based_on"],
                note=form.cleaned_data["note"],
            )
        except services.EditRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _t("Version %(number)s is ready to be edited.") % {"number": version.number},
            )
            return redirect(editor_url(version, "editor"))
    context = {
        "plan": plan,
        "form": form,
        "crumbs": [
            {"title": _t("Plans"), "url": reverse("plans:plan_list")},
            {"title": plan.title, "url": plan.get_absolute_url()},
        ],
    }
    return render(request, "plans/editor/version_start.html", context)


def _copies_for(plan: Plan, user) -> QuerySet[PlanVersion]:
    """Versions one may begin with: those of this plan, then approved ones of plans beside it."""
    beside = Q(plan=plan)
    if plan.parent_id:
        beside |= Q(plan__parent=plan.parent_id, pk__in=PlanVersion.objects.approved())
    seen = PlanVersion.objects.visible_to(user).values("pk")
    return (
        PlanVersion.objects.filter(beside, pk__in=seen)
        .select_related("plan")
        .order_by(Case(When(plan=plan, then=Value(0)), default=Value(1)), "-number", "-pk")
    )
