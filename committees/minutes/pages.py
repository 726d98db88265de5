"""The page of one resolution: where it comes from and what it says to this reader."""

from dataclasses import dataclass
from typing import Self

from committees.ballots.models import Ballot
from committees.bodies.models import Resolution
from committees.meetings.models import Meeting
from kpss.passages import public_text

from .models import Minutes


@dataclass(frozen=True)
class ResolutionPage:
    """``meeting``, ``ballot`` and ``minutes`` are those from which it comes and the reader may see."""

    text: str
    is_insider: bool = False
    meeting: Meeting | None = None
    ballot: Ballot | None = None
    minutes: Minutes | None = None

    @classmethod
    def of(cls, resolution: Resolution, user) -> Self:
        """Gather what the reader may see. Seven queries at most."""
        meeting = (
            Meeting.objects.visible_to(user)
            .filter(items__motions__ballot__resolution=resolution)
            .select_related("committee")
            .first()
        )
        ballot = (
            Ballot.objects.visible_to(user)
            .per_rollam()
            .filter(resolution=resolution)
            .select_related("committee")
            .first()
        )
        minutes = (
            Minutes.objects.visible_to(user).filter(meeting=meeting).first() if meeting else None
        )
        if minutes is not None:
            minutes.meeting = meeting
        is_member = user.is_authenticated and user.has_perm(
            "bodies.view_committee_work", resolution.committee
        )
        text = resolution.text if is_member else public_text(resolution.text)
        return cls(text, is_member, meeting, ballot, minutes)
