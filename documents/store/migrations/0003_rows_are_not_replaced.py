from django.db import migrations

from kpss.triggers import VendorSQL


class Migration(migrations.Migration):
    """On SQLite, REPLACE puts a new row in the place of the old one without an UPDATE."""

    dependencies = [("store", "0002_rows_never_change")]

    operations = [
        VendorSQL(
            sqlite=[
                "CREATE TRIGGER store_storedfile_no_replace BEFORE INSERT ON store_storedfile"
                " WHEN EXISTS (SELECT 1 FROM store_storedfile WHERE id = NEW.id OR sha256 = NEW.sha256)"
                " BEGIN SELECT RAISE(ABORT, 'A stored file never changes.'); END"
            ],
            postgresql=[],
            reverse_sqlite=["DROP TRIGGER IF EXISTS store_storedfile_no_replace"],
            reverse_postgresql=[],
        )
    ]
