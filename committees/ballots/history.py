"""What happened to a ballot, line by line."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from .enums import BallotState
from .models import Ballot


@dataclass(frozen=True)
class HistoryLine:
    pk: int
    at: datetime.datetime
    what: str
    who: str
    note: str


def history(ballot: Ballot) -> list[HistoryLine]:
    """Events of the ballot, the newest first. One query."""
    words = {
        "create": pgettext("history of a ballot", "Prepared"),
        "open": pgettext("history of a ballot", "Opened, voters were asked"),
        "close": pgettext("history of a ballot", "Closed and counted"),
        "close_by_itself": pgettext("history of a ballot", "Closed and counted by the portal"),
        "remind": _t("Those who had not answered were reminded"),
        "remind_halfway": _t("The portal reminded those who had not answered, halfway"),
        "remind_last": _t("The portal reminded those who had not answered, a day before the end"),
        "cancel": pgettext("history of a ballot", "Called off"),
    }
    return [
        HistoryLine(
            pk=event.pk,
            at=event.at,
            what=words[event.transition],
            who=str(event.actor or ""),
            note=event.note,
        )
        for event in ballot.events.with_actor().order_by("-at", "-pk")
    ]


def why_cancelled(ballot: Ballot) -> str:
    """The reason for which a ballot was called off; nothing for others."""
    event = ballot.events.filter(to_state=BallotState.CANCELLED).first()
    return event.note if event else ""
