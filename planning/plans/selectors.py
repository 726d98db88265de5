"""Plans and their versions, read for the public pages."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from planning.approvals.selectors import state_sentences

from .content import NodeContent, PlanContent
from .enums import OPEN_STATES, PlanKind, VersionState
from .models import Plan, PlanVersion, Snapshot, SnapshotSending


@dataclass
class PlanLine:
    """A plan in a list: the version to read, where it stands, and the action plans under it."""

    plan: Plan
    version: PlanVersion
    sentence: str
    working: PlanVersion | None = None
    working_sentence: str = ""
    children: "list[PlanLine]" = field(default_factory=list)


@dataclass(frozen=True)
class PlanList:
    """Plans that hold on a day, those approved for later, those only prepared, those that ended."""

    in_force: list[PlanLine]
    to_come: list[PlanLine]
    prepared: list[PlanLine]
    ended: list[PlanLine]

    def __bool__(self) -> bool:
        return any((self.in_force, self.to_come, self.prepared, self.ended))


@dataclass(frozen=True)
class VersionLine:
    """A version of a plan in the list of its versions."""

    version: PlanVersion
    sentence: str
    is_in_force: bool


@dataclass(frozen=True)
class TocItem:
    """A line of the contents, as ``components/toc.html`` shows it."""

    url: str
    title: str
    number: str = ""
    children: "tuple[TocItem, ...]" = ()


def plans_for_list(user, day: datetime.date) -> PlanList:
    """Plans the user may see, action plans under their community plans. Three queries.

    A group of plans stands where its community plan does, or better: among those in force when any
    plan of it is in force on ``day``.
    """
    plans = _with_versions(Plan.objects.all(), user)
    sentences = state_sentences(v for plan in plans for v in _shown(plan))
    lines = {plan.pk: _line(plan, sentences) for plan in plans}
    tops = []
    for line in lines.values():
        above = lines.get(line.plan.parent_id or 0)
        if above:
            above.children.append(line)
        else:
            tops.append(line)
    places: dict[str, list[PlanLine]] = defaultdict(list)
    for line in tops:
        line.children.sort(key=lambda child: child.plan.period_from, reverse=True)
        places[min(_place(one, day) for one in (line, *line.children))].append(line)
    return PlanList(places["1"], places["2"], places["3"], places["4"])


def _with_versions(plans: QuerySet[Plan], user) -> list[Plan]:
    """Plans with at least one version to show, newest first, with ``shown_versions``. Two queries."""
    shown = (
        PlanVersion.objects.visible_to(user)
        .exclude(state=VersionState.DISCARDED)
        .select_related("pdf")
        .order_by("-number")
    )
    rows = plans.order_by("-period_from", "-period_to", "pk").prefetch_related(
        Prefetch("versions", shown, to_attr="shown_versions")
    )
    return [plan for plan in rows if _shown(plan)]


def _shown(plan: Plan) -> list[PlanVersion]:
    """What ``_with_versions`` has fetched."""
    return plan.shown_versions  # type: ignore[attr-defined]


def _line(plan: Plan, sentences: dict[int, str]) -> PlanLine:
    approved = next((v for v in _shown(plan) if v.is_approved), None)
    working = next((v for v in _shown(plan) if v.state in OPEN_STATES), None)
    version = approved or working or _shown(plan)[0]
    for one in _shown(plan):
        one.plan = plan
    if working is None or working is version:
        return PlanLine(plan, version, sentences[version.pk])
    return PlanLine(plan, version, sentences[version.pk], working, sentences[working.pk])


def _place(line: PlanLine, day: datetime.date) -> str:
    if not line.version.is_approved:
        return "3"
    if line.plan.period_to < day:
        return "4"
    return "1" if line.plan.period_from <= day else "2"


def versions_for_plan(plan: Plan, user, day: datetime.date) -> list[VersionLine]:
    """The plan's versions the user may see, newest first; the newest approved one may be in force. Two queries."""
    versions = list(
        PlanVersion.objects.visible_to(user)
        .filter(plan=plan)
        .select_related("pdf")
        .order_by("-number")
    )
    sentences = state_sentences(versions)
    newest = next((v for v in versions if v.is_approved), None)
    holds = plan.period_from <= day <= plan.period_to
    for version in versions:
        version.plan = plan
    return [
        VersionLine(version, sentences[version.pk], holds and version is newest)
        for version in versions
    ]


def action_plans_under(plan: Plan, user) -> list[PlanLine]:
    """Action plans of a community plan that the user may see, newest first. Three queries."""
    if plan.kind != PlanKind.COMMUNITY:
        return []
    children = _with_versions(Plan.objects.filter(parent=plan), user)
    sentences = state_sentences(v for child in children for v in _shown(child))
    return [_line(child, sentences) for child in children]


def toc(version: PlanVersion, content: PlanContent, *, has_steps: bool) -> list[TocItem]:
    """Contents of the page of a version: approval, chapters, the tree two levels deep, network, file."""
    items = []
    if has_steps:
        approved = version.is_approved
        items.append(
            TocItem("#kdo-schvalil", _("Who approved it") if approved else _("The way to approval"))
        )
    items += toc_of(content)
    if version.pdf:
        items.append(TocItem("#overeni-pdf", _("How to check your copy")))
    return items


def toc_of(content: PlanContent) -> list[TocItem]:
    """Contents of a text alone: chapters, the tree two levels deep, the network."""
    items = [
        TocItem(f"#kapitola-{number}", chapter.title)
        for number, chapter in enumerate(content.chapters, start=1)
    ]
    items += [_toc_item(node, 2) for node in content.nodes]
    if content.network:
        items.append(TocItem("#sit-sluzeb", _("District network of services")))
    return items


def _toc_item(node: NodeContent, depth: int) -> TocItem:
    children = tuple(_toc_item(child, depth - 1) for child in node.children) if depth > 1 else ()
    return TocItem(f"#{node.code}", node.title, node.code, children)


def snapshots_of(version: PlanVersion) -> QuerySet[Snapshot]:
    """Working versions that were sent out, newest first, with where they went. Two queries."""
    sendings = SnapshotSending.objects.select_related("committee").order_by("sent_at", "pk")
    return (
        Snapshot.objects.filter(version=version)
        .select_related("version__plan", "made_by")
        .prefetch_related(Prefetch("sendings", sendings))
        .order_by("-number")
    )


def clashing_codes(content: PlanContent) -> frozenset[str]:
    """Codes that both a node and a task carry; the task's anchor must then differ."""

    def codes(nodes: tuple[NodeContent, ...]) -> set[str]:
        return {code for node in nodes for code in (node.code, *codes(node.children))}

    return frozenset(codes(content.nodes) & {task.code for task in content.all_tasks()})
