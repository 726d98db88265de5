"""Minutes put together from the meeting: everything but the typed texts is computed. A constant number of queries."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import cast

from django.utils import translation

from committees.ballots.enums import BallotState, Method
from committees.ballots.models import Ballot, Vote, Voter
from committees.ballots.selectors import per_rollam_between
from committees.ballots.wording import remarks, result_sentence
from committees.bodies.models import Resolution, Seat
from committees.bodies.wording import attendance_sentence
from committees.meetings.agenda import AgendaLine, agenda_tree
from committees.meetings.enums import MeetingState
from committees.meetings.models import AgendaItem, Conflict, Meeting, MeetingTask, Motion
from committees.meetings.table import table_of
from committees.people.models import Person

from .attendance import Gathering, first_of, who_of, whole_minute
from .content import (
    ConflictContent,
    ItemContent,
    MinutesContent,
    TaskContent,
    Voice,
    VoteContent,
    Who,
)
from .models import Minutes, MinutesEntry

LANGUAGE = "cs"


def content_of(minutes: Minutes, *, verifiers: Collection[Person] = ()) -> MinutesContent:
    """What the minutes say now, in Czech: facts of the meeting with the texts of the writer.

    ``minutes`` has its meeting, committee and writer loaded.
    """
    with translation.override(LANGUAGE):
        return _gathered(minutes, verifiers)


def _gathered(minutes: Minutes, verifiers: Collection[Person]) -> MinutesContent:
    meeting = minutes.meeting
    started, ended = meeting.started_at, meeting.ended_at
    assert started, "a meeting that has ended began"
    assert ended, "minutes are begun when the meeting has ended"
    items = list(AgendaItem.objects.filter(meeting=meeting))
    motions = list(
        Motion.objects.filter(item__meeting=meeting, ballot__state=BallotState.CLOSED)
        .select_related("ballot__resolution")
        .order_by("ballot__opened_at", "pk")
    )
    begin = first_of(
        [*(i.taken_up_at for i in items), *(m.ballot.opened_at for m in motions)], started
    )
    gathering = Gathering(table_of(meeting, begin), begin, ended)
    per_rollam = list(ballots_since_last(meeting))
    votes = _votes([*(motion.ballot for motion in motions), *per_rollam], gathering.seats)
    tasks = list(
        MeetingTask.objects.filter(meeting=meeting).select_related("person").order_by("pk")
    )
    facts = _Facts(
        texts=dict(MinutesEntry.objects.filter(minutes=minutes).values_list("item_id", "text")),
        conflicts=_conflicts(meeting, gathering),
        votes=_by_item((motion.item_id, votes[motion.ballot_id]) for motion in motions),
        tasks=_by_item((task.item_id, _task(task, gathering.seats)) for task in tasks),
    )
    return MinutesContent(
        committee=meeting.committee.name,
        number=meeting.number,
        year=meeting.year,
        title=meeting.title,
        date=meeting.day,
        started_at=whole_minute(started),
        ended_at=whole_minute(ended),
        place=meeting.place,
        format=str(meeting.get_format_display()),
        presided=gathering.presided(),
        writer=who_of(minutes.writer, gathering.seats.get(minutes.writer_id)),
        verifiers=tuple(who_of(person, gathering.seats.get(person.pk)) for person in verifiers),
        sides=gathering.sides(),
        others=gathering.others(),
        guests=gathering.guests(),
        quorum=gathering.quorum(),
        opening=minutes.opening,
        items=tuple(facts.item(line) for line in agenda_tree(items, insider=True)),
        closing=minutes.closing,
        per_rollam=tuple(votes[ballot.pk] for ballot in per_rollam),
        tasks=tuple(facts.tasks.get(None, ())),
    )


def ballots_since_last(meeting: Meeting) -> Iterable[Ballot]:
    """Ballots outside meetings closed since the committee's previous meeting, before this one ended."""
    assert meeting.ended_at, "minutes are begun when the meeting has ended"
    previous = (
        Meeting.objects.filter(
            committee=meeting.committee_id,
            state=MeetingState.ENDED,
            ended_at__lt=meeting.ended_at,
        )
        .exclude(pk=meeting.pk)
        .order_by("-ended_at")
        .values_list("ended_at", flat=True)
        .first()
    )
    start = previous or datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)
    return per_rollam_between(meeting.committee, start, meeting.ended_at)


