"""A plan of a hundred pages: rendered by us and by WeasyPrint alone; a stored one served and rendered."""

import datetime
import gc
import io
import time
import uuid
from decimal import Decimal

from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from documents import engine, store
from planning.approvals import document
from planning.plans.content import (
    ChapterContent,
    FundingContent,
    IndicatorContent,
    NodeContent,
    PlanContent,
    TaskContent,
)
from planning.plans.enums import VersionState
from planning.plans.models import PlanVersion
from tests.benchmarks import Row, in_turns
from tests.factories import PlanVersionFactory
from tests.planning.approving import approve, complete_version

PRIORITIES, MEASURES, TASKS = 9, 8, 4
RENDERINGS = 3
SERVINGS = 20

SENTENCES = (
    "Lidé chtějí stárnout doma a v obci, kterou znají, i když potřebují pomoc druhého člověka.",
    "Pečovatelská služba dnes jezdí do 15 z 24 obcí a o víkendech jen výjimečně.",
    "Rodiny, které pečují o blízké, nemají kdy si odpočinout, a na odlehčení čekají šest týdnů.",
    "Obce se podílejí na nákladech podle počtu obyvatel a dohody starostů.",
    "Poskytovatelé a obce se scházejí dvakrát ročně a vyhodnocují, co se podařilo.",
)


def plan_of_hundred_pages() -> PlanContent:
    """A plan of the size of a large town's: 9 priorities, 72 measures, 288 tasks, three chapters."""
    return plan_of(PRIORITIES, MEASURES, TASKS)


def plan_of(priorities: int, measures: int, tasks: int) -> PlanContent:
    """A plan with so many priorities, measures in each and tasks in each of those, and three chapters."""
    nodes = tuple(_priority(number, measures, tasks) for number in range(1, priorities + 1))
    body = "\n\n".join(f"## Část {n}\n\n" + " ".join(SENTENCES * 3) for n in range(1, 9))
    return PlanContent(
        title="Akční plán sociálních služeb na rok 2021",
        kind="action",
        period_from=datetime.date(2021, 1, 1),
        period_to=datetime.date(2021, 12, 31),
        summary=" ".join(SENTENCES),
        parent_title="Komunitní plán sociálních služeb na období 2020–2023",
        version=1,
        levels=(("priorita", "priority"), ("opatření", "opatření")),
        task_singular="úkol",
        task_plural="úkoly",
        chapters=tuple(
            ChapterContent(str(uuid.UUID(int=number)), title, body)
            for number, title in enumerate(("Úvodní slovo", "Jak plán vznikl", "Rozbor potřeb"))
        ),
        nodes=nodes,
    )


def _priority(number: int, measures: int, tasks: int) -> NodeContent:
    code = str(number)
    under = tuple(_measure(f"{code}.{m}", tasks) for m in range(1, measures + 1))
    return _node(code, 1, "priorita", "Podpora lidí v domácím prostředí", (), under)


def _measure(code: str, count: int) -> NodeContent:
    tasks = tuple(_task(f"{code}.{t}", t) for t in range(1, count + 1))
    return _node(code, 2, "opatření", "Dostupnost pečovatelské služby v obcích", tasks, ())


def _node(code, depth, level, title, tasks, children) -> NodeContent:
    return NodeContent(
        lineage=code,
        code=code,
        depth=depth,
        level=level,
        title=f"{title} {code}",
        need=" ".join(SENTENCES[:2]),
        goal=SENTENCES[2],
        description=" ".join(SENTENCES[3:]),
        planning_group="Senioři a pečující osoby",
        target_groups=("senioři", "osoby se zdravotním postižením"),
        municipalities=(),
        tasks=tasks,
        children=children,
    )


def _task(code: str, number: int) -> TaskContent:
    return TaskContent(
        lineage=code,
        code=code,
        title="Udržet kapacitu pečovatelské služby a provoz i o víkendech",
        description="",
        date_from=datetime.date(2021, (number - 1) % 12 + 1, 1),
        date_to=datetime.date(2021, 12, 31),
        term_text="",
        cost_planned=250_000 * number,
        cost_note="",
        responsible=(f"Poskytovatel {number}, z. s.",),
        partners=("obce",),
        funding=(
            FundingContent("rozpocet_mesta", "Rozpočet města (ORP)", 100_000 * number, ""),
            FundingContent("kraj", "Rozpočet kraje", 150_000 * number, ""),
        ),
        indicators=(IndicatorContent("output", "Počet úvazků", "úvazek", Decimal("9.5")),),
    )


def run() -> list[Row]:
    """Two rows: the rendering against WeasyPrint alone, the serving against the rendering."""
    version = approve(complete_version())
    content = plan_of_hundred_pages()
    html = document.html_of(version, content)
    weasyprint = engine._weasyprint()

    def ours() -> bytes:
        return document.pdf_of(version, content)

    def weasyprint_alone() -> None:
        assert gc.isenabled()
        weasyprint.HTML(string=html, url_fetcher=engine._fetcher(weasyprint)).write_pdf(
            pdf_variant="pdf/ua-1"
        )

    pdf = ours()  # warms the fonts up and is served below
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    rendering, alone = in_turns(ours, weasyprint_alone, RENDERINGS, time.process_time)
    return [
        Row(
            f"plan of {pages} pages: gathered, rendered, tagged",
            rendering,
            alone,
            "WeasyPrint alone on the same HTML, collector on; processor time",
            at_most=1.1,
        ),
        Row(
            f"stored plan of {pages} pages served",
            _serving(pdf),
            rendering,
            f"{len(pdf) // 1024} kB, against rendering it",
            at_most=0.01,
        ),
    ]


def _serving(pdf: bytes) -> float:
    """Median seconds of one request for the stored PDF."""
    version = PlanVersionFactory()
    PlanVersion.objects.filter(pk=version.pk).update(
        state=VersionState.APPROVED,
        approved_on=datetime.date(2020, 12, 16),
        content_sha256="0" * 64,
        content=store.put(b"{}", content_type="application/json"),
        pdf=store.put(pdf, content_type="application/pdf"),
    )
    client = Client()
    url = reverse("plans:version_pdf", args=[version.plan.slug, version.number])

    def serve() -> None:
        assert client.get(url).content == pdf

    return in_turns(serve, serve, SERVINGS)[0]
