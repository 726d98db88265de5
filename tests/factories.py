"""The smallest valid objects; traits name situations."""

import datetime
import hashlib
import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from committees.bodies.enums import CommitteeKind, Majority, Mode, Role, Side, Verb
from committees.bodies.models import Committee, Resolution, Rules, Seat
from committees.meetings.enums import Answer, MeetingState
from committees.meetings.models import AgendaItem, Meeting, MeetingTask, Participant
from committees.people.models import Person
from documents.store.models import StoredFile
from kpss.territory.models import Municipality
from planning.approvals.enums import StepVerb
from planning.approvals.models import RouteStep
from planning.plans.content import canonical, content_of, fingerprint
from planning.plans.enums import PartyRole, PlanKind, VersionState
from planning.plans.models import (
    Chapter,
    FundingLine,
    FundingSource,
    Indicator,
    NetworkEntry,
    Plan,
    PlanLevel,
    PlanNode,
    PlanVersion,
    Task,
    TaskParty,
)
from providers.directory.models import (
    Organisation,
    PlanningGroup,
    Service,
    ServiceForm,
    ServiceGroup,
    ServiceKind,
    ServiceProfile,
    TargetGroup,
)


def ico(number: int) -> str:
    """The ``number``-th IČO with a right check digit."""
    digits = f"{9_900_000 + number:07d}"
    remainder = sum(int(d) * w for d, w in zip(digits, range(8, 1, -1), strict=True)) % 11
    return digits + str((11 - remainder) % 10)


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality

    csu_code = factory.Sequence(lambda n: f"{580_000 + n}")
    name = factory.Sequence(lambda n: f"Obec {n}")
    slug = factory.Sequence(lambda n: f"obec-{n}")


class PlanningGroupFactory(DjangoModelFactory):
    class Meta:
        model = PlanningGroup
        django_get_or_create = ["code"]

    code = "seniori"
    name_cs = "Senioři a pečující osoby"
    name_en = "Seniors and carers"


class ServiceGroupFactory(DjangoModelFactory):
    class Meta:
        model = ServiceGroup
        django_get_or_create = ["code"]

    code = "pece"
    name_cs = "Služby sociální péče"


class ServiceKindFactory(DjangoModelFactory):
    class Meta:
        model = ServiceKind
        django_get_or_create = ["code"]

    code = "pecovatelska-sluzba"
    name_cs = "Pečovatelská služba"
    section = "§ 40"
    group = factory.SubFactory(ServiceGroupFactory)


class ServiceFormFactory(DjangoModelFactory):
    class Meta:
        model = ServiceForm
        django_get_or_create = ["code"]

    code = "ter"
    name_cs = "Terénní"


class TargetGroupFactory(DjangoModelFactory):
    class Meta:
        model = TargetGroup
        django_get_or_create = ["code"]

    code = "seniori"
    name_cs = "senioři"
    planning_group = factory.SubFactory(PlanningGroupFactory)


class FundingSourceFactory(DjangoModelFactory):
    class Meta:
        model = FundingSource
        django_get_or_create = ["code"]

    code = "rozpocet_mesta"
    name_cs = "Rozpočet města (ORP)"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organizace {n}, z.s.")
    slug = factory.Sequence(lambda n: f"organizace-{n}")
    ico = factory.Sequence(ico)
    is_provider = True


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    organisation = factory.SubFactory(OrganisationFactory)
    kind = factory.SubFactory(ServiceKindFactory)
    name = factory.Sequence(lambda n: f"Služba {n}")
    slug = factory.Sequence(lambda n: f"sluzba-{n}")


class ServiceProfileFactory(DjangoModelFactory):
    class Meta:
        model = ServiceProfile

    service = factory.SubFactory(ServiceFactory)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    class Params:
        coordinator = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    first_name = "Jana"
    last_name = factory.Sequence(lambda n: f"Nováková {n}")
    email = factory.Sequence(lambda n: f"osoba{n}@example.cz")


class CommitteeFactory(DjangoModelFactory):
    class Meta:
        model = Committee

    name = factory.Sequence(lambda n: f"Komise {n}")
    slug = factory.Sequence(lambda n: f"komise-{n}")
    kind = CommitteeKind.COMMISSION


