"""What a plan adds up to: tables that a council reads first, so they must agree with one another."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from kpss.czech import NBSP
from planning.plans import summaries
from planning.plans.content import (
    FundingContent,
    NetworkContent,
    NodeContent,
    PlanContent,
    TaskContent,
)
from planning.plans.templatetags.plan_words import chapter_text, fours, paper, term


def day(month: int, day_: int, year: int = 2021) -> datetime.date:
    return datetime.date(year, month, day_)


def task(code: str = "1.1", **facts) -> TaskContent:
    values = {
        "lineage": code,
        "code": code,
        "title": "Úkol",
        "description": "",
        "date_from": None,
        "date_to": None,
        "term_text": "",
        "cost_planned": None,
        "cost_note": "",
        "responsible": ("koordinátorka",),
        "partners": (),
        "funding": (),
        "indicators": (),
    }
    return TaskContent(**{**values, **facts})


def node(code: str, *tasks: TaskContent, children=()) -> NodeContent:
    return NodeContent(
        code, code, 1, "priorita", "Název", "", "", "", "", (), (), tuple(tasks), tuple(children)
    )


def plan(*nodes: NodeContent, **facts) -> PlanContent:
    values = {
        "title": "Plán",
        "kind": "action",
        "period_from": day(1, 1),
        "period_to": day(12, 31),
        "summary": "",
        "parent_title": "",
        "version": 1,
        "levels": (("priorita", "priority"),),
        "task_singular": "úkol",
        "task_plural": "úkoly",
        "chapters": (),
        "nodes": nodes,
    }
    return PlanContent(**{**values, **facts})


def money(name: str, amount: int | None = None) -> FundingContent:
    return FundingContent(name, name, amount, "")


def test_sources_and_what_is_not_divided_make_the_total():
    content = plan(
        node(
            "1",
            task("1.1", cost_planned=100, funding=(money("město"), money("kraj", 30))),
            task("1.2", cost_planned=50, funding=(money("město"),)),
            task("1.3", cost_planned=20),
            task("1.4", funding=(money("nadace"), money("kraj"))),
        )
    )

    table = summaries.costs_by_source(content)

    assert [(row.name, row.tasks, row.amount) for row in table.rows] == [
        ("město", 2, 50),
        ("kraj", 2, 30),
        ("nadace", 1, None),
    ]
    assert (table.unassigned, table.total) == (90, 170)
    assert sum(row.amount or 0 for row in table.rows) + table.unassigned == table.total


def test_costs_by_priority_hold_the_whole_tree_and_leave_out_the_empty():
    inner = node("1.1", task("1.1.1", cost_planned=5), children=[node("1.1.1", task("1.1.1.1"))])
    content = plan(node("1", task("1.0", cost_planned=7), children=[inner]), node("2"))

    (row,) = summaries.costs_by_priority(content)

    assert [one.code for one in row.tasks] == ["1.0", "1.1.1", "1.1.1.1"]
    assert row.cost == 12


def test_responsible_organisations_are_in_czech_order():
    content = plan(
        node(
            "1",
            task("1.1", responsible=("Charita", "Hospic")),
            task("1.2", responsible=("Člověk", "Charita")),
            task("1.3", responsible=("Cezava",)),
        )
    )

    parties = summaries.tasks_by_responsible(content)

    assert [(party.name, [one.code for one in party.tasks]) for party in parties] == [
        ("Cezava", ["1.3"]),
        ("Člověk", ["1.2"]),
        ("Hospic", ["1.1"]),
        ("Charita", ["1.1", "1.2"]),
    ]


def bars(content: PlanContent) -> list[tuple[int, str]]:
    (group,) = summaries.timetable(content).groups
    return [(bar.span, bar.label) for bar in group.rows[0].bars]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (day(1, 1), day(12, 31), [(12, "1–12")]),
        (day(3, 1), day(11, 30), [(2, ""), (9, "3–11"), (1, "")]),
        (day(6, 5), day(6, 20), [(5, ""), (1, "6"), (6, "")]),
        (None, day(6, 30), [(5, ""), (1, "6"), (6, "")]),
        (day(10, 1), None, [(9, ""), (3, "10–12")]),
        (day(5, 1, 2020), day(2, 1, 2022), [(12, "1–12")]),
    ],
)
def test_timetable_of_a_year_is_in_months(start, end, expected):
    content = plan(node("1", task(date_from=start, date_to=end)))

    assert bars(content) == expected
    assert sum(span for span, _label in expected) == 12


def test_timetable_of_several_years_is_in_years():
    content = plan(
        node("1", task(date_from=day(1, 1, 2021), date_to=day(12, 31, 2022))),
        period_from=day(1, 1, 2020),
        period_to=day(12, 31, 2023),
    )

    assert summaries.timetable(content).columns == ("2020", "2021", "2022", "2023")
    assert bars(content) == [(1, ""), (2, "2021–2022"), (1, "")]


def test_task_without_dates_says_its_term_in_words():
    content = plan(node("1", task(term_text="průběžně")))

    (group,) = summaries.timetable(content).groups

    assert (group.rows[0].bars, group.rows[0].words) == ((), "průběžně")


def test_network_adds_up_what_is_known():
    services = (
        NetworkContent("A", "P", Decimal("9.5"), None, ""),
        NetworkContent("B", "P", None, 62, ""),
        NetworkContent("C", "P", Decimal("4"), 8, ""),
    )

    total = summaries.network_total(plan(network=services))

    assert (total.fte, total.beds, total.places) == (Decimal("13.5"), 70, 1)
    nothing = summaries.network_total(plan(network=(replace(services[1], beds=None),)))
    assert (nothing.fte, nothing.beds, nothing.places) == (None, None, 0)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (day(1, 1), day(12, 31), "rok 2021"),
        (day(1, 1, 2020), day(12, 31, 2023), "roky 2020–2023"),
        (day(3, 1), day(11, 30), "1. 3. – 30. 11. 2021"),
        (day(3, 1), day(1, 31, 2022), "1. 3. 2021 – 31. 1. 2022"),
        (day(6, 5), day(6, 5), "5. 6. 2021"),
        (None, day(6, 30), "do 30. 6. 2021"),
        (day(10, 1), None, "od 1. 10. 2021"),
        (None, None, ""),
    ],
)
def test_term_reads_as_people_write_it(start, end, words):
    with translation.override("cs"):
        assert term(task(date_from=start, date_to=end)).replace(NBSP, " ") == words


def test_ranges_on_paper_never_break_and_text_is_escaped():
    assert paper("v letech 2020–2023 <b>") == (
        f'v{NBSP}letech <span class="nowrap">2020–2023</span> &lt;b&gt;'
    )


def test_headings_of_a_chapter_never_skip_a_level():
    source = "#### Hluboký\n\n##### Hlubší\n\n# Mělký\n\n###### Nejhlubší"

    levels = [line[:4] for line in chapter_text(source, 3).splitlines() if line.startswith("<h")]

    assert levels == ["<h3>", "<h4>", "<h3>", "<h4>"]


def test_fingerprint_is_cut_into_fours():
    assert fours("0123456789abcdef") == ["0123", "4567", "89ab", "cdef"]
