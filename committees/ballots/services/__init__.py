"""Everything that writes into a ballot; each function is one transaction and holds its lock."""

from .casting import CastRefused, Receipt, cast_vote, declare_conflict
from .counting import close_ballot, close_due
from .preparing import (
    add_paper,
    cancel_ballot,
    change_ballot,
    open_at_meeting,
    open_per_rollam,
    prepare_ballot,
    remove_paper,
)
from .protocols import make_due_protocols, make_protocol
from .reminding import remind, remind_due

__all__ = [
    "CastRefused",
    "Receipt",
    "add_paper",
    "cancel_ballot",
    "cast_vote",
    "change_ballot",
    "close_ballot",
    "close_due",
    "declare_conflict",
    "make_due_protocols",
    "make_protocol",
    "open_at_meeting",
    "open_per_rollam",
    "prepare_ballot",
    "remind",
    "remind_due",
    "remove_paper",
]
