"""A plan as a coordinator would have it, made by the same services as on the site."""

import datetime
from decimal import Decimal

from documents.store.models import StoredFile
from planning.plans import services
from planning.plans.enums import IndicatorKind, PartyRole, VersionState
from planning.plans.models import PlanNode, PlanVersion, Task
from planning.plans.values import (
    ChapterValues,
    FundingValues,
    IndicatorValues,
    NetworkValues,
    NodeValues,
    PartyValues,
    TaskValues,
)
from tests.factories import (
    FundingSourceFactory,
    MunicipalityFactory,
    OrganisationFactory,
    PersonFactory,
    PlanFactory,
    PlanningGroupFactory,
    ServiceFactory,
    TargetGroupFactory,
)


def coordinator():
    """A coordinator who may do everything."""
    return PersonFactory(superuser=True)


def empty_version(**plan) -> PlanVersion:
    """A working version without content, with a made event."""
    return services.start_version(PlanFactory(**plan), actor=coordinator())


def add_node(version: PlanVersion, parent: PlanNode | None = None, **values) -> PlanNode:
    values = {"title": "Podpora seniorů doma", **values}
    return services.add_node(
        version, actor=coordinator(), parent=parent, values=NodeValues(**values)
    )


def add_task(node: PlanNode, **values) -> Task:
    values = {
        "title": "Udržet kapacitu pečovatelské služby",
        "term_text": "průběžně",
        "parties": (PartyValues(PartyRole.RESPONSIBLE, "koordinátorka"),),
        **values,
    }
    return services.add_task(node, actor=coordinator(), values=TaskValues(**values))


def rich_version(**plan) -> PlanVersion:
    """A working version with everything in it: two priorities, three measures, four tasks, texts, a network."""
    version = empty_version(**plan)
    actor = coordinator()
    provider = OrganisationFactory(name="Charita Horka")
    town = FundingSourceFactory()
    region = FundingSourceFactory(code="kraj", name_cs="Rozpočet kraje")
    first = add_node(
        version,
        title="Podpora seniorů doma",
        need="Lidé chtějí zůstat doma.",
        planning_group=PlanningGroupFactory().pk,
        target_groups=(TargetGroupFactory().pk,),
        municipalities=(MunicipalityFactory().pk,),
    )
    second = add_node(version, title="Koordinace a informovanost")
    care = add_node(version, first, title="Pečovatelská služba", goal="Dostupná ve všech obcích")
    respite = add_node(version, first, title="Odlehčovací služby")
    fair = add_node(version, second, title="Informovanost veřejnosti")
    add_task(
        care,
        title="Udržet kapacitu",
        cost_planned=3_850_000,
        parties=(
            PartyValues(PartyRole.RESPONSIBLE, organisation=provider.pk),
            PartyValues(PartyRole.PARTNER, "obce"),
        ),
        funding=(
            FundingValues(town.pk, 2_000_000),
            FundingValues(region.pk, 1_850_000, "podle výzvy"),
        ),
        indicators=(
            IndicatorValues(IndicatorKind.OUTPUT, "Počet úvazků", "úvazek", Decimal("9.5")),
            IndicatorValues(IndicatorKind.OUTCOME, "Počet klientů", "klient", Decimal(110)),
        ),
    )
    add_task(care, title="Navýšit o jeden úvazek")
    add_task(respite, title="Uspořádat svépomocná setkání")
    add_task(fair, title="Uspořádat veletrh služeb")
    services.add_chapter(version, actor=actor, values=ChapterValues("Úvod", "Vznikl **společně**."))
    services.add_chapter(version, actor=actor, values=ChapterValues("Jak plán vznikl", ""))
    services.add_network_entry(
        version,
        actor=actor,
        values=NetworkValues(ServiceFactory(organisation=provider).pk, Decimal("9.5"), None, ""),
    )
    return version


def frozen(version: PlanVersion) -> PlanVersion:
    """The version as approval leaves it, without walking its route or making its PDF."""
    stored = StoredFile.objects.create(
        sha256=f"{version.pk:064x}", size=1, content_type="application/pdf"
    )
    PlanVersion.objects.filter(pk=version.pk).update(
        state=VersionState.APPROVED,
        approved_on=datetime.date(2020, 12, 16),
        content_sha256="0" * 64,
        content=stored,
        pdf=stored,
    )
    return PlanVersion.objects.get(pk=version.pk)
