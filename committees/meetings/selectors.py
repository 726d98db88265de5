"""Meetings read for pages and papers: each with a constant number of queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from committees.ballots.enums import BallotState
from committees.bodies.deciding import has_quorum
from committees.bodies.enums import Role
from committees.bodies.models import Committee, Seat
from committees.people.models import Person
from kpss import clock

from . import wording
from .agenda import AgendaLine, agenda_tree
from .enums import Answer, MeetingState, TaskState
from .models import (
    AgendaItem,
    AgendaPaper,
    Meeting,
    MeetingTask,
    MeetingTaskEvent,
    Motion,
    Participant,
)

SETTLED_SHOWN = 30
# People the portal knows first, then guests known by name only.
BY_NAME = F("person__sort_key").asc(nulls_last=True)


def seats_in_force(meeting: Meeting) -> QuerySet[Seat]:
    """Seats of the committee on the meeting's day, but those whose mandate has ended by now."""
    return (
        Seat.objects.on(meeting.day)
        .filter(Q(ended_at=None) | Q(ended_at__gt=clock.now()), committee=meeting.committee_id)
        .order_by("pk")
    )


def items_of(meeting: Meeting) -> QuerySet[AgendaItem]:
    """Items of the agenda with their papers in ``papers_at_hand``. Two queries."""
    papers = AgendaPaper.objects.select_related("file").order_by("position", "pk")
    return AgendaItem.objects.filter(meeting=meeting).prefetch_related(
        Prefetch("papers", papers, to_attr="papers_at_hand")
    )


def items_with_results(meeting: Meeting) -> QuerySet[AgendaItem]:
    """As ``items_of``, and with closed votes in ``votes_at_hand``. Three queries."""
    votes = (
        Motion.objects.filter(ballot__state=BallotState.CLOSED)
        .select_related("ballot__resolution", "ballot__committee")
        .order_by("pk")
    )
    return items_of(meeting).prefetch_related(Prefetch("motions", votes, to_attr="votes_at_hand"))


def guests_of(meeting: Meeting) -> QuerySet[Participant]:
    """Guests on the list: people without a seat."""
    return (
        Participant.objects.filter(meeting=meeting, seat=None)
        .select_related("person")
        .order_by(BY_NAME, "guest_name", "pk")
    )


def tasks_to_review(meeting: Meeting) -> QuerySet[MeetingTask]:
    """Tasks of earlier meetings of the committee that were not done when this one began. One query."""
    moment = meeting.started_at or clock.now()
    return (
        MeetingTask.objects.filter(
            Q(state=TaskState.OPEN) | Q(closed_at__gte=moment),
            meeting__committee=meeting.committee_id,
            meeting__starts_at__lt=meeting.starts_at,
        )
        .select_related("person", "meeting__committee")
        .order_by("due_on", "pk")
    )


# --- One meeting -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invitee:
    """Somebody on the list of a meeting, as members see them."""

    participant: Participant
    name: str
    role: str
    organisation: str
    answer: str
    stands_in_for: str
    is_guest: bool
    is_over: bool

    @property
    def is_without_email(self) -> bool:
        """Whether nobody can reach them by mail."""
        person = self.participant.person
        return person is None or not person.email or not person.is_active

    @property
    def comes(self) -> bool:
        return self.participant.answer in {Answer.YES, Answer.ONLINE}


@dataclass(frozen=True)
class People:
    """Who is on the list, and how many voices have been promised."""

    invitees: tuple[Invitee, ...]
    promised: int
    members_total: int
    can_decide: bool

    @property
    def unreachable(self) -> list[Invitee]:
        """Who has to be told otherwise than by mail."""
        return [one for one in self.invitees if one.is_without_email and not one.is_over]

    @property
    def silent(self) -> list[Invitee]:
        """Members and guests with an e-mail who have not answered."""
        return [
            one
            for one in self.invitees
            if not one.participant.answer and not one.is_over and not one.is_without_email
        ]


def agenda_with_results(meeting: Meeting, *, insider: bool) -> tuple[AgendaLine, ...]:
    """The agenda that the reader sees, with papers and closed votes at the items. Three queries."""
    return agenda_tree(items_with_results(meeting), insider=insider)


def people_of(meeting: Meeting) -> People:
    """Everybody on the list and what they promised. Four queries."""
    participants = (
        Participant.objects.filter(meeting=meeting)
        .select_related("person", "seat__organisation", "represents__person")
        .order_by(BY_NAME, "guest_name", "pk")
    )
    roles = dict(seats_in_force(meeting).values_list("pk", "role"))
    voting = {pk for pk, role in roles.items() if Role(role).votes}
    invitees = tuple(_invitee(one, roles.keys()) for one in participants)
    coming = [one.participant for one in invitees if one.comes and not one.is_over]
    promised = {one.represents_id or one.seat_id for one in coming} & voting
    rules = meeting.rules()
    return People(
        invitees,
        promised=len(promised),
        members_total=len(voting),
        can_decide=rules is not None
        and has_quorum(rules.quorum, members_total=len(voting), members_present=len(promised)),
    )


