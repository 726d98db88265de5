"""People at a running meeting: rows for who runs it, and what one of them sees and may do."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from committees.ballots.enums import BallotState
from committees.bodies.enums import Role, Side
from committees.bodies.models import Seat
from committees.bodies.wording import public_role

from .enums import Format, MeetingState, Standing
from .models import Meeting, Participant, Presence
from .selectors_live import UNDO_FOR, Live, LiveLine, VoterLine
from .table import participants_of


@dataclass(frozen=True)
class PersonLine:
    """Somebody in the list of who runs the meeting: who it is and where they are now, in words."""

    participant: Participant
    note: str
    standing: Standing
    words: str
    votes_for: str = ""

    @property
    def pk(self) -> int:
        return self.participant.pk

    @property
    def name(self) -> str:
        return str(self.participant)

    @property
    def is_away(self) -> bool:
        return self.standing not in {Standing.PRESENT, Standing.ONLINE}


@dataclass(frozen=True)
class PeopleGroup:
    """One side of the triad at the table, or the guests."""

    label: str
    lines: list[PersonLine]

    @property
    def here(self) -> int:
        return sum(not line.is_away for line in self.lines)


def people_of(live: Live) -> list[PeopleGroup]:
    """Everybody invited or present, members by their side, then guests; empty groups are left out."""
    seats = {seat.pk: seat for seat in live.table.seats}
    sides: dict[str, list[PersonLine]] = {side: [] for side in Side}
    guests: list[PersonLine] = []
    for participant in live.table.participants:
        seat = seats.get(participant.seat_id or 0)
        line = _person_line(live, participant, seat, seats)
        (sides[seat.side] if seat else guests).append(line)
    groups = [PeopleGroup(str(Side(side).label), lines) for side, lines in sides.items()]
    groups.append(PeopleGroup(pgettext("group at a meeting", "guests"), guests))
    return [group for group in groups if group.lines]


def _person_line(
    live: Live, participant: Participant, seat: Seat | None, seats: dict[int, Seat]
) -> PersonLine:
    voice = next((e for e in live.table.roll if e.person == participant.person_id), None)
    stands_for = ""
    if voice is not None and voice.seat != participant.seat_id and voice.seat in seats:
        stands_for = str(seats[voice.seat].person)
    standing = _standing(live, participant, seat)
    return PersonLine(
        participant=participant,
        note=_note(participant, seat, seats),
        standing=standing,
        words=_words(live, participant, standing, seat),
        votes_for=stands_for,
    )


def _standing(live: Live, participant: Participant, seat: Seat | None) -> Standing:
    here = open_stretch(participant)
    if here is not None:
        return Standing.ONLINE if here.is_online else Standing.PRESENT
    if seat is None:
        return Standing.GUEST
    if any(entry.seat == seat.pk for entry in live.table.roll):
        return Standing.REPRESENTED
    return Standing.EXCUSED if participant.is_excused else Standing.ABSENT


def _words(live: Live, participant: Participant, standing: Standing, seat: Seat | None) -> str:
    here = open_stretch(participant)
    if here is not None and standing == Standing.ONLINE:
        return pgettext("where somebody is", "online since %(time)s") % {
            "time": _hours(here.arrived_at)
        }
    if here is not None:
        return pgettext("where somebody is", "here since %(time)s") % {
            "time": _hours(here.arrived_at)
        }
    if standing == Standing.REPRESENTED and seat is not None:
        person = next(entry.person for entry in live.table.roll if entry.seat == seat.pk)
        deputy = next(one for one in live.table.participants if one.person_id == person)
        return pgettext("where somebody is", "represented by %(name)s") % {"name": deputy}
    if standing == Standing.EXCUSED:
        return pgettext("where somebody is", "excused")
    stretches = stretches_of(participant)
    if stretches and stretches[-1].left_at:
        return pgettext("where somebody is", "left at %(time)s") % {
            "time": _hours(stretches[-1].left_at)
        }
    return pgettext("where somebody is", "not here yet")


def _note(participant: Participant, seat: Seat | None, seats: dict[int, Seat]) -> str:
    """Role and organisation in a few words."""
    if seat is None:
        return _t("mandate has ended") if participant.seat_id else ""
    role = public_role(seat.role)
    if seat.role == Role.SUBSTITUTE and seat.substitute_for_id in seats:
        role = _t("substitute for %(name)s") % {"name": seats[seat.substitute_for_id].person}
    return ", ".join(filter(None, [role, seat.organisation.name if seat.organisation else ""]))


def stretches_of(participant: Participant) -> list[Presence]:
    """The stretches of time that ``table.participants_of`` read beside the participant."""
    return participant.stretches  # type: ignore[attr-defined]


def open_stretch(participant: Participant) -> Presence | None:
    return next((one for one in stretches_of(participant) if one.left_at is None), None)


def _hours(moment: datetime.datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")


@dataclass(frozen=True)
class Change:
    """The last coming or leaving of somebody, which may still be taken back."""

    participant: Participant
    words: str
    at: datetime.datetime


def last_changes(live: Live, count: int = 3) -> list[Change]:
    """The newest comings and leavings that a click may take back, the newest first."""
    votes = [
        result.ballot.opened_at
        for line in live.agenda
        for result in line.results
        if result.state != "cancelled"
    ]
    if live.vote:
        votes.append(live.vote.ballot.opened_at)
    limit = max([live.moment - UNDO_FOR, *filter(None, votes)])
    changes = []
    for participant in live.table.participants:
        stretches = stretches_of(participant)
        if not stretches:
            continue
        last = stretches[-1]
        at = last.left_at or last.arrived_at
        if at > limit:
            words = _words(live, participant, _standing(live, participant, None), None)
            changes.append(Change(participant, words, at))
    return sorted(changes, key=lambda change: change.at, reverse=True)[:count]


# --- One of them, on her own telephone --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mine:
    """What one person sees on the page of the meeting and what she may do there now.

    ``voice`` is her line in the open vote; ``may_join`` and ``may_leave`` are about her attendance online.
    """

    participant: Participant | None
    voice: VoterLine | None
    is_here: bool
    may_join: bool
    may_leave: bool
    has_seat: bool
    votes_by_seat: bool
    has_conflict: bool
    may_declare: bool
    may_withdraw: bool

    @property
    def may_vote(self) -> bool:
        """Whether three buttons wait for her."""
        return self.voice is not None and not (self.voice.voter.is_excluded or self.voice.has_voted)


def mine_of(live: Live, person) -> Mine | None:
    """What ``person`` may do; None for who neither holds a seat now nor was invited as a guest.

    Three queries. ``live`` may have been read for her voice only.
    """
    participant = next(iter(participants_of(live.meeting).filter(person=person)), None)
    seat = Seat.objects.current().filter(committee=live.meeting.committee_id, person=person).first()
    if seat is None and (participant is None or participant.seat_id is not None):
        return None
    here = open_stretch(participant) if participant else None
    voice = None
    if live.vote is not None and not live.vote.is_counted:
        voice = next((x for x in live.vote.lines if x.voter.person_id == person.pk), None)
    is_running = live.meeting.state == MeetingState.RUNNING
    conflict = _own_conflict(live.current, participant)
    may_act = is_running and participant is not None and live.current is not None
    could_vote = seat is not None and (Role(seat.role).votes or seat.role == Role.SUBSTITUTE)
    is_open = live.vote is not None
    return Mine(
        participant=participant,
        voice=voice,
        is_here=here is not None,
        may_join=is_running
        and participant is not None
        and here is None
        and live.meeting.format != Format.IN_PERSON,
        may_leave=is_running and here is not None and here.is_online,
        has_seat=seat is not None,
        votes_by_seat=could_vote,
        has_conflict=conflict is not None,
        may_declare=may_act and could_vote and conflict is None and not is_open,
        may_withdraw=may_act
        and conflict is not None
        and not is_open
        and not _was_used(live.current, conflict),
    )


def _own_conflict(line: LiveLine | None, participant: Participant | None):
    if line is None or participant is None:
        return None
    return next((one for one in line.conflicts if one.participant_id == participant.pk), None)


def _was_used(line: LiveLine | None, conflict) -> bool:
    """Whether a vote has been held at the item since the conflict was declared."""
    return line is not None and any(
        result.ballot.opened_at is not None
        and result.ballot.state != BallotState.CANCELLED
        and result.ballot.opened_at >= conflict.declared_at
        for result in line.results
    )


def meeting_insider(meeting: Meeting, user) -> bool:
    """Whether the reader sees internal items: who sits on the committee now, and coordinators. Queries."""
    return user.is_authenticated and user.has_perm("bodies.view_committee_work", meeting)
