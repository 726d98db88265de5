"""Settings of the test run: the same as everywhere, with mail kept in memory and tasks done at once."""

import os
import tempfile

os.environ.setdefault("KPSS_ENV", "test")
os.environ.setdefault("KPSS_DATA_DIR", tempfile.mkdtemp(prefix="kpss-test-"))
os.environ.setdefault("EMAIL_URL", "memory:")

from kpss.settings import *  # noqa: E402, F403 - the settings under test

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
