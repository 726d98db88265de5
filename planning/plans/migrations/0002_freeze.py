"""Freezing by triggers on both engines (docs/adr/0003-freezing-by-triggers.md).

Content of a version can be written only while the version is a draft; an approved version's row never changes; history
only grows. The SQL is spelled out here, so that a later change of code cannot change what this migration did.
"""

from django.db import migrations

from kpss.triggers import VendorSQL

LOCKED = "The content of a version that is not a draft is locked"
FROZEN = "An approved version of a plan is frozen"
HISTORY = "History only grows"

VERSION_OF = {
    "plans_chapter": "{row}.version_id",
    "plans_plannode": "{row}.version_id",
    "plans_task": "{row}.version_id",
    "plans_networkentry": "{row}.version_id",
    "plans_plannode_target_groups": "(SELECT version_id FROM plans_plannode WHERE id = {row}.plannode_id)",
    "plans_plannode_municipalities": "(SELECT version_id FROM plans_plannode WHERE id = {row}.plannode_id)",
    "plans_taskparty": "(SELECT version_id FROM plans_task WHERE id = {row}.task_id)",
    "plans_fundingline": "(SELECT version_id FROM plans_task WHERE id = {row}.task_id)",
    "plans_indicator": "(SELECT version_id FROM plans_task WHERE id = {row}.task_id)",
}


