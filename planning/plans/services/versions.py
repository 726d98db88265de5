"""Plans and their versions: made, copied, and an action plan's tree taken from the plan above it."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from committees.bodies.models import Committee
from kpss.czech import free_slug
from planning.plans.enums import PlanKind
from planning.plans.models import (
    FundingLine,
    Indicator,
    Plan,
    PlanLevel,
    PlanNode,
    PlanVersion,
    TaskParty,
)
from planning.plans.workflow import VERSION_WORKFLOW

from .guards import EditRefused, open_for_edit, require
from .order import number_again

_NODE_FACTS = [
    "lineage", "position", "code", "title", "need", "goal", "description", "planning_group_id",
]  # fmt: skip
_TASK_FACTS = [
    "lineage", "position", "code", "title", "description", "date_from", "date_to", "term_text",
    "cost_planned", "cost_note",
]  # fmt: skip
_LINE_FACTS: dict[type[models.Model], list[str]] = {
    TaskParty: ["role", "organisation_id", "name", "position"],
    FundingLine: ["source_id", "amount", "note", "position"],
    Indicator: ["kind", "name", "unit", "planned", "position"],
}
_CHAPTER_FACTS = ["lineage", "position", "title", "body"]
_NETWORK_FACTS = ["service_id", "name", "provider_name", "fte", "beds", "note", "position"]


@transaction.atomic
def create_plan(
    *,
    actor,
    kind: str,
    title: str,
    period_from: datetime.date,
    period_to: datetime.date,
    levels: Sequence[tuple[str, str]],
    parent: Plan | None = None,
    committee: Committee | None = None,
    summary: str = "",
    slug: str = "",
    task_names: tuple[str, str] | None = None,
    route: Sequence[tuple[Committee, str]] = (),
) -> Plan:
    """Make a plan with the names of its levels (one, many) and, when given, its approval route.

    An empty ``slug`` is made from the title. A route is pairs of a committee and what it does
    (``planning.approvals.enums.StepVerb``). Raise PermissionDenied or ValidationError.
    """
    require(actor, "plans.add_plan")
    plan = Plan(
        kind=kind,
        title=title,
        slug=slug
        or free_slug(title, lambda taken: Plan.objects.filter(slug=taken).exists(), max_length=120),
        period_from=period_from,
        period_to=period_to,
        parent=parent,
        committee=committee,
        summary=summary,
    )
    if task_names:
        plan.task_singular, plan.task_plural = task_names
    plan.full_clean()
    plan.save()
    for depth, (singular, plural) in enumerate(levels, start=1):
        plan.levels.create(depth=depth, singular=singular, plural=plural)
    for order, (step_committee, verb) in enumerate(route, start=1):
        plan.route.create(order=order, committee=step_committee, verb=verb)
    return plan


@transaction.atomic
def start_version(
    plan: Plan, *, actor, based_on: PlanVersion | None = None, note: str = ""
) -> PlanVersion:
    """Start the next working version of a plan, empty or as a full copy, and return it.

    A copy keeps codes, order and lineage. ``note`` says what the version changes. Two people at once
    make one version: the other gets EditRefused, as does everybody while a version is open. Raise
    also PermissionDenied.
    """
    # Waits for whoever starts a version of this plan at the same moment.
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    require(actor, "plans.add_planversion", plan)
    if plan.versions.open().exists():
        raise EditRefused(_t("This plan already has an open version."))
    if based_on:
        _refuse_deeper_copy(plan, based_on)
    newest = plan.versions.order_by("-number").first()
    version = PlanVersion.objects.create(
        plan=plan,
        number=newest.number + 1 if newest else 1,
        based_on=based_on,
        change_note=note.strip(),
        created_by=actor,
    )
    if based_on:
        _copy_content(based_on, version)
    VERSION_WORKFLOW.record_birth(version, actor=actor, note=note)
    return version


@transaction.atomic
def derive_action_plan_tree(
    version: PlanVersion, community_version: PlanVersion, nodes: Iterable[PlanNode], *, actor
) -> list[PlanNode]:
    """Copy chosen nodes of the approved plan above into an action plan; return those that were made.

    The nodes above a chosen one come with it, lineage and codes are kept, and what is already there
    is left as it is. Tasks are not copied: an action plan has its own. Raise PermissionDenied,
    ContentLocked, or EditRefused when the other version is not approved, belongs to another plan, or
    a code is taken.
    """
    version = open_for_edit(version.pk, actor)
    if version.plan.kind != PlanKind.ACTION or community_version.plan_id != version.plan.parent_id:
        raise EditRefused(_t("Take nodes only from the plan under which this action plan stands."))
    if not PlanVersion.objects.approved().filter(pk=community_version.pk).exists():
        raise EditRefused(_t("Take nodes only from an approved version."))
    above = {node.pk: node for node in community_version.nodes.order_by("position", "pk")}
    chosen: set[int] = set()
    for node in nodes:
        key: int | None = node.pk
        while key in above and key not in chosen:
            chosen.add(key)
            key = above[key].parent_id
    here = {node.lineage: node for node in version.nodes.all()}
    wanted = [node for node in above.values() if node.pk in chosen and node.lineage not in here]
    codes = {node.code for node in here.values()}
    if taken := [node.code for node in wanted if node.code in codes]:
        raise EditRefused(
            _t("These codes are already used here for something else: %(codes)s.")
            % {"codes": ", ".join(taken)}
        )
    made = _copy_nodes(
        sorted(wanted, key=lambda node: node.depth),
        version,
        {key: here[node.lineage] for key, node in above.items() if node.lineage in here},
    )
    # What stands here may stand deeper than it did above.
    _refuse_depth(version.plan, max((node.depth for node in made.values()), default=0))
    _append_in_order(version, made.values(), here.values())
    return list(made.values())


def _append_in_order(
    version: PlanVersion, made: Iterable[PlanNode], standing: Iterable[PlanNode]
) -> None:
    beside: dict[int | None, list[PlanNode]] = defaultdict(list)
    for node in sorted(standing, key=lambda node: (node.position, node.pk)):
        beside[node.parent_id].append(node)
    for node in sorted(made, key=lambda node: (node.position, node.pk)):
        beside[node.parent_id].append(node)
    for ordered in beside.values():
        number_again(ordered)


def _refuse_deeper_copy(plan: Plan, source: PlanVersion) -> None:
    deepest = source.nodes.aggregate(deepest=models.Max("depth"))["deepest"] or 0
    _refuse_depth(plan, deepest)


def _refuse_depth(plan: Plan, depth: int) -> None:
    levels = PlanLevel.objects.filter(plan=plan).count()
    if depth > levels:
        raise EditRefused(
            ngettext(
                "This plan has names for %(count)s level only, so the copy would not fit.",
                "This plan has names for %(count)s levels only, so the copy would not fit.",
                levels,
            )
            % {"count": levels}
        )


def _copy_content(source: PlanVersion, target: PlanVersion) -> None:
    """Copy everything a version says; the number of queries depends on the depth only."""
    nodes = _copy_nodes(list(source.nodes.order_by("depth", "position", "pk")), target, {})
    tasks = _copy_rows(
        source.tasks.order_by("position", "pk"),
        _TASK_FACTS,
        lambda task: {"version": target, "node": nodes[task.node_id]},
    )
    for model, facts in _LINE_FACTS.items():
        _copy_rows(
            model._default_manager.filter(task__version=source).order_by("pk"),
            facts,
            lambda line: {"task": tasks[line.task_id]},
        )
    _copy_rows(
        source.chapters.order_by("position", "pk"), _CHAPTER_FACTS, lambda _: {"version": target}
    )
    _copy_rows(
        source.network.order_by("position", "pk"), _NETWORK_FACTS, lambda _: {"version": target}
    )


def _copy_nodes(
    sources: Sequence[PlanNode], target: PlanVersion, standing: dict[int, PlanNode]
) -> dict[int, PlanNode]:
    """Copy nodes given from the top down; returns the copies by the keys of their originals.

    ``standing`` are nodes of the target that stand for originals not copied now.
    """
    made: dict[int, PlanNode] = {}

    def owners(node: PlanNode) -> dict[str, Any]:
        above = node.parent_id or 0
        parent = made.get(above) or standing.get(above)
        return {"version": target, "parent": parent, "depth": parent.depth + 1 if parent else 1}

    for depth in sorted({node.depth for node in sources}):
        made |= _copy_rows([node for node in sources if node.depth == depth], _NODE_FACTS, owners)
    for field in ("target_groups", "municipalities"):
        many_to_many: Any = PlanNode._meta.get_field(field)
        links = many_to_many.remote_field.through
        other = many_to_many.m2m_reverse_name()
        links.objects.bulk_create(
            [
                links(plannode_id=made[original].pk, **{other: key})
                for original, key in links.objects.filter(plannode__in=list(made))
                .order_by("pk")
                .values_list("plannode_id", other)
            ]
        )
    return made


def _copy_rows(
    sources: Iterable[Any], facts: list[str], owners: Callable[[Any], dict[str, Any]]
) -> dict[int, Any]:
    originals = list(sources)
    if not originals:
        return {}
    model = type(originals[0])
    copies = model._default_manager.bulk_create(
        [
            model(**{fact: getattr(original, fact) for fact in facts}, **owners(original))
            for original in originals
        ]
    )
    return {original.pk: copy for original, copy in zip(originals, copies, strict=True)}
