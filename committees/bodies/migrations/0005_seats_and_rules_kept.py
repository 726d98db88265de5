"""What only the database can keep: rules that decided stay as they are, seats keep their history.

0004 made SQLite remake bodies_seat, which lost the triggers of 0003; they are made again here. A later
migration that makes SQLite remake bodies_resolution has to drop the triggers of bodies_rules first,
since they read it, and make them again.
"""

from importlib import import_module

from django.db import migrations

from kpss.triggers import VendorSQL, refuse_when

one_seat_at_a_time = import_module(
    "committees.bodies.migrations.0003_one_seat_at_a_time"
).one_seat_at_a_time

USED = "EXISTS (SELECT 1 FROM bodies_resolution WHERE rules_id = {row}.id)"

one_seat_again_on_sqlite = VendorSQL(
    sqlite=[
        "DROP TRIGGER IF EXISTS bodies_seat_overlap_insert",
        "DROP TRIGGER IF EXISTS bodies_seat_overlap_update",
        *one_seat_at_a_time.sqlite,
    ],
    reverse_sqlite=[],
    postgresql=[],
    reverse_postgresql=[],
)

used_rules_stay = refuse_when(
    "bodies_rules_used_no",
    "bodies_rules",
    {
        # REPLACE removes the row that stands in its way without asking DELETE triggers.
        "INSERT": "EXISTS (SELECT 1 FROM bodies_rules standing WHERE (standing.id = NEW.id OR"
        " (standing.committee_id = NEW.committee_id AND standing.valid_from = NEW.valid_from)) AND "
        + USED.format(row="standing")
        + ")",
        "UPDATE": USED.format(row="OLD"),
        "DELETE": USED.format(row="OLD"),
    },
    "Rules by which a resolution was decided never change",
)

history_of_seats_grows = refuse_when(
    "bodies_seatevent_no",
    "bodies_seatevent",
    {
        "INSERT": "EXISTS (SELECT 1 FROM bodies_seatevent WHERE id = NEW.id)",
        # Words may be forgotten when a person is erased; what happened, when and by whom stays.
        "UPDATE": "OLD.id <> NEW.id OR OLD.seat_id <> NEW.seat_id OR OLD.what <> NEW.what"
        " OR OLD.at <> NEW.at OR OLD.actor_id {differs} NEW.actor_id"
        " OR (OLD.note <> NEW.note AND NEW.note <> '')",
        "DELETE": "TRUE",
    },
    "The history of a seat only grows",
)


class Migration(migrations.Migration):
    dependencies = [("bodies", "0004_meetings_and_votes")]

    operations = [one_seat_again_on_sqlite, used_rules_stay, history_of_seats_grows]
