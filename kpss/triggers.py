"""Rules that only the database can keep: SQL of its own for each engine, as migration operations.

SQLite loses the triggers of a table when Django remakes it (most changes of columns and constraints
do). A migration that changes such a table repeats the operation; a test compares the triggers of the
migrations with those of the database.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.migrations.operations.base import Operation, OperationCategory


class Statements(NamedTuple):
    """What one engine runs when migrating forwards and when migrating back."""

    forwards: Sequence[str]
    backwards: Sequence[str]


class VendorOperation(Operation):
    """A migration operation whose SQL differs by engine; a subclass says it in ``statements``.

    An engine without statements is an error: a rule kept on one engine only is no rule.
    """

    reduces_to_sql = True
    category = OperationCategory.SQL

    def statements(self, app_label: str, apps) -> Mapping[str, Statements]:
        """Return the statements by the vendor name of the engine."""
        raise NotImplementedError

    def state_forwards(self, app_label, state):
        """Leave the models as they are: triggers and indexes are no part of them."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        vendor = schema_editor.connection.vendor
        for statement in self.statements(app_label, to_state.apps)[vendor].forwards:
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        vendor = schema_editor.connection.vendor
        for statement in self.statements(app_label, from_state.apps)[vendor].backwards:
            schema_editor.execute(statement, params=None)


class VendorSQL(VendorOperation):
    """Run the given statements of the engine at hand; each is one whole statement, ``%`` undoubled."""

    def __init__(
        self,
        *,
        sqlite: Sequence[str],
        postgresql: Sequence[str],
        reverse_sqlite: Sequence[str],
        reverse_postgresql: Sequence[str],
    ):
        self.sqlite = sqlite
        self.postgresql = postgresql
        self.reverse_sqlite = reverse_sqlite
        self.reverse_postgresql = reverse_postgresql

    def describe(self):
        return "Run SQL of the database engine"

    def statements(self, app_label, apps):
        return {
            "sqlite": Statements(self.sqlite, self.reverse_sqlite),
            "postgresql": Statements(self.postgresql, self.reverse_postgresql),
        }


def refuse(name: str, table: str, event: str, message: str) -> VendorSQL:
    """Return the operation that makes ``event`` (UPDATE, DELETE or INSERT) on ``table`` fail.

    ``message`` is for developers, plain ASCII; the failure reaches Django as an IntegrityError.
    """
    text = message.replace("'", "''")
    return VendorSQL(
        sqlite=[
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
        ],
        postgresql=[
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()",
        ],
        reverse_sqlite=[f"DROP TRIGGER IF EXISTS {name}"],
        reverse_postgresql=[f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"],
    )


def refuse_when(name: str, table: str, conditions: Mapping[str, str], message: str) -> VendorSQL:
    """Return the operation that makes events on rows of ``table`` fail where their condition holds.

    ``conditions`` maps INSERT, UPDATE or DELETE to SQL over NEW and OLD that both engines know;
    ``{differs}`` in it compares values of which one may be NULL. ``message`` as for ``refuse``.
    """
    text = message.replace("'", "''")
    sqlite = {event: condition.format(differs="IS NOT") for event, condition in conditions.items()}
    branches = "\n".join(
        f"IF TG_OP = '{event}' AND ({condition.format(differs='IS DISTINCT FROM')}) THEN"
        f" RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        for event, condition in conditions.items()
    )
    return VendorSQL(
        sqlite=[
            f"CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{text}'); END"
            for event, condition in sqlite.items()
        ],
        postgresql=[
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {branches}"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {name} BEFORE {' OR '.join(conditions)} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()",
        ],
        reverse_sqlite=[f"DROP TRIGGER {name}_{event.lower()}" for event in conditions],
        reverse_postgresql=[f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"],
    )


def history_only_grows(table: str, subject: str) -> VendorSQL:
    """Return the operation that lets rows of an event table (``kpss.events.Event``) only be added.

    ``subject`` is the column of the thing whose history it is; only ``notified_at`` may be filled in.
    """
    columns = ["id", subject, "actor_id", "at", "transition", "from_state", "to_state", "note"]
    changed = " OR ".join(f"OLD.{column} {{differs}} NEW.{column}" for column in columns)
    return refuse_when(
        f"{table}_history",
        table,
        {"UPDATE": changed, "DELETE": "1 = 1"},
        "History only grows",
    )
