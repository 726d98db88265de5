"""Fails when the Czech catalogue misses a sentence, doubts one or keeps one that nobody uses.

Run as ``python -m tests.check_translations``. It gathers the sentences of the code as ``makemessages``
would, beside the project and not in it. English needs no catalogue: the sentences are English.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = ["kpss", "documents", "providers", "committees", "planning", "templates", "locale"]
CATALOGUE = Path("locale/cs/LC_MESSAGES/django.po")


def main() -> int:
    if not shutil.which("msgmerge"):
        print("Chybí gettext: sudo apt-get install gettext")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for source in SOURCES:
            shutil.copytree(PROJECT / source, copy / source)
        gather = [sys.executable, "-m", "django", "makemessages", "--locale", "cs"]
        # The settings bring our own command, which also knows sentences marked by ``_t``.
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "kpss.settings"}
        subprocess.run([*gather, "--verbosity", "0"], cwd=copy, env=env, check=True)
        faults = faults_of(copy / CATALOGUE)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def faults_of(catalogue: Path) -> list[str]:
    """Return what is wrong with a freshly gathered catalogue, one line each."""
    faults = []
    for entry in polib.pofile(str(catalogue)):
        place = ", ".join(f"{name}:{line}" for name, line in entry.occurrences[:2])
        if entry.obsolete:
            faults.append(f"nikde se nepoužívá: {entry.msgid!r}")
        elif entry.fuzzy:
            faults.append(f"není jisté: {entry.msgid!r} ({place})")
        elif not entry.translated():
            faults.append(f"chybí: {entry.msgid!r} ({place})")
    checked = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", str(catalogue)],
        capture_output=True,
        text=True,
    )
    if checked.returncode:
        faults.append(checked.stderr.strip())
    return faults


if __name__ == "__main__":
    sys.exit(main())
