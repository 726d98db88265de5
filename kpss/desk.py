"""One line of a desk: what waits for somebody, with one action. Every room makes its own lines."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What waits (``what``), about which thing (``about``), until when, and where the one action is.

    ``until`` sorts lines; ``when`` says it in words when a plain date is not enough.
    """

    what: str
    about: str
    url: str
    action: str
    until: datetime.datetime | datetime.date | None = None
    when: str = ""
