"""Everything that writes into the outbox; callers import from here."""

from .delivery import deliver, deliver_due
from .digests import make_digests, tell
from .erasure import forget, forget_address
from .preferences import start_daily, stop_daily, wants_daily
from .queue import Attachment, cancel, resend, send

__all__ = [
    "Attachment",
    "cancel",
    "deliver",
    "deliver_due",
    "forget",
    "forget_address",
    "make_digests",
    "resend",
    "send",
    "start_daily",
    "stop_daily",
    "tell",
    "wants_daily",
]
