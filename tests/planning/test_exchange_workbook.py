import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection

from kpss.spreadsheets import SpreadsheetRefused, read_rows, sheet_names
from planning.plans.content import content_of
from planning.plans.exchange import IndicatorCells, apply_rows, parse, plan_changes
from planning.plans.exchange.layout import (
    GUIDE_SHEET,
    LEFT_OUT,
    LISTS_SHEET,
    NODE_SHEET,
    TASK_SHEET,
)
from planning.plans.exchange.uploads import read_plan
from planning.plans.exchange.workbook import (
    content_workbook,
    read_sheets_of_plan,
    result_workbook,
    template_workbook,
)
from planning.plans.models import FundingLine, Indicator, PlanNode, Task, TaskParty
from tests.factories import FundingSourceFactory, OrganisationFactory, PlanVersionFactory
from tests.planning.exchange_sheets import awkward_version, node_sheet, task_with
from tests.planning.factories import coordinator, rich_version

pytestmark = pytest.mark.django_db


def opened(file):
    """The workbook as another program sees it."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import

    return load_workbook(io.BytesIO(file))


def said(version):
    """Everything the tree of a version says, without keys and lineage; ends of lines made alike."""

    def alike(values):
        return [
            tuple(v.replace("\r\n", "\n") if isinstance(v, str) else v for v in row)
            for row in values
        ]

    nodes, tasks = PlanNode.objects.filter(version=version), Task.objects.filter(version=version)
    return {
        "nodes": alike(
            nodes.order_by("code").values_list(
                "code", "parent__code", "depth", "position", "title", "need", "goal",
                "description", "planning_group",
            )
        ),
        "groups": set(nodes.values_list("code", "target_groups")),
        "places": set(nodes.values_list("code", "municipalities")),
        "tasks": alike(
            tasks.order_by("code").values_list(
                "code", "node__code", "position", "title", "description", "date_from", "date_to",
                "term_text", "cost_planned", "cost_note",
            )
        ),
        "parties": list(
            TaskParty.objects.filter(task__in=tasks)
            .order_by("task__code", "role", "position")
            .values_list("task__code", "role", "organisation", "name")
        ),
        "funding": list(
            FundingLine.objects.filter(task__in=tasks)
            .order_by("task__code", "position")
            .values_list("task__code", "source", "amount", "note")
        ),
        "indicators": list(
            Indicator.objects.filter(task__in=tasks)
            .order_by("task__code", "position")
            .values_list("task__code", "kind", "name", "unit", "planned")
        ),
    }  # fmt: skip


@pytest.mark.parametrize("make", [rich_version, awkward_version])
def test_content_comes_back_without_loss(make):
    version = make()
    parsed = read_plan(content_workbook(version), "plan.xlsx")
    new = PlanVersionFactory(plan__levels=None)

    unchanged = plan_changes(version, parsed)
    apply_rows(new, parsed, actor=coordinator())

    assert (unchanged.changed, unchanged.created, unchanged.refused, unchanged.notices) == (
        (), (), (), (),
    )  # fmt: skip
    assert len(unchanged.unchanged) == version.nodes.count() + version.tasks.count()
    assert said(new) == said(version)


def test_content_of_the_plan_stays_the_same_after_a_round_trip():
    version = awkward_version()
    before = content_of(version)

    apply_rows(version, read_plan(content_workbook(version), "a.xlsx"), actor=coordinator())

    assert content_of(version) == before


PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "a\x00b",
    "=cmd|' /C calc'!A0",
    "\u202e=1",
    "_x0041_",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_texts_in_every_column_and_come_back(payload):
    """NUL can stand only in a database that lets it in; there it survives too."""
    version = rich_version()
    task = Task.objects.get(version=version, title="Udržet kapacitu")
    if "\x00" in payload and connection.vendor == "postgresql":
        pytest.skip("PostgreSQL keeps no NUL")
    PlanNode.objects.filter(version=version).update(
        title=payload, need=payload, goal=payload, description=payload
    )
    Task.objects.filter(pk=task.pk).update(
        title=payload, description=payload, term_text=payload, cost_note=payload
    )
    task.parties.filter(role="partner").update(name=payload)
    task.funding.filter(source__code="kraj").update(note=payload)
    task.indicators.filter(kind="outcome").update(name=payload, unit=payload)
    OrganisationFactory(name=payload)
    FundingSourceFactory(code="dalsi", name_cs=payload)
    file = content_workbook(version)

    report = plan_changes(version, read_plan(file, "plan.xlsx"))

    assert not report.changes_anything
    assert not report.refused
    cells = [cell for sheet in opened(file) for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}


def test_template_is_empty_and_says_how_to_be_filled():
    version = awkward_version()

    file = template_workbook(version)

    assert sheet_names(file) == [GUIDE_SHEET, NODE_SHEET, TASK_SHEET, LISTS_SHEET]
    assert [row.values[:4] for row in read_rows(file, sheet=NODE_SHEET)] == [
        ["Kód", "Nadřazený kód", "Úroveň", "Název"]
    ]
    (headings,) = [row.values for row in read_rows(file, sheet=TASK_SHEET)]
    assert headings[-9:] == [
        "Ukazatel 1: název", "Ukazatel 1: jednotka", "Ukazatel 1: plánovaná hodnota",
        "Ukazatel 2: název", "Ukazatel 2: jednotka", "Ukazatel 2: plánovaná hodnota",
        "Ukazatel 3: název", "Ukazatel 3: jednotka", "Ukazatel 3: plánovaná hodnota",
    ]  # fmt: skip
    guide = [row.values for row in read_rows(file, sheet=GUIDE_SHEET)]
    assert guide[1] == ["Plán", f"{version.plan.title}, verze 1"]
    assert {"Kód", "Zdroje financování", "Ukazatel 1, 2, 3…"} <= {row[0] for row in guide}
    lists = [row.values for row in read_rows(file, sheet=LISTS_SHEET)]
    assert lists[1][:1] == ["priorita"]
    assert "Spolek Lípa [" in str(lists)
    assert parse(read_sheets_of_plan(content_workbook(version), "a.xlsx")).nodes


def test_workbook_helps_those_who_fill_it():
    book = opened(content_workbook(awkward_version()))

    nodes, tasks = book[NODE_SHEET], book[TASK_SHEET]
    assert (nodes.freeze_panes, tasks.freeze_panes) == ("A2", "A2")
    assert nodes["A1"].font.bold
    assert [nodes.column_dimensions[letter].number_format for letter in "AB"] == ["@", "@"]
    assert {nodes["A2"].number_format, tasks["B2"].number_format} == {"@"}
    offered = {
        str(rule.sqref): (rule.formula1, rule.showErrorMessage)
        for rule in nodes.data_validations.dataValidation
    }
    assert offered["C2:C1048576"] == (f"'{LISTS_SHEET}'!$A$2:$A$3", True)
    assert offered["J2:J1048576"] == (f"'{LISTS_SHEET}'!$D$2:$D$3", False)
    assert [c.value for c in tasks[1]][-4:] == [
        "Ukazatel 4: název", "Ukazatel 4: jednotka", "Ukazatel 4: plánovaná hodnota", "Ukazatel 4: druh",
    ]  # fmt: skip
    assert tasks["E2"].is_date


def test_a_text_longer_than_excel_holds_is_left_out_and_left_alone():
    version = rich_version()
    node = version.nodes.get(title="Podpora seniorů doma")
    PlanNode.objects.filter(pk=node.pk).update(need="dlouhé " * 5_000)
    file = content_workbook(version)

    report = plan_changes(version, read_plan(file, "plan.xlsx"))

    assert LEFT_OUT in [
        row.values[4:5][0] for row in read_rows(file, sheet=NODE_SHEET) if len(row.values) > 4
    ]
    assert not report.changes_anything


def test_whole_result_can_be_taken_away():
    version = rich_version()
    report = plan_changes(
        version,
        parse(
            [
                node_sheet(
                    ("1", None, None, "=Jinak"), ("3", None, None, None), ("4", None, None, "Nová")
                ),
                task_with(Cizí="x"),
            ]
        ),
    )

    headings, *rows = [row.values for row in read_rows(result_workbook(report))]

    assert len(headings) == 10
    assert rows[0][:5] == ["odmítnuto", NODE_SHEET, 3, "D", "3"]
    assert rows[1][:5] == ["nové", NODE_SHEET, 4, None, "4"]
    assert [row[6:9] for row in rows if row[4] == "1"] == [
        ["název", "Podpora seniorů doma", "=Jinak"]
    ]
    assert [row[4] for row in rows if row[0] == "jen v\u00a0plánu"] == [
        i.code for i in report.absent
    ]
    assert rows[-1][:4] == ["poznámka", TASK_SHEET, 1, "D"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("plan.csv", b"a;b"), ("plan.xlsx", b"kod;nazev"), ("plan.xls", b"\xd0\xcf\x11\xe0")],
)
def test_what_is_no_workbook_is_refused(name, data):
    with pytest.raises(SpreadsheetRefused, match="Excel"):
        read_sheets_of_plan(data, name)


def test_a_file_made_by_another_program_is_read():
    """Real dates and numbers, a hidden column, a title above the headings, a sheet of one's own."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import

    book = Workbook()
    book.active.title = "Poznámky"
    page = book.create_sheet(TASK_SHEET)
    page.append(["Akční plán 2021"])
    page.append([])
    page.append(
        ["Název", "Interní", "Kód", "Opatření", "Od", "Náklady", "Ukazatel 1", "Ukazatel 1 plán"]
    )
    page.append(
        ["Udržet", "x", "1.1.1", 1.1, datetime.date(2021, 3, 1), 1_200_000.0, "Úvazky", 9.5]
    )
    page.column_dimensions["D"].hidden = True
    target = io.BytesIO()
    book.save(target)

    parsed = read_plan(target.getvalue(), "PLAN.XLSX")

    (row,) = parsed.tasks
    assert row.number == 4
    assert row.values == {
        "title": "Udržet",
        "code": "1.1.1",
        "node": "1.1",
        "date_from": datetime.date(2021, 3, 1),
        "cost_planned": 1_200_000,
        "indicators": (IndicatorCells(1, "Úvazky", {"planned": Decimal("9.5")}),),
    }
    assert [(notice.kind, notice.place.column) for notice in parsed.notices] == [
        ("sheet_unknown", ""),
        ("column_unknown", "B"),
        ("code_was_number", "D"),
        ("sheet_absent", ""),
    ]
