"""What ballots add to the page of a committee: those that run, and how the last ones ended."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from committees.bodies.models import Committee

from . import selectors

SHOWN = 3


def ballots_of(request: HttpRequest, committee: Committee) -> str:
    """The newest ballots per rollam the reader may see; nothing where there are none to read or make."""
    ballots = selectors.ballots_for_list(committee, request.user)[: SHOWN + 1]
    rows = [selectors.BallotRow.of(ballot) for ballot in ballots]
    may_manage = request.user.has_perm("ballots.manage_ballot", committee)
    if not rows and not may_manage:
        return ""
    context = {
        "committee": committee,
        "rows": rows[:SHOWN],
        "has_more": len(rows) > SHOWN,
        "is_insider": request.user.has_perm("bodies.view_committee_work", committee),
        "may_manage": may_manage,
    }
    return render_to_string("ballots/_panel.html", context, request)
