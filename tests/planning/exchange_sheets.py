"""Sheets as Excel would hand them over, and a version with something awkward in every field."""

import datetime
from decimal import Decimal

from planning.plans import services
from planning.plans.enums import IndicatorKind, PartyRole
from planning.plans.exchange import RawSheet
from planning.plans.exchange.layout import NODE_SHEET, TASK_SHEET
from planning.plans.models import PlanVersion
from planning.plans.values import (
    FundingValues,
    IndicatorValues,
    NodeValues,
    PartyValues,
    TaskValues,
)
from tests.factories import (
    FundingSourceFactory,
    MunicipalityFactory,
    OrganisationFactory,
    PlanningGroupFactory,
    TargetGroupFactory,
)
from tests.planning.factories import coordinator, empty_version

NODE_HEADINGS = ("Kód", "Nadřazený kód", "Úroveň", "Název")
TASK_HEADINGS = ("Kód", "Opatření", "Název")


def node_sheet(*rows, headings=NODE_HEADINGS) -> RawSheet:
    """The sheet of nodes: headings on row 1, the given rows below."""
    return _sheet(NODE_SHEET, headings, rows)


def task_sheet(*rows, headings=TASK_HEADINGS) -> RawSheet:
    return _sheet(TASK_SHEET, headings, rows)


def task_with(**cells) -> RawSheet:
    """One task 1.1.1 under 1.1 with more columns: ``task_with(Od="brzy")``; _ in names is a space."""
    names = [name.replace("_", " ") for name in cells]
    return task_sheet(
        ("1.1.1", "1.1", "Udržet kapacitu", *cells.values()), headings=(*TASK_HEADINGS, *names)
    )


def _sheet(name, headings, rows) -> RawSheet:
    return RawSheet(name, list(enumerate([headings, *rows], start=1)))


def version_with_measure() -> PlanVersion:
    """A draft with the priority 1 and the measure 1.1."""
    version = empty_version()
    actor = coordinator()
    priority = services.add_node(version, actor=actor, values=NodeValues("Doma", "1"))
    services.add_node(version, actor=actor, parent=priority, values=NodeValues("Péče", "1.1"))
    return version


def awkward_version() -> PlanVersion:
    """A draft where names and texts hold what a table finds hard: formulas, lists, brackets, quotes."""
    version = empty_version()
    actor = coordinator()
    charity = OrganisationFactory(name="Charita; oblastní")
    twins = [OrganisationFactory(name="Spolek Lípa") for _twin in range(2)]
    nameless = OrganisationFactory(name="Bez čísla", ico=None)
    town = MunicipalityFactory(name="Horka")
    OrganisationFactory(name="Město Horka", represents=town)
    bracketed = FundingSourceFactory(code="fond", name_cs="Fond [EU]: 2021")
    plain = FundingSourceFactory(code="kraj", name_cs="Rozpočet kraje")
    first = services.add_node(
        version,
        actor=actor,
        values=NodeValues(
            "=1+1",
            "1",
            need="+420 000\r\n\r\n-druhý řádek",
            goal="@SUM(A1)",
            description="\tzačíná tabulátorem",
            planning_group=PlanningGroupFactory().pk,
            target_groups=(
                TargetGroupFactory().pk,
                TargetGroupFactory(code="nemocni", name_cs='nemocní; jinak "chorí"').pk,
            ),
            municipalities=(town.pk, MunicipalityFactory(name="Horka").pk),
        ),
    )
    under = services.add_node(
        version, actor=actor, parent=first, values=NodeValues("Dlouhý " + "x" * 200, "1.10")
    )
    services.add_task(
        under,
        actor=actor,
        values=TaskValues(
            "-1 úkol",
            "1.10.1",
            description='\'apostrof a "uvozovky"; středník',
            date_from=datetime.date(2021, 3, 1),
            date_to=datetime.date(2021, 12, 31),
            term_text="=2. pololetí",
            cost_planned=1_200_000,
            cost_note="@odhad",
            parties=(
                PartyValues(PartyRole.RESPONSIBLE, organisation=charity.pk),
                PartyValues(PartyRole.RESPONSIBLE, "Dřívější jméno", charity.pk),
                PartyValues(PartyRole.RESPONSIBLE, organisation=twins[1].pk),
                PartyValues(PartyRole.RESPONSIBLE, "Město Horka"),
                PartyValues(PartyRole.RESPONSIBLE, "Spolek [text]"),
                PartyValues(PartyRole.PARTNER, "Horka", nameless.pk),
                PartyValues(PartyRole.PARTNER, '"v uvozovkách"; a středník'),
                PartyValues(PartyRole.PARTNER, "=cmd|' /C calc'!A0"),
                PartyValues(PartyRole.PARTNER, "na dva\nřádky"),
            ),
            funding=(
                FundingValues(bracketed.pk, 0, "=poznámka [v závorce]; a středník"),
                FundingValues(plain.pk, 1_200_000),
                FundingValues(FundingSourceFactory().pk, None, "jen slovy: 5"),
            ),
            indicators=(
                IndicatorValues(IndicatorKind.OUTPUT, "=A1", "%", Decimal("9.50")),
                IndicatorValues(IndicatorKind.IMPACT, "Dopad", "", Decimal("-1.25")),
                IndicatorValues(IndicatorKind.OUTCOME, "Třetí", "osob", None),
                IndicatorValues(IndicatorKind.OUTPUT, "Čtvrtý", "", Decimal(0)),
            ),
        ),
    )
    services.add_task(under, actor=actor, values=TaskValues("Bez podrobností", "1.10.2"))
    services.add_node(version, actor=actor, values=NodeValues("Druhá priorita", "2"))
    return version
