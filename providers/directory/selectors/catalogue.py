"""The catalogue as a whole: what can be chosen, how many services each choice leaves, what was meant."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kpss import search
from kpss.territory.models import Municipality
from providers.directory.codelists import plain_words
from providers.directory.models import (
    Facility,
    LifeSituation,
    PlanningGroup,
    Service,
    ServiceForm,
    ServiceKind,
    ServiceProfile,
    TargetGroup,
)


@dataclass
class CatalogueLists:
    """The lists people choose from; read with four queries."""

    kinds: list[ServiceKind]
    target_groups: list[TargetGroup]
    forms: list[ServiceForm]
    municipalities: list[Municipality]
    planning_groups: list[PlanningGroup] = field(init=False)

    def __post_init__(self):
        groups = {group.planning_group for group in self.target_groups if group.planning_group}
        self.planning_groups = sorted(groups, key=lambda group: (group.position, group.code))


def catalogue_lists() -> CatalogueLists:
    """Everything that may be chosen, whether or not a service has it."""
    return CatalogueLists(
        kinds=list(
            ServiceKind.objects.select_related("group").order_by("group__position", "position")
        ),
        target_groups=list(TargetGroup.objects.select_related("planning_group")),
        forms=list(ServiceForm.objects.all()),
        municipalities=municipalities(),
    )


def municipalities() -> list[Municipality]:
    """The municipalities of the district in the Czech order."""
    return list(Municipality.objects.in_district())


@dataclass(frozen=True)
class Counts:
    """How many services each choice leaves, by primary key; what leaves none is missing."""

    kinds: Mapping[int, int]
    target_groups: Mapping[int, int]
    planning_groups: Mapping[int, int]
    forms: Mapping[int, int]
    municipalities: Mapping[int, int]


def with_counts(
    *,
    kinds: QuerySet[Service],
    groups: QuerySet[Service],
    forms: QuerySet[Service],
    municipalities: QuerySet[Service],
) -> Counts:
    """Count the choices of each filter among the services that the other filters leave; seven queries."""
    group_rows = Service.target_groups.through.objects.filter(service__in=groups.values("pk"))
    form_rows = Service.forms.through.objects.filter(service__in=forms.values("pk"))
    return Counts(
        kinds=_tally(kinds.order_by(), "kind", "pk"),
        target_groups=_tally(group_rows, "targetgroup", "service"),
        planning_groups=_tally(group_rows, "targetgroup__planning_group", "service", distinct=True),
        forms=_tally(form_rows, "serviceform", "service"),
        municipalities=_municipalities(municipalities),
    )


def _tally(rows: QuerySet, by: str, counted: str, *, distinct: bool = False) -> Counter:
    tally = rows.values_list(by).annotate(Count(counted, distinct=distinct))
    return Counter({key: number for key, number in tally if key is not None})


def _municipalities(services: QuerySet[Service]) -> Counter:
    """What ``coming_to`` leaves for each municipality: everywhere, by name, by a facility there."""
    everywhere = services.filter(profile__covers_all=True).count()
    named = ServiceProfile.municipalities.through.objects
    by_name = named.filter(
        serviceprofile__covers_all=False, serviceprofile__service__in=services.values("pk")
    )
    also_named = named.filter(
        serviceprofile__service=OuterRef("service"), municipality=OuterRef("municipality")
    )
    by_place = (
        Facility.objects.filter(service__in=services.values("pk"), municipality__isnull=False)
        .exclude(service__profile__covers_all=True)
        .exclude(Exists(also_named))
        .order_by()
    )
    tally = _tally(by_name, "municipality", "serviceprofile") + _tally(
        by_place, "municipality", "service", distinct=True
    )
    district = Municipality.objects.in_district().order_by().values_list("pk", flat=True)
    return Counter({pk: everywhere + tally[pk] for pk in district if everywhere + tally[pk]})


def kinds_named(kinds: list[ServiceKind], text: str) -> list[ServiceKind]:
    """The kinds whose name answers ``text``: their services are what was asked for by name."""
    asked = search.query(text)
    if not asked:
        return []
    return [kind for kind in kinds if _answers(search.document(kind.name_cs).split(), asked)]


def _answers(document: list[str], asked) -> bool:
    words = set(document)
    return all(
        forms & words or (beginning and any(word.startswith(beginning) for word in words))
        for forms, beginning in asked
    )


def suggestion(text: str) -> str:
    """What may have been meant by a text that found nothing; empty when that would find nothing either.

    Reads the names of everything public: ask only when there are no hits.
    """
    texts = [*plain_words().values()]
    for kind in ServiceKind.objects.all():
        texts += [kind.name_cs, kind.name_en]
    for group in TargetGroup.objects.all():
        texts += [group.name_cs, group.name_en]
    texts += LifeSituation.objects.current().values_list("name_cs", flat=True)
    texts += Municipality.objects.values_list("name", flat=True)
    public = Service.objects.public()
    for names in public.values_list("name", "organisation__name").order_by("pk"):
        texts += names
    meant = search.suggest(text, search.vocabulary(texts))
    return meant if meant and public.filter(Q(search__match=meant)).exists() else ""
