"""Settings of the test run: the same as everywhere, with mail kept in memory and tasks done at once.

Tests never touch the data of a portal that is set up beside them: whatever KPSS_DATA_DIR says, they
keep theirs in a temporary folder. A process started by a test shares the folder of that test run.
"""

import atexit
import os
import shutil
import tempfile

from kpss.catalogues import compile_catalogues

compile_catalogues()  # before anything says a word: Django reads them once


def remove_data(folder, made_by):
    if os.getpid() == made_by:  # and not in a process forked by a test
        shutil.rmtree(folder, ignore_errors=True)


if "KPSS_TEST_DATA_DIR" not in os.environ:
    os.environ["KPSS_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="kpss-test-")
    atexit.register(remove_data, os.environ["KPSS_TEST_DATA_DIR"], os.getpid())
os.environ["KPSS_DATA_DIR"] = os.environ["KPSS_TEST_DATA_DIR"]
os.environ.setdefault("KPSS_ENV", "test")
os.environ.setdefault("EMAIL_URL", "memory:")

from kpss.settings import *  # noqa: E402, F403 - the settings under test
from kpss.settings import DATA_DIR, DATABASES  # noqa: E402 - named, for what is added below

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in real life: every thread and process has a connection and locks of its own. What a
    # power cut would do to it does not matter, so it does not wait for the disk.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

# Files are looked for when they are asked for, not gathered anew by the client of every test.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PRINTS_AT_ONCE = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
