"""SQLite lost the freeze of used resolutions when bodies 0004 made it remake their table."""

from importlib import import_module

from django.db import migrations

from kpss.triggers import VendorSQL

(frozen,) = [
    operation
    for operation in import_module("planning.approvals.migrations.0002_freeze").Migration.operations
    if "bodies_resolution_freeze" in operation.sqlite[0]
]

frozen_again_on_sqlite = VendorSQL(
    sqlite=[
        *(
            statement.replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS")
            for statement in frozen.reverse_sqlite
        ),
        *frozen.sqlite,
    ],
    reverse_sqlite=[],
    postgresql=[],
    reverse_postgresql=[],
)


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0002_freeze"),
        ("bodies", "0004_meetings_and_votes"),
    ]

    operations = [frozen_again_on_sqlite]
