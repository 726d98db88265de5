"""A member's page of a running meeting, on her telephone: by a personal link, or signed in."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from committees.ballots.enums import Channel, Choice
from committees.ballots.services import CastRefused, cast_vote
from kpss.workflow import TransitionRefused

from . import selectors_live as selectors
from .enums import MeetingState
from .forms_live import CastForm, OwnConflictForm, StampForm
from .models import Meeting
from .pages import find_meeting
from .selectors_live_people import Mine, mine_of
from .services import live as services
from .stamps_live import own_stamp
from .wording import heading


def mine(request, slug, year, number, rest=""):
    """The page of somebody signed in."""
    meeting = find_meeting(request.user, slug, year, number)
    return member_page(request, meeting, request.user, rest)


def member_page(request: HttpRequest, meeting: Meeting, person, rest: str) -> HttpResponse:
    """What ``person`` sees and does at ``meeting``; ``rest`` is the path after the page's own address.

    "" is the page, "stav/" its news, "hlas/" checks a vote and takes it, "stret/" declares a conflict
    of interest or takes it back, "online/" says that she is there online or leaves. Raise Http404 for
    who neither holds a seat now nor was invited as a guest, and for any other path.
    """
    step = _STEPS.get(rest)
    if step is None or request.method not in {"GET", "HEAD", "POST"}:
        raise Http404
    page = _Page(request, meeting, person, rest)
    if rest == "stav/" and page.is_unchanged():
        return HttpResponse(status=204)
    return step(page)


class _Page:
    """One request for the page: who asks, about which meeting, from which address."""

    def __init__(self, request: HttpRequest, meeting: Meeting, person, rest: str):
        self.request, self.meeting, self.person = request, meeting, person
        # The same page stands at the address of the personal link and at the one for signing in.
        self.base = request.path[: len(request.path) - len(rest)]
        self.is_post = request.method == "POST"

    def is_unchanged(self) -> bool:
        seen = StampForm(self.request.GET)
        seen.full_clean()
        return own_stamp(self.meeting, self.person) == seen.cleaned_data.get("z")

    def read(self) -> tuple[selectors.Live, Mine]:
        """The meeting and what she may do; Http404 when it is not hers."""
        live = selectors.live_of(self.meeting, voice_of=self.person)
        own = mine_of(live, self.person)
        if own is None:
            raise Http404
        return live, own

    def show(self, template: str, *, status: int = 200, **more) -> HttpResponse:
        stamp = own_stamp(self.meeting, self.person)
        live, own = self.read()
        current = live.current
        context = {
            "meeting": self.meeting,
            "committee": self.meeting.committee,
            "heading": heading(self.meeting),
            "base": self.base,
            "live": live,
            "mine": own,
            "current": current,
            "is_hidden": current is not None and current.line.is_internal and not own.has_seat,
            "papers": selectors.papers_of(live, insider=own.has_seat),
            "paper_base": self.paper_base(),
            "is_running": self.meeting.state == MeetingState.RUNNING,
            "choices": Choice,
            "stamp": stamp,
        }
        return render(self.request, f"meetings/live/{template}", context | more, status=status)

    def paper_base(self) -> str:
        """The address before the key of a paper: behind the link, or on the page of the meeting."""
        if self.request.user.pk == self.person.pk:
            return f"{self.meeting.get_absolute_url()}podklady/"
        return f"{self.base}podklad/"

    def back(self) -> HttpResponse:
        return redirect(self.base)

    def refuse(self, *sentences: str) -> HttpResponse:
        """The page as it is now, with what went wrong on top of it."""
        return self.show("member.html", status=409, refusals=sentences)


def _front(page: _Page) -> HttpResponse:
    return page.show("member.html")


def _news(page: _Page) -> HttpResponse:
    return page.show("_member.html")


def _vote(page: _Page) -> HttpResponse:
    """Check the choice on a page of its own (GET), then count it (POST)."""
    form = CastForm(page.request.POST if page.is_post else page.request.GET)
    _live, own = page.read()
    if not form.is_valid():
        return page.back()
    ballot = services.vote_of(page.meeting, form.cleaned_data["hlasovani"])
    if ballot is None:
        raise Http404
    choice = Choice(form.cleaned_data["volba"])
    if not page.is_post:
        if not own.may_vote or own.voice is None or own.voice.voter.ballot_id != ballot.pk:
            return page.back()
        return page.show("member_vote.html", ballot=ballot, choice=choice)
    is_signed_in = page.request.user.pk == page.person.pk
    channel = Channel.SIGNED_IN if is_signed_in else Channel.LINK
    try:
        cast_vote(ballot, page.person, choice, channel=channel)
    except CastRefused as refused:
        return page.back() if refused.is_repeated else page.refuse(str(refused))
    return page.back()


def _conflict(page: _Page) -> HttpResponse:
    """Declare her own conflict of interest at the item discussed now, or take it back."""
    live, own = page.read()
    if live.current is None or own.participant is None:
        return page.back()
    item = live.current.item
    if not page.is_post:
        if not own.may_declare:
            return page.back()
        form = OwnConflictForm(initial={"item": item.pk})
        return page.show("member_conflict.html", form=form)
    form = OwnConflictForm(page.request.POST)
    if not form.is_valid():
        return page.show("member_conflict.html", form=form, status=422)
    if form.cleaned_data["item"] != item.pk:
        return page.refuse(_t("The meeting has moved on to another item meanwhile."))
    try:
        if "withdraw" in page.request.POST:
            services.withdraw_conflict(item, own.participant, actor=page.person)
        else:
            services.declare_conflict(
                item, own.participant, reason=form.cleaned_data["reason"], actor=page.person
            )
    except TransitionRefused as refused:
        return page.refuse(*refused.reasons)
    return page.back()


def _online(page: _Page) -> HttpResponse:
    """She is there online from now on, or leaves."""
    _live, own = page.read()
    if not page.is_post or own.participant is None:
        return page.back()
    try:
        if "leave" in page.request.POST:
            services.leave(own.participant, actor=page.person)
        else:
            services.arrive(own.participant, online=True, actor=page.person)
    except TransitionRefused as refused:
        return page.refuse(*refused.reasons)
    except PermissionDenied:
        return page.back()
    return page.back()


_STEPS = {"": _front, "stav/": _news, "hlas/": _vote, "stret/": _conflict, "online/": _online}
