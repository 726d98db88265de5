"""Plans for everybody: the list, a plan with its versions, a version to read, its PDF."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from documents.store.serving import file_response
from planning.approvals.selectors import chain, state_sentences
from planning.plans import selectors
from planning.plans.content import fingerprint, read_content
from planning.plans.models import Plan, PlanVersion


@login_not_required
@require_safe
def plan_list(request):
    """Plans in force first, then those to come and those that ended."""
    plans = selectors.plans_for_list(request.user, timezone.localdate())
    return render(request, "plans/plan_list.html", {"plans": plans, "crumbs": []})


@login_not_required
@require_safe
def plan_detail(request, slug):
    """One plan: its versions in order, and the action plans under it."""
    plan = get_object_or_404(
        Plan.objects.visible_to(request.user).select_related("committee"), slug=slug
    )
    above = Plan.objects.visible_to(request.user).filter(pk=plan.parent_id).first()
    context = {
        "plan": plan,
        "above": above,
        "crumbs": _crumbs(),
        "versions": selectors.versions_for_plan(plan, request.user, timezone.localdate()),
        "action_plans": selectors.action_plans_under(plan, request.user),
    }
    return render(request, "plans/plan_detail.html", context)


@login_not_required
@require_safe
@gzip_page
def version_detail(request, slug, number):
    """A version to read on the screen; an approved one as it was frozen, a working one never cached."""
    version = _version_for(request.user, slug, number)
    content = read_content(version)
    steps = chain(version)
    context = {
        "version": version,
        "plan": version.plan,
        "content": content,
        "crumbs": [*_crumbs(), {"title": content.title, "url": version.plan.get_absolute_url()}],
        "state_sentence": state_sentences([version])[version.pk],
        "steps": steps,
        "toc": selectors.toc(version, content, has_steps=bool(steps)),
        "clashing_codes": selectors.clashing_codes(content),
        "may_edit": version.is_editable and request.user.has_perm("plans.edit_content", version),
        "may_approve": not version.is_approved
        and request.user.has_perm("plans.pass_step", version),
        "fingerprint": version.content_sha256 or fingerprint(content),
    }
    response = render(request, "plans/version_detail.html", context)
    if not version.is_approved:
        response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def version_pdf(request, slug, number):
    """The PDF of an approved version, the very bytes that were stored on its approval."""
    version = _version_for(request.user, slug, number)
    if version.pdf is None:
        raise Http404
    filename = _("%(plan)s-version-%(number)s.pdf") % {"plan": slug, "number": number}
    return file_response(request, version.pdf, filename, public=True)


@login_not_required
@require_safe
def current_version(request, slug):
    """Leads to the newest approved version of the plan."""
    version = (
        PlanVersion.objects.approved()
        .filter(plan__slug=slug)
        .select_related("plan")
        .order_by("-number")
        .first()
    )
    if version is None:
        raise Http404
    return redirect(version)


def _version_for(user, slug: str, number: int) -> PlanVersion:
    return get_object_or_404(
        PlanVersion.objects.visible_to(user).select_related(
            "plan__parent", "plan__committee", "content", "pdf"
        ),
        plan__slug=slug,
        number=number,
    )


def _crumbs() -> list[dict[str, str]]:
    return [{"title": _("Plans"), "url": reverse("plans:plan_list")}]
