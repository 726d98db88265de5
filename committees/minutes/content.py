"""What minutes say, as plain data: the one source for pages, PDFs and the fingerprint that verifiers confirm.

The content is Czech whoever asks for it: it is what the committee approves. ``kpss.canonical`` turns
it into bytes and back. ``layers.public_layer`` makes of it what the public reads, of the same shape.
"""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from committees.meetings.enums import Standing


@dataclass(frozen=True)
class Who:
    """Somebody named in the minutes; ``label`` stands in place of a name that is not public.

    ``seat`` is the key of the seat by whose consent the name is or is not public.
    """

    name: str
    surname: str = ""
    label: str = ""
    seat: int | None = None
    is_public: bool = True


@dataclass(frozen=True)
class Attendance:
    """How somebody took part: ``standing`` is a Standing, ``times`` words such as "od 14.20 do 15.05"."""

    who: Who
    standing: str
    role: str = ""
    organisation: str = ""
    times: str = ""
    stands_for: Who | None = None
    represented_by: Who | None = None

    @property
    def standing_label(self) -> str:
        return str(Standing(self.standing).label)

    @property
    def is_present(self) -> bool:
        return self.standing in {Standing.PRESENT, Standing.ONLINE}


@dataclass(frozen=True)
class SideAttendance:
    """Members with a vote of one side of the triad."""

    side: str
    label: str
    lines: tuple[Attendance, ...]


@dataclass(frozen=True)
class QuorumPoint:
    """How many members with a vote were represented from a moment on, and whether they might decide."""

    at: datetime.datetime
    present: int
    total: int
    has_quorum: bool
    sentence: str


@dataclass(frozen=True)
class Voice:
    """How somebody voted by name; ``choice`` is a Choice, or empty for who said nothing."""

    who: Who
    choice: str


@dataclass(frozen=True)
class VoteContent:
    """One vote and its result in a sentence; an adopted one made resolution ``number``."""

    title: str
    text: str
    method: str
    is_adopted: bool
    result: str
    number: str = ""
    resolution: int | None = None
    attendance: str = ""
    remarks: tuple[str, ...] = ()
    opened_at: datetime.datetime | None = None
    closed_at: datetime.datetime | None = None
    voices: tuple[Voice, ...] = ()
    voices_public: bool = False


@dataclass(frozen=True)
class ConflictContent:
    who: Who
    reason: str = ""


@dataclass(frozen=True)
class TaskContent:
    """A task given: ``who`` is a person, or ``responsible`` says it in words."""

    text: str
    who: Who | None = None
    responsible: str = ""
    due_on: datetime.date | None = None


@dataclass(frozen=True)
class ItemContent:
    """One item of the agenda under its number, with what was said, voted and given to do."""

    key: int
    number: str
    title: str
    presenter: str = ""
    is_internal: bool = False
    text: str = ""
    conflicts: tuple[ConflictContent, ...] = ()
    votes: tuple[VoteContent, ...] = ()
    tasks: tuple[TaskContent, ...] = ()
    children: "tuple[ItemContent, ...]" = ()

    def walk(self) -> "Iterator[ItemContent]":
        """The item and everything under it in the order of the agenda."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class MinutesContent:
    """Everything the minutes say. ``is_whole`` is False in what the public reads."""

    committee: str
    number: int
    year: int
    title: str
    date: datetime.date
    started_at: datetime.datetime
    ended_at: datetime.datetime
    place: str
    format: str
    presided: Who | None
    writer: Who
    verifiers: tuple[Who, ...]
    sides: tuple[SideAttendance, ...]
    others: tuple[Attendance, ...]
    guests: tuple[Who, ...]
    quorum: tuple[QuorumPoint, ...]
    opening: str
    items: tuple[ItemContent, ...]
    closing: str
    per_rollam: tuple[VoteContent, ...] = ()
    tasks: tuple[TaskContent, ...] = ()
    guest_count: int = 0
    is_whole: bool = field(default=True)

    def all_items(self) -> list[ItemContent]:
        return [found for item in self.items for found in item.walk()]

    def all_tasks(self) -> list[tuple[str, TaskContent]]:
        """Every task with the number of its item; those without an item come last."""
        given = [(item.number, task) for item in self.all_items() for task in item.tasks]
        return given + [("", task) for task in self.tasks]

    def resolutions(self) -> list[VoteContent]:
        """Adopted resolutions in the order of the minutes, those of votes outside the meeting last."""
        votes = [vote for item in self.all_items() for vote in item.votes]
        return [vote for vote in (*votes, *self.per_rollam) if vote.number]

    def people(self) -> Iterator[Who]:
        """Everybody whom the facts of the minutes name."""
        yield from (who for who in (self.presided, self.writer, *self.verifiers) if who)
        for line in (*(line for side in self.sides for line in side.lines), *self.others):
            yield from (w for w in (line.who, line.stands_for, line.represented_by) if w)
        yield from self.guests
        for item in self.all_items():
            yield from (conflict.who for conflict in item.conflicts)
            yield from (voice.who for vote in item.votes for voice in vote.voices)
        yield from (voice.who for vote in self.per_rollam for voice in vote.voices)
        yield from (task.who for _number, task in self.all_tasks() if task.who)

    def hidden_surnames(self, withdrawn: Collection[int] = ()) -> frozenset[str]:
        """Surnames that must not stand in what the public reads.

        ``withdrawn`` are keys of seats whose consent has been taken back since.
        """
        return frozenset(
            who.surname
            for who in self.people()
            if who.surname and (not who.is_public or who.seat in withdrawn)
        )
