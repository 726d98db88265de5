"""Rules that only the database can keep: SQL of its own for each engine, as a migration operation."""

from collections.abc import Sequence

from django.db.migrations.operations.base import Operation, OperationCategory


class VendorSQL(Operation):
    """Run the statements of the engine at hand, and the reverse ones when migrating back.

    Every item is one whole statement; ``%`` needs no doubling. An engine without statements is an
    error: a rule kept on one engine only is no rule.
    """

    reduces_to_sql = True
    category = OperationCategory.SQL

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

    def state_forwards(self, app_label, state):
        """Triggers do not change the models."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._run(schema_editor, {"sqlite": self.sqlite, "postgresql": self.postgresql})

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._run(
            schema_editor, {"sqlite": self.reverse_sqlite, "postgresql": self.reverse_postgresql}
        )

    def describe(self):
        return "Run SQL of the database engine"

    @staticmethod
    def _run(schema_editor, statements_by_vendor):
        vendor = schema_editor.connection.vendor
        if vendor not in statements_by_vendor:
            raise NotImplementedError(f"No statements for the database engine {vendor!r}.")
        for statement in statements_by_vendor[vendor]:
            schema_editor.execute(statement, params=None)


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
        reverse_sqlite=[f"DROP TRIGGER {name}"],
        reverse_postgresql=[f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"],
    )
