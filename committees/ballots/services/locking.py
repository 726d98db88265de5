"""The one lock of a ballot: votes, the count and cancelling wait for one another."""

import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from committees.ballots.models import Ballot
from committees.bodies.models import Seat


def lock(ballot_pk: int) -> Ballot:
    """Return the ballot as it is now; who asks for it in another transaction waits."""
    return (
        Ballot.objects.select_for_update(of=("self",)).select_related("committee").get(pk=ballot_pk)
    )


def in_force(moment: datetime.datetime) -> QuerySet[Seat]:
    """Seats whose mandate holds at the moment, to the second."""
    return Seat.objects.on(timezone.localdate(moment)).filter(
        Q(ended_at=None) | Q(ended_at__gt=moment)
    )
