"""The demonstration district, built through the same services as real data.

Real are the names of municipalities and the three dates on which the action plan for 2021 was approved. Organisations,
people, votes and amounts are invented and the portal says so on every page.
"""

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from committees.ballots.enums import BallotState, Channel, Choice
from committees.ballots.models import Ballot
from committees.ballots.services import cast_vote, close_due, open_per_rollam
from committees.ballots.services.protocols import make_protocol
from committees.bodies import demo as committees_demo
from committees.bodies.demo import ASSEMBLY, COMMISSION, COUNCIL
from committees.bodies.enums import Mode, Verb
from committees.bodies.models import Committee, Resolution
from committees.bodies.services import record_resolution
from committees.minutes import demo as meetings_demo
from committees.nominations import demo as nominations_demo
from documents.library.models import Document
from documents.news.enums import ArticleKind
from documents.news.models import Article
from documents.store.files import put
from kpss import clock
from kpss.codelists import read_csv
from kpss.czech import date as czech_date
from kpss.territory.models import Region
from planning.approvals import bringing, workflow
from planning.approvals.enums import StepState, StepVerb
from planning.approvals.models import ApprovalStep
from planning.plans import codelists as plan_codelists
from planning.plans.demo_rows import action_plan_rows, community_plan_rows
from planning.plans.enums import PlanKind
from planning.plans.exchange import apply_rows
from planning.plans.models import Plan, PlanVersion
from planning.plans.services import (
    add_chapter,
    add_network_entry,
    create_plan,
    derive_action_plan_tree,
    start_version,
)
from planning.plans.values import ChapterValues, NetworkValues
from providers.directory import codelists
from providers.directory.demo import seeding as providers_demo
from providers.directory.models import Service

from .demo_papers import ARTICLES, CHAPTERS_2020, CHAPTERS_2021, DOCUMENTS, sample_pdf

VOTE_OPENED = timezone.make_aware(datetime.datetime(2020, 11, 6, 9))  # noqa: DTZ001
VOTE_ENDED = timezone.make_aware(datetime.datetime(2020, 11, 12, 18))  # noqa: DTZ001
VOTE_TOKEN = uuid.UUID("5c3b4b5e-6f0e-4f4c-8a52-3d1f4f8a2021")
LEVELS = [("priorita", "priority"), ("opatření", "opatření")]


def seed() -> Iterator[str]:
    """Build what is missing; yields a sentence after each part. A second run changes nothing."""
    codelists.load()
    plan_codelists.load()
    with transaction.atomic():
        _region()
        actor = committees_demo.coordinator()
        providers_demo.seed(actor)
    yield "Obce a poskytovatelé jsou založeni."
    with transaction.atomic():
        _library()
        _news()
    yield "Knihovna dokumentů a aktuality jsou založeny."
    with transaction.atomic():
        committees_demo.seed(actor)
    yield "Skupiny s jednacími řády a členy jsou založeny."
    community = _community_plan(actor)
    yield _standing(community)
    for held in (meetings_demo.FIRST, meetings_demo.SENIORS, meetings_demo.FAMILIES):
        meetings_demo.hold(held)
    action = _action_plan(actor, community)
    yield _standing(action)
    meetings_demo.hold(meetings_demo.AMENDMENT)
    meetings_demo.go_on()
    yield "Jednání se zápisy a hlasování jsou založena."
    nominations_demo.seed(actor)
    yield "Zájemci o účast a nominace jsou založeni."


def _standing(version: PlanVersion) -> str:
    version.refresh_from_db()
    if version.is_approved:
        return f"{version.plan.title}: schváleno, PDF uloženo."
    last = version.events.order_by("-at", "-pk").first()
    return f"{version.plan.title}: čeká na schválení. {last.note if last else ''}".strip()


def _region() -> None:
    Region.objects.get_or_create(
        pk=1,
        defaults={
            "name": "Správní obvod ORP Židlochovice",
            "short_name": "Židlochovicko",
            "welcome": "Uživatelé služeb, jejich poskytovatelé, město a obce tu společně plánují,"
            " jaké sociální služby Židlochovicko potřebuje.",
            "coordinator_name": "Mgr. Alena Ukázková",
            "coordinator_role": "koordinátorka komunitního plánování",
            "coordinator_phone": "+420 000 000 100",
            "coordinator_email": "koordinatorka@example.cz",
            "coordinator_hours": "pondělí a středa 8–17 hodin",
            "coordinator_address": "Masarykova 100, Židlochovice",
            "accessibility_checked_on": datetime.date(2026, 11, 22),
            "is_demo": True,
        },
    )


