"""What a document looks like, as a hash: a part of the key of everything printed."""

import functools
import hashlib
from importlib.metadata import version as release_of
from pathlib import Path

from django.conf import settings

# Every document is made with these.
_COMMON = ("templates/pdf/*.html", "static/css/pdf*.css")


@functools.cache
def layout(*patterns: str) -> str:
    """A hash of the templates that match (from the root of the project), of style sheets and the renderer."""
    root = Path(settings.BASE_DIR)
    seal = hashlib.sha256(release_of("weasyprint").encode())
    for pattern in (*_COMMON, *patterns):
        for file in sorted(root.glob(pattern)):
            seal.update(file.read_bytes())
    return seal.hexdigest()
