import re

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kpss.triggers import VendorOperation

MADE = re.compile(r"CREATE TRIGGER (?:IF NOT EXISTS )?\"?(\w+)", re.IGNORECASE)
DROPPED = re.compile(r"DROP TRIGGER (?:IF EXISTS )?\"?(\w+)", re.IGNORECASE)


def _triggers_of_migrations():
    """Names of the triggers that stand when all migrations have run in order."""
    loader = MigrationLoader(connection)
    standing = set()
    plan = loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
    for app_label, name in plan:
        operations = loader.graph.nodes[app_label, name].operations
        if not any(isinstance(operation, VendorOperation) for operation in operations):
            continue
        apps = loader.project_state([(app_label, name)], at_end=True).apps
        for operation in operations:
            if isinstance(operation, VendorOperation):
                for statement in operation.statements(app_label, apps)[connection.vendor].forwards:
                    standing -= set(DROPPED.findall(statement))
                    standing |= set(MADE.findall(statement))
    return standing


@pytest.mark.django_db
def test_every_trigger_of_the_migrations_stands_in_the_database():
    table = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(table)
        in_database = {name for (name,) in cursor.fetchall()}

    expected = _triggers_of_migrations()
    assert "store_storedfile_no_update" in expected
    assert in_database == expected
