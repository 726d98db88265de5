"""Trial S3: a hundred ways to change an approved version, and every one refused by the database.

Each way is tried on both engines against a whole version with every kind of content. The same ways must work on a
draft where that makes sense (``test_a_draft_can_be_written``), so that a refusal is the freeze and not a broken query.
"""

import datetime
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from planning.approvals.enums import StepState, StepVerb
from planning.approvals.models import ApprovalStep, ApprovalStepEvent
from planning.plans.content import content_of, fingerprint
from planning.plans.models import (
    Chapter,
    FundingLine,
    Indicator,
    NetworkEntry,
    PlanLevel,
    PlanNode,
    PlanVersion,
    PlanVersionEvent,
    Task,
    TaskParty,
)
from tests.factories import (
    ChapterFactory,
    FundingSourceFactory,
    MunicipalityFactory,
    NetworkEntryFactory,
    PlanFactory,
    PlanVersionFactory,
    ResolutionFactory,
    ServiceFactory,
    TargetGroupFactory,
    freeze,
    plan_ready_for_approval,
)

pytestmark = pytest.mark.django_db

# Every content table with a column that can be set to a text, and the ORM's model.
CONTENT = {
    "plans_chapter": (Chapter, "title"),
    "plans_plannode": (PlanNode, "title"),
    "plans_task": (Task, "title"),
    "plans_taskparty": (TaskParty, "name"),
    "plans_fundingline": (FundingLine, "note"),
    "plans_indicator": (Indicator, "name"),
    "plans_networkentry": (NetworkEntry, "name"),
    "plans_plannode_target_groups": (PlanNode.target_groups.through, None),
    "plans_plannode_municipalities": (PlanNode.municipalities.through, None),
}


def whole_version() -> PlanVersion:
    """A draft with a row in every content table."""
    version = plan_ready_for_approval()
    ChapterFactory(version=version)
    NetworkEntryFactory(version=version)
    node = version.nodes.get(code="1.1")
    node.target_groups.add(TargetGroupFactory())
    node.municipalities.add(MunicipalityFactory())
    return version


