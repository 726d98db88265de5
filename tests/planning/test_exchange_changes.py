import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning.plans import services
from planning.plans.exchange import Change, Parsed, parse, plan_changes
from planning.plans.exchange.layout import NODE_SHEET, TASK_SHEET, Kind
from planning.plans.exchange.tree import merge_order
from planning.plans.models import PlanLevel, PlanNode, Task
from planning.plans.values import NodeValues, TaskValues
from tests.factories import FundingSourceFactory, OrganisationFactory, PlanningGroupFactory
from tests.planning.exchange_sheets import (
    TASK_HEADINGS,
    node_sheet,
    task_sheet,
    task_with,
    version_with_measure,
)
from tests.planning.factories import add_task, coordinator, empty_version

pytestmark = pytest.mark.django_db


def codes(items):
    return [item.code for item in items]


def faults(report):
    return [(problem.place.row, problem.place.column, problem.kind) for problem in report.problems]


def report_of(version, *sheets):
    return plan_changes(version, parse(sheets))


def test_dry_run_tells_apart_created_changed_unchanged_refused_and_absent():
    version = version_with_measure()
    actor = coordinator()
    measure = version.nodes.get(code="1.1")
    services.add_node(version, actor=actor, values=NodeValues("Jinde", "7"))
    services.add_task(measure, actor=actor, values=TaskValues("Udržet", "1.1.1", cost_planned=5))
    services.add_task(measure, actor=actor, values=TaskValues("Nejmenovaný", "1.1.9"))

    report = report_of(
        version,
        node_sheet(("1", None, "Priorita", "Doma"), ("1.1", "1", "OPATŘENÍ", "Péče doma")),
        task_sheet(
            ("1.1.1", "1.1", "Udržet", "5 Kč"),
            ("1.1.2", "1.1", "Navýšit", None),
            ("1.1.3", "1.1", "Vadný", "moc"),
            headings=(*TASK_HEADINGS, "Náklady"),
        ),
    )

    assert codes(report.unchanged) == ["1", "1.1.1"]
    assert [(item.code, item.changes) for item in report.changed] == [
        ("1.1", (Change("title", "Péče", "Péče doma"),))
    ]
    assert [(item.kind, item.code, item.row) for item in report.created] == [("task", "1.1.2", 3)]
    assert faults(report) == [(4, "D", "not_an_amount")]
    assert [(item.kind, item.code) for item in report.absent] == [("node", "7"), ("task", "1.1.9")]
    assert not Task.objects.filter(title="Navýšit").exists()


def test_report_survives_being_kept():
    version = version_with_measure()
    report = report_of(
        version,
        node_sheet(("1", None, None, "Doma\x00"), ("2", None, None, "\ud800")),
        task_with(Od="\x00", Cizí="x"),
    )

    kept = type(report).from_json(report.as_json())

    assert kept.as_json() == report.as_json()
    assert codes(kept.refused) == ["1", "2", "1.1.1"]
    assert "\x00" not in str(report.as_json())
    assert "\ud800" not in str(report.as_json())


def test_a_field_whose_column_is_missing_or_says_the_same_is_left_alone():
    version = empty_version()
    node = services.add_node(
        version,
        actor=coordinator(),
        values=NodeValues("Doma", "1", need=" Lidé\r\nchtějí ", goal="Cíl"),
    )
    sheet = node_sheet(("1", "Doma ", "Lidé\nchtějí"), headings=("Kód", "Název", "Potřeba"))

    report = report_of(version, sheet)

    assert codes(report.unchanged) == ["1"]
    node.refresh_from_db()
    assert node.need == " Lidé\r\nchtějí "


