"""What plans add to the page of a committee: those it prepares."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from committees.bodies.models import Committee
from planning.approvals.selectors import state_sentences

from .models import PlanVersion


def plans_of(request: HttpRequest, committee: Committee) -> str:
    """Plans that the committee prepares, each by its newest version the reader may see; three queries."""
    newest: dict[int, PlanVersion] = {}
    for version in (
        PlanVersion.objects.visible_to(request.user)
        .filter(plan__committee=committee)
        .select_related("plan")
        .order_by("-plan__period_from", "plan_id", "-number")
    ):
        newest.setdefault(version.plan_id, version)
    if not newest:
        return ""
    sentences = state_sentences(newest.values())
    rows = [(version, sentences[version.pk]) for version in newest.values()]
    return render_to_string("plans/_committee_plans.html", {"rows": rows}, request)
