"""What the front pages and the desks show."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from committees.bodies.enums import Side
from committees.bodies.models import Committee, Seat
from documents.news.models import Article
from kpss.czech import date as czech_date
from planning.approvals.enums import StepState
from planning.approvals.models import ApprovalStep
from planning.plans.enums import OPEN_STATES, PlanKind, VersionState
from planning.plans.models import Plan, PlanVersion, Task
from providers.directory.models import Service

CONFIRMED_FOR = datetime.timedelta(days=365)


@dataclass(frozen=True)
class DeskLine:
    """One thing that waits: what, about what, since or until when, and its one action.

    ``count`` is how many things stand behind a line that speaks of several.
    """

    what: str
    about: str
    url: str
    action: str
    when: str = ""
    count: int = 1


@dataclass(frozen=True)
class DeskList:
    """A number on the desk that opens the list behind it."""

    title: str
    nothing: str
    lines: list[DeskLine]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


def plans_in_force(day: datetime.date) -> list[PlanVersion]:
    """The newest approved version of each kind of plan: those valid on ``day`` before older ones."""
    newest: dict[str, PlanVersion] = {}
    versions = (
        PlanVersion.objects.approved()
        .select_related("plan", "pdf")
        .order_by("-plan__period_to", "-number")
    )
    for version in versions.filter(plan__period_from__lte=day):
        newest.setdefault(version.plan.kind, version)
    return [newest[kind] for kind in (PlanKind.ACTION, PlanKind.COMMUNITY) if kind in newest]


def news_for_home() -> QuerySet[Article]:
    return Article.objects.published().news()[:3]


def seats_of(person) -> QuerySet[Seat]:
    """The person's seats held today, with what the desk says of them."""
    return (
        Seat.objects.current()
        .filter(person=person)
        .select_related("committee", "organisation")
        .order_by("committee__position", "committee__sort_key")
    )


def drafts_for(person) -> QuerySet[PlanVersion]:
    """Versions on the way that the person may see."""
    return (
        PlanVersion.objects.visible_to(person)
        .filter(state__in=OPEN_STATES)
        .select_related("plan")
        .order_by("-plan__period_from", "plan_id")
    )


def dates_for(person, seats: list[Seat], day: datetime.date) -> list[DeskLine]:
    """Dates that concern the person: ends of mandates and terms of tasks of their organisations."""
    lines = [
        (
            seat.valid_to,
            DeskLine(
                what=_t("Your mandate ends"),
                about=seat.committee.name,
                url=seat.committee.get_absolute_url(),
                action=_t("Open the committee"),
                when=czech_date(seat.valid_to),
            ),
        )
        for seat in seats
        if seat.valid_to
    ]
    organisations = {seat.organisation_id for seat in seats if seat.organisation_id}
    tasks = (
        Task.objects.filter(
            version__state=VersionState.APPROVED,
            parties__organisation__in=organisations,
            date_to__gte=day,
        )
        .select_related("version__plan")
        .order_by("date_to", "position")
        .distinct()[:10]
    )
    lines += [
        (
            task.date_to,
            DeskLine(
                what=_t("Term of the task %(code)s") % {"code": task.code},
                about=task.title,
                url=f"{task.version.get_absolute_url()}#{task.code}",
                action=_t("Open the task"),
                when=czech_date(task.date_to),
            ),
        )
        for task in tasks
        if task.date_to
    ]
    return [line for _day, line in sorted(lines, key=lambda pair: pair[0])]


def waiting_steps(user) -> list[DeskLine]:
    """Approval steps whose turn it is, for those who may record them."""
    if not user.has_perm("plans.pass_step"):
        return []
    steps = (
        ApprovalStep.objects.filter(
            state=StepState.WAITING, version__state=VersionState.IN_APPROVAL
        )
        .select_related("version__plan", "committee")
        .order_by("version", "order")
    )
    first: dict[int, ApprovalStep] = {}
    for step in steps:
        first.setdefault(step.version_id, step)
    return [
        DeskLine(
            what=_t("Waits for a resolution: %(committee)s") % {"committee": step.committee},
            about=str(step.version),
            url=approval_url(step.version),
            action=_t("Record the resolution"),
        )
        for step in first.values()
    ]


def approval_url(version: PlanVersion) -> str:
    return reverse("approvals:approval", args=[version.plan.slug, version.number])