def test_an_empty_cell_empties_the_field():
    version = empty_version()
    services.add_node(version, actor=coordinator(), values=NodeValues("Doma", "1", need="Lidé"))

    report = report_of(
        version, node_sheet(("1", "Doma", None), headings=("Kód", "Název", "Potřeba"))
    )

    assert report.changed[0].changes == (Change("need", "Lidé", ""),)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(None, "1", None, "Bez kódu")], [(2, "A", "code_missing")]),
        ([("1 a", None, None, "Špatný kód")], [(2, "A", "code_wrong")]),
        ([("1.1.1.1.1.1.1", "1", None, "Hluboký kód")], [(2, "A", "code_wrong")]),
        ([("123456.123456.123456.1", "1", None, "Dlouhý")], [(2, "A", "too_long")]),
        ([("2", None, None, None)], [(2, "D", "title_missing")]),
        ([("1", None, None, "  ")], [(2, "D", "title_missing")]),
        ([("2", None, None, "x" * 301)], [(2, "D", "too_long")]),
        ([("2", None, None, "zvonek \x07")], [(2, "D", "unprintable")]),
        (
            [("2", None, None, "Jednou"), ("2", None, None, "Podruhé")],
            [(2, "A", "code_twice"), (3, "A", "code_twice")],
        ),
        ([("2.1", "2", None, "Sirotek")], [(2, "B", "parent_unknown")]),
        (
            [("2", None, None, ""), ("2.1", "2", None, "Pod odmítnutým"), ("2.2", "2.1", None, "")],
            [(2, "D", "title_missing"), (3, "B", "parent_refused"), (4, "D", "title_missing")],
        ),
        (
            [("2", "2", None, "Pod sebou")],
            [(2, "B", "parent_inside")],
        ),
        (
            [("2", "3", None, "V kruhu"), ("3", "2", None, "V kruhu"), ("4", "3", None, "Na kruhu")],
            [(2, "B", "parent_inside"), (3, "B", "parent_inside"), (4, "B", "parent_refused")],
        ),
        ([("1", "1.1", None, "Doma")], [(2, "B", "parent_inside")]),
        ([("1.1.1", "1.1", None, "Příliš hluboko")], [(2, "B", "level_too_deep")]),
        ([("2", None, "opatření", "Bez nadřazeného")], [(2, "C", "level_wrong")]),
        ([("2", "1", "priorita", "Pod prioritou")], [(2, "C", "level_wrong")]),
    ],
)  # fmt: skip
def test_rows_of_nodes_that_cannot_be_used_are_refused_at_their_place(rows, expected):
    version = version_with_measure()

    report = report_of(version, node_sheet(*rows))

    assert faults(report) == expected
    assert not report.created
    assert not report.changed


def test_moving_a_node_with_what_is_under_it_too_deep_refuses_the_one_that_moves():
    version = version_with_measure()

    report = report_of(version, node_sheet(("2", None, None, "Nová"), ("1", "2", None, "Doma")))

    assert codes(report.created) == ["2"]
    assert faults(report) == [(3, "B", "level_too_deep")]


def test_a_new_node_too_deep_does_not_take_with_it_the_one_above():
    version = version_with_measure()

    report = report_of(
        version,
        node_sheet(("2", None, None, "A"), ("2.1", "2", None, "B"), ("3", "2.1", None, "C"), ("4", "3", None, "D")),
    )  # fmt: skip

    assert codes(report.created) == ["2", "2.1"]
    assert faults(report) == [(4, "B", "level_too_deep"), (5, "B", "parent_refused")]


