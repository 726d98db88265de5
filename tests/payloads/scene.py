"""A district at work, small: something of everything in each of its states, before payloads and after them."""

import datetime
import uuid
from dataclasses import dataclass

from committees.ballots import services as ballots
from committees.ballots.models import Ballot
from committees.bodies.grants import grant
from committees.bodies.models import Committee
from committees.following.subscription import renew
from committees.meetings import services as meetings
from committees.meetings.models import AgendaItem, Meeting
from committees.meetings.services import live
from committees.meetings.services.spreading import spread
from committees.minutes import register, reminders
from committees.minutes import services as minutes
from committees.minutes.models import Minutes
from committees.nominations.models import Interest, Nomination
from committees.nominations.services import (
    appoint,
    decline,
    decline_interest,
    thank_interest,
)
from committees.people.exchange import uploads as people_uploads
from committees.people.models import PeopleUpload, Person
from documents.news.enums import ArticleKind
from documents.news.models import Article
from documents.store.files import put
from documents.store.uploads import CheckedFile
from kpss import clock
from kpss.outbox.services import make_digests
from kpss.spreadsheets import Column, Sheet, write_workbook
from kpss.territory.models import Region
from planning.approvals.document import pdf_of
from planning.approvals.workflow import open_approval
from planning.plans import codelists as plan_codelists
from planning.plans.content import canonical, content_of, fingerprint
from planning.plans.enums import VersionState
from planning.plans.exchange.layout import TASK_SHEET
from planning.plans.exchange.uploads import receive_upload
from planning.plans.models import PlanUpload, PlanVersion
from planning.plans.services import start_version
from providers.directory import codelists
from providers.directory.demo import seeding as providers
from tests.committees import nominating
from tests.committees.ballots import building
from tests.committees.meetings import live_table
from tests.committees.minutes import held as minutes_held
from tests.committees.people_sheets import cells, workbook
from tests.documents.factories import DocumentFactory, VersionFactory
from tests.factories import OrganisationFactory, PersonFactory, RulesFactory
from tests.planning.approving import complete_version

from .texts import COUNT, payload

DAY = datetime.timedelta(days=1)
PAPER = CheckedFile("podklad.pdf", "application/pdf", b"%PDF-1.7 x %%EOF")


@dataclass
class Scene:
    """What stands in the district; ``decide`` moves on what payloads have been planted into."""

    coordinator: Person
    published: minutes_held.Held
    written: minutes_held.Held
    verified: Minutes
    called: Meeting
    planned: Meeting
    cancelled: Meeting
    running: Meeting
    prepared: Ballot
    to_open: Ballot
    open: Ballot
    closed: Ballot
    called_off: Ballot
    draft: PlanVersion
    waiting: PlanVersion
    approved: PlanVersion
    plan_upload: PlanUpload
    people_upload: PeopleUpload
    interests: list[Interest]
    nominations: list[Nomination]

    @property
    def member(self) -> Person:
        """The chair of the minutes that get approved, who also votes and is called to meetings."""
        return self.published.chair


def build() -> Scene:
    """Everything that people prepare, through the services of the site; nothing is decided yet."""
    coordinator = PersonFactory(superuser=True)
    Region.objects.create(
        pk=1,
        coordinator_phone="777 000 000",
        coordinator_email="eva@example.cz",
        arms=None,
    )
    codelists.load()
    plan_codelists.load()
    # The organisations of the demonstration have numbers from the same invented row.
    OrganisationFactory.reset_sequence(10_000, force=True)
    providers.seed(coordinator)
    for kind in ArticleKind:
        Article.objects.create(
            title="Zpráva", slug=f"zprava-{kind}", kind=kind, body="x", published_at=clock.now()
        )
    VersionFactory(document=DocumentFactory(with_file=True))
    published, written = minutes_held.hold(), minutes_held.hold()
    committee = published.committee
    grant(PersonFactory(), "bodies.view_committee_work", committee, actor=coordinator, note="x")
    minutes_held.sent(written)
    draft, waiting, approved = (complete_version(title=f"Plán {n}") for n in range(3))
    open_approval(waiting, actor=coordinator)
    return Scene(
        coordinator=coordinator,
        published=published,
        written=written,
        verified=minutes_held.verified(published),
        **_meetings(committee, coordinator),
        **_ballots(committee, coordinator),
        draft=draft,
        waiting=waiting,
        approved=approved,
        plan_upload=_plan_upload(draft, coordinator),
        people_upload=people_uploads.receive_upload(
            data=workbook(*(_row(number) for number in range(1, 120))),
            file_name="lide.xlsx",
            token=uuid.uuid4(),
            actor=coordinator,
        ),
        interests=[
            nominating.interest(words="x", organisation="y", email=f"zajemce{n}@example.cz")
            for n in range(3)
        ],
        nominations=[nominating.nomination(committee, actor=coordinator) for _n in range(3)],
    )


def _row(number: int) -> tuple:
    texts = [payload(number + part * 100) for part in range(4)]
    return cells(
        first=texts[0][:60], last=texts[1][:80], organisation=texts[2], function=texts[3], email="x"
    )


