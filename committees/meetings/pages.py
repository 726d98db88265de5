"""What the pages of a meeting share: finding it for who may see or prepare it, addresses, the frame."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kpss.workflow import TransitionRefused

from . import wording
from .models import Meeting


def place_of(meeting: Meeting) -> dict:
    """The parameters of every address of the meeting."""
    return {"slug": meeting.committee.slug, "year": meeting.year, "number": meeting.number}


def address(name: str, meeting: Meeting, **more) -> str:
    """The address of that name within the meeting: ``address("agenda", meeting)``."""
    return reverse(f"meetings:{name}", kwargs=place_of(meeting) | more)


def find_meeting(user, slug: str, year: int, number: int) -> Meeting:
    """The meeting, when the person may see it; else Http404."""
    return get_object_or_404(
        Meeting.objects.visible_to(user).select_related("committee", "invitation"),
        committee__slug=slug,
        year=year,
        number=number,
    )


def preparing(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the meeting in place of its address: 404 when it is hidden, 403 when it is not theirs."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, year: int, number: int, **more) -> HttpResponseBase:
        meeting = find_meeting(request.user, slug, year, number)
        if not request.user.has_perm("meetings.prepare_meeting", meeting):
            raise PermissionDenied
        return view(request, meeting, **more)

    return found


def crumbs(meeting: Meeting, *, inside: bool = False) -> list[dict[str, str]]:
    """The way up from the page of the meeting; from a page ``inside`` it, the meeting is on the way."""
    way = [
        {"title": _t("Who plans"), "url": reverse("bodies:committee_list")},
        {"title": meeting.committee.name, "url": meeting.committee.get_absolute_url()},
    ]
    if inside:
        way.append({"title": wording.heading(meeting), "url": meeting.get_absolute_url()})
    return way


def show(
    request: HttpRequest, meeting: Meeting, name: str, *, status: int = 200, **context
) -> HttpResponse:
    """A page inside the meeting; every one of them says about which meeting it is."""
    context |= {
        "meeting": meeting,
        "crumbs": crumbs(meeting, inside=True),
        "heading": wording.heading(meeting),
        "when": f"{wording.weekday_and_date(meeting)}, {wording.hours(meeting)}",
    }
    return render(request, f"meetings/{name}.html", context, status=status)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None when the page is only being opened."""
    return request.POST if request.method == "POST" else None


def say(request: HttpRequest, refused: TransitionRefused) -> None:
    """Tell the person on the next page why it was not done."""
    for reason in refused.reasons:
        messages.error(request, reason)
