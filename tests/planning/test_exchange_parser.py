import datetime

import pytest
from django.utils import translation

from kpss.exchange.layout import MAX_ROWS, letters_of
from planning.plans.exchange import FileUnreadable, IndicatorCells, RawSheet, parse
from planning.plans.exchange.layout import LEFT_OUT, NODE_SHEET, TASK_SHEET
from planning.plans.exchange.report import SENTENCES
from tests.planning.exchange_sheets import (
    node_sheet,
    task_sheet,
    task_with,
)


def places(problems):
    return [(p.place.sheet, p.place.row, p.place.column, p.kind) for p in problems]


def test_parse_reads_typed_rows_with_their_places():
    parsed = parse(
        [
            node_sheet(
                ("1", None, "priorita", "Doma"), (None, "", " ", None), (1.2, 1, None, "Péče")
            ),
            task_with(
                Od="1. 3. 2021", Náklady="12 000 Kč", Odpovídá="Charita; obce", Spolupracuje=None
            ),
        ]
    )

    first, second = parsed.nodes
    assert first.values == {"code": "1", "parent": "", "level": "priorita", "title": "Doma"}
    assert (second.number, second.code, second.values["parent"]) == (4, "1.2", "1")
    (task,) = parsed.tasks
    assert task.values == {
        "code": "1.1.1",
        "node": "1.1",
        "title": "Udržet kapacitu",
        "date_from": datetime.date(2021, 3, 1),
        "cost_planned": 12_000,
        "responsible": ("Charita", "obce"),
        "partners": (),
    }
    assert task.columns["responsible"] == "F"
    assert not task.problems


def test_columns_are_found_by_heading_in_any_order_and_writing():
    parsed = parse(
        [
            RawSheet(
                "  úkoly ",
                [
                    (1, ["Akční plán 2021", None]),
                    (3, ["NÁZEV *", "Moje poznámka", "kod", "  Náklady\n(Kč)", "opatreni"]),
                    (5, ["Udržet", "tajné", "1.1.1", 5, "1.1"]),
                ],
            )
        ]
    )

    (row,) = parsed.tasks
    assert row.number == 5
    assert row.values == {"code": "1.1.1", "node": "1.1", "title": "Udržet", "cost_planned": 5}
    assert places(parsed.notices) == [
        (TASK_SHEET, 3, "B", "column_unknown"),
        (NODE_SHEET, 0, "", "sheet_absent"),
    ]


def test_any_number_of_indicators_is_read_from_their_columns():
    headings = {
        "Ukazatel 1: název": "Počet setkání",
        "Ukazatel 1: plánovaná hodnota": "4",
        "Ukazatel 3 – název": None,
        "Ukazatel 3 – jednotka": "",
        "Ukazatel 12": "Účast",
        "Ukazatel 12 jednotka": "osob",
        "Ukazatel 12: druh": "Výsledek",
    }

    (row,) = parse([task_with(**headings)]).tasks

    assert row.values["indicators"] == (
        IndicatorCells(1, "Počet setkání", {"planned": 4}),
        IndicatorCells(12, "Účast", {"unit": "osob", "kind": "outcome"}),
    )


def test_all_faults_of_cells_are_gathered_in_the_order_of_columns():
    sheet = task_with(
        Od="31. 2. 2021",
        Do="pozítří",
        Náklady="moc",
        Odpovídá='"Charita',
        **{"Ukazatel 1: jednotka": "osob", "Ukazatel 2": "Počet", "Ukazatel 2: druh": "jiný"},
    )

    (row,) = parse([sheet]).tasks

    assert places(row.problems) == [
        (TASK_SHEET, 2, "D", "not_a_date"),
        (TASK_SHEET, 2, "E", "not_a_date"),
        (TASK_SHEET, 2, "F", "not_an_amount"),
        (TASK_SHEET, 2, "G", "quotes_open"),
        (TASK_SHEET, 2, "H", "indicator_nameless"),
        (TASK_SHEET, 2, "J", "indicator_kind_unknown"),
    ]


def test_codes_spoiled_by_excel_are_noticed():
    parsed = parse(
        [
            node_sheet(
                (datetime.datetime(2021, 1, 1), None, None, "Péče"),  # noqa: DTZ001
                (1.1, 1.0, None, "Péče"),
            )
        ]
    )

    assert places(parsed.nodes[0].problems) == [(NODE_SHEET, 2, "A", "code_is_date")]
    assert parsed.nodes[1].code == "1.1"
    assert places(parsed.notices)[0] == (NODE_SHEET, 3, "A", "code_was_number")


def test_a_text_too_long_for_excel_means_no_change():
    (row,) = parse([task_with(Popis=LEFT_OUT)]).tasks

    assert "description" not in row.values
    assert not row.problems


@pytest.mark.parametrize(
    "sheets",
    [
        [],
        [RawSheet("List1", [(1, ["Kód", "Název"])])],
        [node_sheet(), task_sheet()],
        [
            node_sheet(
                ("1", None, None, "Doma"), headings=("Kód", "Nadřazený kód", "Úroveň", "Text")
            )
        ],
        [node_sheet(("1", "2", None, "Doma"), headings=("Kód", "Kód", "Úroveň", "Název"))],
        [node_sheet(*[(str(n), None, None, "Doma") for n in range(MAX_ROWS + 1)])],
    ],
)
def test_files_that_are_no_plan_are_refused_with_sentences(sheets):
    with pytest.raises(FileUnreadable) as refusal:
        parse(sheets)

    assert [reason for reason in refusal.value.reasons if len(reason) > 20] == list(
        refusal.value.reasons
    )


def test_the_most_rows_are_read():
    rows = [(str(n), None, None, "Doma") for n in range(MAX_ROWS)]

    assert len(parse([node_sheet(*rows)]).nodes) == MAX_ROWS


def test_letters_over_columns_are_those_of_excel():
    assert [letters_of(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_a_fault_is_said_in_czech_with_its_place():
    (row,) = parse([task_with(Popis="", Termín_slovy="", Od="31. 2. 2021")]).tasks

    with translation.override("cs"):
        sentence = str(row.problems[0])

    assert sentence.replace("\u00a0", " ") == (
        "List Úkoly, řádek 2, sloupec F: „31. 2. 2021“ není datum. Napište je jako 28. 2. 2021."
    )


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_sentence_has_its_czech(kind):
    with translation.override("en"):
        english = str(SENTENCES[kind])
    with translation.override("cs"):
        czech = str(SENTENCES[kind])

    assert english != czech
    assert {part.split(")")[0] for part in english.split("%(")[1:]} == {
        part.split(")")[0] for part in czech.split("%(")[1:]
    }
