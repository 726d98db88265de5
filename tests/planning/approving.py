"""Plans walked through the real route of Židlochovice: commission, council, assembly."""

import datetime

from committees.bodies.enums import CommitteeKind, Majority, Mode, Side, Verb
from committees.bodies.models import Committee, Resolution
from planning.approvals import workflow
from planning.approvals.enums import StepVerb
from planning.approvals.models import RouteStep
from planning.plans.enums import PartyRole
from planning.plans.models import PlanVersion, Task, TaskParty
from tests.factories import (
    CommitteeFactory,
    PersonFactory,
    ResolutionFactory,
    RulesFactory,
    SeatFactory,
)
from tests.planning.factories import rich_version

HIDDEN = "Kanárková"
COMMISSION = "Komise pro plánování sociálních služeb"
COUNCIL = "Rada města Židlochovice"
ASSEMBLY = "Zastupitelstvo města Židlochovice"

# Name, kind, what it does, resolution: number, date, verb, votes, how.
ROUTE = [
    (
        COMMISSION,
        CommitteeKind.COMMISSION,
        StepVerb.APPROVES,
        {
            "number": "3/2020",
            "adopted_on": datetime.date(2020, 11, 12),
            "verb": Verb.APPROVES,
            "mode": Mode.PER_ROLLAM,
            "votes_for": 8,
            "abstained": 1,
            "members_total": 9,
            "members_present": 9,
        },
    ),
    (
        COUNCIL,
        CommitteeKind.COUNCIL,
        StepVerb.RECOMMENDS,
        {
            "number": "58/5.1",
            "adopted_on": datetime.date(2020, 11, 20),
            "verb": Verb.RECOMMENDS,
            "votes_for": 5,
            "abstained": 0,
            "members_total": 5,
            "members_present": 5,
        },
    ),
    (
        ASSEMBLY,
        CommitteeKind.ASSEMBLY,
        StepVerb.APPROVES,
        {
            "number": "Z12/8.3",
            "adopted_on": datetime.date(2020, 12, 16),
            "verb": Verb.APPROVES,
            "votes_for": 13,
            "abstained": 1,
            "members_total": 15,
            "members_present": 14,
        },
    ),
]


def commission() -> Committee:
    """The committee that prepares plans, with a named member of each side and one who is not named."""
    committee = CommitteeFactory(name=COMMISSION)
    RulesFactory(committee=committee, majority=Majority.OF_ALL)
    SeatFactory(committee=committee, person=PersonFactory(last_name="Vránková"), chair=True)
    SeatFactory(
        committee=committee, person=PersonFactory(last_name="Chalupová"), side=Side.PROVIDER
    )
    SeatFactory(
        committee=committee,
        person=PersonFactory(first_name="Marie", last_name=HIDDEN),
        side=Side.USER,
        function=f"maminka {HIDDEN}",
    )
    return committee


def complete_version(**plan) -> PlanVersion:
    """A working version with everything in it and the route of three bodies."""
    plan.setdefault("title", "Akční plán sociálních služeb na rok 2021")
    plan.setdefault("committee", commission())
    version = rich_version(**plan)
    for order, (name, kind, verb, _resolution) in enumerate(ROUTE, start=1):
        committee = version.plan.committee if order == 1 else CommitteeFactory(name=name, kind=kind)
        if order > 1:
            RulesFactory(committee=committee)
        RouteStep.objects.create(plan=version.plan, order=order, committee=committee, verb=verb)
    for task in Task.objects.filter(version=version, parties=None):
        TaskParty.objects.create(task=task, role=PartyRole.RESPONSIBLE, name="koordinátorka")
    return version


def pass_steps(version: PlanVersion, count: int = len(ROUTE)) -> PlanVersion:
    """Open the approval and record the first ``count`` resolutions."""
    actor = PersonFactory(superuser=True)
    steps = workflow.open_approval(version, actor=actor)
    for step, (_name, _kind, _verb, resolution) in list(zip(steps, ROUTE, strict=True))[:count]:
        step.refresh_from_db()
        if Resolution.objects.filter(committee=step.committee, number=resolution["number"]):
            resolution = {**resolution, "number": f"{resolution['number']}-{version.pk}"}
        workflow.pass_step(
            step, ResolutionFactory(committee=step.committee, **resolution), actor=actor
        )
    return PlanVersion.objects.get(pk=version.pk)


def approve(version: PlanVersion) -> PlanVersion:
    """Walk the whole route and make the PDF, as the worker does."""
    version = pass_steps(version)
    workflow.finish_approval(version.pk)
    version = PlanVersion.objects.get(pk=version.pk)
    assert version.is_approved
    return version
