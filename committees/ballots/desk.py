"""What waits because of ballots: for a member who has not voted, for who runs them."""

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext, pgettext

from committees.bodies.models import Seat
from committees.bodies.rules import roles_with
from kpss.desk import Line

from . import selectors
from .enums import BallotState
from .models import Ballot

MANAGE = "ballots.manage_ballot"


def waiting_for(person) -> list[Line]:
    """Ballots per rollam in which the person has not voted yet. One query."""
    return [
        Line(
            what=_t("Vote: %(title)s") % {"title": voter.ballot.title},
            about=voter.ballot.committee.name,
            url=reverse(
                "ballots:vote",
                kwargs={
                    "slug": voter.ballot.committee.slug,
                    "pk": voter.ballot_id,
                    "rest": "",
                },
            ),
            action=pgettext("verb", "Vote"),
            until=voter.ballot.deadline,
        )
        for voter in selectors.waiting_voters([person])
    ]


def waiting_for_manager(user) -> list[Line]:
    """Ballots per rollam that wait for the coordinator's hand: of every committee.

    A constant number of queries.
    """
    if not user.has_perm(MANAGE):
        return []
    return _waiting(Ballot.objects.per_rollam())


def waiting_for_chair(person) -> list[Line]:
    """The same for who runs ballots by a seat, on the committees where they sit.

    A constant number of queries. A coordinator finds them on the coordinator's desk.
    """
    if person.has_perm(MANAGE):
        return []
    seats = Seat.objects.current().filter(person=person, role__in=roles_with(MANAGE))
    return _waiting(Ballot.objects.per_rollam().filter(committee__in=seats.values("committee")))


def _waiting(ballots: QuerySet[Ballot]) -> list[Line]:
    return [*_drafts(ballots), *_to_be_entered(ballots), *_without_protocol(ballots)]


def _drafts(ballots: QuerySet[Ballot]) -> list[Line]:
    return [
        Line(
            what=_t("A vote per rollam is prepared and not open"),
            about=f"{ballot.title} – {ballot.committee.name}",
            url=ballot.get_absolute_url(),
            action=_t("Check and open"),
            until=ballot.deadline,
        )
        for ballot in ballots.filter(state=BallotState.DRAFT).select_related("committee")
    ]


def _to_be_entered(ballots: QuerySet[Ballot]) -> list[Line]:
    """Running ballots with members who cannot get a mail and have not voted."""
    unreachable = Q(voters__person__email=None) | Q(voters__person__is_active=False)
    running = (
        ballots.filter(state=BallotState.OPEN)
        .annotate(
            by_hand=Count(
                "voters",
                filter=unreachable & Q(voters__is_excluded=False) & Q(voters__votes=None),
                distinct=True,
            )
        )
        .filter(by_hand__gt=0)
        .select_related("committee")
        .order_by("deadline", "pk")
    )
    return [
        Line(
            what=ngettext(
                "Enter the vote of %(count)s member without an e-mail",
                "Enter the votes of %(count)s members without an e-mail",
                ballot.by_hand,
            )
            % {"count": ballot.by_hand},
            about=f"{ballot.title} – {ballot.committee.name}",
            url=ballot.get_absolute_url(),
            action=_t("Enter the vote"),
            until=ballot.deadline,
        )
        for ballot in running
    ]


def _without_protocol(ballots: QuerySet[Ballot]) -> list[Line]:
    return [
        Line(
            what=_t("The protocol of a vote has not been made yet"),
            about=f"{ballot.title} – {ballot.committee.name}",
            url=ballot.get_absolute_url(),
            action=_t("See the result"),
        )
        for ballot in ballots.filter(state=BallotState.CLOSED, protocol=None).select_related(
            "committee"
        )
    ]
