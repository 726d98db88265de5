"""The plan on paper: one version as HTML and as PDF, the same bytes whenever it says the same.

Nothing here reads the clock: the date of the document is the day of the resolution that approved it. The document
is Czech whoever asks for it, because that is what the bodies approve.
"""

import base64
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from committees.bodies.models import Committee
from committees.bodies.selectors import SideGroup, by_side, roster
from documents.engine import render_pdf
from kpss.territory.models import Region
from planning.plans import summaries
from planning.plans.content import NodeContent, PlanContent, fingerprint
from planning.plans.models import PlanVersion

from .selectors import ClauseLine, clause

LANGUAGE = "cs"
RUNNING_HEAD_MAX = 90
# A card of at most this many tasks moves to the next page whole rather than breaks.
KEPT_TOGETHER = 3
TOP_HEADING = 2


@dataclass(frozen=True)
class Block:
    """A node under a priority, in reading order; one without nodes of its own is a card."""

    node: NodeContent
    heading: int
    is_card: bool
    keeps_together: bool


@dataclass(frozen=True)
class Priority:
    """A top node with everything under it; ``running`` stands at the head of its pages."""

    node: NodeContent
    running: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class OverviewRow:
    """A top node in figures: nodes of each deeper level, tasks, planned costs in CZK."""

    node: NodeContent
    counts: tuple[int, ...]
    tasks: int
    cost: int


@dataclass(frozen=True)
class Overview:
    """The plan in figures; the last row of the table adds up the rows."""

    rows: tuple[OverviewRow, ...]
    counts: tuple[int, ...]
    tasks: int
    cost: int


@dataclass(frozen=True)
class TableEntry:
    """A summary table as the contents list it."""

    anchor: str
    title: str


@dataclass(frozen=True)
class PlanDocument:
    """Everything the template prints."""

    content: PlanContent
    region: Region
    arms: str
    url: str
    qr: SafeString
    fingerprint: str
    number: int
    approved_on: datetime.date | None
    committee: str
    clause: tuple[ClauseLine, ...]
    members: tuple[SideGroup, ...]
    priorities: tuple[Priority, ...]
    overview: Overview
    costs: tuple[summaries.PriorityCosts, ...]
    sources: summaries.SourceTable
    responsible: tuple[summaries.PartyTasks, ...]
    timetable: summaries.Timetable
    network_total: summaries.NetworkTotal

    @property
    def approved_by(self) -> str:
        """The sentence of the title page: the last body of the route; empty before the approval."""
        return self.clause[-1].sentence if self.clause else ""

    @property
    def tables(self) -> list[TableEntry]:
        """The summary tables that have something to say, in order; titles in the active language."""
        tasks = capfirst(self.content.task_plural)
        return [
            TableEntry(anchor, title)
            for anchor, title, rows in (
                (
                    "naklady-priorit",
                    _("%(tasks)s by priority and their costs") % {"tasks": tasks},
                    self.costs,
                ),
                ("naklady-zdroju", _("Costs by source"), self.sources.rows),
                (
                    "ukoly-organizaci",
                    _("%(tasks)s by responsible organisation") % {"tasks": tasks},
                    self.responsible,
                ),
                ("harmonogram", _("Timetable"), self.timetable.groups),
                ("sit", _("District network of services"), self.content.network),
            )
            if rows
        ]


def pdf_of(version: PlanVersion, content: PlanContent) -> bytes:
    """The version as a tagged PDF; equal input gives equal bytes.

    Raise ``documents.engine.EngineError`` when the document cannot be made here.
    """
    document = document_of(version, content)
    return render_pdf(
        _html(document),
        identifier=bytes.fromhex(document.fingerprint),
        created=document.approved_on,
        language=LANGUAGE,
        author=document.region.name,
        description=document.approved_by,
    )


def html_of(version: PlanVersion, content: PlanContent) -> str:
    """The HTML from which the PDF is made. A constant number of queries."""
    return _html(document_of(version, content))


def document_of(version: PlanVersion, content: PlanContent) -> PlanDocument:
    """What the document prints, gathered and counted, in Czech. A constant number of queries."""
    with translation.override(LANGUAGE):
        return _gathered(version, content)


def _gathered(version: PlanVersion, content: PlanContent) -> PlanDocument:
    lines = tuple(clause(version))
    approved_on = lines[-1].date if lines else None
    region = Region.load()
    committee = version.plan.committee
    url = settings.SITE_URL + version.get_absolute_url()
    return PlanDocument(
        content=content,
        region=region,
        arms=_data_uri(bytes(region.arms), "image/png") if region.arms else "",
        url=url,
        qr=_qr(url),
        fingerprint=fingerprint(content),
        number=version.number,
        approved_on=approved_on,
        committee=committee.name if committee else "",
        clause=lines,
        members=_members(committee, approved_on) if committee and approved_on else (),
        priorities=tuple(_priority(node) for node in content.nodes),
        overview=_overview(content),
        costs=summaries.costs_by_priority(content),
        sources=summaries.costs_by_source(content),
        responsible=summaries.tasks_by_responsible(content),
        timetable=summaries.timetable(content),
        network_total=summaries.network_total(content),
    )


def _html(document: PlanDocument) -> str:
    with translation.override(LANGUAGE):
        return render_to_string("plans/pdf/plan.html", {"document": document})


def _data_uri(data: bytes, content_type: str) -> str:
    return f"data:{content_type};base64,{base64.b64encode(data).decode()}"


def _members(committee: Committee, day: datetime.date) -> tuple[SideGroup, ...]:
    return tuple(group for group in by_side(roster(committee, day)) if group.members)


def _qr(url: str) -> SafeString:
    title = _("QR code of the address %(url)s") % {"url": url}
    return mark_safe(segno.make(url, error="m").svg_inline(border=0, title=title))  # segno escapes


def _priority(node: NodeContent) -> Priority:
    running = Truncator(f"{node.code}  {node.title}").chars(RUNNING_HEAD_MAX)
    return Priority(node, running, tuple(_blocks(node.children, TOP_HEADING + 1)))


def _blocks(nodes: tuple[NodeContent, ...], heading: int) -> Iterator[Block]:
    for node in nodes:
        yield Block(
            node=node,
            heading=min(heading, 6),
            is_card=not node.children,
            keeps_together=len(node.tasks) <= KEPT_TOGETHER,
        )
        yield from _blocks(node.children, heading + 1)


def _overview(content: PlanContent) -> Overview:
    depths = range(2, len(content.levels) + 1)
    rows = tuple(
        OverviewRow(
            node=node,
            counts=tuple(_count(node, depth) for depth in depths),
            tasks=len(node.all_tasks()),
            cost=node.cost,
        )
        for node in content.nodes
    )
    return Overview(
        rows=rows,
        counts=tuple(sum(row.counts[i] for row in rows) for i in range(len(depths))),
        tasks=sum(row.tasks for row in rows),
        cost=sum(row.cost for row in rows),
    )


def _count(node: NodeContent, depth: int) -> int:
    return sum((child.depth == depth) + _count(child, depth) for child in node.children)
