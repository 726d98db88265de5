"""The one lock of a ballot: votes, the count and cancelling wait for one another."""

import datetime

from django.db.models import Q
from django.utils import timezone

from committees.ballots.models import Ballot, Voter
from committees.bodies.models import Seat
from kpss import clock


def lock(ballot_pk: int) -> Ballot:
    """Return the ballot as it is now; who asks for it in another transaction waits."""
    return (
        Ballot.objects.select_for_update(of=("self",)).select_related("committee").get(pk=ballot_pk)
    )


def holds_mandate(voter: Voter, *, since: datetime.datetime) -> bool:
    """Whether the voter's seat is in force now and, for a substitute, the seat of their own too.

    A substitute who had no seat here ``since`` the opening needs none. The seats stay locked until
    the transaction ends: a mandate that ends meanwhile ends before this vote, or waits for it.
    """
    seats = list(
        Seat.objects.select_for_update()
        .filter(Q(pk=voter.seat_id) | Q(person=voter.person_id), committee=voter.seat.committee_id)
        .order_by("pk")
    )
    now = clock.now()
    if not any(seat.pk == voter.seat_id and _is_in_force(seat, now) for seat in seats):
        return False
    held = [s for s in seats if s.person_id == voter.person_id and _is_in_force(s, since)]
    return not held or any(_is_in_force(seat, now) for seat in held)


def _is_in_force(seat: Seat, moment: datetime.datetime) -> bool:
    day = timezone.localdate(moment)
    if day < seat.valid_from or (seat.valid_to is not None and day > seat.valid_to):
        return False
    return seat.ended_at is None or seat.ended_at > moment