def last_events(person) -> QuerySet[PlanVersion]:
    """What happened last, for a desk where nothing waits."""
    return (
        PlanVersion.objects.visible_to(person)
        .approved()
        .select_related("plan")
        .order_by("-approved_on", "-pk")[:3]
    )


def plans_for_desk() -> QuerySet[Plan]:
    """All plans with their versions, the newest first."""
    return Plan.objects.order_by("-period_from", "kind", "pk").prefetch_related(
        Prefetch("versions", PlanVersion.objects.order_by("-number"))
    )


def desk_lists(user, day: datetime.date) -> list[DeskList]:
    """What needs the coordinator's hand today, list by list."""
    return [
        DeskList(_t("To approve"), _t("No plan waits for a resolution."), waiting_steps(user)),
        DeskList(_t("Overdue"), _t("Nothing is overdue."), _overdue(day)),
        DeskList(
            _t("Groups out of balance"), _t("Every committee has its triad."), _out_of_balance(day)
        ),
        DeskList(
            _t("Ageing data"), _t("All services have been confirmed within a year."), _ageing(day)
        ),
    ]


def _overdue(day: datetime.date) -> list[DeskLine]:
    lines = [
        DeskLine(
            what=_t("The PDF has not been made yet"),
            about=str(version),
            url=approval_url(version),
            action=_t("See the approval"),
        )
        for version in PlanVersion.objects.filter(state=VersionState.SEALING).select_related("plan")
    ]
    late = (
        PlanVersion.objects.filter(
            state__in=[VersionState.DRAFT, VersionState.IN_APPROVAL], plan__period_from__lt=day
        )
        .exclude(plan__in=PlanVersion.objects.approved().values("plan"))
        .select_related("plan")
        .order_by("plan__period_from")
    )
    lines += [
        DeskLine(
            what=_t("The plan's period has begun and it is not approved"),
            about=str(version),
            url=approval_url(version),
            action=_t("See the approval"),
            when=czech_date(version.plan.period_from),
        )
        for version in late
    ]
    without_rules = (
        Committee.objects.active_on(day)
        .exclude(rules__valid_from__lte=day)
        .order_by("position", "sort_key")
    )
    lines += [
        DeskLine(
            what=_t("No rules of procedure are valid"),
            about=committee.name,
            url=reverse("admin:bodies_committee_change", args=[committee.pk]),
            action=_t("Enter the rules"),
        )
        for committee in without_rules
    ]
    return lines


def _out_of_balance(day: datetime.date) -> list[DeskLine]:
    held = Q(seats__valid_from__lte=day) & (Q(seats__valid_to=None) | Q(seats__valid_to__gte=day))
    sides = [Side.USER, Side.PROVIDER, Side.COMMISSIONER]
    committees = (
        Committee.objects.active_on(day)
        .exclude(kind__in=["zastupitelstvo", "rada", "vybor"])
        .annotate(
            **{f"held_{side}": Count("seats", filter=held & Q(seats__side=side)) for side in sides}
        )
        .order_by("position", "sort_key")
    )
    lines = []
    for committee in committees:
        missing = [str(side.label) for side in sides if not getattr(committee, f"held_{side}")]
        if missing:
            lines.append(
                DeskLine(
                    what=_t("A side of the triad is missing: %(sides)s")
                    % {"sides": ", ".join(missing)},
                    about=committee.name,
                    url=reverse("admin:bodies_committee_change", args=[committee.pk]),
                    action=_t("Fill the seats"),
                )
            )
    return lines


def _ageing(day: datetime.date) -> list[DeskLine]:
    stale = Service.objects.public().filter(
        Q(profile=None)
        | Q(profile__confirmed_on=None)
        | Q(profile__confirmed_on__lt=day - CONFIRMED_FOR)
    )
    count = stale.count()
    if not count:
        return []
    return [
        DeskLine(
            what=ngettext(
                "%(count)s service has not been confirmed for a year",
                "%(count)s services have not been confirmed for a year",
                count,
            )
            % {"count": count},
            about=_t("Ask the providers whether everything still holds."),
            url=reverse("admin:directory_service_changelist") + "?freshness=stale",
            action=_t("Open the list"),
            count=count,
        )
    ]


def today() -> datetime.date:
    return timezone.localdate()
