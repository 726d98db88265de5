"""Public pages: who plans, who sits where, by which rules, and what was decided."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.store.serving import file_response
from kpss import clock

from . import panels, selectors, wording
from .enums import CommitteeKind, Side
from .forms import RosterForm
from .models import Committee, Resolution, Rules, Seat
from .seating import give_name_consent, withdraw_name_consent

RESOLUTIONS_ON_PAGE = 20


@login_not_required
@require_safe
def committee_list(request):
    """Committees by what they do for the plan."""
    groups, ended = selectors.groups_for_list(request.user, clock.today())
    panels.add_notes(request, [committee for group in groups for committee in group.committees])
    return render(
        request, "bodies/committee_list.html", {"groups": groups, "ended": ended, "crumbs": []}
    )


@login_not_required
@require_safe
def committee_detail(request, slug):
    """One committee: who sits in it (on any day, ``?ke-dni=``), its rules and resolutions."""
    committee = get_object_or_404(
        Committee.objects.visible_to(request.user).select_related("parent", "municipality"),
        slug=slug,
    )
    today = clock.today()
    roster_form = RosterForm(request.GET)
    asked = roster_form.cleaned_data["day"] if roster_form.is_valid() else None
    last_day = min(today, committee.dissolved_on or today)
    day = min(asked or today, last_day)
    members = selectors.roster(committee, day)
    groups = selectors.by_side(members)
    missing = selectors.missing_sides(groups)
    rules = selectors.rules_valid_on(committee, last_day)
    page = Paginator(
        selectors.resolutions_of(committee, request.user), RESOLUTIONS_ON_PAGE
    ).get_page(request.GET.get("page"))
    return render(
        request,
        "bodies/committee_detail.html",
        {
            "committee": committee,
            "crumbs": [{"title": _t("Who plans"), "url": reverse("bodies:committee_list")}],
            "kind_in_words": wording.kind_in_words(committee.kind),
            "day": day,
            "roster_form": roster_form,
            "is_of_the_past": asked is not None and day < last_day,
            "not_yet": committee.established_on and day < committee.established_on,
            "has_ended": last_day < today,
            "members": members,
            "groups": groups,
            "is_elected": CommitteeKind(committee.kind).is_elected,
            "balance": "" if missing else _t("All three sides sit at the table."),
            "missing": " ".join(missing),
            "rules": rules,
            "rule_rows": wording.rules_in_words(committee, rules) if rules else [],
            "rules_paper": _readable_paper(rules, request.user),
            "children": selectors.working_under(committee, request.user, last_day),
            "panels": panels.panels_for(request, committee),
            "page": page,
            "is_insider": request.user.has_perm("bodies.view_committee_work", committee),
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


def _readable_paper(rules: Rules | None, user) -> dict[str, str] | None:
    """Where the rules stand, as text and address, when this reader may open it."""
    if rules is None or rules.paper is None or not rules.paper.is_visible_to(user):
        return None
    version = rules.document_version
    return {
        "text": wording.paper_in_words(rules),
        "url": version.file_url if version else rules.paper.get_absolute_url(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def consent_give(request, pk):
    """A member on the users' side reads what publishing her name means, and may agree to it."""
    seat = _own_seat(request, pk)
    if request.method == "POST":
        if not seat.has_name_consent and seat.is_open:
            give_name_consent(
                seat,
                day=clock.today(),
                text=wording.consent_words(seat.committee),
                actor=request.user,
            )
            messages.success(request, _t("Thank you. Your name is shown from now on."))
        return redirect("bodies:consent_give", pk)
    return render(
        request,
        "bodies/consent.html",
        {
            "seat": seat,
            "words": wording.consent_words(seat.committee),
            "crumbs": [{"title": _t("My desk"), "url": reverse("front:my_desk")}],
        },
    )


@require_POST
def consent_withdraw(request, pk):
    """A member takes her consent back; her name is hidden at once, everywhere."""
    seat = _own_seat(request, pk)
    if seat.has_name_consent:
        withdraw_name_consent(seat, actor=request.user)
        messages.success(request, _t("Your name is no longer shown. You are shown by role only."))
    return redirect("bodies:consent_give", pk)


def _own_seat(request, pk: int) -> Seat:
    return get_object_or_404(
        Seat.objects.filter(person=request.user, side=Side.USER).select_related("committee"), pk=pk
    )
