"""What all tests share: a strict client, a browser, a database that can be emptied, no network."""

import os
import shutil
import socket

import pytest
from django.db import connection, transaction
from playwright.sync_api import sync_playwright

from tests import production
from tests.browsing import watch
from tests.strict import StrictClient

NO_CHROMIUM = "Chromium is missing; to run them: sudo apt-get install chromium libatomic1"


def pytest_addoption(parser):
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out tests that touch no database: they say the same on every engine",
    )


def pytest_collection_modifyitems(config, items):
    for item in items:
        if "chromium" in item.fixturenames:
            item.add_marker("browser")
    if config.getoption("only_database"):
        left_out = [item for item in items if not _touches_database(item)]
        items[:] = [item for item in items if _touches_database(item)]
        config.hook.pytest_deselected(items=left_out)


def _touches_database(item) -> bool:
    """Whether the test asks for the database, which no other can reach, and may say another thing on another engine."""
    if item.get_closest_marker("any_engine"):
        return False
    asked = {"db", "transactional_db", "live_server", "django_db_setup"}
    return item.get_closest_marker("django_db") is not None or bool(asked & set(item.fixturenames))


def pytest_terminal_summary(terminalreporter):
    skipped = [
        r for r in terminalreporter.stats.get("skipped", []) if NO_CHROMIUM in str(r.longrepr)
    ]
    if skipped:
        terminalreporter.write_sep("!", "BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} tests skipped. {NO_CHROMIUM}")


@pytest.fixture(scope="session", autouse=True)
def _no_network():
    """Python code under test reaches this machine only."""
    connect = socket.socket.connect

    def connect_here(sock, address):
        local = sock.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost")
        if not local:
            raise AssertionError(f"A test reaches for the network: {address}")
        return connect(sock, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


# --- Database --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Let the emptying of tables between tests past the triggers that keep frozen rows.

    Only the flush is let past, and only while it runs; everything a test does meets the triggers.
    """
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_frozen_rows_too(self, sql_list):
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            lift, restore = _statements_around_flush(cursor, self.connection.vendor)
            for statement in lift:
                cursor.execute(statement)
            flush(self, sql_list)
            for statement in restore:
                cursor.execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush_frozen_rows_too)
        yield


def _statements_around_flush(cursor, vendor) -> tuple[list[str], list[str]]:
    """What to run before and after a flush, so that triggers which refuse it stand aside."""
    if vendor == "postgresql":  # empties by TRUNCATE: 32 is the bit of a trigger on it
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass FROM pg_trigger"
            " WHERE NOT tgisinternal AND (tgtype & 32) <> 0"
        )
        tables = [table for (table,) in cursor.fetchall()]
        return (
            [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables],
            [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables],
        )
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'"
    )
    triggers = cursor.fetchall()
    return [f'DROP TRIGGER "{name}"' for name, _sql in triggers], [sql for _name, sql in triggers]


# --- Pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def static_root():
    """The static files of production, collected once for the installations of ``tests.production``."""
    root = production.static_root()
    collected = production.manage(root, "collectstatic", "--no-input", "--verbosity", "0")
    assert collected.returncode == 0, collected.stderr
    return root


@pytest.fixture
def client():
    """Refuses pages with stray template tags, inline scripts and styles, third parties, broken HTML."""
    return StrictClient()


@pytest.fixture(scope="session")
def chromium():
    """The browser, started once."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        if os.environ.get("CI"):
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop belongs to this thread; the tests themselves are not asynchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, live_server):
    """A fresh browser page on the running portal; ``page.goto("/sluzby/")``.

    The test fails when the page has a script error, offends the security policy or calls another site.
    """
    context = chromium.new_context(
        base_url=live_server.url, locale="cs-CZ", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults = watch(page, live_server.url)
    yield page
    context.close()
    assert faults == []
