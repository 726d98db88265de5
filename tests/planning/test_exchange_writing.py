import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning.plans import services
from planning.plans.content import content_of
from planning.plans.demo_rows import action_plan_rows, community_plan_rows
from planning.plans.enums import PlanKind, VersionState
from planning.plans.exchange import RowsRefused, apply_rows, parse, plan_changes
from planning.plans.models import Indicator, PlanNode, PlanVersion, Task
from planning.plans.services import ContentLocked
from planning.plans.values import IndicatorValues, NodeValues, TaskValues
from tests.factories import (
    FundingSourceFactory,
    MunicipalityFactory,
    OrganisationFactory,
    PersonFactory,
    PlanFactory,
    PlanningGroupFactory,
    PlanVersionFactory,
    freeze,
)
from tests.planning.exchange_sheets import (
    TASK_HEADINGS,
    node_sheet,
    task_sheet,
    task_with,
    version_with_measure,
)
from tests.planning.factories import add_task, coordinator, empty_version, rich_version

pytestmark = pytest.mark.django_db


def apply(version, *sheets, **options):
    return apply_rows(version, parse(sheets), actor=coordinator(), **options)


def tree(version):
    """Codes by parent, in order, with depths and positions."""
    return [
        (node.code, node.parent.code if node.parent else "", node.depth, node.position)
        for node in PlanNode.objects.filter(version=version)
        .select_related("parent")
        .order_by("depth", "position")
    ]


def test_apply_builds_the_whole_tree_from_an_empty_version():
    version = empty_version()
    group = PlanningGroupFactory()
    town = FundingSourceFactory()
    charity = OrganisationFactory(name="Charita Horka")
    place = MunicipalityFactory(name="Horka")

    report = apply(
        version,
        node_sheet(
            ("1.1", "1", "Péče", "Lidé", "", "Horka"),
            ("1", None, "Doma", None, "Senioři", None),
            headings=("Kód", "Nadřazený kód", "Název", "Potřeba", "Skupina", "Obce"),
        ),
        task_with(
            Popis="Dva\nřádky",
            Od="1. 3. 2021",
            Termín_slovy="průběžně",
            Náklady="5 000 Kč",
            Odpovídá="charita horka; obce",
            Spolupracuje="Horka",
            Zdroje="Rozpočet města: 5 000 Kč [podle výzvy]",
            **{
                "Ukazatel 1": "Počet úvazků",
                "Ukazatel 1 jednotka": "úvazek",
                "Ukazatel 1 plán": "9,5",
            },
        ),
    )

    assert [item.code for item in report.created] == ["1.1", "1", "1.1.1"]
    assert tree(version) == [("1", "", 1, 1), ("1.1", "1", 2, 1)]
    priority, measure = version.nodes.get(code="1"), version.nodes.get(code="1.1")
    assert priority.planning_group == group
    assert (measure.need, list(measure.municipalities.all())) == ("Lidé", [place])
    task = Task.objects.get(version=version)
    assert (task.node, task.description, task.term_text) == (measure, "Dva\nřádky", "průběžně")
    assert (task.date_from, task.date_to) == (datetime.date(2021, 3, 1), None)
    assert task.cost_planned == 5_000
    assert list(task.parties.values_list("role", "organisation", "name", "position")) == [
        ("responsible", charity.pk, "Charita Horka", 1),
        ("responsible", None, "obce", 2),
        ("partner", None, "Horka", 1),
    ]
    assert list(task.funding.values_list("source", "amount", "note")) == [
        (town.pk, 5_000, "podle výzvy")
    ]
    assert list(task.indicators.values_list("kind", "name", "unit", "planned")) == [
        ("output", "Počet úvazků", "úvazek", Decimal("9.5"))
    ]


def test_apply_twice_changes_nothing_the_second_time():
    version = version_with_measure()
    sheets = [
        node_sheet(("2", None, None, "Druhá"), ("1", None, None, "Doma")),
        task_with(Odpovídá="obce; MAS", **{"Ukazatel 1": "B", "Ukazatel 2": "A"}),
    ]
    apply(version, *sheets)
    before = content_of(version)

    report = apply(version, *sheets)

    assert not report.changes_anything
    assert content_of(version) == before


def test_a_municipality_means_the_office_that_represents_it():
    version = version_with_measure()
    office = OrganisationFactory(name="Město Horka", represents=MunicipalityFactory(name="Horka"))

    apply(version, task_with(Odpovídá="město horka", Spolupracuje="Horka"))

    parties = Task.objects.get(version=version).parties
    assert list(parties.values_list("role", "organisation", "name")) == [
        ("responsible", office.pk, "Město Horka"),
        ("partner", office.pk, "Město Horka"),
    ]


