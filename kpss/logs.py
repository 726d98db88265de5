"""Records of the portal never carry the secret part of a personal link."""

import logging
import re

_TOKEN = re.compile(r"((?:/|%2F)o(?:/|%2F))[^/%?#\s\"'<>]+", re.IGNORECASE)


def without_tokens(text: str) -> str:
    """The text with "…" in the place of the token in every address of a personal link."""
    return _TOKEN.sub(r"\1…", text)


class TokenlessFormatter(logging.Formatter):
    """Formats as usual, faults with their tracebacks included, and leaves tokens out."""

    def format(self, record: logging.LogRecord) -> str:
        return without_tokens(super().format(record))