def sql(statement, params=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def row_of(model, version):
    path = {
        Chapter: "version",
        PlanNode: "version",
        Task: "version",
        NetworkEntry: "version",
        PlanNode.target_groups.through: "plannode__version",
        PlanNode.municipalities.through: "plannode__version",
    }.get(model, "task__version")
    return model._default_manager.filter(**{path: version}).order_by("pk").first()


def copied(row):
    """An unsaved copy of the row with a lineage of its own where it has one."""
    row.pk = None
    row._state.adding = True
    if hasattr(row, "lineage"):
        row.lineage = uuid.uuid4()
    for column in ("code", "name"):
        if hasattr(row, column):
            setattr(row, column, "9.9" if column == "code" else "jiný název")
    if isinstance(row, FundingLine):
        row.source = FundingSourceFactory(code="kraj", name_cs="Kraj")
    if isinstance(row, NetworkEntry):
        row.service = ServiceFactory()
    if hasattr(row, "targetgroup"):
        row.targetgroup = TargetGroupFactory(code="jina", name_cs="jiná")
    if hasattr(row, "municipality_id"):
        row.municipality = MunicipalityFactory()
    return row


def columns_of(table):
    return [
        c.name for c in connection.introspection.get_table_description(connection.cursor(), table)
    ]


def reinsert(table, row, *, verb):
    """Write the row's own values once more by raw SQL: REPLACE, or INSERT … ON CONFLICT DO UPDATE."""
    quoted = [connection.ops.quote_name(name) for name in columns_of(table)]
    selected = ", ".join(quoted)
    if verb == "replace":
        sql(
            f"REPLACE INTO {table} ({selected}) SELECT {selected} FROM {table} WHERE id = %s",
            [row.pk],
        )
        return
    sql(
        f"INSERT INTO {table} ({selected}) SELECT {selected} FROM {table} WHERE id = %s"
        f" ON CONFLICT (id) DO UPDATE SET {quoted[1]} = excluded.{quoted[1]}",
        [row.pk],
    )


def raw_update(model, column):
    def way(version):
        row, table = row_of(model, version), model._meta.db_table
        if column:
            sql(f"UPDATE {table} SET {column} = %s WHERE id = %s", ["změněno", row.pk])
        else:
            sql(f"UPDATE {table} SET plannode_id = plannode_id WHERE id = %s", [row.pk])

    return way


def content_ways():
    for table, (model, column) in CONTENT.items():
        yield f"raw update {table}", raw_update(model, column)
        yield f"raw update of everything {table}", lambda v, t=table: sql(f"UPDATE {t} SET id = id")
        yield (
            f"raw delete {table}",
            lambda v, m=model: sql(
                f"DELETE FROM {m._meta.db_table} WHERE id = %s", [row_of(m, v).pk]
            ),
        )
        yield f"raw delete of everything {table}", lambda v, t=table: sql(f"DELETE FROM {t}")
        yield (
            f"raw new id {table}",
            lambda v, m=model: sql(
                f"UPDATE {m._meta.db_table} SET id = id + 100000 WHERE id = %s", [row_of(m, v).pk]
            ),
        )
        yield (
            f"raw upsert {table}",
            lambda v, t=table, m=model: reinsert(t, row_of(m, v), verb="upsert"),
        )
        yield f"orm delete {table}", lambda v, m=model: row_of(m, v).delete()
        yield f"orm queryset delete {table}", lambda v, m=model: m._default_manager.all().delete()
        yield f"orm save {table}", lambda v, m=model: row_of(m, v).save()
        yield f"orm create {table}", lambda v, m=model: copied(row_of(m, v)).save()
        yield (
            f"orm bulk create {table}",
            lambda v, m=model: m._default_manager.bulk_create([copied(row_of(m, v))]),
        )
        if column:
            yield (
                f"orm queryset update {table}",
                lambda v, m=model, c=column: m._default_manager.update(**{c: "x"}),
            )
            yield (
                f"orm bulk update {table}",
                lambda v, m=model, c=column: m._default_manager.bulk_update([row_of(m, v)], [c]),
            )


def version_ways():
    values = {
        "state": "draft",
        "number": 99,
        "approved_on": datetime.date(2019, 1, 1),
        "content_sha256": "f" * 64,
        "change_note": "změněno",
        "created_at": datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC),
        "pdf_id": None,
        "content_id": None,
    }
    for column, value in values.items():
        yield (
            f"raw update of version.{column}",
            lambda v, c=column, x=value: sql(
                f"UPDATE plans_planversion SET {c} = %s WHERE id = %s", [x, v.pk]
            ),
        )
        yield (
            f"orm update of version.{column}",
            lambda v, c=column, x=value: PlanVersion.objects.filter(pk=v.pk).update(**{c: x}),
        )
    yield (
        "version given to another plan",
        lambda v: PlanVersion.objects.filter(pk=v.pk).update(plan=PlanFactory()),
    )
    yield (
        "version said to be a copy",
        lambda v: PlanVersion.objects.filter(pk=v.pk).update(based_on=PlanVersionFactory()),
    )
    yield (
        "raw delete of the version",
        lambda v: sql("DELETE FROM plans_planversion WHERE id = %s", [v.pk]),
    )
    yield "orm save of the version", lambda v: v.save()
    yield "orm delete of the version", lambda v: v.delete()
    yield (
        "orm raw delete of the version",
        lambda v: PlanVersion.objects.filter(pk=v.pk)._raw_delete("default"),
    )
    yield "raw upsert of the version", lambda v: reinsert("plans_planversion", v, verb="upsert")
    for column in ("title", "slug", "kind", "summary", "task_singular"):
        yield (
            f"plan.{column}",
            lambda v, c=column: sql(
                f"UPDATE plans_plan SET {c} = %s WHERE id = %s", ["community", v.plan_id]
            ),
        )
    for column in ("period_from", "period_to"):
        yield (
            f"plan.{column}",
            lambda v, c=column: sql(
                f"UPDATE plans_plan SET {c} = %s WHERE id = %s",
                [datetime.date(2021, 6, 1), v.plan_id],
            ),
        )
    yield "plan deleted", lambda v: sql("DELETE FROM plans_plan WHERE id = %s", [v.plan_id])
    yield "level renamed", lambda v: PlanLevel.objects.filter(plan=v.plan).update(singular="cíl")
    yield (
        "level deleted",
        lambda v: sql("DELETE FROM plans_planlevel WHERE plan_id = %s", [v.plan_id]),
    )
    yield "event changed", lambda v: PlanVersionEvent.objects.update(note="jinak")
    yield "event deleted", lambda v: sql("DELETE FROM plans_planversionevent")
    yield (
        "step reopened",
        lambda v: ApprovalStep.objects.update(state=StepState.WAITING, resolution=None),
    )
    yield "step deleted", lambda v: sql("DELETE FROM approvals_approvalstep")
    yield (
        "step given to another committee",
        lambda v: ApprovalStep.objects.update(committee=ResolutionFactory().committee),
    )
    yield "step's event changed", lambda v: ApprovalStepEvent.objects.update(note="jinak")
    yield "step's event deleted", lambda v: sql("DELETE FROM approvals_approvalstepevent")
    yield "resolution changed", lambda v: sql("UPDATE bodies_resolution SET votes_for = 1")
    yield "resolution deleted", lambda v: sql("DELETE FROM bodies_resolution")
    yield (
        "node moved in from a draft",
        lambda v: PlanNode.objects.filter(pk=plan_ready_for_approval().nodes.first().pk).update(
            version=v
        ),
    )
    yield (
        "task moved out to a draft",
        lambda v: Task.objects.filter(version=v).update(version=PlanVersionFactory()),
    )