def test_lines_that_stay_keep_their_rows_and_a_corrected_name_too():
    version = rich_version()
    task = Task.objects.get(version=version, title="Udržet kapacitu")
    indicators = dict(task.indicators.values_list("name", "pk"))
    parties = dict(task.parties.values_list("name", "pk"))
    sheet = task_sheet(
        (task.code, "Udržet kapacitu", "obec Horní; Charita Horka", "Počet klientů za rok", "Počet úvazků", "Nový"),
        headings=("Kód", "Název", "Odpovídá", "Ukazatel 1", "Ukazatel 2", "Ukazatel 3"),
    )  # fmt: skip

    apply(version, sheet)

    assert list(task.indicators.values_list("pk", "name", "unit", "planned"))[:2] == [
        (indicators["Počet klientů"], "Počet klientů za rok", "", None),
        (indicators["Počet úvazků"], "Počet úvazků", "úvazek", Decimal("9.5")),
    ]
    assert task.indicators.count() == 3
    assert list(task.parties.filter(role="responsible").values_list("name", flat=True)) == [
        "obec Horní",
        "Charita Horka",
    ]
    assert task.parties.get(name="Charita Horka").pk == parties["Charita Horka"]
    assert task.parties.get(role="partner").pk == parties["obce"]


def test_what_the_cell_no_longer_lists_is_taken_out():
    version = rich_version()
    task = Task.objects.get(version=version, title="Udržet kapacitu")
    node = version.nodes.get(title="Podpora seniorů doma")

    apply(
        version,
        node_sheet(
            (node.code, node.title, None, ""), headings=("Kód", "Název", "Obce", "Cílové skupiny")
        ),
        task_sheet(
            (task.code, task.title, None, "", None),
            headings=("Kód", "Název", "Spolupracuje", "Zdroje", "Ukazatel 1"),
        ),
    )

    assert list(task.parties.values_list("role", flat=True)) == ["responsible"]
    assert not task.funding.exists()
    assert not task.indicators.exists()
    assert not node.municipalities.exists()
    assert not node.target_groups.exists()


def test_what_the_file_does_not_name_is_never_deleted():
    version = rich_version()
    before = content_of(version)

    report = apply(version, node_sheet(("9", None, None, "Nová")))

    assert content_of(version).nodes[:-1] == before.nodes
    assert {(item.kind, item.code) for item in report.absent} == {
        ("node", code) for code in version.nodes.exclude(code="9").values_list("code", flat=True)
    }


def test_moving_a_node_takes_its_tasks_and_numbers_both_sides_again():
    version = rich_version()
    measure = version.nodes.get(title="Pečovatelská služba")
    assert (measure.parent.code, measure.code) == ("1", "1.1")

    report = apply(version, node_sheet(("1.1", "2", "opatření", "Pečovatelská služba")))

    assert report.changed[0].changes[0].field == "parent"
    measure.refresh_from_db()
    assert (measure.parent.code, measure.depth, measure.position) == ("2", 2, 2)
    assert version.nodes.get(title="Odlehčovací služby").position == 1
    assert measure.tasks.count() == 2


def test_moving_a_branch_down_moves_the_depths_of_what_is_under_it():
    version = empty_version(
        levels=[("priorita", "priority"), ("cíl", "cíle"), ("opatření", "opatření")]
    )
    actor = coordinator()
    top = services.add_node(version, actor=actor, values=NodeValues("A", "1"))
    branch = services.add_node(version, actor=actor, values=NodeValues("B", "2"))
    leaf = services.add_node(version, actor=actor, parent=branch, values=NodeValues("C", "2.1"))

    apply(version, node_sheet(("2", "1", "cíl", "B")))

    leaf.refresh_from_db()
    branch.refresh_from_db()
    assert (branch.parent, branch.depth, leaf.depth) == (top, 2, 3)


def test_a_task_moves_under_another_node():
    version = rich_version()
    task = Task.objects.get(version=version, title="Udržet kapacitu")

    apply(version, task_sheet((task.code, "1.2", task.title)))

    task.refresh_from_db()
    assert (task.node.code, task.position) == ("1.2", 2)
    assert Task.objects.get(title="Navýšit o jeden úvazek").position == 1


def test_refused_rows_stop_everything_unless_only_the_good_ones_are_wanted():
    version = version_with_measure()
    sheets = [
        node_sheet(("2", None, None, "Druhá"), ("3", None, None, "")),
        task_sheet(("1.1.1", "1.1", "Dobrý"), ("3.1.1", "3", "Pod odmítnutým")),
    ]

    with pytest.raises(RowsRefused) as refusal:
        apply(version, *sheets)

    assert [problem.kind for problem in refusal.value.problems] == [
        "title_missing",
        "parent_refused",
    ]
    assert not version.nodes.filter(code="2").exists()

    report = apply(version, *sheets, only_good=True)

    assert [item.code for item in report.created] == ["2", "1.1.1"]
    assert set(version.nodes.values_list("code", flat=True)) == {"1", "1.1", "2"}
    assert list(version.tasks.values_list("code", flat=True)) == ["1.1.1"]


@pytest.mark.parametrize("state", [VersionState.IN_APPROVAL, VersionState.DISCARDED, "frozen"])
def test_only_a_working_version_takes_rows(state):
    version = version_with_measure()
    if state == "frozen":
        freeze(version)
    else:
        PlanVersion.objects.filter(pk=version.pk).update(state=state)

    with pytest.raises(ContentLocked):
        apply(version, node_sheet(("2", None, None, "Druhá")))

    assert not version.nodes.filter(code="2").exists()


