"""Life situations and the lines to call at once."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from providers.directory.models import (
    CrisisLine,
    LifeSituation,
    PlanningGroup,
    Service,
    ServiceKind,
)

HOME_SITUATIONS = 8
EMERGENCY_DIGITS = 3


def situations_for_home() -> QuerySet[LifeSituation]:
    """The situations chosen for the home page, in their order."""
    return LifeSituation.objects.current().filter(on_home_page=True)[:HOME_SITUATIONS]


@dataclass(frozen=True)
class SituationGroup:
    """Situations of one group of people."""

    title: str
    situations: list[LifeSituation]


def situations_for_list() -> list[SituationGroup]:
    """All situations that are in use, by the first planning group of their people; the rest at the end."""
    grouped: dict[PlanningGroup | None, list[LifeSituation]] = {}
    situations = LifeSituation.objects.current().prefetch_related("target_groups__planning_group")
    for situation in situations:
        groups = {group.planning_group for group in situation.target_groups.all()} - {None}
        first = min(groups, key=lambda group: (group.position, group.code), default=None)
        grouped.setdefault(first, []).append(situation)
    ordered = sorted(
        grouped.items(), key=lambda pair: (pair[0] is None, pair[0].position if pair[0] else 0)
    )
    return [
        SituationGroup(group.name if group else _("When you do not know"), items)
        for group, items in ordered
    ]


def crisis_lines() -> QuerySet[CrisisLine]:
    """The lines for an emergency or a crisis that are in use; each has name, phone, availability."""
    return CrisisLine.objects.current()


def lines_to_talk() -> list[CrisisLine]:
    """The lines where somebody listens, without the emergency numbers of three digits."""
    return [line for line in crisis_lines() if len(line.phone) > EMERGENCY_DIGITS]


@dataclass(frozen=True)
class SituationPage:
    """What the page of one situation says, without its services."""

    situation: LifeSituation
    kinds: list[ServiceKind]
    lines: list[CrisisLine]


def situation_page(slug: str) -> SituationPage:
    """The situation of that address; raise ``LifeSituation.DoesNotExist``."""
    situation = (
        LifeSituation.objects.current()
        .prefetch_related(
            "service_kinds", "target_groups", Prefetch("crisis_lines", CrisisLine.objects.current())
        )
        .get(slug=slug)
    )
    return SituationPage(
        situation, list(situation.service_kinds.all()), list(situation.crisis_lines.all())
    )


def services_for_situation(page: SituationPage) -> QuerySet[Service]:
    """Public services that help: of its kinds and for its target groups, else of its kinds at least."""
    groups = [group.pk for group in page.situation.target_groups.all()]
    services = Service.objects.public().filter(kind__in=page.kinds)
    for_groups = Service.target_groups.through.objects.filter(targetgroup__in=groups)
    fitting = services.filter(pk__in=for_groups.values("service"))
    return fitting if fitting.exists() else services
