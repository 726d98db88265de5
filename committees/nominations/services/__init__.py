"""Everything that writes about interests and nominations; callers import from here."""

from .appointing import appoint, decline, withdraw
from .erasing import erase_interest, erase_old_interests, forget_person
from .interests import InterestValues, decline_interest, receive_interest, thank_interest
from .nominating import NominationValues, NotTheSamePerson, nominate_interest, propose

__all__ = [
    "InterestValues",
    "NominationValues",
    "NotTheSamePerson",
    "appoint",
    "decline",
    "decline_interest",
    "erase_interest",
    "erase_old_interests",
    "forget_person",
    "nominate_interest",
    "propose",
    "receive_interest",
    "thank_interest",
    "withdraw",
]
