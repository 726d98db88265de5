"""Payloads into every column where people write freely, past forms and triggers, as the worst of imports could."""

from collections.abc import Iterator
from itertools import cycle

import pytest
from django.apps import apps
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import connection, models, transaction

from kpss.outbox.models import Message, MessageAttachment

from .texts import COUNT, SHORT, payload

OURS = {"kpss", "committees", "planning", "documents", "providers"}
# Triggers are set aside as SQLite lets them be; what is drawn from the rows is the same on every engine.
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="plants on SQLite only")
# Mails are written from what is planted elsewhere, so that they are as the portal writes them.
WRITTEN_ELSEWHERE = {Message, MessageAttachment}
# Free by their type and yet no text that a person writes.
WRITTEN_BY_PROGRAMS = {
    "code",
    "content_type",
    "dedup_key",
    "from_state",
    "message_id",
    "number",
    "numbering",
    "numbering_per_rollam",
    "object_pk",
    "password",
    "permission",
    "receipt",
    "search",
    "search_name",
    "section",
    "sort_key",
    "to_state",
    "token_hash",
    "transition",
    "url",
}
# Columns in which an empty text says something: nobody's name, no objection, no consent.
LEFT_EMPTY = {
    "conflict",
    "guest_name",
    "name_consent_text",
    "objection",
    "place_text",
    "responsible",
    "street",
}


class Planter:
    """Plants into rows that it has not met yet, each time it is asked."""

    def __init__(self):
        self._numbers = cycle(range(1, COUNT + 1))
        self._done: dict[type[models.Model], int] = {}
        self.cells = 0

    @transaction.atomic
    def plant(self) -> None:
        """Give every free text of every new row a payload that fits."""
        with connection.cursor() as cursor:
            triggers = _triggers(cursor)
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            for model, columns in COLUMNS.items():
                self._plant_in(cursor, model, columns)
            for _name, sql in triggers:
                cursor.execute(sql)

    def _plant_in(self, cursor, model, columns) -> None:
        quote = connection.ops.quote_name
        table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
        cursor.execute(f"SELECT {key} FROM {table} WHERE {key} > %s ORDER BY {key}", [
            self._done.get(model, -1)
        ])  # fmt: skip
        keys = [pk for (pk,) in cursor.fetchall()]
        values = ", ".join(_assignment(quote(column.column), column) for column in columns)
        cursor.executemany(
            f"UPDATE {table} SET {values} WHERE {key} = %s",
            [(*(self._text_for(column) for column in columns), pk) for pk in keys],
        )
        self._done[model] = keys[-1] if keys else self._done.get(model, -1)
        self.cells += len(keys) * len(columns)

    def _text_for(self, column: models.Field) -> str:
        if isinstance(column, models.URLField):
            return f'https://kpssx{next(self._numbers):03}.example/"><svg/onload=kpssX=1>'
        if isinstance(column, models.EmailField):
            return f'"<b/kpssx{next(self._numbers):03}>"@example.cz'
        room = column.max_length or 10_000
        text = payload(next(self._numbers))
        return text if len(text) <= room else SHORT


def _assignment(name: str, column: models.Field) -> str:
    if column.name in LEFT_EMPTY:
        return f"{name} = CASE WHEN {name} = '' THEN '' ELSE %s END"
    return f"{name} = %s"


def _triggers(cursor) -> list[tuple[str, str]]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return cursor.fetchall()


def _free_columns() -> Iterator[tuple[type[models.Model], list[models.Field]]]:
    for model in apps.get_models():
        if model.__module__.split(".")[0] in OURS and model not in WRITTEN_ELSEWHERE:
            columns = [column for column in model._meta.concrete_fields if _is_free(column)]
            if columns:
                yield model, columns


def _is_free(column: models.Field) -> bool:
    if column.name in WRITTEN_BY_PROGRAMS or column.name.endswith("sha256") or column.choices:
        return False
    if type(column) is models.URLField:
        return True
    if type(column) is models.EmailField:
        return not column.unique
    harmless = (MaxLengthValidator, ProhibitNullCharactersValidator)
    return (
        type(column) in {models.CharField, models.TextField}
        and not column.unique
        and (column.max_length or 100) >= len(SHORT)
        and all(isinstance(check, harmless) for check in column.validators)
    )


COLUMNS = dict(_free_columns())
