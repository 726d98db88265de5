"""Interests and nominations shaped for pages, desks and the balance of the triad."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from committees.bodies.enums import CommitteeKind, Role, Side
from committees.bodies.models import Committee, Resolution
from committees.bodies.selectors import MemberLine, SideGroup, by_side, missing_sides, roster
from committees.bodies.wording import public_role
from committees.people.models import Person
from kpss import clock
from kpss.czech import date as czech_date
from kpss.desk import Line

from .enums import APPOINTING_VERBS, InterestState, NominationState
from .models import Interest, Nomination
from .workflow import appointing_committees

RESOLUTIONS_OFFERED = 60


@dataclass(frozen=True)
class Balance:
    """The triad of a committee as it sits now and as it would sit with those nominated."""

    now: list[SideGroup]
    then: list[SideGroup]
    missing: list[str]


def interests_for_list(
    *, state: str = "", committee: Committee | None = None, standing: str = ""
) -> QuerySet[Interest]:
    """Interests by the filters, those that wait first, then the newest. Two queries."""
    interests = Interest.objects.prefetch_related("committees")
    if state:
        interests = interests.filter(state=state)
    if committee:
        interests = interests.filter(committees=committee)
    if standing:
        interests = interests.filter(standing=standing)
    waits = Q(state=InterestState.NEW)
    return interests.annotate(waits=Count("pk", filter=waits)).order_by(
        "-waits", "-received_at", "-pk"
    )


def candidates_for(interest: Interest) -> list[Person]:
    """People who may be the one: by the e-mail first, then by every word of the name."""
    found: dict[int, Person] = {}
    if interest.email:
        for person in Person.objects.filter(email=interest.email):
            found[person.pk] = person
    if interest.name:
        for person in Person.objects.named_like(interest.name)[:10]:
            found.setdefault(person.pk, person)
    return list(found.values())


def history_of(interest: Interest):
    """What happened to the interest, from its receiving on."""
    return interest.events.select_related("actor").order_by("at", "pk")


def committees_with_nominations() -> QuerySet[Committee]:
    """Committees at work to which one is nominated, with how many wait and how many want to join."""
    elected = [kind for kind in CommitteeKind if kind.is_elected]
    return (
        Committee.objects.active_on(clock.today())
        .exclude(kind__in=elected)
        .annotate(
            waiting=Count(
                "nominations",
                filter=Q(nominations__state=NominationState.PROPOSED),
                distinct=True,
            ),
            asking=Count("interests", filter=Q(interests__state=InterestState.NEW), distinct=True),
        )
        .order_by("position", "sort_key")
    )


def proposed_to(committee: Committee) -> QuerySet[Nomination]:
    """Open nominations to the committee. One query."""
    return (
        Nomination.objects.proposed()
        .filter(committee=committee)
        .select_related("person", "organisation", "committee", "substitute_for__person")
        .order_by("person__sort_key", "pk")
    )


def decided_for(committee: Committee) -> QuerySet[Nomination]:
    """Nominations to the committee that have ended, the newest first. One query."""
    return (
        Nomination.objects.filter(committee=committee)
        .exclude(state=NominationState.PROPOSED)
        .select_related("person", "organisation", "resolution__committee", "seat")
        .order_by("-proposed_at", "-pk")
    )


def resolutions_to_appoint_by(committee: Committee) -> QuerySet[Resolution]:
    """Adopted resolutions by which somebody may be appointed to the committee, the newest first."""
    newest = (
        Resolution.objects.filter(
            committee__in=appointing_committees(committee),
            is_adopted=True,
            verb__in=APPOINTING_VERBS,
        )
        .order_by("-adopted_on", "-pk")
        .values("pk")[:RESOLUTIONS_OFFERED]
    )
    return (
        Resolution.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))
        .select_related("committee")
        .order_by("-adopted_on", "-pk")
    )


def balance_with(committee: Committee, nominations: Iterable[Nomination]) -> Balance:
    """The triad now and with everybody nominated, and what would still be missing. One query."""
    sitting = roster(committee, clock.today())
    with_nominated = [*sitting, *(_line(nomination) for nomination in nominations)]
    then = by_side(with_nominated)
    return Balance(now=by_side(sitting), then=then, missing=missing_sides(then))


def _line(nomination: Nomination) -> MemberLine:
    return MemberLine(
        name_or_role=nomination.person.get_full_name(),
        role=public_role(nomination.role),
        side=Side(nomination.side),
        function=nomination.function,
        organisation=nomination.organisation.name if nomination.organisation else "",
        votes=Role(nomination.role).votes,
    )


def waiting_for_coordinator(person: Person) -> list[Line]:
    """Who waits for an answer, and to which committees people are nominated. Two queries at most.

    Nothing for who may not answer.
    """
    lines: list[Line] = []
    if person.has_perm("nominations.settle_interest"):
        lines += [
            Line(
                what=_t("%(name)s wants to take part") % {"name": interest.name},
                about=_t("%(number)s, %(who)s")
                % {"number": interest.number, "who": interest.get_standing_display()},
                url=interest.get_absolute_url(),
                action=pgettext("button", "Answer"),
                when=_t("since %(date)s") % {"date": czech_date(interest.received_at)},
            )
            for interest in Interest.objects.waiting().order_by("received_at", "pk")
        ]
    if person.has_perm("nominations.decide_nomination"):
        waiting = (
            Nomination.objects.proposed()
            .values("committee__name", "committee__slug")
            .annotate(count=Count("pk"))
            .order_by("committee__name")
        )
        lines += [
            Line(
                what=_t("People nominated, waiting for a resolution: %(count)s")
                % {"count": row["count"]},
                about=row["committee__name"],
                url=reverse("nominations:committee_nominations", args=[row["committee__slug"]]),
                action=_t("Open the nominations"),
                count=row["count"],
            )
            for row in waiting
        ]
    return lines