def test_only_who_may_edit_the_content_applies_rows():
    version = version_with_measure()

    with pytest.raises(PermissionDenied):
        apply_rows(version, parse([node_sheet(("2", None, None, "A"))]), actor=PersonFactory())


def test_what_has_the_code_of_an_older_version_is_the_same_thing():
    old = version_with_measure()
    add_task(old.nodes.get(code="1.1"), code="1.1.1")
    freeze(old)
    new = PlanVersionFactory(plan=old.plan)

    apply(
        new,
        node_sheet(
            ("1", None, None, "Jinak"), ("1.1", "1", None, "Péče"), ("2", None, None, "Nová")
        ),
        task_sheet(("1.1.1", "1.1", "Udržet"), ("1.1.2", "1.1", "Nový")),
    )

    lineages = dict(old.nodes.values_list("code", "lineage"))
    assert dict(new.nodes.exclude(code="2").values_list("code", "lineage")) == lineages
    assert new.nodes.get(code="2").lineage not in lineages.values()
    assert new.tasks.get(code="1.1.1").lineage == old.tasks.get(code="1.1.1").lineage


def test_an_action_plan_takes_lineage_from_the_plan_above():
    community = PlanVersionFactory(plan=PlanFactory(kind=PlanKind.COMMUNITY))
    apply(community, node_sheet(("1", None, None, "Doma")))
    action = PlanVersionFactory(plan=PlanFactory(parent=community.plan))

    apply(action, node_sheet(("1", None, None, "Doma")))

    assert action.nodes.get().lineage == community.nodes.get().lineage


def test_the_demonstration_plans_are_built_from_their_rows():
    for code in ("seniori", "zdravotni-postizeni", "rodiny", "vylouceni", "prurezove"):
        PlanningGroupFactory(code=code, name_cs=code)
    for code in (
        "rozpocet_mesta", "rozpocty_obci", "kraj", "mpsv_101a", "esf", "uhrady", "nadace", "bez_nakladu",
    ):  # fmt: skip
        FundingSourceFactory(code=code, name_cs=code)
    charity = OrganisationFactory(name="Charita Podvýhoní", ico="99000148")
    town = OrganisationFactory(
        name="Město Židlochovice", represents=MunicipalityFactory(name="Židlochovice")
    )
    community = PlanVersionFactory(plan=PlanFactory(kind=PlanKind.COMMUNITY))
    action = PlanVersionFactory(plan=PlanFactory(parent=community.plan))
    actor = coordinator()

    apply_rows(community, community_plan_rows(), actor=actor)
    apply_rows(action, action_plan_rows(), actor=actor)

    assert (community.nodes.count(), action.nodes.count(), action.tasks.count()) == (21, 21, 25)
    assert set(action.nodes.values_list("lineage")) == set(community.nodes.values_list("lineage"))
    task = action.tasks.get(code="1.1.2")
    assert list(task.parties.values_list("role", "organisation", "name")) == [
        ("responsible", charity.pk, "Charita Podvýhoní"),
        ("partner", None, "obce správního obvodu"),
    ]
    assert task.funding.count() == 3
    assert action.tasks.get(code="1.1.3").parties.get(role="responsible").name == (
        "koordinátorka komunitního plánování"
    )
    assert action.tasks.get(code="4.2.1").parties.get(role="responsible").organisation == town
    assert list(task.indicators.values_list("name", "planned")) == [("Navýšení úvazků", Decimal(1))]
    assert not plan_changes(action, action_plan_rows()).changes_anything


def test_writing_takes_few_statements():
    version = empty_version()
    OrganisationFactory(name="Charita Horka")
    FundingSourceFactory()
    nodes = [(str(n), None, None, f"Priorita {n}") for n in range(1, 101)]
    tasks = [
        (
            f"{n % 100 + 1}.{n}",
            str(n % 100 + 1),
            "Udržet",
            "Charita Horka",
            "Rozpočet města: 5",
            "Počet",
        )
        for n in range(400)
    ]
    parsed = parse(
        [
            node_sheet(*nodes),
            task_sheet(*tasks, headings=(*TASK_HEADINGS, "Odpovídá", "Zdroje", "Ukazatel 1")),
        ]
    )
    actor = coordinator()

    with CaptureQueriesContext(connection) as queries:
        apply_rows(version, parsed, actor=actor)

    assert Indicator.objects.filter(task__version=version).count() == 400
    assert len(queries) < 60


def test_indicator_without_its_columns_keeps_unit_value_and_kind():
    version = version_with_measure()
    task = services.add_task(
        version.nodes.get(code="1.1"),
        actor=coordinator(),
        values=TaskValues(
            "Udržet kapacitu", "1.1.1",
            indicators=(IndicatorValues("impact", "Počet", "osob", Decimal(5)),),
        ),
    )  # fmt: skip

    apply(version, task_with(**{"Ukazatel 1": "Počet", "Ukazatel 1 plán": "6"}))

    assert list(task.indicators.values_list("kind", "name", "unit", "planned")) == [
        ("impact", "Počet", "osob", Decimal(6))
    ]
