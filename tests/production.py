"""Runs a piece of code in a process of its own, under the settings of a real installation."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
HOST = "portal.example.cz"
ENVIRONMENT = {
    "KPSS_ENV": "production",
    "DJANGO_SETTINGS_MODULE": "kpss.settings",
    "SECRET_KEY": "a-secret-of-this-test-only-" + "0123456789abcdef" * 3,
    "ALLOWED_HOSTS": HOST,
    "SITE_URL": f"https://{HOST}",
    "EMAIL_URL": "memory:",
    "LOG_LEVEL": "CRITICAL",
}
# The client speaks as nginx does: to our host, by HTTPS; a fault reaches the error pages.
PREAMBLE = f"""
import django, json
django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
client = Client(raise_request_exception=False, headers={{"host": "{HOST}"}})
def get(path, **extra):
    response = client.get(path, secure=True, **extra)
    return {{
        "status": response.status_code,
        "headers": dict(response.headers),
        "cookies": {{name: dict(m) for name, m in response.cookies.items()}},
        "html": b"".join(response).decode(errors="replace"),
    }}
"""


def environment(data_dir: Path, **changes: str) -> dict[str, str]:
    """The environment of an installation that keeps its data in ``data_dir``, on SQLite."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    here = {"KPSS_DATA_DIR": str(data_dir), "KPSS_STATIC_ROOT": str(static_root())}
    return {**kept, **ENVIRONMENT, **here, **changes}


def static_root() -> Path:
    """Where every installation of a test run finds the static files, collected once."""
    return Path(os.environ["KPSS_TEST_DATA_DIR"]) / "static"


def manage(data_dir: Path, *command: str, **changes: str) -> subprocess.CompletedProcess:
    """Run ``manage.py`` there; output is captured, failure is left to the caller."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT,
        env=environment(data_dir, **changes),
        capture_output=True,
        text=True,
    )


def visit(data_dir: Path, code: str, **changes: str):
    """Run ``code`` there, with ``get(path)`` at hand, and return what it assigned to ``result``."""
    finished = subprocess.run(
        [sys.executable, "-c", f"{PREAMBLE}\n{code}\nprint(json.dumps(result))"],
        cwd=PROJECT,
        env=environment(data_dir, **changes),
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)
