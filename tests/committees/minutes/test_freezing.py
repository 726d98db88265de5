"""Trial S3 for minutes: ways to change approved ones, all refused; the same ways pass on a draft where they make sense."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from committees.minutes.models import Minutes, MinutesEntry, MinutesEvent, MinutesVerifier
from tests.committees.minutes import held as h
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def idle_worker(settings):
    """Nobody freezes minutes behind the back of a test."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def sql(statement, params=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


COLUMNS = {
    "writer_id": lambda m: PersonFactory().pk,
    "opening": lambda m: "změněno",
    "closing": lambda m: "změněno",
    "due_on": lambda m: "2030-01-01",
    "state": lambda m: "draft",
    "meeting_id": lambda m: h.hold_quietly().meeting.pk,
    "round": lambda m: 9,
    "content_sha256": lambda m: "f" * 64,
    "public_sha256": lambda m: "f" * 64,
    "is_published": lambda m: not m.is_published,
    "approved_at": lambda m: timezone.now(),
    "approved_by_id": lambda m: PersonFactory().pk,
    "pdf_id": lambda m: m.content_id,
    "public_pdf_id": lambda m: m.content_id,
    "public_content_id": lambda m: m.pdf_id,
    "extract_id": lambda m: None,
    "content_id": lambda m: m.pdf_id,
}


def raw_update(column):
    return lambda m: sql(
        f"UPDATE minutes_minutes SET {column} = %s WHERE id = %s", [COLUMNS[column](m), m.pk]
    )


def orm_update(column):
    return lambda m: Minutes.objects.filter(pk=m.pk).update(**{column: COLUMNS[column](m)})


def save(minutes):
    minutes.opening = "změněno"
    minutes.save()


def save_entry(minutes):
    entry = minutes.entries.first()
    entry.text = "změněno"
    entry.save()


def bulk_update(minutes):
    entries = list(minutes.entries.all())
    for entry in entries:
        entry.text = "změněno"
    MinutesEntry.objects.bulk_update(entries, ["text"])


def replace(table, key):
    """Write the row's own values over it by a statement that asks no UPDATE trigger."""

    def way(minutes):
        names = [
            column.name
            for column in connection.introspection.get_table_description(connection.cursor(), table)
        ]
        listed = ", ".join(connection.ops.quote_name(name) for name in names)
        verb = "REPLACE" if connection.vendor == "sqlite" else "INSERT"
        end = (
            ""
            if connection.vendor == "sqlite"
            else " ON CONFLICT (id) DO UPDATE SET id = excluded.id"
        )
        sql(
            f"{verb} INTO {table} ({listed}) SELECT {listed} FROM {table} WHERE {key} = %s{end}",
            [minutes.pk],
        )

    return way


WAYS = {
    **{f"raw update {column}": raw_update(column) for column in COLUMNS},
    **{f"orm update {column}": orm_update(column) for column in COLUMNS},
    "save": save,
    "save an entry": save_entry,
    "bulk update of entries": bulk_update,
    "update of entries": lambda m: m.entries.update(text="změněno"),
    "raw update of entries": lambda m: sql("UPDATE minutes_minutesentry SET text = 'x'"),
    "delete an entry": lambda m: m.entries.first().delete(),
    "raw delete of entries": lambda m: sql("DELETE FROM minutes_minutesentry"),
    "add an entry": lambda m: MinutesEntry.objects.create(
        minutes=m, item=m.meeting.items.get(position=2), text="přidáno"
    ),
    "replace the row": replace("minutes_minutes", "id"),
    "replace an entry": replace("minutes_minutesentry", "minutes_id"),
    "replace a verifier": replace("minutes_minutesverifier", "minutes_id"),
    "delete": lambda m: m.delete(),
    "raw delete": lambda m: sql("DELETE FROM minutes_minutes WHERE id = %s", [m.pk]),
    "change an answer": lambda m: m.verifiers.update(confirmed_at=None),
    "another verifier": lambda m: m.verifiers.update(person=PersonFactory()),
    "add a verifier": lambda m: MinutesVerifier.objects.create(
        minutes=m, round=m.round, person=PersonFactory()
    ),
    "delete a verifier": lambda m: m.verifiers.all().delete(),
    "raw delete of verifiers": lambda m: sql("DELETE FROM minutes_minutesverifier"),
    "change the history": lambda m: m.events.update(note="změněno"),
    "raw change of the history": lambda m: sql(
        "UPDATE minutes_minutesevent SET transition = 'x' WHERE minutes_id = %s", [m.pk]
    ),
    "delete the history": lambda m: MinutesEvent.objects.filter(minutes=m).delete(),
    "raw delete of the history": lambda m: sql("DELETE FROM minutes_minutesevent"),
}


def test_there_are_many_ways():
    assert len(WAYS) > 50


def not_refused(minutes, ways) -> list[str]:
    """Which of the ways the database let through, or left something changed behind."""
    before = _all_rows(minutes)
    passed = []
    for name in ways:
        try:
            with transaction.atomic():
                WAYS[name](h.reloaded(minutes))
                passed.append(name)
                transaction.set_rollback(True)
        except DatabaseError:
            pass
        if _all_rows(minutes) != before:
            passed.append(name)
    return passed


def test_approved_minutes_never_change():
    minutes = h.frozen(h.hold_quietly())

    assert not_refused(minutes, WAYS) == []


def _all_rows(minutes):
    return [
        list(Minutes.objects.filter(pk=minutes.pk).values()),
        list(MinutesEntry.objects.filter(minutes=minutes.pk).order_by("pk").values()),
        list(MinutesVerifier.objects.filter(minutes=minutes.pk).order_by("pk").values()),
        list(MinutesEvent.objects.filter(minutes=minutes.pk).order_by("pk").values()),
    ]


WRITABLE = [
    *(f"{how} update {column}" for how in ("raw", "orm") for column in list(COLUMNS)[:4]),
    "save",
    "save an entry",
    "bulk update of entries",
    "update of entries",
    "raw update of entries",
    "delete an entry",
    "raw delete of entries",
    "add an entry",
]


def test_a_draft_can_be_written():
    """The same statements pass on a draft, so that a refusal is the freeze and not a broken query."""
    minutes = h.begun(h.hold_quietly())

    assert not_refused(minutes, WRITABLE) == WRITABLE


def test_what_was_sent_to_verifiers_does_not_change():
    minutes = h.sent(h.hold_quietly())

    assert not_refused(minutes, WRITABLE) == []


@pytest.mark.parametrize("state", ["sealing", "approved"])
def test_no_step_is_jumped_over(state):
    minutes = h.begun(h.hold_quietly())

    with pytest.raises(DatabaseError), transaction.atomic():
        Minutes.objects.filter(pk=minutes.pk).update(state=state)


def test_an_answer_is_given_once_and_in_its_round():
    held = h.hold_quietly()
    minutes = h.sent(held)
    verifier = h.verifier_of(minutes, held.chair)
    now = timezone.now()
    rows = MinutesVerifier.objects.filter(pk=verifier.pk)

    assert rows.update(confirmed_at=now) == 1
    for change in ({"confirmed_at": None}, {"objected_at": now, "objection": "Ne."}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_the_admin_only_shows_minutes(client):
    held = h.hold_quietly()
    minutes = h.frozen(held)
    client.force_login(held.coordinator)
    url = f"/admin/minutes/minutes/{minutes.pk}/"

    assert client.get(f"{url}change/").status_code == 200
    assert client.post(f"{url}change/", {"opening": "změněno"}).status_code == 403
    assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/minutes/minutes/add/").status_code == 403
    assert client.get("/admin/minutes/minutes/").status_code == 200