def engine_ways():
    if connection.vendor == "sqlite":
        for table, (model, _column) in CONTENT.items():
            yield (
                f"replace {table}",
                lambda v, t=table, m=model: reinsert(t, row_of(m, v), verb="replace"),
            )
        yield "replace of the version", lambda v: reinsert("plans_planversion", v, verb="replace")
    else:
        for table in [*CONTENT, "plans_planversion", "plans_plan", "bodies_resolution"]:
            yield f"truncate {table}", lambda v, t=table: sql(f"TRUNCATE {t} CASCADE")


WAYS = [*content_ways(), *version_ways(), *engine_ways()]


def frozen_version() -> PlanVersion:
    version = whole_version()
    PlanVersionEvent.objects.create(version=version, transition="approve", to_state="approved")
    step = ApprovalStep.objects.create(
        version=version, order=1, committee=version.plan.committee, verb=StepVerb.APPROVES
    )
    ApprovalStepEvent.objects.create(step=step, transition="pass", to_state="passed")
    ApprovalStep.objects.filter(pk=step.pk).update(
        state=StepState.PASSED, resolution=ResolutionFactory(committee=version.plan.committee)
    )
    return freeze(version)


def picture(version) -> tuple:
    """All that must not change: the content and every row of the tables around it."""
    version = PlanVersion.objects.get(pk=version.pk)
    tables = [
        *CONTENT,
        "plans_planversion",
        "plans_plan",
        "plans_planlevel",
        "plans_planversionevent",
    ]
    tables += ["approvals_approvalstep", "approvals_approvalstepevent", "bodies_resolution"]
    rows = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            rows.append(cursor.fetchall())
    return fingerprint(content_of(version)), rows


def test_there_are_a_hundred_ways():
    assert len(WAYS) >= 100


@pytest.mark.parametrize("way", [way for _name, way in WAYS], ids=[name for name, _way in WAYS])
def test_an_approved_version_is_frozen(way):
    version = frozen_version()
    before = picture(version)

    with pytest.raises(DatabaseError), transaction.atomic():
        way(version)

    assert picture(version) == before


@pytest.mark.parametrize(
    "way",
    [way for name, way in WAYS if name.split()[:2] in (["raw", "update"], ["orm", "save"], ["raw", "upsert"])
     and "version" not in name],
)  # fmt: skip
def test_a_draft_can_be_written(way):
    """The same statements pass on a draft: it is the state that refuses, not the statement."""
    version = whole_version()

    way(version)


@pytest.mark.parametrize("state", ["in_approval", "sealing"])
@pytest.mark.parametrize("table", CONTENT)
def test_content_is_locked_as_soon_as_approval_opens(state, table):
    version = whole_version()
    model, column = CONTENT[table]
    PlanVersion.objects.filter(pk=version.pk).update(state=state)

    with pytest.raises(DatabaseError), transaction.atomic():
        raw_update(model, column)(version)


def test_a_plan_without_approved_version_can_be_renamed():
    plan = PlanFactory()

    plan.title = "Nový název"
    plan.save()

    plan.refresh_from_db()
    assert plan.title == "Nový název"


def test_an_event_may_be_marked_as_notified_once():
    version = PlanVersionFactory()
    event = PlanVersionEvent.objects.create(version=version, transition="create", to_state="draft")
    moment = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

    PlanVersionEvent.objects.filter(pk=event.pk).update(notified_at=moment)

    event.refresh_from_db()
    assert event.notified_at == moment
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanVersionEvent.objects.filter(pk=event.pk).update(notified_at=None)


def test_every_trigger_stands_after_all_migrations():
    """SQLite drops triggers when Django remakes a table; a migration that forgets them fails here."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT event_object_table FROM information_schema.triggers")
        guarded = {row[0] for row in cursor.fetchall()}

    assert guarded >= {
        *CONTENT,
        "plans_plan",
        "plans_planlevel",
        "plans_planversion",
        "plans_planversionevent",
        "approvals_approvalstep",
        "approvals_approvalstepevent",
        "bodies_resolution",
        "store_storedfile",
    }
