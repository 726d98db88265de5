"""What the front pages and a member's desk show."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t

from committees.bodies.enums import Side
from committees.bodies.models import Seat
from committees.following.upcoming import next_of_each
from committees.meetings.models import Meeting
from documents.news.models import Article
from kpss.czech import date as czech_date
from kpss.desk import Line, in_order
from planning.plans.enums import OPEN_STATES, PlanKind, VersionState
from planning.plans.models import PlanVersion, Task


@dataclass(frozen=True)
class MyCommittee:
    """A committee on its member's desk: the seat, the nearest meeting, and the consent where it is asked."""

    seat: Seat
    next_meeting: Meeting | None

    @property
    def consent_url(self) -> str:
        """Where a member on the users' side agrees to have the name shown, or takes it back."""
        if self.seat.side != Side.USER:
            return ""
        return reverse("bodies:consent_give", args=[self.seat.pk])


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


def committees_of(person) -> list[MyCommittee]:
    """The committees where the person sits now, with what the desk says of them. Two queries."""
    seats = list(
        Seat.objects.current()
        .filter(person=person)
        .select_related("committee", "organisation")
        .order_by("committee__position", "committee__sort_key")
    )
    called = Meeting.objects.filter(committee__in=[seat.committee_id for seat in seats])
    nearest = next_of_each(called)
    return [MyCommittee(seat, nearest.get(seat.committee_id)) for seat in seats]


def drafts_for(person) -> QuerySet[PlanVersion]:
    """Versions on the way that the person may see."""
    return (
        PlanVersion.objects.visible_to(person)
        .filter(state__in=OPEN_STATES)
        .select_related("plan")
        .order_by("-plan__period_from", "plan_id")
    )


def dates_for(mine: Iterable[MyCommittee], day: datetime.date) -> list[Line]:
    """Dates that concern a member: ends of mandates and terms of tasks of the organisations."""
    seats = [one.seat for one in mine]
    lines = [
        Line(
            what=_t("Your mandate ends"),
            about=seat.committee.name,
            url=seat.committee.get_absolute_url(),
            action=_t("Open the committee"),
            until=seat.valid_to,
            when=czech_date(seat.valid_to),
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
        Line(
            what=_t("Term of the task %(code)s") % {"code": task.code},
            about=task.title,
            url=f"{task.version.get_absolute_url()}#{task.code}",
            action=_t("Open the task"),
            until=task.date_to,
            when=czech_date(task.date_to),
        )
        for task in tasks
    ]
    return in_order(lines)


def last_events(person) -> QuerySet[PlanVersion]:
    """What happened last, for a desk where nothing waits."""
    return (
        PlanVersion.objects.visible_to(person)
        .approved()
        .select_related("plan")
        .order_by("-approved_on", "-pk")[:3]
    )
