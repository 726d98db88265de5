"""Turns the catalogues of translations (``*.po``) into what Django reads (``*.mo``), without gettext.

Run as ``python -m kpss.catalogues``; needs no settings and no database, so that the start script can
do it first.
"""

import os
import tempfile
from pathlib import Path

import polib

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogues(locale_dir: Path = LOCALE_DIR) -> list[Path]:
    """Compile every catalogue that is newer than its compiled form and return those compiled.

    A compiled file is replaced in one piece: a portal that is reading it meanwhile gets the old one
    or the new one. A broken catalogue raises OSError, with the line in it.
    """
    compiled = []
    for source in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        binary = polib.pofile(str(source)).to_binary()
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".mo~", delete=False) as whole:
            whole.write(binary)
        os.chmod(whole.name, 0o644)
        os.replace(whole.name, target)
        compiled.append(source)
    return compiled


if __name__ == "__main__":
    compile_catalogues()
