"""Who is to be invited to a meeting: those who sit on the committee on its day."""

from committees.bodies.enums import Role
from committees.meetings.models import Meeting, Participant
from committees.meetings.selectors import seats_in_force


def summon(meeting: Meeting) -> None:
    """Make participants of all who sit on the committee on the meeting's day and are none yet.

    Substitutes are left out: each is asked by the member who cannot come. The caller holds the
    meeting.
    """
    known = {p.person_id: p for p in Participant.objects.filter(meeting=meeting)}
    seats = seats_in_force(meeting).exclude(role=Role.SUBSTITUTE)
    new = []
    for seat in seats:
        standing = known.get(seat.person_id)
        if standing is None:
            new.append(Participant(meeting=meeting, person_id=seat.person_id, seat=seat))
        elif standing.seat_id != seat.pk:
            standing.seat = seat
            standing.save(update_fields=["seat"])
    Participant.objects.bulk_create(new)


def is_invited(participant: Participant, seats: set[int]) -> bool:
    """Whether somebody invited is still to come: a guest, or a member with one of ``seats`` in force."""
    return participant.seat_id is None or participant.seat_id in seats