class _Facts:
    """What belongs to the items of the agenda, by their keys."""

    def __init__(self, *, texts, conflicts, votes, tasks):
        self.texts: Mapping[int, str] = texts
        self.conflicts: Mapping[int | None, list[ConflictContent]] = conflicts
        self.votes: Mapping[int | None, list[VoteContent]] = votes
        self.tasks: Mapping[int | None, list[TaskContent]] = tasks

    def item(self, line: AgendaLine) -> ItemContent:
        key = line.item.pk
        return ItemContent(
            key=key,
            number=line.number,
            title=line.item.title,
            presenter=line.item.presenter,
            is_internal=line.is_internal,
            text=self.texts.get(key, ""),
            conflicts=tuple(self.conflicts.get(key, ())),
            votes=tuple(self.votes.get(key, ())),
            tasks=tuple(self.tasks.get(key, ())),
            children=tuple(self.item(child) for child in line.children),
        )


def _by_item(pairs) -> dict:
    gathered: dict = {}
    for item, fact in pairs:
        gathered.setdefault(item, []).append(fact)
    return gathered


def _conflicts(meeting: Meeting, gathering: Gathering) -> dict[int | None, list[ConflictContent]]:
    declared = (
        Conflict.objects.filter(item__meeting=meeting)
        .select_related("participant__person", "participant__represents")
        .order_by("declared_at", "pk")
    )
    return _by_item(
        (one.item_id, ConflictContent(gathering.who(one.participant), one.reason))
        for one in declared
    )


def _votes(ballots: list[Ballot], seats: Mapping[int, Seat]) -> dict[int, VoteContent]:
    named = [ballot.pk for ballot in ballots if ballot.method == Method.NAMED]
    choices = dict(Vote.objects.filter(ballot__in=named).values_list("voter_id", "choice"))
    voices: dict[int, list[Voice]] = {}
    for voter in (
        Voter.objects.filter(ballot__in=named, is_excluded=False)
        .select_related("person", "seat")
        .order_by("person__sort_key", "pk")
    ):
        voices.setdefault(voter.ballot_id, []).append(
            Voice(_voter(voter, seats), choices.get(voter.pk, ""))
        )
    return {ballot.pk: _vote(ballot, voices.get(ballot.pk, [])) for ballot in ballots}


def _voter(voter: Voter, seats: Mapping[int, Seat]) -> Who:
    if voter.seat.person_id == voter.person_id:
        return who_of(voter.person, voter.seat)
    return who_of(voter.person, seats.get(voter.person_id), voter.seat)


def _vote(ballot: Ballot, voices: Iterable[Voice]) -> VoteContent:
    resolution = ballot.resolution
    return VoteContent(
        title=ballot.title,
        text=ballot.text,
        method=ballot.method,
        is_adopted=bool(ballot.is_adopted),
        result=result_sentence(ballot),
        number=resolution.number if resolution else "",
        resolution=resolution.pk if resolution else None,
        attendance=attendance_sentence(cast(Resolution, ballot)) if ballot.is_per_rollam else "",
        remarks=tuple(remarks(ballot)),
        opened_at=_minute(ballot.opened_at),
        closed_at=_minute(ballot.closed_at),
        voices=tuple(voices),
        voices_public=ballot.votes_public,
    )


def _minute(moment: datetime.datetime | None) -> datetime.datetime | None:
    return whole_minute(moment) if moment else None


def _task(task: MeetingTask, seats: Mapping[int, Seat]) -> TaskContent:
    return TaskContent(
        text=task.text,
        who=who_of(task.person, seats.get(task.person.pk)) if task.person else None,
        responsible=task.responsible,
        due_on=task.due_on,
    )
