"""Running a ballot per rollam: prepare, open, remind, enter a vote, close, call off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from committees.ballots import services
from committees.ballots.enums import BallotState, Channel, Place
from committees.ballots.forms import (
    CONFLICT,
    BallotForm,
    CancelForm,
    EnterVoteForm,
    PaperForm,
)
from committees.ballots.models import Ballot, BallotPaper
from committees.ballots.services import CastRefused
from committees.ballots.workflow import why_not_decide
from committees.bodies.models import Committee
from documents.store import StoreError
from kpss.workflow import TransitionRefused

from .reading import ballot_page, crumbs, visible_ballot


@require_http_methods(["GET", "HEAD", "POST"])
def ballot_add(request, slug):
    """A new ballot of the committee; a second click finds the first one's."""
    committee = get_object_or_404(Committee.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("ballots.manage_ballot", committee):
        raise PermissionDenied
    form = BallotForm.to_prepare(committee, request.POST or None)
    if not form.is_valid():
        return _form_page(request, committee, form)
    ballot = services.prepare_ballot(
        committee, place=Place.PER_ROLLAM, actor=request.user, **form.cleaned_data
    )
    messages.success(
        request, _t("The vote is prepared. Check it, add papers and open it; nobody was asked yet.")
    )
    return redirect(ballot)


@require_http_methods(["GET", "HEAD", "POST"])
def ballot_edit(request, slug, pk):
    """Change what is put to the vote, while nobody was asked."""
    ballot = _managed(request, slug, pk)
    if ballot.state != BallotState.DRAFT:
        raise Http404
    form = BallotForm.to_change(ballot, request.POST or None)
    if not form.is_valid():
        return _form_page(request, ballot.committee, form, ballot)
    try:
        services.change_ballot(ballot, actor=request.user, **form.cleaned_data)
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        messages.success(request, _t("The changes are saved."))
    return redirect(ballot)


def _form_page(request, committee: Committee, form: BallotForm, ballot: Ballot | None = None):
    return render(
        request,
        "ballots/ballot_form.html",
        {
            "committee": committee,
            "crumbs": crumbs(committee),
            "form": form,
            "ballot": ballot,
            "hindrances": list(why_not_decide(committee, per_rollam=True)),
        },
        status=422 if form.is_bound else 200,
    )


def _managed(request, slug: str, pk: int) -> Ballot:
    """A ballot per rollam that the person may manage; else 404 or 403."""
    ballot = visible_ballot(request, slug, pk)
    if not ballot.is_per_rollam:
        raise Http404
    if not request.user.has_perm("ballots.manage_ballot", ballot):
        raise PermissionDenied
    return ballot


def _say(request, refused: TransitionRefused) -> None:
    for reason in refused.reasons:
        messages.error(request, reason)


@require_POST
def paper_add(request, slug, pk):
    """Lay a paper beside the proposal."""
    ballot = _managed(request, slug, pk)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return ballot_page(request, ballot, status=422, paper_form=form)
    try:
        services.add_paper(ballot, form.cleaned_data["file"], actor=request.user)
    except StoreError as error:
        form.add_error("file", str(error))
        return ballot_page(request, ballot, status=422, paper_form=form)
    except TransitionRefused as refused:
        _say(request, refused)
    return redirect(ballot)


@require_POST
def paper_remove(request, slug, pk, paper_pk):
    """Take a paper away; one that is gone already stays gone."""
    ballot = _managed(request, slug, pk)
    paper = BallotPaper.objects.filter(ballot=ballot, pk=paper_pk).first()
    if paper is not None:
        try:
            services.remove_paper(paper, actor=request.user)
        except TransitionRefused as refused:
            _say(request, refused)
    return redirect(ballot)


@require_POST
def ballot_open(request, slug, pk):
    ballot = _managed(request, slug, pk)
    try:
        opened = services.open_per_rollam(ballot, actor=request.user)
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        asked = opened.members_total or 0
        messages.success(
            request,
            ngettext(
                "The vote is open, %(count)s member was asked.",
                "The vote is open, %(count)s members were asked.",
                asked,
            )
            % {"count": asked},
        )
    return redirect(ballot)


@require_POST
def ballot_remind(request, slug, pk):
    ballot = _managed(request, slug, pk)
    try:
        sent = services.remind(ballot, actor=request.user)
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        messages.success(
            request,
            ngettext(
                "The reminder goes to %(count)s member.",
                "The reminder goes to %(count)s members.",
                sent,
            )
            % {"count": sent},
        )
    return redirect(ballot)


@require_POST
def ballot_close(request, slug, pk):
    ballot = _managed(request, slug, pk)
    try:
        services.close_ballot(ballot, actor=request.user)
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        messages.success(request, _t("The vote is closed and counted."))
    return redirect(ballot)


@require_POST
def ballot_cancel(request, slug, pk):
    """Call a ballot off with a reason."""
    ballot = _managed(request, slug, pk)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return ballot_page(request, ballot, status=422, cancel_form=form)
    try:
        services.cancel_ballot(ballot, actor=request.user, note=form.cleaned_data["note"])
    except TransitionRefused as refused:
        _say(request, refused)
    else:
        messages.success(request, _t("The vote was called off."))
    return redirect(ballot)


@require_http_methods(["GET", "HEAD", "POST"])
def vote_enter(request, slug, pk, voter_pk):
    """Write down the voice of a member who called or sent it on paper."""
    ballot = _managed(request, slug, pk)
    voter = get_object_or_404(ballot.voters.select_related("person"), pk=voter_pk)
    form = EnterVoteForm(request.POST or None)
    if not form.is_valid():
        context = {
            "ballot": ballot,
            "crumbs": [
                *crumbs(ballot.committee),
                {"title": ballot.title, "url": ballot.get_absolute_url()},
            ],
            "voter": voter,
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return render(request, "ballots/vote_enter.html", context, status=status)
    said = {
        "reason": form.cleaned_data["reason"],
        "channel": Channel.OPERATOR,
        "entered_by": request.user,
    }
    try:
        if form.cleaned_data["answer"] == CONFLICT:
            services.declare_conflict(ballot, voter.person, **said)
        else:
            services.cast_vote(ballot, voter.person, form.cleaned_data["answer"], **said)
    except CastRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, _t("Written down: %(name)s.") % {"name": voter.person.get_full_name()}
        )
    return redirect(ballot)