def _invitee(participant: Participant, held: Iterable[int]) -> Invitee:
    seat = participant.seat
    return Invitee(
        participant=participant,
        name=str(participant),
        role=wording.role_in_words(seat),
        organisation=seat.organisation.name if seat and seat.organisation else "",
        answer=wording.answer_in_words(participant),
        stands_in_for=str(participant.represents.person) if participant.represents else "",
        is_guest=seat is None,
        is_over=seat is not None and seat.pk not in held,
    )


def to_be_invited(meeting: Meeting) -> list[Person]:
    """Whom a call of the meeting would invite: those with a seat that day, and guests the portal knows.

    Two queries.
    """
    seats = (
        seats_in_force(meeting)
        .exclude(role=Role.SUBSTITUTE)
        .select_related("person")
        .order_by("person__sort_key", "pk")
    )
    guests = Participant.objects.filter(meeting=meeting, seat=None, person__isnull=False)
    people = [seat.person for seat in seats]
    return [*people, *(one.person for one in guests.select_related("person") if one.person)]


def reason_of_cancelling(meeting: Meeting) -> str:
    """Why the meeting was cancelled; nothing for any other. At most one query."""
    if meeting.state != MeetingState.CANCELLED:
        return ""
    event = meeting.events.filter(transition="cancel").order_by("-pk").first()
    return event.note if event else ""


# --- Lists -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Month:
    """Meetings of one month, the first day of which it names."""

    first_day: datetime.date
    meetings: list[Meeting] = field(default_factory=list)


@dataclass(frozen=True)
class Year:
    """Meetings of one year."""

    year: int
    meetings: list[Meeting] = field(default_factory=list)


def committees_that_meet(user) -> QuerySet[Committee]:
    """Committees with a meeting that the reader sees. One query."""
    seen = Meeting.objects.visible_to(user).filter(committee=OuterRef("pk")).order_by()
    return Committee.objects.filter(Exists(seen)).order_by("position", "sort_key")


def meetings_to_come(user, committee: Committee | None = None) -> QuerySet[Meeting]:
    """Called meetings from this day on and those being prepared that the reader sees, the nearest first."""
    states = [
        MeetingState.PLANNED,
        MeetingState.INVITED,
        MeetingState.RUNNING,
        MeetingState.CANCELLED,
    ]
    return _of(
        Meeting.objects.visible_to(user).filter(
            Q(starts_at__gte=_midnight()) | Q(state=MeetingState.RUNNING), state__in=states
        ),
        committee,
    ).order_by("starts_at", "pk")


def meetings_before(user, committee: Committee | None = None) -> QuerySet[Meeting]:
    """Meetings that ended or whose day has passed, the last one first."""
    return _of(
        Meeting.objects.visible_to(user)
        .filter(Q(state=MeetingState.ENDED) | Q(starts_at__lt=_midnight()))
        .exclude(state=MeetingState.RUNNING),
        committee,
    ).order_by("-starts_at", "-pk")


def by_month(meetings: Iterable[Meeting]) -> list[Month]:
    """The meetings in the order given, month after month."""
    months: list[Month] = []
    for meeting in meetings:
        first_day = meeting.day.replace(day=1)
        if not months or months[-1].first_day != first_day:
            months.append(Month(first_day))
        months[-1].meetings.append(meeting)
    return months


def by_year(meetings: Iterable[Meeting]) -> list[Year]:
    """The meetings in the order given, year after year."""
    years: list[Year] = []
    for meeting in meetings:
        if not years or years[-1].year != meeting.day.year:
            years.append(Year(meeting.day.year))
        years[-1].meetings.append(meeting)
    return years


def _of(meetings: QuerySet[Meeting], committee: Committee | None) -> QuerySet[Meeting]:
    meetings = meetings.select_related("committee")
    return meetings if committee is None else meetings.filter(committee=committee)


def _midnight() -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(clock.today(), datetime.time.min))


# --- Tasks -----------------------------------------------------------------------------------------------------------


def tasks_for_page(user, committee: Committee) -> tuple[list[MeetingTask], list[MeetingTask]]:
    """Open tasks of the committee that the reader sees, the nearest term first, and the last settled.

    The settled ones carry in ``note`` what was written when they were. Three queries.
    """
    tasks = (
        MeetingTask.objects.visible_to(user)
        .filter(meeting__committee=committee)
        .select_related("person", "meeting__committee", "item")
    )
    last_note = (
        MeetingTaskEvent.objects.filter(task=OuterRef("pk")).order_by("-pk").values("note")[:1]
    )
    settled = (
        tasks.exclude(state=TaskState.OPEN)
        .annotate(note=Subquery(last_note))
        .order_by("-closed_at", "-pk")[:SETTLED_SHOWN]
    )
    to_do = tasks.open().order_by(F("due_on").asc(nulls_last=True), "pk")
    return list(to_do), list(settled)
