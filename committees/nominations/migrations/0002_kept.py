"""What was decided stays: nominations that ended, the history, and resolutions by which somebody was appointed.

Only personal words may be emptied (reason, function), when a person is erased.
"""

from django.db import migrations

from kpss.triggers import refuse_when

EVENT_COLUMNS = ["id", "actor_id", "at", "transition", "from_state", "to_state", "note"]
NOMINATION_COLUMNS = ["id", "token", "committee_id", "person_id", "interest_id", "proposed_at"]
DECIDED_COLUMNS = [
    "role", "side", "organisation_id", "valid_from", "substitute_for_id", "state", "resolution_id", "seat_id",
]  # fmt: skip
APPOINTED = "EXISTS (SELECT 1 FROM nominations_nomination WHERE resolution_id = {}.id)"


def differ(columns):
    return "(" + " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in columns) + ")"


def emptied_or_same(column):
    return f"(NEW.{column} = '' OR NEW.{column} = OLD.{column})"


def history_grows(table, owner):
    return refuse_when(
        f"{table}_no",
        table,
        {
            "INSERT": f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)",
            "UPDATE": differ([*EVENT_COLUMNS, owner]) + " OR OLD.notified_at IS NOT NULL",
            "DELETE": "TRUE",
        },
        "History only grows",
    )


class Migration(migrations.Migration):
    dependencies = [("nominations", "0001_initial"), ("bodies", "0005_seats_and_rules_kept")]

    operations = [
        history_grows("nominations_interestevent", "interest_id"),
        history_grows("nominations_nominationevent", "nomination_id"),
        refuse_when(
            "nominations_interest_kept_no",
            "nominations_interest",
            {
                "INSERT": "EXISTS (SELECT 1 FROM nominations_interest WHERE id = NEW.id OR token = NEW.token)",
                "UPDATE": "OLD.state = 'erased'",
                "DELETE": "TRUE",
            },
            "An interest is erased by emptying it",
        ),
        refuse_when(
            "nominations_nomination_kept_no",
            "nominations_nomination",
            {
                "INSERT": "EXISTS (SELECT 1 FROM nominations_nomination WHERE id = NEW.id OR token = NEW.token)",
                "UPDATE": f"{differ(NOMINATION_COLUMNS)} OR (OLD.state <> 'proposed' AND ({differ(DECIDED_COLUMNS)}"
                f" OR NOT {emptied_or_same('reason')} OR NOT {emptied_or_same('function')}))",
                "DELETE": "TRUE",
            },
            "A nomination that was decided never changes",
        ),
        refuse_when(
            "bodies_resolution_appointed_no",
            "bodies_resolution",
            {
                "INSERT": "EXISTS (SELECT 1 FROM bodies_resolution standing WHERE (standing.id = NEW.id OR"
                " (standing.committee_id = NEW.committee_id AND standing.number = NEW.number"
                " AND standing.adopted_on = NEW.adopted_on)) AND " + APPOINTED.format("standing") + ")",
                "UPDATE": APPOINTED.format("OLD"),
                "DELETE": APPOINTED.format("OLD"),
            },
            "A resolution by which somebody was appointed never changes",
        ),
    ]
