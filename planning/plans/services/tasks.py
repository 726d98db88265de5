"""Tasks with their parties, funding lines and indicators."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _t

from planning.plans.enums import PartyRole
from planning.plans.models import FundingLine, Indicator, PlanNode, Task, TaskParty
from planning.plans.values import PartyValues, TaskValues, task_values
from providers.directory.models import Organisation

from .codes import propose_code, refuse_taken_code
from .guards import AlreadyMade, fresh, open_for_edit, refuse_stale
from .order import Place, number_again, put_after, siblings

_FACTS = ["title", "description", "date_from", "date_to", "term_text", "cost_planned", "cost_note"]


@transaction.atomic
def add_task(node: PlanNode, *, actor, values: TaskValues, lineage: UUID | None = None) -> Task:
    """Add a task as the last one under the node and return it.

    ``lineage`` makes the call repeatable: the same form sent twice makes one task, and other words
    sent under the same lineage raise AlreadyMade. Raise PermissionDenied, ContentLocked, Vanished
    (the node is gone) or ValidationError (at the field).
    """
    version = open_for_edit(node.version_id, actor)
    values = _with_names(values)
    if lineage and (made := Task.objects.filter(version=version, lineage=lineage).first()):
        saved = task_values(made)
        if values not in (saved, TaskValues(**{**vars(saved), "code": ""})):
            raise AlreadyMade(made)
        return made
    node = fresh(PlanNode, node.pk, version)
    task = Task(version=version, node=node, lineage=lineage or uuid4())
    _write(task, values, code=values.code or propose_code(version, node))
    number_again([*(other for other in siblings(task) if other.pk != task.pk), task])
    return task


@transaction.atomic
def save_task(
    task: Task, *, actor, values: TaskValues, loaded: Mapping[str, Any] | None = None
) -> Task:
    """Write new values of a task with its parties, funding and indicators, and return it.

    ``loaded`` are the plain values the form was filled with: when somebody has saved others since,
    EditConflict carries them and nothing is written. Raise also PermissionDenied, ContentLocked,
    Vanished or ValidationError. An empty code keeps the present one.
    """
    version = open_for_edit(task.version_id, actor)
    task = fresh(Task, task.pk, version)
    refuse_stale(loaded, task_values(task))
    _write(task, _with_names(values), code=values.code or task.code)
    return task


@transaction.atomic
def move_task(task: Task, *, actor, node: PlanNode, after: int | None = None) -> Place:
    """Put the task under ``node`` after its task with the key ``after``; first when None.

    The code and the lineage stay. Raise PermissionDenied, ContentLocked, Vanished or EditRefused.
    """
    version = open_for_edit(task.version_id, actor)
    task = fresh(Task, task.pk, version)
    node = fresh(PlanNode, node.pk, version)
    if task.node_id != node.pk:
        left = [other for other in siblings(task) if other.pk != task.pk]
        task.node = node
        task.save(update_fields=["node"])
        number_again(left)
    return put_after(task, after)


@transaction.atomic
def delete_task(task: Task, *, actor) -> None:
    """Delete the task with its parties, funding and indicators.

    Raise PermissionDenied, ContentLocked or Vanished.
    """
    version = open_for_edit(task.version_id, actor)
    task = fresh(Task, task.pk, version)
    left = [other for other in siblings(task) if other.pk != task.pk]
    task.delete()
    number_again(left)


def _with_names(values: TaskValues) -> TaskValues:
    """The values with empty names of parties filled from their organisations, responsible first."""
    nameless = [p.organisation for p in values.parties if p.organisation and not p.name]
    names = (
        dict(Organisation.objects.filter(pk__in=nameless).values_list("pk", "name"))
        if nameless
        else {}
    )
    parties = [
        party
        if party.name
        else PartyValues(party.role, names.get(party.organisation or 0, ""), party.organisation)
        for party in values.parties
    ]
    parties.sort(key=lambda party: party.role != PartyRole.RESPONSIBLE)
    return TaskValues(**{**vars(values), "parties": tuple(parties)})


def _write(task: Task, values: TaskValues, *, code: str) -> None:
    for field in _FACTS:
        setattr(task, field, getattr(values, field))
    task.code = code
    refuse_taken_code(task)
    task.full_clean()
    task.save()
    _write_lines(
        task.parties,
        ["role", "name"],
        [
            {"role": party.role, "name": party.name, "organisation_id": party.organisation}
            for party in values.parties
        ],
    )
    _write_lines(
        task.funding,
        ["source_id"],
        [
            {"source_id": line.source, "amount": line.amount, "note": line.note}
            for line in values.funding
        ],
    )
    _write_lines(task.indicators, ["name"], [vars(line) for line in values.indicators])


def _write_lines(
    lines: "models.Manager[TaskParty | FundingLine | Indicator]",
    key: list[str],
    wanted: Iterable[Mapping[str, Any]],
) -> None:
    """Make the saved lines equal the wanted ones; a line that stays keeps its row."""

    def key_of(facts: Mapping[str, Any]) -> tuple:
        return tuple(facts[field] for field in key)

    saved = {key_of(vars(line)): line for line in lines.all()}
    wanted = list(wanted)
    kept = {key_of(facts) for facts in wanted}
    if len(kept) != len(wanted):
        raise ValidationError(_t("The same line stands here twice."))
    gone = [line.pk for known, line in saved.items() if known not in kept]
    if gone:
        lines.filter(pk__in=gone).delete()
    for position, facts in enumerate(wanted, start=1):
        line = saved.get(key_of(facts)) or lines.model(task=lines.instance)  # type: ignore[attr-defined]
        changed = {**facts, "position": position}
        if line.pk and all(vars(line)[field] == value for field, value in changed.items()):
            continue
        for field, value in changed.items():
            setattr(line, field, value)
        line.full_clean()
        line.save()