def content_triggers(table):
    def locked(row):
        version = VERSION_OF[table].format(row=row)
        return f"EXISTS (SELECT 1 FROM plans_planversion WHERE id = {version} AND state <> 'draft')"

    # REPLACE removes the row that stands in its way without asking DELETE triggers.
    replaces = (
        f"EXISTS (SELECT 1 FROM {table} standing JOIN plans_planversion v"
        f" ON v.id = {VERSION_OF[table].format(row='standing')}"
        " WHERE standing.id = NEW.id AND v.state <> 'draft')"
    )
    conditions = {
        "INSERT": f"{locked('NEW')} OR {replaces}",
        "UPDATE": f"{locked('OLD')} OR {locked('NEW')} OR OLD.id <> NEW.id",
        "DELETE": locked("OLD"),
    }
    function = f"{table}_freeze"
    lookup = VERSION_OF[table]
    return VendorSQL(
        sqlite=[
            f"CREATE TRIGGER {table}_freeze_{event.lower()} BEFORE {event} ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{LOCKED}'); END"
            for event, condition in conditions.items()
        ],
        reverse_sqlite=[f"DROP TRIGGER {table}_freeze_{event.lower()}" for event in conditions],
        postgresql=[
            # FOR SHARE: whoever moves the state waits for this write, or this write sees the new state.
            f"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE found text;
            BEGIN
                IF TG_OP = 'TRUNCATE' THEN
                    IF EXISTS (SELECT 1 FROM plans_planversion WHERE state <> 'draft') THEN
                        RAISE EXCEPTION '{LOCKED}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                END IF;
                IF TG_OP <> 'INSERT' THEN
                    SELECT state INTO found FROM plans_planversion
                        WHERE id = {lookup.format(row="OLD")} FOR SHARE;
                    IF found <> 'draft' THEN
                        RAISE EXCEPTION '{LOCKED}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    SELECT state INTO found FROM plans_planversion
                        WHERE id = {lookup.format(row="NEW")} FOR SHARE;
                    IF found <> 'draft' THEN
                        RAISE EXCEPTION '{LOCKED}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                END IF;
                RETURN OLD;
            END $$
            """,
            f"CREATE TRIGGER {function} BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()",
            f"CREATE TRIGGER {function}_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        ],
        reverse_postgresql=[
            f"DROP TRIGGER {function}_truncate ON {table}",
            f"DROP TRIGGER {function} ON {table}",
            f"DROP FUNCTION {function}()",
        ],
    )


def guard(table, name, message, *, update, delete, insert=None, truncate="TRUE"):
    """Refuse a row's UPDATE, DELETE (and on SQLite a REPLACE) where the condition holds."""
    sqlite_events = {"UPDATE": update, "DELETE": delete} | ({"INSERT": insert} if insert else {})
    function = f"{table}_{name}"
    refusal = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
    return VendorSQL(
        sqlite=[
            f"CREATE TRIGGER {function}_{event.lower()} BEFORE {event} ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for event, condition in sqlite_events.items()
        ],
        reverse_sqlite=[f"DROP TRIGGER {function}_{event.lower()}" for event in sqlite_events],
        postgresql=[
            f"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'TRUNCATE' THEN
                    IF {truncate} THEN {refusal} END IF;
                    RETURN NULL;
                ELSIF TG_OP = 'UPDATE' THEN
                    IF {update} THEN {refusal} END IF;
                    RETURN NEW;
                END IF;
                IF {delete} THEN {refusal} END IF;
                RETURN OLD;
            END $$
            """,
            f"CREATE TRIGGER {function} BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()",
            f"CREATE TRIGGER {function}_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        ],
        reverse_postgresql=[
            f"DROP TRIGGER {function}_truncate ON {table}",
            f"DROP TRIGGER {function} ON {table}",
            f"DROP FUNCTION {function}()",
        ],
    )


def changed(*columns):
    return "(" + " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns) + ")"


def sqlite_spelling(operation):
    """SQLite before 3.39 spells IS DISTINCT FROM as IS NOT."""
    operation.sqlite = [statement.replace("IS DISTINCT FROM", "IS NOT") for statement in operation.sqlite]
    return operation


APPROVED_PLAN = "EXISTS (SELECT 1 FROM plans_planversion WHERE plan_id = {} AND state = 'approved')"
PLAN_COLUMNS = [
    "id", "kind", "title", "slug", "parent_id", "period_from", "period_to", "summary", "task_singular", "task_plural",
]  # fmt: skip
EVENT_COLUMNS = ["id", "version_id", "actor_id", "at", "transition", "from_state", "to_state", "note"]


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        *[content_triggers(table) for table in VERSION_OF],
        sqlite_spelling(
            guard(
                "plans_planversion",
                "freeze",
                FROZEN,
                update="OLD.state = 'approved' OR OLD.id <> NEW.id OR (OLD.state <> 'draft' AND "
                + changed("plan_id", "number", "based_on_id", "change_note", "created_by_id", "created_at")
                + ")",
                delete="OLD.state <> 'draft'",
                insert="EXISTS (SELECT 1 FROM plans_planversion WHERE state <> 'draft'"
                " AND (id = NEW.id OR (plan_id = NEW.plan_id AND number = NEW.number)))",
                truncate="EXISTS (SELECT 1 FROM plans_planversion WHERE state <> 'draft')",
            )
        ),
        sqlite_spelling(
            guard(
                "plans_plan",
                "freeze",
                "A plan with an approved version keeps its title and period",
                update=f"{APPROVED_PLAN.format('OLD.id')} AND {changed(*PLAN_COLUMNS)}",
                delete=APPROVED_PLAN.format("OLD.id"),
                insert=APPROVED_PLAN.format("NEW.id"),
                truncate="EXISTS (SELECT 1 FROM plans_planversion WHERE state = 'approved')",
            )
        ),
        sqlite_spelling(
            guard(
                "plans_planlevel",
                "freeze",
                "A plan with an approved version keeps the names of its levels",
                update=f"{APPROVED_PLAN.format('OLD.plan_id')} OR {APPROVED_PLAN.format('NEW.plan_id')}",
                delete=APPROVED_PLAN.format("OLD.plan_id"),
                insert="EXISTS (SELECT 1 FROM plans_planlevel standing WHERE (standing.id = NEW.id"
                " OR (standing.plan_id = NEW.plan_id AND standing.depth = NEW.depth)) AND "
                + APPROVED_PLAN.format("standing.plan_id")
                + ")",
                truncate="EXISTS (SELECT 1 FROM plans_planversion WHERE state = 'approved')",
            )
        ),
        sqlite_spelling(
            guard(
                "plans_planversionevent",
                "history",
                HISTORY,
                update=changed(*EVENT_COLUMNS) + " OR OLD.notified_at IS NOT NULL",
                delete="TRUE",
                insert="EXISTS (SELECT 1 FROM plans_planversionevent WHERE id = NEW.id)",
            )
        ),
    ]
