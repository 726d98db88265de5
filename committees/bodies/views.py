"""Public pages: who plans, who sits where, by which rules, and what was decided."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from documents.library.models import Document
from documents.store.serving import file_response

from . import panels, selectors, wording
from .enums import CommitteeKind
from .models import Committee, Resolution

RESOLUTIONS_ON_PAGE = 20


@login_not_required
@require_safe
def committee_list(request):
    """Committees by what they do for the plan."""
    groups, ended = selectors.groups_for_list(request.user, timezone.localdate())
    panels.add_notes(request, [committee for group in groups for committee in group.committees])
    return render(
        request, "bodies/committee_list.html", {"groups": groups, "ended": ended, "crumbs": []}
    )


@login_not_required
@require_safe
def committee_detail(request, slug):
    """One committee: what it is for, who sits in it, its rules of procedure and resolutions."""
    committee = get_object_or_404(
        Committee.objects.visible_to(request.user).select_related("parent", "municipality"),
        slug=slug,
    )
    today = timezone.localdate()
    day = min(today, committee.dissolved_on or today)
    members = selectors.roster(committee, day)
    groups = selectors.by_side(members)
    missing = selectors.missing_sides(groups)
    is_elected = CommitteeKind(committee.kind).is_elected
    rules = selectors.rules_valid_on(committee, day)
    page = Paginator(selectors.resolutions_of(committee), RESOLUTIONS_ON_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "bodies/committee_detail.html",
        {
            "committee": committee,
            "crumbs": [{"title": _t("Who plans"), "url": reverse("bodies:committee_list")}],
            "kind_in_words": wording.kind_in_words(committee.kind),
            "day": day,
            "has_ended": day < today,
            "members": members,
            "groups": groups,
            "is_elected": is_elected,
            "balance": "" if missing else _t("All three sides sit at the table."),
            "missing": " ".join(missing),
            "rules": rules,
            "rule_rows": wording.rules_in_words(committee, rules) if rules else [],
            "rules_document": _readable_document(rules, request.user),
            "children": selectors.working_under(committee, request.user, day),
            "panels": panels.panels_for(request, committee),
            "page": page,
        },
    )


@login_not_required
@require_safe
def resolution_paper(request, slug, pk):
    """The paper of a resolution, for those who may see its committee."""
    resolution = get_object_or_404(
        Resolution.objects.visible_to(request.user).select_related("file", "committee"),
        committee__slug=slug,
        pk=pk,
        file__isnull=False,
    )
    return file_response(
        request,
        resolution.file,
        slugify(f"{slug}-{resolution.number}") + ".pdf",
        public=resolution.committee.is_public,
        permanent=False,
    )


def _readable_document(rules, user) -> Document | None:
    """The paper in which the rules stand, when this reader may open it."""
    if rules is None or rules.document_id is None:
        return None
    return Document.objects.visible_to(user).filter(pk=rules.document_id).first()
