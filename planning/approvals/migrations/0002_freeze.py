"""A passed step, its resolution and the history of steps never change (docs/adr/0003-freezing-by-triggers.md)."""

from importlib import import_module

from django.db import migrations

plans_freeze = import_module("planning.plans.migrations.0002_freeze")
guard, changed, sqlite_spelling = plans_freeze.guard, plans_freeze.changed, plans_freeze.sqlite_spelling

USED = "EXISTS (SELECT 1 FROM approvals_approvalstep WHERE resolution_id = {})"
STEP_COLUMNS = ["id", "version_id", "round", "order", "committee_id", "verb"]
EVENT_COLUMNS = ["id", "step_id", "actor_id", "at", "transition", "from_state", "to_state", "note"]


def quoted(columns):
    return ['"order"' if column == "order" else column for column in columns]


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0001_initial"),
        ("plans", "0002_freeze"),
        ("bodies", "0001_initial"),
    ]

    operations = [
        sqlite_spelling(
            guard(
                "approvals_approvalstep",
                "freeze",
                "A step of approval that was passed or returned never changes",
                update="OLD.state IN ('passed', 'returned', 'cancelled') OR " + changed(*quoted(STEP_COLUMNS)),
                delete="TRUE",
                insert="EXISTS (SELECT 1 FROM approvals_approvalstep WHERE id = NEW.id OR (version_id = NEW.version_id"
                ' AND round = NEW.round AND "order" = NEW."order"))',
            )
        ),
        sqlite_spelling(
            guard(
                "bodies_resolution",
                "freeze",
                "A resolution by which a step was passed never changes",
                update=USED.format("OLD.id"),
                delete=USED.format("OLD.id"),
                insert="EXISTS (SELECT 1 FROM bodies_resolution standing WHERE (standing.id = NEW.id OR"
                " (standing.committee_id = NEW.committee_id AND standing.number = NEW.number"
                " AND standing.adopted_on = NEW.adopted_on)) AND " + USED.format("standing.id") + ")",
                truncate="EXISTS (SELECT 1 FROM approvals_approvalstep WHERE resolution_id IS NOT NULL)",
            )
        ),
        sqlite_spelling(
            guard(
                "approvals_approvalstepevent",
                "history",
                plans_freeze.HISTORY,
                update=changed(*EVENT_COLUMNS) + " OR OLD.notified_at IS NOT NULL",
                delete="TRUE",
                insert="EXISTS (SELECT 1 FROM approvals_approvalstepevent WHERE id = NEW.id)",
            )
        ),
    ]
