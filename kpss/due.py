"""Work that comes due by itself: mails to send, rounds to close. ``manage.py tick`` does all of it.

Rooms register their pieces in AppConfig.ready. A piece must be safe to run at any time, repeatedly and in
several processes at once; it says how much it has done.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from kpss import clock

logger = logging.getLogger(__name__)

# How long the rows of background work that has ended stay, to be looked at when something went wrong.
KEEP_FINISHED = datetime.timedelta(days=30)

Piece = Callable[[datetime.datetime], int]
pieces: dict[str, Piece] = {}


def register(name: str, piece: Piece) -> None:
    """Have ``piece(now)`` called at every tick, in the order of registration."""
    pieces[name] = piece


def run(now: datetime.datetime | None = None) -> dict[str, int]:
    """Do every piece as of ``now``; return how much each has done.

    A piece that fails is logged and stops no other; it is missing in the answer.
    """
    now = now or clock.now()
    done: dict[str, int] = {}
    for name, piece in pieces.items():
        try:
            done[name] = piece(now)
        except Exception:
            logger.exception("Periodic work failed: %s", name)
    return done


def forget_finished(now: datetime.datetime) -> int:
    """Delete what the worker has kept about work that ended over ``KEEP_FINISHED`` ago; return how many rows."""
    # Models can be imported only when this piece is registered, so not at the top.
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415

    old = DBTaskResult.objects.filter(finished_at__lt=now - KEEP_FINISHED)
    deleted, _by_model = old.delete()
    return deleted