def _library() -> None:
    for paper in DOCUMENTS:
        if Document.objects.filter(slug=paper["slug"]).exists():
            continue
        fields = dict(paper)
        whole = fields.pop("part_of", None)
        versions = fields.pop("versions", [])
        pages = fields.pop("sample_pages", 0)
        published = fields.pop("published")
        if whole:
            fields["part_of"] = Document.objects.get(slug=whole)
        if pages and (sample := sample_pdf(fields["title"], pages)):
            fields["file"] = put(sample, content_type="application/pdf")
            fields["file_name"] = f"{fields['slug']}.pdf"
            fields["pages"] = pages
        document = Document(published_at=_moment(published), **fields)
        document.full_clean()
        document.save()
        for facts in versions:
            _wording(document, **facts)


def _wording(
    document: Document, *, valid_from: datetime.date, note: str, sample_pages: int
) -> None:
    title = f"{document.title}, znění od {czech_date(valid_from)}"
    if sample := sample_pdf(title, sample_pages):
        document.versions.create(
            valid_from=valid_from,
            note=note,
            file=put(sample, content_type="application/pdf"),
            file_name=f"{document.slug}-{valid_from:%Y-%m-%d}.pdf",
        )


def _news() -> None:
    for text in ARTICLES:
        if Article.objects.filter(slug=text["slug"]).exists():
            continue
        fields = dict(text)
        fields["kind"] = ArticleKind(fields["kind"])
        fields["published_at"] = _moment(fields.pop("published"))
        Article.objects.create(**fields)


