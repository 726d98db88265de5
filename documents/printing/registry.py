"""What can be printed: rooms register their kinds in AppConfig.ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise

from .enums import Lane
from .models import PrintJob


@dataclass(frozen=True)
class Made:
    """A finished file. ``is_kept`` puts it into the store for ever; otherwise it may be made again."""

    data: bytes
    media_type: str
    file_name: str
    is_kept: bool = False


class Tell(Protocol):
    """Says how far the work is: a sentence in the reader's language, parts done, parts in all."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None: ...


@dataclass(frozen=True)
class Maker:
    """How one kind is made and who may have it.

    ``make(job, tell)`` returns the file; EngineError and StoreError become what the person reads.
    ``may_read(user, job)`` is asked at every look at the job and at its file.
    """

    kind: str
    label: str | Promise
    make: Callable[[PrintJob, Tell], Made]
    may_read: Callable[[Any, PrintJob], bool]
    lane: Lane = Lane.SLOW


_makers: dict[str, Maker] = {}


def register(maker: Maker) -> None:
    """Offer the kind; the last one registered under a name counts."""
    _makers[maker.kind] = maker


def maker_of(kind: str) -> Maker:
    """Return how the kind is made; raise KeyError for one that nobody has registered."""
    return _makers[kind]
