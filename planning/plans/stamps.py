"""What an editor's form remembers from the moment it was drawn, signed so that it comes back as it went.

A form for a new thing carries the lineage that thing will have, so that the form sent twice makes one. A form for a saved
thing carries the values it was filled with, so that nobody's work is overwritten unseen.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core import signing

from .values import Values, plain

_SALT = "planning.plans.editor"


@dataclass(frozen=True)
class Stamp:
    lineage: UUID | None = None
    loaded: dict[str, Any] | None = None


def stamp_new() -> str:
    """The stamp of a form for something new."""
    return signing.dumps({"lineage": str(uuid4())}, salt=_SALT, compress=True)


def stamp_saved(values: Values) -> str:
    """The stamp of a form filled with ``values``."""
    return signing.dumps({"loaded": plain(values)}, salt=_SALT, compress=True)


def read_stamp(text: str) -> Stamp:
    """The stamp of a form that came back. Raise ``django.core.signing.BadSignature``."""
    carried = signing.loads(text, salt=_SALT)
    lineage = carried.get("lineage")
    return Stamp(lineage=UUID(lineage) if lineage else None, loaded=carried.get("loaded"))
