"""Through whose eyes a calendar or a feed looks: everybody's, or those of one member."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from committees.ballots.enums import BallotState
from committees.ballots.models import Ballot
from committees.bodies.models import Committee, Resolution, Seat
from committees.meetings.models import Meeting
from committees.minutes.models import Minutes
from committees.minutes.register import resolutions_for
from committees.people.models import Person


@dataclass(frozen=True)
class Scope:
    """The public layer of all public committees or of one of them; with ``person``, all that this
    person sees of the committees of theirs: internal items and committees hidden from the public too.

    A member's committees are those where the person sits this very moment; a coordinator's are all.
    """

    committee: Committee | None = None
    person: Person | None = None

    @property
    def sees_internal(self) -> bool:
        return self.person is not None

    @cached_property
    def committees(self) -> QuerySet[Committee]:
        """The committees whose life is told, as a query to stand within others."""
        if self.person is None:
            committees = Committee.objects.filter(is_public=True)
            return committees.filter(pk=self.committee.pk) if self.committee else committees
        if self.person.has_perm("bodies.view_committee_work"):
            return Committee.objects.all()
        seats = Seat.objects.current().filter(person=self.person)
        return Committee.objects.filter(pk__in=seats.values("committee"))

    def meetings(self) -> QuerySet[Meeting]:
        """Meetings to which people were called, cancelled ones too; one in preparation is nobody's news."""
        return Meeting.objects.called().filter(committee__in=self.committees)

    def resolutions(self) -> QuerySet[Resolution]:
        """Adopted resolutions; to the public without those of internal items."""
        return resolutions_for(self.person or AnonymousUser()).filter(committee__in=self.committees)

    def minutes(self) -> QuerySet[Minutes]:
        """Approved minutes; to the public only those that were published."""
        readable = Minutes.objects.visible_to(self.person or AnonymousUser())
        return readable.filter(pdf__isnull=False, meeting__committee__in=self.committees)

    def ballots(self) -> QuerySet[Ballot]:
        """Votes outside meetings that were put to members; their course is never public."""
        if self.person is None:
            return Ballot.objects.none()
        return (
            Ballot.objects.per_rollam()
            .exclude(state=BallotState.DRAFT)
            .filter(committee__in=self.committees)
        )
