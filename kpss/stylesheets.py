"""The components' style sheets, one file each in the source and one file on the wire.

A phone on a slow line should not ask thirty times, and nobody should have to run a build: the
finder joins ``static/css/components/*.css`` whenever one of them is newer than the joined file.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

JOINED = "css/components.css"


class ComponentsFinder(BaseFinder):
    """Finds ``css/components.css``: every component's style sheet in the order of their names."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.sources = Path(settings.BASE_DIR) / "static/css/components"
        self.storage = FileSystemStorage(location=Path(settings.DATA_DIR) / "joined")

    def check(self, **kwargs):
        return []

    def find(self, path: str, find_all: bool = False, **kwargs):
        """The path of the joined file, made anew when a source has changed; nothing for other files."""
        if path != JOINED:
            return []
        found = str(self.join())
        return [found] if find_all else found

    def list(self, ignore_patterns) -> Iterator[tuple[str, FileSystemStorage]]:
        """The joined file, for ``collectstatic``."""
        self.join()
        yield JOINED, self.storage

    def join(self) -> Path:
        """Write the joined file if it is missing or old, whole or not at all; return its path."""
        sources = sorted(self.sources.glob("*.css"))
        target = Path(self.storage.path(JOINED))
        # The folder's own time changes when a component is added or taken away.
        newest = max(path.stat().st_mtime for path in [self.sources, *sources])
        if target.exists() and target.stat().st_mtime >= newest:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=target.parent, delete=False, encoding="utf-8"
        ) as new:
            new.write("\n".join(path.read_text(encoding="utf-8") for path in sources))
        os.chmod(new.name, 0o644)
        os.replace(new.name, target)
        return target
