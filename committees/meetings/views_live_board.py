"""The projector: what is discussed, quorum and results in huge type. Nobody's name stands there."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import selectors_live as selectors
from . import wording_live as wording
from .enums import MeetingState
from .forms_live import StampForm
from .models import Meeting
from .pages import find_meeting, place_of
from .selectors_live_people import meeting_insider
from .stamps_live import stamp_of
from .views_live import in_address
from .wording import heading


@login_not_required
@require_safe
def board(request, **place):
    """For members and who runs the meeting; for everybody when the meeting is open to the public."""
    try:
        meeting, is_insider = _seen_by(request.user, place)
    except Http404:
        if request.user.is_authenticated:
            raise
        return redirect_to_login(request.get_full_path())
    return render(request, "meetings/live/board.html", _context(meeting, is_insider=is_insider))


@login_not_required
@require_safe
def board_state(request, **place):
    """The same again when something has changed; 204 when nothing has."""
    seen = StampForm(request.GET)
    seen.full_clean()
    stamp = stamp_of(**in_address(place))
    if stamp is not None and stamp.whole == seen.cleaned_data.get("z"):
        return HttpResponse(status=204)
    meeting, is_insider = _seen_by(request.user, place)
    return render(request, "meetings/live/_board.html", _context(meeting, is_insider=is_insider))


def _seen_by(user, place: dict) -> tuple[Meeting, bool]:
    meeting = find_meeting(user, **place)
    is_insider = meeting_insider(meeting, user)
    if not (is_insider or meeting.is_public):
        raise Http404
    return meeting, is_insider


def _context(meeting: Meeting, *, is_insider: bool) -> dict:
    stamp = stamp_of(pk=meeting.pk)
    live = selectors.live_of(meeting)
    current = live.current
    return {
        "meeting": meeting,
        "committee": meeting.committee,
        "heading": heading(meeting),
        "place": place_of(meeting),
        "live": live,
        "current": current,
        "is_hidden": current is not None and current.line.is_internal and not is_insider,
        "is_closed": not meeting.is_public,  # else the wall is read by the public, whoever opened it
        "is_running": meeting.state == MeetingState.RUNNING,
        "quorum": wording.quorum_sentence(meeting.committee, live.table),
        "missing": wording.missing_sides(meeting.committee, live.table),
        "stamp": stamp,
    }
