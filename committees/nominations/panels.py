"""What nominations add to the page of a committee: how to join it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from committees.bodies.enums import CommitteeKind
from committees.bodies.models import Committee
from kpss import clock


def how_to_join(request: HttpRequest, committee: Committee) -> str:
    """An invitation to take part, where one may sit without being elected; no query."""
    if (
        not committee.is_public
        or CommitteeKind(committee.kind).is_elected
        or not committee.exists_on(clock.today())
    ):
        return ""
    return render_to_string("nominations/_join.html", {"committee": committee}, request)
