"""A person sits on a committee once at a time, and the history of rights only grows (docs/adr/0001)."""

from django.db import migrations

from kpss.triggers import VendorSQL, refuse

OVERLAP = "A person holds one seat of a committee at a time"
LATER = "9999-12-31"
CONDITION = (
    "EXISTS (SELECT 1 FROM bodies_seat s WHERE {other}"
    " s.committee_id = NEW.committee_id AND s.person_id = NEW.person_id"
    f" AND s.valid_from <= COALESCE(NEW.valid_to, '{LATER}')"
    f" AND COALESCE(s.valid_to, '{LATER}') >= NEW.valid_from)"
)

one_seat_at_a_time = VendorSQL(
    sqlite=[
        f"CREATE TRIGGER bodies_seat_overlap_{name} BEFORE {event} ON bodies_seat"
        f" WHEN {CONDITION.format(other=other)} BEGIN SELECT RAISE(ABORT, '{OVERLAP}'); END"
        for name, event, other in [
            ("insert", "INSERT", ""),
            ("update", "UPDATE", "s.id <> NEW.id AND"),
        ]
    ],
    reverse_sqlite=[
        "DROP TRIGGER bodies_seat_overlap_insert",
        "DROP TRIGGER bodies_seat_overlap_update",
    ],
    # Ranges of one number stand for equality, so that no extension of the database is needed.
    postgresql=[
        "ALTER TABLE bodies_seat ADD CONSTRAINT bodies_seat_overlap EXCLUDE USING gist ("
        "int8range(committee_id, committee_id, '[]') WITH &&,"
        " int8range(person_id, person_id, '[]') WITH &&,"
        " daterange(valid_from, valid_to, '[]') WITH &&)"
    ],
    reverse_postgresql=["ALTER TABLE bodies_seat DROP CONSTRAINT bodies_seat_overlap"],
)


class Migration(migrations.Migration):
    dependencies = [("bodies", "0002_grants_and_chairs_vote")]

    operations = [
        one_seat_at_a_time,
        refuse(
            "bodies_grantevent_no_update",
            "bodies_grantevent",
            "UPDATE",
            "The history of rights only grows.",
        ),
        refuse(
            "bodies_grantevent_no_delete",
            "bodies_grantevent",
            "DELETE",
            "The history of rights only grows.",
        ),
    ]