def _plan_upload(draft: PlanVersion, actor) -> PlanUpload:
    headings = [Column(name) for name in ("Kód", "Opatření", "Název", "Popis", "Od")]
    rows = [
        (f"1.1.{n}", "1.1", payload(n), payload(n + 120), payload(n + 240)) for n in range(1, 120)
    ]
    return receive_upload(
        draft,
        data=write_workbook([Sheet(TASK_SHEET, headings, rows)]),
        file_name="plan.xlsx",
        token=uuid.uuid4(),
        actor=actor,
    )


def _meetings(committee: Committee, actor) -> dict:
    RulesFactory(committee=committee, valid_from=datetime.date(2021, 1, 1), notice_days=1)
    made = {
        name: meetings.plan_meeting(
            committee=committee,
            actor=actor,
            token=uuid.uuid4(),
            starts_at=clock.now() + days * DAY,
            place="Radnice",
            title="Plán",
            message="x",
            is_public=True,
        )
        for name, days in {"called": 9, "planned": 30, "cancelled": 12}.items()
    }
    for meeting in made.values():
        item = meetings.add_item(meeting, actor=actor, title="Bod", text="x", proposal="y", verb="")
        meetings.add_paper(item, PAPER, actor=actor, is_internal=False)
    # Four texts in each item: the whole agenda holds every payload.
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=made["planned"], title="x", position=n)
        for n in range(2, 2 + -(-COUNT // 4))
    )
    for meeting in (made["called"], made["cancelled"]):
        meetings.call_meeting(meeting, actor=actor)
    meetings.add_guest(made["called"], actor=actor, name="Jan Host")
    running = live_table.running(4, format="hybrid", public=True)
    item = live_table.item(running)
    live.take_up(item, actor=actor)
    live.declare_conflict(item, live_table.participants(running)[0], reason="x", actor=actor)
    live_table.count(live_table.put(running), 3)
    live_table.put(running, method="named")
    return made | {"running": running}


def _ballots(committee: Committee, actor) -> dict:
    prepared, to_open, to_close, called_off, running = (
        building.draft(committee, actor=actor, background="x") for _n in range(5)
    )
    for ballot in (prepared, to_close):
        ballots.add_paper(ballot, PAPER, actor=actor)
    for ballot in (running, to_close, called_off):
        ballots.open_per_rollam(ballot, actor=actor)
    voters = [voter.person for voter in to_close.voters.order_by("pk")]
    for ballot in (to_close, running):
        building.cast(ballot, voters[1], reason="x")
    ballots.declare_conflict(to_close, voters[2], reason="x", channel="link")
    return {
        "prepared": prepared,
        "to_open": to_open,
        "open": running,
        "closed": to_close,
        "called_off": called_off,
    }


def decide(scene: Scene) -> None:
    """Approve, close, call off, answer: every step that freezes texts or writes mails from them."""
    actor, now = scene.coordinator, clock.now()
    for meeting in (scene.called, scene.cancelled):
        spread(meeting.pk)
    meetings.change_meeting(scene.called, actor=actor, place="Jinde", starts_at=now + 10 * DAY)
    meetings.cancel_meeting(scene.cancelled, actor=actor, note=payload(1))
    for meeting in (scene.called, scene.cancelled):
        spread(meeting.pk)
    ballots.open_per_rollam(scene.to_open, actor=actor)
    ballots.remind(scene.open, actor=actor)
    ballots.cancel_ballot(scene.called_off, actor=actor, note=payload(2))
    with building.after_deadline(scene.closed):
        ballots.close_due()
    first, second, third = scene.interests
    thank_interest(first, reply=payload(3), actor=actor)
    decline_interest(second, reply=payload(4), actor=actor)
    appointed, declined, _open = scene.nominations
    decline(declined, reason=payload(5), actor=actor)
    resolution = nominating.appointing(scene.published.committee)
    appoint([appointed], resolution, actor=actor)
    approve_minutes(scene)
    approve_plan(scene.approved)
    start_version(scene.approved.plan, actor=actor, based_on=scene.approved)
    register.index()
    reminders.remind_late(now + 40 * DAY)
    reminders.remind_verifiers(now + 4 * DAY)
    make_digests(now + 2 * DAY)
    renew(scene.member)


def approve_plan(version: PlanVersion) -> None:
    """Freeze the plan with its real content and paper, without the walk through its route."""
    content = content_of(version)
    PlanVersion.objects.filter(pk=version.pk).update(
        state=VersionState.APPROVED,
        approved_on=clock.today(),
        content_sha256=fingerprint(content),
        content=put(canonical(content), content_type="application/json"),
        pdf=put(pdf_of(version, content), content_type="application/pdf"),
    )
    version.refresh_from_db()


def approve_minutes(scene: Scene) -> None:
    """Approve and freeze the verified minutes; an objection to the others comes back to their writer."""
    minutes.approve(
        minutes_held.reloaded(scene.verified), actor=scene.published.chair, publish=True
    )
    minutes.finish_approval(scene.verified.pk)
    held = minutes_held.reloaded(Minutes.objects.get(meeting=scene.written.meeting))
    verifier = minutes_held.verifier_of(held, scene.written.chair)
    minutes.object_to(verifier, actor=scene.written.chair, note=payload(6))