class RulesFactory(DjangoModelFactory):
    class Meta:
        model = Rules

    committee = factory.SubFactory(CommitteeFactory)
    valid_from = datetime.date(2020, 1, 1)
    majority = Majority.OF_ALL
    per_rollam_allowed = True


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    class Params:
        chair = factory.Trait(role=Role.CHAIR)
        secretary = factory.Trait(role=Role.SECRETARY)
        ended = factory.Trait(valid_to=datetime.date(2020, 12, 31))

    committee = factory.SubFactory(CommitteeFactory)
    person = factory.SubFactory(PersonFactory)
    role = Role.MEMBER
    side = Side.COMMISSIONER
    valid_from = datetime.date(2020, 1, 1)


class ResolutionFactory(DjangoModelFactory):
    """An adopted resolution; the votes carry by the majority of all."""

    class Meta:
        model = Resolution

    committee = factory.SubFactory(CommitteeFactory)
    rules = factory.LazyAttribute(
        lambda o: o.committee.rules.first() or RulesFactory(committee=o.committee)
    )
    number = factory.Sequence(lambda n: f"{n}/2020")
    adopted_on = datetime.date(2020, 11, 12)
    mode = Mode.IN_PERSON
    verb = Verb.APPROVES
    text = "Komise schvaluje akční plán."
    votes_for = 8
    votes_against = 0
    abstained = 1
    members_total = 9
    members_present = 9
    is_adopted = True


class MeetingFactory(DjangoModelFactory):
    """A meeting ten days from now, being prepared; a trait moves it on as the workflow would."""

    class Meta:
        model = Meeting

    class Params:
        called = factory.Trait(
            state=MeetingState.INVITED, invited_at=factory.LazyFunction(timezone.now)
        )
        running = factory.Trait(
            state=MeetingState.RUNNING,
            starts_at=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(minutes=30)),
            started_at=factory.LazyFunction(timezone.now),
        )
        ended = factory.Trait(
            state=MeetingState.ENDED,
            starts_at=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=30)),
            started_at=factory.SelfAttribute("starts_at"),
            ended_at=factory.LazyAttribute(lambda o: o.starts_at + datetime.timedelta(hours=2)),
        )
        cancelled = factory.Trait(
            state=MeetingState.CANCELLED, invited_at=factory.LazyFunction(timezone.now)
        )

    committee = factory.SubFactory(CommitteeFactory)
    starts_at = factory.LazyFunction(
        lambda: (
            timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
            + datetime.timedelta(days=10)
        )
    )
    year = factory.LazyAttribute(lambda o: timezone.localdate(o.starts_at).year)
    number = factory.LazyAttribute(
        lambda o: Meeting.objects.filter(committee=o.committee, year=o.year).count() + 1
    )
    place = "Radnice, malý sál"


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence(lambda n: f"Bod {n}")
    position = factory.Sequence(lambda n: n)


class ParticipantFactory(DjangoModelFactory):
    """A member invited by a seat; ``person=None, guest_name="…"`` makes a guest."""

    class Meta:
        model = Participant

    class Params:
        coming = factory.Trait(answer=Answer.YES, answered_at=factory.LazyFunction(timezone.now))

    meeting = factory.SubFactory(MeetingFactory)
    seat = factory.SubFactory(SeatFactory, committee=factory.SelfAttribute("..meeting.committee"))
    person = factory.LazyAttribute(lambda o: o.seat and o.seat.person)


class MeetingTaskFactory(DjangoModelFactory):
    class Meta:
        model = MeetingTask

    meeting = factory.SubFactory(MeetingFactory, ended=True)
    text = factory.Sequence(lambda n: f"Zjistit cenu {n}")
    person = factory.SubFactory(PersonFactory)


class PlanFactory(DjangoModelFactory):
    """An action plan with two named levels; ``routed=True`` adds a route of two committees."""

    class Meta:
        model = Plan
        skip_postgeneration_save = True

    kind = PlanKind.ACTION
    title = factory.Sequence(lambda n: f"Akční plán {n}")
    slug = factory.Sequence(lambda n: f"akcni-plan-{n}")
    period_from = datetime.date(2021, 1, 1)
    period_to = datetime.date(2021, 12, 31)
    committee = factory.SubFactory(CommitteeFactory)

    @factory.post_generation
    def levels(self, create, extracted, **kwargs):
        for depth, (singular, plural) in enumerate(
            extracted or [("priorita", "priority"), ("opatření", "opatření")], start=1
        ):
            PlanLevel.objects.create(plan=self, depth=depth, singular=singular, plural=plural)

    @factory.post_generation
    def routed(self, create, extracted, **kwargs):
        if extracted:
            assembly = RulesFactory(
                committee=CommitteeFactory(kind=CommitteeKind.ASSEMBLY, name="Zastupitelstvo")
            ).committee
            RulesFactory(committee=self.committee)
            RouteStep.objects.create(
                plan=self, order=1, committee=self.committee, verb=StepVerb.APPROVES
            )
            RouteStep.objects.create(plan=self, order=2, committee=assembly, verb=StepVerb.APPROVES)