def test_a_plan_without_names_of_levels_takes_no_nodes():
    version = empty_version()
    PlanLevel.objects.filter(plan=version.plan).delete()

    assert faults(report_of(version, node_sheet(("1", None, None, "Doma")))) == [
        (2, "A", "no_levels")
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"Od": "1. 5. 2021", "Do": "1. 4. 2021"}, (2, "E", "term_reversed")),
        ({"Termín slovy": "x" * 121}, (2, "D", "too_long")),
        ({"Odpovídá": "Spolek Lípa"}, (2, "D", "organisation_ambiguous")),
        ({"Odpovídá": "Charita [12345678]"}, (2, "D", "organisation_unknown")),
        ({"Odpovídá": "obce; obce"}, (2, "D", "party_twice")),
        ({"Odpovídá": "o" * 201}, (2, "D", "too_long")),
        ({"Odpovídá": "zvon\x07"}, (2, "D", "unprintable")),
        ({"Zdroje": "Sázka"}, (2, "D", "source_unknown")),
        ({"Zdroje": "Rozpočet města: moc"}, (2, "D", "not_an_amount")),
        ({"Zdroje": "Rozpočet města: -5"}, (2, "D", "amount_negative")),
        ({"Zdroje": "Rozpočet města: 5; Rozpočet města"}, (2, "D", "source_twice")),
        ({"Zdroje": "Zaniklý fond"}, (2, "D", "not_in_use")),
        ({"Zdroje": "Rozpočet města [" + "x" * 161 + "]"}, (2, "D", "too_long")),
        ({"Ukazatel 1": "Počet", "Ukazatel 2": "Počet"}, (2, "E", "indicator_twice")),
        ({"Ukazatel 1": "x" * 201}, (2, "D", "too_long")),
        ({"Ukazatel 1": "x", "Ukazatel 1 jednotka": "x" * 41}, (2, "E", "too_long")),
        ({"Ukazatel 1": "x", "Ukazatel 1 plán": "9,125"}, (2, "E", "too_many_decimals")),
    ],
)
def test_cells_of_tasks_that_cannot_be_used_are_refused_at_their_place(cells, expected):
    version = version_with_measure()
    FundingSourceFactory()
    FundingSourceFactory(code="zanikly", name_cs="Zaniklý fond", is_active=False)
    for _twin in range(2):
        OrganisationFactory(name="Spolek Lípa")

    report = report_of(version, task_with(**cells))

    assert faults(report) == [expected]
    assert report.refused[0].problems[0].place.sheet == TASK_SHEET


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("Skupina", "group_unknown"),
        ("Cílové skupiny", "target_group_unknown"),
        ("Obce", "municipality_unknown"),
    ],
)
def test_names_outside_code_lists_are_refused_at_their_place(column, kind):
    version = version_with_measure()
    sheet = node_sheet(("2", "Nová", "nevím"), headings=("Kód", "Název", column))

    report = report_of(version, sheet)

    assert faults(report) == [(2, "C", kind)]
    assert report.problems[0].place.sheet == NODE_SHEET


def test_a_retired_item_stays_where_it_stands_and_cannot_be_newly_chosen():
    version = empty_version()
    group = PlanningGroupFactory(code="stara", name_cs="Stará skupina")
    services.add_node(
        version, actor=coordinator(), values=NodeValues("A", "1", planning_group=group.pk)
    )
    type(group).objects.filter(pk=group.pk).update(is_active=False)
    headings = ("Kód", "Název", "Skupina")

    report = report_of(
        version,
        node_sheet(("1", "A", "Stará skupina"), ("2", "B", "Stará skupina"), headings=headings),
    )

    assert codes(report.unchanged) == ["1"]
    assert faults(report) == [(3, "C", "not_in_use")]


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (None, (2, "B", "node_missing")),
        ("9.9", (2, "B", "parent_unknown")),
        ("2", (2, "B", "parent_refused")),
    ],
)
def test_tasks_need_a_node_that_will_be_there(node, expected):
    version = version_with_measure()

    report = report_of(
        version,
        node_sheet(("2", None, None, None)),
        task_sheet(("1.1.1", node, "Udržet")),
    )

    assert faults(report)[1:] == [expected]


def test_a_task_may_stand_under_a_node_made_by_the_same_file():
    version = empty_version()

    report = report_of(
        version,
        node_sheet(("1.1", "1", None, "Péče"), ("1", None, None, "Doma")),
        task_sheet(("1.1.1", "1.1", "Udržet")),
    )

    assert codes(report.created) == ["1.1", "1", "1.1.1"]


