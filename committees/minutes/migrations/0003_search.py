"""The register finds resolutions by their words; words of a corrected one are forgotten at once."""

from django.db import migrations

from kpss.search import CreateIndex
from kpss.triggers import VendorSQL

NAME = "minutes_resolution_corrected"
FORGET = "DELETE FROM minutes_resolutionindex WHERE resolution_id = OLD.id;"

corrected_is_forgotten = VendorSQL(
    sqlite=[
        f"CREATE TRIGGER {NAME} AFTER UPDATE OF number, text ON bodies_resolution BEGIN {FORGET} END"
    ],
    postgresql=[
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {FORGET}"
        " RETURN NULL; END $$",
        f"CREATE TRIGGER {NAME} AFTER UPDATE OF number, text ON bodies_resolution"
        f" FOR EACH ROW EXECUTE FUNCTION {NAME}()",
    ],
    reverse_sqlite=[f"DROP TRIGGER IF EXISTS {NAME}"],
    reverse_postgresql=[f"DROP TRIGGER {NAME} ON bodies_resolution", f"DROP FUNCTION {NAME}()"],
)


class Migration(migrations.Migration):
    dependencies = [("minutes", "0002_locked"), ("bodies", "0004_meetings_and_votes")]

    operations = [CreateIndex("resolutionindex", "search"), corrected_is_forgotten]
