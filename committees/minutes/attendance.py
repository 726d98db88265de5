"""Who was at a meeting and when it could decide, from one reading of its rows. No queries here."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from committees.bodies.enums import Role, Side
from committees.bodies.models import Resolution, Seat
from committees.bodies.wording import attendance_sentence, public_role
from committees.meetings.enums import Answer, Standing
from committees.meetings.models import Participant, Presence
from committees.meetings.table import Table
from committees.people.models import Person

from .content import Attendance, QuorumPoint, SideAttendance, Who

# Who comes within a minute of the beginning was there from the beginning.
AT_ONCE = datetime.timedelta(minutes=1)


def who_of(person: Person, seat: Seat | None, represents: Seat | None = None) -> Who:
    """The person as minutes name them: by their own seat, or by the one they stand in for.

    Of those who have neither, coordinators are named publicly; nobody has asked the others.
    """
    if seat is not None:
        is_public = seat.name_is_public
    elif represents is not None:
        is_public = represents.side != Side.USER
    else:
        is_public = person.is_staff
    label = (
        pgettext("member without a name", "a representative of users and carers")
        if seat or represents
        else pgettext("minutes", "a person from outside the committee")
    )
    return Who(
        name=person.get_full_name(),
        surname="" if person.erased_at else person.last_name,
        label="" if is_public else label,
        seat=seat.pk if seat else None,
        is_public=is_public,
    )


@dataclass(frozen=True)
class Gathering:
    """A meeting from its ``begin`` to its ``end``; ``table`` is that of the beginning."""

    table: Table
    begin: datetime.datetime
    end: datetime.datetime

    @cached_property
    def seats(self) -> dict[int, Seat]:
        """Seats of the day by the keys of their holders."""
        return {seat.person_id: seat for seat in self.table.seats}

    @cached_property
    def tables(self) -> list[tuple[datetime.datetime, Table]]:
        """The table at the beginning and after every arrival and leaving, in order."""
        changes = {
            moment
            for participant in self.table.participants
            for stretch in _stretches(participant)
            for moment in (stretch.arrived_at, stretch.left_at)
            if moment and self.begin < moment < self.end
        }
        laid = [(moment, self.table.later(moment)) for moment in sorted(changes)]
        return [(self.begin, self.table), *laid]

    def who(self, participant: Participant) -> Who:
        if participant.person is None:
            return Who(
                participant.guest_name,
                surname=participant.guest_name.split()[-1],
                label=pgettext("minutes", "a person from outside the committee"),
                is_public=False,
            )
        return who_of(
            participant.person, self.seats.get(participant.person.pk), participant.represents
        )

    def sides(self) -> tuple[SideAttendance, ...]:
        """Members with a vote by the sides of the triad; a side without members is left out."""
        lines: dict[str, list[Attendance]] = {}
        for seat in self.table.seats:
            if Role(seat.role).votes:
                lines.setdefault(seat.side, []).append(self._member(seat))
        return tuple(
            SideAttendance(side.value, str(side.label), tuple(lines[side]))
            for side in Side
            if side in lines
        )

    def others(self) -> tuple[Attendance, ...]:
        """Those present by a seat without a vote of their own, or in place of a member."""
        return tuple(
            Attendance(
                who=self.who(participant),
                standing=_standing(participant),
                role=public_role(seat.role) if (seat := self._seat(participant)) else "",
                organisation=_organisation(seat),
                times=self._times(participant),
                stands_for=self._member_of(participant),
            )
            for participant in self._present()
            if participant.person_id
            and not self._votes(participant)
            and (self._seat(participant) or participant.represents)
        )

    def guests(self) -> tuple[Who, ...]:
        return tuple(
            self.who(participant)
            for participant in self._present()
            if not self._seat(participant) and not participant.represents
        )

    def presided(self) -> Who | None:
        """The chair when at the table at the beginning, else the vice-chair, else whoever comes first."""
        for _moment, table in self.tables:
            at_table = {entry.seat for entry in table.roll if self._holds(entry)}
            for role in (Role.CHAIR, Role.VICE_CHAIR):
                for seat in table.seats:
                    if seat.role == role and seat.pk in at_table:
                        return who_of(seat.person, seat)
        return None

    def quorum(self) -> tuple[QuorumPoint, ...]:
        """The quorum at the beginning and every time it was lost or found again."""
        points: list[QuorumPoint] = []
        for moment, table in self.tables:
            if not points or points[-1].has_quorum != table.has_quorum:
                points.append(_quorum_point(moment, table))
        return tuple(points)

    def _member(self, seat: Seat) -> Attendance:
        participant = self._participants.get(seat.person_id)
        substitute = self._substitutes.get(seat.pk)
        if participant is not None and _stretches(participant):
            standing = _standing(participant)
        elif substitute is not None:
            standing = Standing.REPRESENTED
        else:
            standing = _absence(participant)
        return Attendance(
            who=who_of(seat.person, seat),
            standing=standing,
            role=public_role(seat.role),
            organisation=_organisation(seat),
            times=self._times(participant) if participant else "",
            represented_by=self.who(self._participants[substitute]) if substitute else None,
        )

    def _member_of(self, participant: Participant) -> Who | None:
        """For whom the participant voted at some moment."""
        for seat in self.table.seats:
            if self._substitutes.get(seat.pk) == participant.person_id:
                return who_of(seat.person, seat)
        return None

    @cached_property
    def _participants(self) -> dict[int, Participant]:
        return {p.person_id: p for p in self.table.participants if p.person_id}

    @cached_property
    def _substitutes(self) -> dict[int, int]:
        """Keys of people who stood in, by the keys of seats."""
        return {
            entry.seat: entry.person
            for _moment, table in self.tables
            for entry in table.roll
            if not self._holds(entry)
        }

    def _holds(self, entry) -> bool:
        seat = self.seats.get(entry.person)
        return seat is not None and seat.pk == entry.seat

    def _present(self) -> Iterator[Participant]:
        return (p for p in self.table.participants if _stretches(p))

    def _seat(self, participant: Participant) -> Seat | None:
        return self.seats.get(participant.person_id) if participant.person_id else None

    def _votes(self, participant: Participant) -> bool:
        seat = self._seat(participant)
        return seat is not None and Role(seat.role).votes

    def _times(self, participant: Participant) -> str:
        """When the participant was there, unless it was the whole time."""
        return ", ".join(filter(None, (self._time(*times) for times in _merged(participant))))

    def _time(self, arrived: datetime.datetime, left: datetime.datetime | None) -> str:
        late = arrived - self.begin > AT_ONCE
        early = left is not None and self.end - left > AT_ONCE
        words = {"from": hour(arrived), "to": hour(left or self.end)}
        if late and early:
            return pgettext("presence", "from %(from)s to %(to)s") % words
        if late:
            return pgettext("presence", "from %(from)s") % words
        return pgettext("presence", "until %(to)s") % words if early else ""


def _merged(participant: Participant) -> list[tuple[datetime.datetime, datetime.datetime | None]]:
    """Stretches of time; one that begins where another ends, such as going online, continues it."""
    merged: list[tuple[datetime.datetime, datetime.datetime | None]] = []
    for stretch in _stretches(participant):
        begins = stretch.arrived_at
        if merged and merged[-1][1] == begins:
            begins = merged.pop()[0]
        merged.append((begins, stretch.left_at))
    return merged


def hour(moment: datetime.datetime) -> str:
    """Return "14:05" in local time."""
    local = timezone.localtime(moment)
    return f"{local.hour}:{local.minute:02}"


def _stretches(participant: Participant) -> list[Presence]:
    return participant.stretches  # type: ignore[attr-defined]  # table.participants_of reads them


def _standing(participant: Participant) -> Standing:
    is_online = all(stretch.is_online for stretch in _stretches(participant))
    return Standing.ONLINE if is_online else Standing.PRESENT


def _absence(participant: Participant | None) -> Standing:
    is_excused = participant is not None and (
        participant.is_excused or participant.answer in {Answer.NO, Answer.SUBSTITUTE}
    )
    return Standing.EXCUSED if is_excused else Standing.ABSENT


def _organisation(seat: Seat | None) -> str:
    return seat.organisation.name if seat and seat.organisation else ""


def _quorum_point(moment: datetime.datetime, table: Table) -> QuorumPoint:
    present = attendance_sentence(
        Resolution(members_present=table.members_present, members_total=table.members_total)
    )
    sentence = (
        _t("%(present)s, which is enough to decide.")
        if table.has_quorum
        else _t("%(present)s, which is not enough to decide.")
    )
    return QuorumPoint(
        at=whole_minute(moment),
        present=table.members_present,
        total=table.members_total,
        has_quorum=table.has_quorum,
        sentence=sentence % {"present": present},
    )


def whole_minute(moment: datetime.datetime) -> datetime.datetime:
    """The moment as minutes tell it: local, without seconds."""
    return timezone.localtime(moment).replace(second=0, microsecond=0)


def first_of(moments: Iterable[datetime.datetime | None], default: datetime.datetime):
    """The earliest of the moments that are known, not before ``default``."""
    known = [moment for moment in moments if moment and moment >= default]
    return min(known, default=default)