def _moment(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def _committee(slug: str) -> Committee:
    return Committee.objects.get(slug=slug)


def _community_plan(actor) -> PlanVersion:
    plan = Plan.objects.filter(slug="komunitni-plan-2020-2023").first()
    if plan is None:
        with transaction.atomic():
            plan = create_plan(
                actor=actor,
                kind=PlanKind.COMMUNITY,
                title="Komunitní plán sociálních služeb SO ORP Židlochovice na období 2020–2023",
                slug="komunitni-plan-2020-2023",
                period_from=datetime.date(2020, 1, 1),
                period_to=datetime.date(2023, 12, 31),
                levels=LEVELS,
                committee=_committee(COMMISSION),
                summary="Pět priorit, na kterých se uživatelé, poskytovatelé a zadavatelé shodli"
                " na čtyři roky dopředu.",
                route=[
                    (_committee(COUNCIL), StepVerb.RECOMMENDS),
                    (_committee(ASSEMBLY), StepVerb.APPROVES),
                ],
            )
            version = start_version(plan, actor=actor)
            apply_rows(version, community_plan_rows(), actor=actor)
            for title, body in CHAPTERS_2020:
                add_chapter(version, actor=actor, values=ChapterValues(title=title, body=body))
    version = plan.versions.order_by("number").first()
    _walk(
        version,
        actor,
        opened=_moment(datetime.date(2019, 11, 20)),
        resolutions={
            COUNCIL: {
                "number": "R 31/2019/4",
                "adopted_on": datetime.date(2019, 11, 27),
                "verb": Verb.RECOMMENDS,
                "text": "Rada města doporučuje zastupitelstvu schválit Komunitní plán sociálních"
                " služeb SO ORP Židlochovice na období 2020–2023.",
                "votes_for": 5,
                "abstained": 0,
                "members_total": 5,
                "members_present": 5,
            },
            ASSEMBLY: {
                "number": "7/6",
                "adopted_on": datetime.date(2019, 12, 11),
                "verb": Verb.APPROVES,
                "text": "Zastupitelstvo města schvaluje Komunitní plán sociálních služeb"
                " SO ORP Židlochovice na období 2020–2023.",
                "votes_for": 14,
                "abstained": 0,
                "members_total": 15,
                "members_present": 14,
            },
        },
    )
    return version


def _action_plan(actor, community: PlanVersion) -> PlanVersion:
    plan = Plan.objects.filter(slug="akcni-plan-2021").first()
    if plan is None:
        with transaction.atomic():
            plan = create_plan(
                actor=actor,
                kind=PlanKind.ACTION,
                title="Akční plán sociálních služeb SO ORP Židlochovice na rok 2021",
                slug="akcni-plan-2021",
                period_from=datetime.date(2021, 1, 1),
                period_to=datetime.date(2021, 12, 31),
                levels=LEVELS,
                parent=community.plan,
                committee=_committee(COMMISSION),
                summary="Co se z komunitního plánu 2020–2023 udělá v roce 2021: úkoly, termíny,"
                " odpovědnost a peníze.",
                route=[
                    (_committee(COMMISSION), StepVerb.APPROVES),
                    (_committee(COUNCIL), StepVerb.RECOMMENDS),
                    (_committee(ASSEMBLY), StepVerb.APPROVES),
                ],
            )
            version = start_version(plan, actor=actor)
            if community.is_approved:
                derive_action_plan_tree(version, community, community.nodes.all(), actor=actor)
            apply_rows(version, action_plan_rows(), actor=actor)
            for title, body in CHAPTERS_2021:
                add_chapter(version, actor=actor, values=ChapterValues(title=title, body=body))
            _network_2021(version, actor)
    version = plan.versions.order_by("number").first()
    _walk(
        version,
        actor,
        opened=VOTE_OPENED,
        resolutions={
            COUNCIL: {
                "number": "R 48/2020/7",
                "adopted_on": datetime.date(2020, 11, 20),
                "verb": Verb.RECOMMENDS,
                "text": "Rada města doporučuje zastupitelstvu schválit Akční plán sociálních služeb"
                " SO ORP Židlochovice na rok 2021.",
                "votes_for": 5,
                "abstained": 0,
                "members_total": 5,
                "members_present": 5,
            },
            ASSEMBLY: {
                "number": "13/9",
                "adopted_on": datetime.date(2020, 12, 16),
                "verb": Verb.APPROVES,
                "text": "Zastupitelstvo města schvaluje Akční plán sociálních služeb SO ORP"
                " Židlochovice na rok 2021.",
                "votes_for": 13,
                "abstained": 1,
                "members_total": 15,
                "members_present": 14,
            },
        },
    )
    return version


def _network_2021(version: PlanVersion, actor) -> None:
    """The services of the demonstration set that the district network has in 2021."""
    for row in read_csv(providers_demo.FOLDER / "services.csv"):
        if row["in_orp_network_2021"] == "yes":
            values = NetworkValues(
                service=Service.objects.get(name=row["name"]).pk,
                fte=Decimal(row["network_fte"]) if row["network_fte"] else None,
                beds=int(row["network_beds"]) if row["network_beds"] else None,
            )
            add_network_entry(version, actor=actor, values=values)


def _walk(
    version: PlanVersion, actor, *, opened: datetime.datetime, resolutions: dict[str, dict]
) -> None:
    """Open the approval and pass every step that still waits; stops where the PDF cannot be made.

    A committee without a resolution among ``resolutions`` votes per rollam here.
    """
    if version.is_editable:
        with clock.at(opened):
            workflow.open_approval(version, actor=actor)
    while step := (
        ApprovalStep.objects.filter(version=version, state=StepState.WAITING)
        .select_related("committee", "version__plan")
        .order_by("order")
        .first()
    ):
        facts = resolutions.get(step.committee.slug)
        resolution = _adopted(step, facts, actor) if facts else _voted_per_rollam(step, actor)
        with clock.at(_moment(resolution.adopted_on, hour=19)):
            workflow.pass_step(step, resolution, actor=actor)
            if workflow.is_last(step) and not workflow.finish_approval(version.pk):
                return


def _adopted(step: ApprovalStep, facts: dict, actor) -> Resolution:
    """The resolution as the body adopted it elsewhere."""
    facts = {"mode": Mode.IN_PERSON, "votes_against": 0} | facts
    return Resolution.objects.filter(
        committee=step.committee, number=facts["number"], adopted_on=facts["adopted_on"]
    ).first() or record_resolution(committee=step.committee, actor=actor, **facts)


def _voted_per_rollam(step: ApprovalStep, actor) -> Resolution:
    """The vote of the commission of November 2020: eight for, one abstained, till its last evening."""
    with transaction.atomic():
        with clock.at(VOTE_OPENED):
            vote = bringing.bring_per_rollam(
                step, deadline=VOTE_ENDED, actor=actor, token=VOTE_TOKEN
            )
            ballot = vote.ballot
            assert ballot
            if ballot.state == BallotState.DRAFT:
                bringing.attach_plan(vote.pk)
                ballot = open_per_rollam(ballot, actor=actor)
        if ballot.state == BallotState.OPEN:
            _answer(ballot, actor)
        with clock.at(VOTE_ENDED):
            close_due()
        make_protocol(ballot.pk)
    ballot.refresh_from_db()
    assert ballot.resolution
    return ballot.resolution


def _answer(ballot: Ballot, actor) -> None:
    for hours, voter in enumerate(ballot.voters.select_related("person").order_by("pk")):
        person = voter.person
        by_herself = bool(person.email)
        with clock.at(VOTE_OPENED + datetime.timedelta(hours=9 * hours + 3)):
            cast_vote(
                ballot,
                person,
                Choice.ABSTAINED if person.last_name == "Kalvoda" else Choice.FOR,
                reason="Obec Rajhrad o svém příspěvku ještě nerozhodla."
                if person.last_name == "Kalvoda"
                else "",
                channel=Channel.LINK if by_herself else Channel.OPERATOR,
                entered_by=None if by_herself else actor,
            )
