"""Everything that changes minutes; callers import from here."""

from .sealing import approve, finish_approval, retry_sealing, sweep
from .verifying import confirm, object_to, send_to_verifiers, take_back
from .writing import Saved, Written, save_texts, start_minutes, take_over

__all__ = [
    "Saved",
    "Written",
    "approve",
    "confirm",
    "finish_approval",
    "object_to",
    "retry_sealing",
    "save_texts",
    "send_to_verifiers",
    "start_minutes",
    "sweep",
    "take_back",
    "take_over",
]
