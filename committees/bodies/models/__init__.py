"""Committees, their rules of procedure valid in time, seats, and resolutions."""

from .committee import Committee, CommitteeQuerySet
from .grant import CommitteeGrant, GrantEvent
from .resolution import Resolution, ResolutionQuerySet
from .rules import Rules
from .seat import FAR_FUTURE, Seat, SeatEvent, SeatQuerySet, seat_taken_message

__all__ = [
    "FAR_FUTURE",
    "Committee",
    "CommitteeGrant",
    "CommitteeQuerySet",
    "GrantEvent",
    "Resolution",
    "ResolutionQuerySet",
    "Rules",
    "Seat",
    "SeatEvent",
    "SeatQuerySet",
    "seat_taken_message",
]
