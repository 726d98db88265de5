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

__all__ = [
    "CastRefused", "Receipt", "add_paper", "cancel_ballot", "cast_vote", "change_ballot",
    "close_ballot", "close_due", "declare_conflict", "open_at_meeting", "open_per_rollam", "prepare_ballot",
    "remove_paper",
]  # fmt: skip
