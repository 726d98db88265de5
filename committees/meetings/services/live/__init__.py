"""What happens at the table: each function is one short transaction that holds the meeting's row.

Whoever runs the meeting calls them (``meetings.run_meeting``); a member writes down only her own
conflict of interest and her own attendance online. All raise PermissionDenied for others, and
TransitionRefused with sentences when the moment is not right. A second click changes nothing.
"""

from committees.meetings.services.tasks import add_task

from .items import declare_conflict, save_proposal, take_up, withdraw_conflict
from .people import (
    add_guest,
    arrive,
    everybody_here,
    excuse,
    leave,
    represent,
    undo,
)
from .running import end_meeting, resume_meeting, start_meeting
from .votes import call_off, call_out, close_vote, count_hands, put_to_vote, vote_of

__all__ = [
    "add_guest", "add_task", "arrive", "call_off", "call_out", "close_vote",
    "count_hands", "declare_conflict", "end_meeting", "everybody_here", "excuse", "leave",
    "put_to_vote", "represent", "resume_meeting", "save_proposal", "start_meeting", "take_up",
    "undo", "vote_of", "withdraw_conflict",
]  # fmt: skip
