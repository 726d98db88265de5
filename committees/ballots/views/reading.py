"""Ballots to read: the list of a committee, one ballot in each of its states, its files."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from committees.ballots import history, selectors, wording
from committees.ballots.enums import BallotState
from committees.ballots.facts import facts_of
from committees.ballots.forms import CancelForm, PaperForm
from committees.ballots.models import Ballot, BallotPaper
from committees.ballots.workflow import BALLOT_WORKFLOW
from committees.bodies.models import Committee
from documents.store.serving import file_response
from kpss.passages import public_text

BALLOTS_ON_PAGE = 20


@login_not_required
@require_safe
def ballot_list(request, slug):
    """Ballots per rollam of one committee, those the reader may see."""
    committee = get_object_or_404(Committee.objects.visible_to(request.user), slug=slug)
    ballots = selectors.ballots_for_list(committee, request.user)
    page = Paginator(ballots, BALLOTS_ON_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "ballots/ballot_list.html",
        {
            "committee": committee,
            "crumbs": crumbs(committee)[:-1],
            "page": page,
            "rows": [selectors.BallotRow.of(ballot) for ballot in page],
            "is_insider": request.user.has_perm("bodies.view_committee_work", committee),
            "may_manage": request.user.has_perm("ballots.manage_ballot", committee),
        },
    )


@login_not_required
@require_safe
def ballot_detail(request, slug, pk):
    """One ballot: to be checked while it is prepared, its course while people vote, its result."""
    return ballot_page(request, visible_ballot(request, slug, pk))


def visible_ballot(request, slug: str, pk: int) -> Ballot:
    """The ballot when the reader may see it; else Http404."""
    return get_object_or_404(
        Ballot.objects.visible_to(request.user).select_related(
            "committee", "resolution", "created_by", "protocol", "protocol_public"
        ),
        committee__slug=slug,
        pk=pk,
    )


def crumbs(committee: Committee) -> list[dict]:
    """The way back from a ballot."""
    return [
        {"title": _t("Who plans"), "url": reverse("bodies:committee_list")},
        {"title": committee.name, "url": committee.get_absolute_url()},
        {
            "title": _t("Votes per rollam"),
            "url": reverse("ballots:ballot_list", args=[committee.slug]),
        },
    ]


def ballot_page(request, ballot: Ballot, *, status=200, paper_form=None, cancel_form=None):
    """The page of a ballot; bound forms come back to it with their errors."""
    user = request.user
    is_insider = user.has_perm("bodies.view_committee_work", ballot.committee)
    offers = {
        offer.name: offer
        for offer in (BALLOT_WORKFLOW.available_to(user, ballot) if ballot.is_per_rollam else [])
    }
    context = {
        "ballot": ballot,
        "committee": ballot.committee,
        "crumbs": crumbs(ballot.committee),
        "is_insider": is_insider,
        "badge": wording.badge(ballot),
        "state": wording.outcome(ballot),
        "papers": list(ballot.papers.select_related("file")) if is_insider else [],
        "history": history.history(ballot) if is_insider else [],
        "offers": offers,
        "may_manage": bool(offers),
        "cancel_form": cancel_form or CancelForm(),
    }
    match ballot.state:
        case BallotState.DRAFT:
            context |= _draft(ballot) | {"paper_form": paper_form or PaperForm()}
        case BallotState.OPEN:
            context |= _running(ballot, user)
        case BallotState.CLOSED:
            [facts] = facts_of([ballot], internal=is_insider)
            context |= {"facts": facts}
        case BallotState.CANCELLED:
            context |= {"reason": history.why_cancelled(ballot) if is_insider else ""}
    return render(request, "ballots/ballot_detail.html", context, status=status)


def _draft(ballot: Ballot) -> dict:
    people = selectors.to_be_asked(ballot.committee)
    return {
        "asked": people,
        "unreachable": [person for person in people if not selectors.is_reachable(person)],
    }


def _running(ballot: Ballot, user) -> dict:
    course = selectors.course_of(ballot)
    asked = [line for line in course if not line.is_excluded]
    return {
        "rules": wording.rules_in_words(ballot),
        "course": course,
        "asked": len(asked),
        "answered": sum(line.has_answered for line in asked),
        "waits_for_me": ballot.is_per_rollam
        and any(line.voter.person_id == user.pk and line.may_be_entered for line in course),
        "to_be_entered": [line for line in course if line.may_be_entered and not line.has_mail],
    }


@login_not_required
@require_safe
def ballot_protocol(request, slug, pk):
    """The protocol as the public may read it, for those who may see the ballot."""
    ballot = visible_ballot(request, slug, pk)
    if ballot.protocol_public is None:
        raise Http404
    return file_response(
        request,
        ballot.protocol_public,
        _file_name(ballot, _t("protocol"), public_text(ballot.title)),
        public=ballot.committee.is_public,
        permanent=False,
    )


@require_safe
def ballot_protocol_internal(request, slug, pk):
    """The protocol with names, for members of the committee."""
    ballot = visible_ballot(request, slug, pk)
    is_insider = request.user.has_perm("bodies.view_committee_work", ballot.committee)
    if ballot.protocol is None or not is_insider:
        raise Http404
    return file_response(
        request,
        ballot.protocol,
        _file_name(ballot, _t("protocol-for-members"), ballot.title),
        public=False,
    )


@require_safe
def ballot_paper(request, slug, pk, paper_pk):
    """A paper of a ballot, for members of the committee."""
    ballot = visible_ballot(request, slug, pk)
    if not request.user.has_perm("bodies.view_committee_work", ballot.committee):
        raise Http404
    return paper_response(request, ballot, paper_pk)


def paper_response(request, ballot: Ballot, paper_pk: int):
    """The file of a paper of this very ballot; else Http404."""
    paper = get_object_or_404(
        BallotPaper.objects.select_related("file").filter(ballot=ballot), pk=paper_pk
    )
    return file_response(request, paper.file, paper.file_name, public=False)


def _file_name(ballot: Ballot, what: str, title: str) -> str:
    return slugify(f"{what}-{ballot.committee.slug}-{title}")[:100] + ".pdf"
