"""Giving a voice per rollam: by a personal link, or signed in. GET never votes.

Ask → check → the voice is counted → its receipt. What was said travels in the form from step to step,
never in an address.
"""

import re
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from committees.ballots import history, services, wording
from committees.ballots.enums import BallotState, Channel, Place
from committees.ballots.facts import facts_of
from committees.ballots.forms import CONFLICT, VoteForm
from committees.ballots.models import Ballot, Vote, Voter
from committees.ballots.services import CastRefused
from committees.bodies.models import Seat
from committees.people.models import Person
from kpss import clock
from kpss.links.models import PersonalLink

from .reading import paper_response

CHECK, CAST = "kontrola/", "odevzdat/"
_PAPER = re.compile(r"podklad/(\d{1,18})/")


@dataclass(frozen=True)
class Booth:
    """Where one person votes in one ballot; ``base`` is the address of the first step."""

    ballot: Ballot
    voter: Voter
    channel: Channel
    base: str

    @property
    def person(self) -> Person:
        return self.voter.person


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, link: PersonalLink, rest: str):
    """What a personal link of the purpose "hlasovani" opens; handles all under its address."""
    if not isinstance(link.about, Ballot) or link.person is None:
        raise Http404
    base = request.path.removesuffix(rest)
    return _serve(request, _booth(link.about.pk, link.person, Channel.LINK, base), rest)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, slug: str, pk: int, rest: str = ""):
    """The same for who is signed in and has a vote in the ballot."""
    ballot = get_object_or_404(Ballot.objects.per_rollam(), committee__slug=slug, pk=pk)
    base = reverse("ballots:vote", kwargs={"slug": slug, "pk": pk, "rest": ""})
    return _serve(request, _booth(ballot.pk, request.user, Channel.SIGNED_IN, base), rest)


def _booth(ballot_pk: int, person, channel: Channel, base: str) -> Booth:
    voter = get_object_or_404(
        Voter.objects.select_related(
            "person", "seat", "ballot__committee", "ballot__resolution", "ballot__created_by"
        ).filter(ballot__place=Place.PER_ROLLAM),
        ballot=ballot_pk,
        person=person,
    )
    return Booth(voter.ballot, voter, channel, base)


def _serve(request: HttpRequest, booth: Booth, rest: str):
    if paper := _PAPER.fullmatch(rest):
        if not _holds_seat(booth):
            raise Http404
        return paper_response(request, booth.ballot, int(paper[1]))
    if rest == CHECK:
        return _check(request, booth)
    if rest == CAST:
        return _cast(request, booth)
    if rest:
        raise Http404
    if not _may_vote(booth):
        return _stand(request, booth)
    # Back from the check: what was written is still there.
    written = request.POST.get("reason", "")[: VoteForm.REASON_MAX]
    return _ask(request, booth, VoteForm(initial={"reason": written}))


def _may_vote(booth: Booth) -> bool:
    """Whether it makes sense to ask; what counts is decided when the voice is given."""
    ballot, voter = booth.ballot, booth.voter
    return (
        ballot.state == BallotState.OPEN
        and ballot.deadline is not None
        and clock.now() < ballot.deadline
        and not voter.is_excluded
        and _holds_seat(booth)
        and not Vote.objects.filter(voter=voter).exists()
    )


def _holds_seat(booth: Booth) -> bool:
    """Whether the seat with the vote is in force now: papers are for members only, like the vote."""
    return Seat.objects.current().filter(pk=booth.voter.seat_id).exists()


def _ask(request, booth: Booth, form: VoteForm, status: int = 200):
    form.fields["reason"].help_text = wording.who_reads_reasons(booth.ballot)
    context = _context(booth) | {
        "form": form,
        "conflict": CONFLICT,
        "papers": [
            {
                "name": paper.file_name,
                "size": paper.file.size,
                "url": f"{booth.base}podklad/{paper.pk}/",
            }
            for paper in booth.ballot.papers.select_related("file")
        ],
    }
    return render(request, "ballots/vote.html", context, status=status)


def _check(request, booth: Booth):
    if request.method != "POST" or not _may_vote(booth):
        return redirect(booth.base)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _ask(request, booth, form, 422)
    answer = form.cleaned_data["answer"]
    context = _context(booth) | {
        "said": form.cleaned_data,
        "is_conflict": answer == CONFLICT,
        "answer": "" if answer == CONFLICT else wording.answer_in_words(answer),
    }
    return render(request, "ballots/vote_check.html", context)


def _cast(request, booth: Booth):
    if request.method != "POST":
        return redirect(booth.base)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _ask(request, booth, form, 422) if _may_vote(booth) else redirect(booth.base)
    said = {"reason": form.cleaned_data["reason"], "channel": booth.channel}
    try:
        if form.cleaned_data["answer"] == CONFLICT:
            services.declare_conflict(booth.ballot, booth.person, **said)
        else:
            services.cast_vote(booth.ballot, booth.person, form.cleaned_data["answer"], **said)
    except CastRefused as refused:
        fresh = _booth(booth.ballot.pk, booth.person, booth.channel, booth.base)
        return _stand(request, fresh, str(refused), 409)
    return redirect(booth.base)


def _stand(request, booth: Booth, refusal: str = "", status: int = 200):
    """How it stands with the voter and the ballot when there is nothing to be asked."""
    ballot = booth.ballot
    given = Vote.objects.filter(voter=booth.voter).first()
    context = _context(booth) | {
        "refusal": refusal,
        "given": given,
        "answer": wording.answer_in_words(given.choice) if given else "",
        "is_over": ballot.state == BallotState.OPEN
        and ballot.deadline is not None
        and clock.now() >= ballot.deadline,
        "reason": history.why_cancelled(ballot) if ballot.state == BallotState.CANCELLED else "",
    }
    if ballot.state == BallotState.CLOSED:
        [context["facts"]] = facts_of([ballot], internal=False)
    return render(request, "ballots/vote_done.html", context, status=status)


def _context(booth: Booth) -> dict:
    return {
        "booth": booth,
        "ballot": booth.ballot,
        "committee": booth.ballot.committee,
        "person": booth.person,
        "is_by_link": booth.channel == Channel.LINK,
        "check_url": booth.base + CHECK,
        "cast_url": booth.base + CAST,
    }
