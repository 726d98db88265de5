"""What a year lacks before it can be handed over: papers that are still being written or made."""

from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext as _t

from committees.ballots.enums import BallotState
from committees.ballots.models import Ballot
from committees.bodies.models import Committee
from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting
from committees.minutes.enums import MinutesState


def gaps_of(committee: Committee) -> dict[int, list[str]]:
    """Sentences by years: meetings without approved minutes, votes without their protocol. Two queries."""
    gaps: dict[int, list[str]] = defaultdict(list)
    unwritten = (
        Meeting.objects.filter(committee=committee, state=MeetingState.ENDED)
        .exclude(minutes__state=MinutesState.APPROVED)
        .select_related("committee")
        .order_by("year", "number")
    )
    for meeting in unwritten:
        gaps[meeting.year].append(_t("approved minutes: %(meeting)s") % {"meeting": meeting})
    unmade = (
        Ballot.objects.per_rollam()
        .filter(committee=committee, state=BallotState.CLOSED, protocol=None)
        .order_by("opened_at", "pk")
    )
    for ballot in unmade:
        assert ballot.opened_at, "the database keeps no closed ballot that was never opened"
        year = timezone.localdate(ballot.opened_at).year
        gaps[year].append(_t("protocol of the vote: %(ballot)s") % {"ballot": ballot.title})
    return dict(gaps)
