"""Whether anything has changed at a meeting since a screen last asked: short signs of its rows.

They come from the rows themselves, so nobody who changes something has to think of the screens. A
screen reads its stamp first and what it shows after: a change in between is then news to it, while
the other way round it would carry the stamp of something it does not show, and never ask again.
"""

from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Subquery, Sum, When
from django.db.models import Value as V
from django.utils.crypto import salted_hmac

from committees.ballots.models import BallotEvent, Vote, Voter
from committees.bodies.models import SeatEvent

from .models import (
    AgendaItem,
    Conflict,
    Meeting,
    MeetingEvent,
    Participant,
    Presence,
)


@dataclass(frozen=True)
class Stamp:
    """Two short signs of a meeting: ``whole`` changes with anything its screens show, ``stage`` only
    with its state, the item discussed, its text and the votes. Nobody outside can work them out."""

    meeting_pk: int
    stage: str
    whole: str


def stamp_of(**place) -> Stamp | None:
    """The stamp of the meeting found by ``place`` (lookups of Meeting); None when there is none. Two queries."""
    found = (
        Meeting.objects.filter(**place)
        .order_by()
        .values_list("pk", "state", "current_item_id", *_SIGNS_OF_STAGE.values(), *_SIGNS.values())
        .first()
    )
    if found is None:
        return None
    pk, border = found[0], 3 + len(_SIGNS_OF_STAGE)
    items = list(
        AgendaItem.objects.filter(meeting=pk)
        .order_by("pk")
        .values_list(
            "pk", "parent_id", "position", "title", "text", "verb", "proposal", "is_internal"
        )
    )
    return Stamp(pk, _sign(found[:border], items), _sign(found, items))


def own_stamp(meeting: Meeting, person) -> str:
    """The sign of what one person's own page shows: the item, the vote, what concerns her. Two queries.

    Voices and arrivals of others do not change it, so sixty telephones rest while sixty people vote.
    """
    now = Meeting.objects.filter(pk=meeting.pk).values_list(
        "state",
        "current_item_id",
        "current_item__title",
        "current_item__proposal",
        "current_item__is_internal",
        *_SIGNS_OF_STAGE.values(),
    )
    own = Participant.objects.filter(meeting=meeting, person=person).values_list(
        "seat__valid_to", "seat__ended_at", *_OWN_SIGNS.values()
    )
    return _sign(list(now), list(own))


def _sign(*values) -> str:
    return salted_hmac("committees.meetings.live", repr(values)).hexdigest()[:20]


def _folded(queryset, path: str, expression) -> Subquery:
    """One number over the rows that lead by ``path`` to the row of the outer query."""
    return Subquery(
        queryset.filter(**{path: OuterRef("pk")})
        .order_by()
        .values(path)
        .annotate(folded=expression)
        .values("folded"),
        output_field=IntegerField(),
    )


_SIGNS_OF_STAGE = {
    "events": _folded(MeetingEvent.objects, "meeting", Max("pk")),
    "ballots": _folded(BallotEvent.objects, "ballot__motion__item__meeting", Max("pk")),
}
_SIGNS = {
    "people": _folded(Participant.objects, "meeting", Count("pk")),
    "excused": _folded(
        Participant.objects,
        "meeting",
        Sum(Case(When(is_excused=True, then=F("pk")), default=V(0))),
    ),
    "substitutes": _folded(Participant.objects, "meeting", Sum(F("pk") * F("represents"))),
    "came": _folded(Presence.objects, "participant__meeting", Max("pk")),
    "stretches": _folded(Presence.objects, "participant__meeting", Count("pk")),
    "left": _folded(Presence.objects, "participant__meeting", Count("left_at")),
    "conflicts": _folded(Conflict.objects, "item__meeting", Count("pk")),
    "last_conflict": _folded(Conflict.objects, "item__meeting", Max("pk")),
    "votes": _folded(Vote.objects, "ballot__motion__item__meeting", Count("pk")),
    "secret_votes": _folded(
        Voter.objects.filter(has_voted=True), "ballot__motion__item__meeting", Count("pk")
    ),
    "seats": _folded(SeatEvent.objects, "seat__committee__meetings", Max("pk")),
}
_OWN_SIGNS = {
    "came": _folded(Presence.objects, "participant", Max("pk")),
    "left": _folded(Presence.objects, "participant", Count("left_at")),
    "conflicts": _folded(Conflict.objects, "participant", Max("pk")),
    "voice": Subquery(
        Vote.objects.filter(
            voter__person=OuterRef("person"), ballot__motion__item__meeting=OuterRef("meeting")
        )
        .order_by("-pk")
        .values("pk")[:1]
    ),
}