class PlanVersionFactory(DjangoModelFactory):
    """A draft. Content can be added only while it is one; then move it by the workflow."""

    class Meta:
        model = PlanVersion

    plan = factory.SubFactory(PlanFactory)
    number = factory.LazyAttribute(lambda o: o.plan.versions.count() + 1)


class ChapterFactory(DjangoModelFactory):
    class Meta:
        model = Chapter

    version = factory.SubFactory(PlanVersionFactory)
    title = "Úvod"
    body = "Plán vznikl **společně**."


class PlanNodeFactory(DjangoModelFactory):
    class Meta:
        model = PlanNode

    version = factory.SubFactory(PlanVersionFactory)
    code = factory.Sequence(lambda n: f"{n + 1}")
    title = factory.Sequence(lambda n: f"Priorita {n}")
    lineage = factory.LazyFunction(uuid.uuid4)
    position = factory.Sequence(lambda n: n)


class TaskFactory(DjangoModelFactory):
    """A task with a responsible party and a term: complete enough to be approved."""

    class Meta:
        model = Task
        skip_postgeneration_save = True

    node = factory.SubFactory(PlanNodeFactory)
    version = factory.SelfAttribute("node.version")
    code = factory.Sequence(lambda n: f"9.{n + 1}")
    title = factory.Sequence(lambda n: f"Úkol {n}")
    date_from = datetime.date(2021, 1, 1)
    date_to = datetime.date(2021, 12, 31)
    position = factory.Sequence(lambda n: n)

    @factory.post_generation
    def responsible(self, create, extracted, **kwargs):
        if extracted != "":
            TaskParty.objects.create(
                task=self, role=PartyRole.RESPONSIBLE, name=extracted or "koordinátorka"
            )


class FundingLineFactory(DjangoModelFactory):
    class Meta:
        model = FundingLine

    task = factory.SubFactory(TaskFactory)
    source = factory.SubFactory(FundingSourceFactory)
    amount = 120_000


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator

    task = factory.SubFactory(TaskFactory)
    name = "Počet setkání"
    planned = 4


class NetworkEntryFactory(DjangoModelFactory):
    class Meta:
        model = NetworkEntry

    version = factory.SubFactory(PlanVersionFactory)
    service = factory.SubFactory(ServiceFactory)
    name = factory.SelfAttribute("service.name")
    provider_name = factory.SelfAttribute("service.organisation.name")
    fte = 2


def plan_ready_for_approval(**plan) -> PlanVersion:
    """A draft with one priority, one measure and one complete task, and a route of two committees."""
    version = PlanVersionFactory(plan=PlanFactory(routed=True, **plan))
    priority = PlanNodeFactory(version=version, code="1", title="Podpora seniorů doma")
    measure = PlanNodeFactory(
        version=version, parent=priority, depth=2, code="1.1", title="Pečovatelská služba"
    )
    task = TaskFactory(node=measure, code="1.1.1", title="Udržet kapacitu", cost_planned=100_000)
    FundingLineFactory(task=task)
    IndicatorFactory(task=task)
    return version


def stored(data: bytes = b"%PDF-1.7 test", content_type: str = "application/pdf") -> StoredFile:
    """A row of the store without its file, for tests that never read it."""
    return StoredFile.objects.get_or_create(
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={"size": len(data), "content_type": content_type},
    )[0]


def freeze(version: PlanVersion) -> PlanVersion:
    """Make a draft an approved version at once, without the walk through its approval."""
    content = content_of(version)
    PlanVersion.objects.filter(pk=version.pk).update(
        state=VersionState.APPROVED,
        approved_on=datetime.date(2020, 12, 16),
        content_sha256=fingerprint(content),
        content=stored(canonical(content), "application/json"),
        pdf=stored(),
    )
    version.refresh_from_db()
    return version