def test_without_its_column_the_node_above_follows_from_the_code_of_a_new_row_only():
    version = version_with_measure()
    add_task(version.nodes.get(code="1"), code="1.1.5")

    report = report_of(
        version,
        node_sheet(("1.2", "Nové"), ("1.1", "Péče"), headings=("Kód", "Název")),
        task_sheet(
            ("1.1.5", "Udržet kapacitu pečovatelské služby"),
            ("1.2.1", "Nový"),
            headings=("Kód", "Název"),
        ),
    )

    assert codes(report.created) == ["1.2", "1.2.1"]
    assert codes(report.unchanged) == ["1.1", "1.1.5"]


def test_a_sheet_that_is_not_in_the_file_leaves_its_rows_out_of_the_report():
    version = version_with_measure()
    add_task(version.nodes.get(code="1.1"))

    report = report_of(version, node_sheet(("1", None, None, "Doma")))

    assert [(item.kind, item.code) for item in report.absent] == [("node", "1.1")]


@pytest.mark.parametrize(
    ("stay", "wanted", "merged"),
    [
        ("abc", "abc", "abc"),
        ("abc", "", "abc"),
        ("abc", "cb", "acb"),
        ("abc", "cab", "cab"),
        ("", "xy", "xy"),
        ("abc", "xa", "xabc"),
        ("abc", "xc", "abxc"),
        ("abc", "axyb", "axybc"),
        ("abc", "xy", "abcxy"),
        ("abcd", "dxa", "dxbca"),
    ],
)
def test_order_of_siblings_follows_the_file_and_keeps_what_it_does_not_name(stay, wanted, merged):
    assert "".join(merge_order(list(stay), list(wanted))) == merged


def test_another_order_in_the_file_is_a_change_of_those_that_move():
    version = version_with_measure()
    for code in ("2", "3"):
        services.add_node(version, actor=coordinator(), values=NodeValues(code, code))

    report = report_of(
        version, node_sheet(("1", "", "", "Doma"), ("3", "", "", "3"), ("2", "", "", "2"))
    )

    assert codes(report.unchanged) == ["1"]
    assert [(item.code, item.changes) for item in report.changed] == [
        ("3", (Change("order", "3.", "2."),)),
        ("2", (Change("order", "2.", "3."),)),
    ]


def test_what_follows_a_newcomer_is_not_called_changed():
    version = version_with_measure()

    report = report_of(version, node_sheet(("0", "", "", "Nultá"), ("1", "", "", "Doma")))

    assert codes(report.created) == ["0"]
    assert codes(report.unchanged) == ["1"]


@pytest.mark.parametrize("count", [1, 30])
def test_count_of_queries_does_not_grow_with_rows(count):
    version = version_with_measure()
    measure = version.nodes.get(code="1.1")
    FundingSourceFactory()
    Task.objects.bulk_create(
        Task(version=version, node=measure, code=f"1.1.{n}", title="Udržet", position=n + 1)
        for n in range(count)
    )
    sheet = task_sheet(
        *[
            (f"1.1.{n}", "1.1", "Udržet", "obce", "Rozpočet města: 5", "Počet")
            for n in range(count)
        ],
        headings=(*TASK_HEADINGS, "Odpovídá", "Zdroje", "Ukazatel 1"),
    )
    parsed = parse([sheet])

    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = plan_changes(version, parsed)

    assert len(report.changed) == count
    assert len(queries) == 13, [query["sql"][:80] for query in queries]


def test_dry_run_of_nothing_reports_everything_absent():
    version = version_with_measure()

    report = plan_changes(version, Parsed(sheets=frozenset(Kind)))

    assert codes(report.absent) == ["1", "1.1"]
    assert not report.changes_anything
    assert PlanNode.objects.filter(version=version).count() == 2


def test_dates_in_the_report_are_those_of_a_cell():
    version = version_with_measure()
    add_task(
        version.nodes.get(code="1.1"), title="Udržet kapacitu", date_from=datetime.date(2021, 3, 1)
    )

    report = report_of(version, task_with(Od="2021-04-01", Odpovídá="koordinátorka"))

    assert report.changed[0].changes == (Change("date_from", "1. 3. 2021", "1. 4. 2021"),)
