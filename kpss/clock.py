"""What time it is for the portal: the server's clock, or a moment of the past when history is retold.

Only the demonstration data and tests turn it back; nothing that comes with a request can.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_told: ContextVar[datetime.datetime | None] = ContextVar("told", default=None)


def now() -> datetime.datetime:
    """The present moment, aware."""
    return _told.get() or timezone.now()


def today() -> datetime.date:
    """The present day in the portal's time zone."""
    return timezone.localdate(now())


def is_retold() -> bool:
    """Whether the past is being retold: then nobody is told of it again by mail."""
    return _told.get() is not None


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """Within it, in this thread, ``now`` is ``moment``, which must be aware."""
    if timezone.is_naive(moment):
        raise ValueError("A moment needs a time zone.")
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
