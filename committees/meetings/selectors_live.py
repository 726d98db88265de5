"""A running meeting as its screens show it. Every function costs a constant number of queries."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import (
    Prefetch,
)
from django.utils.translation import gettext as _t

from committees.ballots.enums import BallotState, Choice, Method
from committees.ballots.models import Ballot, Vote, Voter
from kpss import clock

from .agenda import AgendaLine, agenda_tree, walk
from .models import (
    AgendaItem,
    AgendaPaper,
    Conflict,
    Meeting,
    Motion,
)
from .table import Table, table_of
from .wording_live import progress_sentence, result_sentence

# How long a wrong click on somebody's attendance can be taken back.
UNDO_FOR = datetime.timedelta(minutes=5)


@dataclass(frozen=True)
class ResultLine:
    """A finished vote at an item: what was put to it, how it ended, in words."""

    ballot: Ballot
    sentence: str

    @property
    def state(self) -> str:
        """The key of its mark: passed, refused or cancelled."""
        if self.ballot.state == BallotState.CANCELLED:
            return "cancelled"
        return "passed" if self.ballot.is_adopted else "returned"


@dataclass(frozen=True)
class LiveLine:
    """A line of the agenda: whether its item waits, is discussed or done, what was voted at it, conflicts."""

    line: AgendaLine
    state: str
    results: list[ResultLine]
    conflicts: list[Conflict]

    @property
    def item(self) -> AgendaItem:
        return self.line.item

    @property
    def number(self) -> str:
        return self.line.number


@dataclass(frozen=True)
class VoterLine:
    """One voice in an open vote: who gives it, for whom, and whether it was given.

    ``choice`` and ``receipt`` are known in a vote by name only.
    """

    voter: Voter
    has_voted: bool
    choice: str = ""
    receipt: str = ""

    @property
    def name(self) -> str:
        return str(self.voter.person)

    @property
    def stands_for(self) -> str:
        """The member whose voice a substitute gives; empty for one's own."""
        own = self.voter.seat.person_id == self.voter.person_id
        return "" if own else str(self.voter.seat.person)

    @property
    def choice_label(self) -> str:
        return str(Choice(self.choice).label) if self.choice else ""


@dataclass(frozen=True)
class VoteNow:
    """The vote that is open: on what, by whom."""

    ballot: Ballot
    item: AgendaItem
    lines: list[VoterLine]

    @cached_property
    def voting(self) -> list[VoterLine]:
        """Those who may vote: the roll without those in a conflict of interest."""
        return [line for line in self.lines if not line.voter.is_excluded]

    @property
    def excluded(self) -> list[str]:
        return [line.name for line in self.lines if line.voter.is_excluded]

    @property
    def may_vote(self) -> int:
        return len(self.voting)

    @property
    def voted(self) -> int:
        return sum(line.has_voted for line in self.voting)

    @property
    def waiting(self) -> list[str]:
        return [line.name for line in self.voting if not line.has_voted]

    @property
    def is_counted(self) -> bool:
        """Whether somebody counts hands or slips and types the numbers in."""
        return Method(self.ballot.method).is_counted

    @property
    def progress(self) -> str:
        """How many have voted, in a sentence; nothing where hands or slips are counted."""
        if self.is_counted:
            return ""
        return progress_sentence(voted=self.voted, may_vote=self.may_vote)


@dataclass(frozen=True)
class Live:
    """A meeting at one moment: its table, its agenda, and the vote that is open."""

    meeting: Meeting
    agenda: list[LiveLine]
    vote: VoteNow | None
    moment: datetime.datetime

    @cached_property
    def table(self) -> Table:
        """Who sits there, quorum and the roll. Four queries when first asked for."""
        return table_of(self.meeting, self.moment)

    @cached_property
    def current(self) -> LiveLine | None:
        """The item discussed now."""
        return next((line for line in self.agenda if line.state == "current"), None)

    @cached_property
    def following(self) -> LiveLine | None:
        """The item that comes after the present one, or the first of all."""
        if self.current is None:
            return next((line for line in self.agenda if line.state == "waiting"), None)
        place = self.agenda.index(self.current)
        return self.agenda[place + 1] if place + 1 < len(self.agenda) else None


def live_of(meeting: Meeting, *, voice_of=None) -> Live:
    """The meeting as it is now. Four queries, and up to two more while people vote.

    The state and the item discussed are read again into ``meeting``, which may have waited for a lock.
    ``voice_of`` is a person: the vote then has only the line of hers, if she is on the roll.
    """
    meeting.refresh_from_db(fields=["state", "current_item"])
    motions = list(
        Motion.objects.filter(item__meeting=meeting)
        .select_related("ballot__resolution", "item")
        .order_by("pk")
    )
    is_open = (one for one in motions if one.ballot.state == BallotState.OPEN)
    return Live(
        meeting=meeting,
        agenda=_agenda(meeting, motions),
        vote=_vote(next(is_open, None), voice_of),
        moment=clock.now(),
    )


def papers_of(live: Live, *, insider: bool) -> list[AgendaPaper]:
    """The papers to the item discussed now, those that are not internal unless ``insider``. One query."""
    if live.current is None or (live.current.line.is_internal and not insider):
        return []
    papers = AgendaPaper.objects.filter(item=live.current.item).select_related("file")
    return list(papers if insider else papers.filter(is_internal=False))


def _agenda(meeting: Meeting, motions: list[Motion]) -> list[LiveLine]:
    """The items in the order in which they are discussed."""
    results: dict[int, list[ResultLine]] = {}
    for motion in motions:
        if motion.ballot.state == BallotState.CLOSED:
            sentence = result_sentence(motion.ballot)
        elif motion.ballot.state == BallotState.CANCELLED:
            sentence = _t("The vote was called off.")
        else:
            continue
        results.setdefault(motion.item_id, []).append(ResultLine(motion.ballot, sentence))
    conflicts: dict[int, list[Conflict]] = {}
    for conflict in (
        Conflict.objects.filter(item__meeting=meeting)
        .select_related("participant__person")
        .order_by("declared_at", "pk")
    ):
        conflicts.setdefault(conflict.item_id, []).append(conflict)
    items = AgendaItem.objects.filter(meeting=meeting)
    return [
        LiveLine(
            line=line,
            state=_state(meeting, line.item),
            results=results.get(line.item.pk, []),
            conflicts=conflicts.get(line.item.pk, []),
        )
        for line in walk(agenda_tree(items, insider=True))
    ]


def _state(meeting: Meeting, item: AgendaItem) -> str:
    if meeting.current_item_id == item.pk:
        return "current"
    return "done" if item.taken_up_at else "waiting"


def _vote(motion: Motion | None, voice_of) -> VoteNow | None:
    if motion is None:
        return None
    ballot = motion.ballot
    voters = (
        Voter.objects.filter(ballot=ballot)
        .select_related("person", "seat__person")
        .order_by("person__sort_key", "pk")
    )
    if voice_of is not None:
        voters = voters.filter(person=voice_of)
    if ballot.method == Method.NAMED:
        voters = voters.prefetch_related(
            Prefetch("votes", Vote.objects.only("voter", "choice", "receipt"), to_attr="given")
        )
    return VoteNow(ballot, motion.item, [_voter_line(voter) for voter in voters])


def _voter_line(voter: Voter) -> VoterLine:
    vote = next(iter(getattr(voter, "given", [])), None)
    if vote is None:
        return VoterLine(voter, voter.has_voted)
    return VoterLine(voter, True, vote.choice, vote.receipt)
