"""The coordinator's desk: what the front adds to it, and the piles in which it shows everything."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from committees.bodies.enums import CommitteeKind, Side
from committees.bodies.models import Committee
from committees.meetings.enums import MeetingState
from committees.meetings.models import Meeting
from kpss import clock
from kpss.czech import date as czech_date
from kpss.desk import Line, Pile, piles_for
from planning.approvals.enums import StepState
from planning.approvals.models import ApprovalStep
from planning.plans.enums import VersionState
from planning.plans.models import Plan, PlanVersion
from providers.directory.models import Service

CONFIRMED_FOR = datetime.timedelta(days=365)


@dataclass(frozen=True)
class DeskList:
    """A number on the desk that opens the list behind it."""

    pile: Pile
    title: str
    lines: list[Line]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


def desk_lists(coordinator) -> list[DeskList]:
    """What needs the coordinator's hand, pile by pile; empty ones too, so that numbers keep their places."""
    piles = piles_for(coordinator)
    titles = {
        Pile.TODAY: _t("Today"),
        Pile.OVERDUE: _t("Overdue"),
        Pile.UNANSWERED: _t("Without an answer"),
        Pile.TO_APPROVE: _t("To approve"),
        Pile.UNDER_WAY: _t("To be done"),
        Pile.UNBALANCED: _t("Groups out of balance"),
        Pile.AGEING: _t("Ageing data"),
    }
    return [DeskList(pile, title, piles[pile]) for pile, title in titles.items()]


def meetings_to_come() -> QuerySet[Meeting]:
    """The nearest five meetings of all committees, called or in preparation."""
    return (
        Meeting.objects.filter(
            state__in=[MeetingState.PLANNED, MeetingState.INVITED], starts_at__gte=clock.now()
        )
        .select_related("committee")
        .order_by("starts_at", "pk")[:5]
    )


def plans_for_desk() -> QuerySet[Plan]:
    """All plans with their versions, the newest first."""
    return Plan.objects.order_by("-period_from", "kind", "pk").prefetch_related(
        Prefetch("versions", PlanVersion.objects.order_by("-number"))
    )


def approval_url(version: PlanVersion) -> str:
    return reverse("approvals:approval", args=[version.plan.slug, version.number])


# --- Lines of the front's own, registered in apps.py ------------------------------------------------------------------


def waiting_steps(user) -> list[Line]:
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
        Line(
            what=_t("Waits for a resolution: %(committee)s") % {"committee": step.committee},
            about=str(step.version),
            url=approval_url(step.version),
            action=_t("Record the resolution"),
        )
        for step in first.values()
    ]


def overdue(_coordinator) -> list[Line]:
    """PDFs not made, plans not approved though their time has come, committees without rules."""
    day = clock.today()
    lines = [
        Line(
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
        Line(
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
        Line(
            what=_t("No rules of procedure are valid"),
            about=committee.name,
            url=reverse("admin:bodies_committee_change", args=[committee.pk]),
            action=_t("Enter the rules"),
        )
        for committee in without_rules
    ]
    return lines


def out_of_balance(_coordinator) -> list[Line]:
    """Committees in which a side of the triad has nobody; those that voters elect are not asked for it."""
    day = clock.today()
    held = Q(seats__valid_from__lte=day) & (Q(seats__valid_to=None) | Q(seats__valid_to__gte=day))
    sides = [Side.USER, Side.PROVIDER, Side.COMMISSIONER]
    committees = (
        Committee.objects.active_on(day)
        .exclude(
            kind__in=[
                CommitteeKind.ASSEMBLY,
                CommitteeKind.COUNCIL,
                CommitteeKind.ASSEMBLY_COMMITTEE,
            ]
        )
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
                Line(
                    what=_t("A side of the triad is missing: %(sides)s")
                    % {"sides": ", ".join(missing)},
                    about=committee.name,
                    url=reverse("admin:bodies_committee_change", args=[committee.pk]),
                    action=_t("Fill the seats"),
                )
            )
    return lines


def ageing(_coordinator) -> list[Line]:
    """Services nobody has confirmed for a year, in one line."""
    stale = Service.objects.public().filter(
        Q(profile=None)
        | Q(profile__confirmed_on=None)
        | Q(profile__confirmed_on__lt=clock.today() - CONFIRMED_FOR)
    )
    count = stale.count()
    if not count:
        return []
    return [
        Line(
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
