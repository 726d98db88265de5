"""People from Excel, the dry run: whom a row means, what it would change, and why it cannot."""

import datetime
import time

import pytest

from committees.bodies.enums import Role, Side
from committees.people.exchange.comparison import work_out
from committees.people.exchange.report import SENTENCES
from committees.people.exchange.workbook import content_workbook, read_people, template_workbook
from kpss.exchange.sheets import FileUnreadable, RawSheet
from kpss.spreadsheets import Column, Sheet, read_rows, write_workbook
from tests.committees.people_sheets import HEADINGS, cells, dry_run, faults, parsed
from tests.factories import CommitteeFactory, OrganisationFactory, PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db

JANA = {"first": "Jana", "last": "Nová"}
SEAT = {"committee": "Komise", "side": "zadavatelé", "begins": "1. 1. 2021"}


def told(items):
    return [(item.kind, item.title, item.row) for item in items]


def changes(item):
    return [(change.field, change.old, change.new) for change in item.changes]


# --- Whom a row means -------------------------------------------------------------------------------------------------


def test_somebody_new_is_created_with_a_seat():
    CommitteeFactory(name="Komise")

    report = dry_run(cells(**JANA, email="Jana@Example.cz", phone="777123456", **SEAT))

    assert told(report.created) == [("person", "Jana Nová", 2), ("seat", "Jana Nová – Komise", 2)]
    assert report.created[0].code == "jana@example.cz"
    assert not report.refused


def test_person_is_known_by_email_and_changed_field_by_field():
    PersonFactory(first_name="Jana", last_name="Stará", email="jana@example.cz", phone="")

    report = dry_run(cells(**JANA, email="jana@example.cz", phone="777 123 456"))

    assert changes(report.changed[0]) == [
        ("last_name", "Stará", "Nová"),
        ("phone", "", "+420 777 123 456"),
    ]


@pytest.mark.parametrize("phone", ["777123456", 777123456, "+420 777 123 456", "00420777123456"])
def test_phone_written_otherwise_is_the_same(phone):
    PersonFactory(first_name="Jana", last_name="Nová", email="j@example.cz", phone="777 123 456")

    report = dry_run(cells(**JANA, email="j@example.cz", phone=phone))

    assert told(report.unchanged) == [("person", "Jana Nová", 2)]


def test_person_without_email_in_the_file_is_known_by_the_name_and_keeps_it():
    PersonFactory(first_name="Jana", last_name="Nováková", email="jana@example.cz")

    report = dry_run(cells(first="JANA", last="Novakova", phone="777123456"))

    assert changes(report.changed[0]) == [("phone", "", "+420 777 123 456")]


def test_known_person_without_email_gets_it():
    PersonFactory(first_name="Jana", last_name="Nová", email=None)

    report = dry_run(cells(**JANA, email="jana@example.cz"))

    assert changes(report.changed[0]) == [("email", "", "jana@example.cz")]


def test_email_of_a_known_person_is_never_changed_by_the_name():
    PersonFactory(first_name="Jana", last_name="Nová", email="jana@example.cz")

    report = dry_run(cells(**JANA, email="cizi@example.com"))

    assert faults(report) == [(2, "C", "other_email")]
    assert "jana@example.cz" in report.problems[0].reason


def test_namesakes_are_asked_for_an_email():
    PersonFactory(first_name="Jana", last_name="Nová", email="jedna@example.cz")
    PersonFactory(first_name="Jana", last_name="Nová", email="druha@example.cz")

    report = dry_run(cells(**JANA), cells(**JANA, email="druha@example.cz"))

    assert faults(report) == [(2, "B", "name_ambiguous")]
    assert told(report.unchanged) == [("person", "Jana Nová", 3)]


def test_rows_of_one_new_person_make_one_person_whatever_their_order():
    CommitteeFactory(name="Komise")
    CommitteeFactory(name="Výbor")

    report = dry_run(
        cells(**JANA, **SEAT),
        cells(**JANA, email="jana@example.cz", **SEAT | {"committee": "Výbor"}),
    )

    assert [item.kind for item in report.created] == ["person", "seat", "seat"]
    assert report.created[0].code == "jana@example.cz"


def test_empty_cells_change_nothing():
    PersonFactory(first_name="Jana", last_name="Nová", email="jana@example.cz", phone="777123456")

    report = dry_run(cells(**JANA, email="", phone="  "))

    assert not report.changes_anything
    assert not report.refused


def test_account_of_an_administrator_is_left_to_administrators():
    PersonFactory(superuser=True, email="spravce@example.cz", first_name="Jana", last_name="Nová")
    row = cells(first="Jana", last="Jiná", email="spravce@example.cz")

    assert faults(dry_run(row, actor=PersonFactory(coordinator=True))) == [
        (2, "B", "administrator")
    ]
    assert dry_run(row, actor=PersonFactory(superuser=True)).changed


# --- Faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"last": None}, ("B", "last_name_missing")),
        ({"email": "jana(zavináč)example.cz"}, ("C", "email_wrong")),
        ({"email": "jana@example.cz\r\nBcc: x@example.com"}, ("C", "email_wrong")),
        ({"phone": "volejte ráno"}, ("D", "phone_wrong")),
        ({"phone": 12}, ("D", "phone_wrong")),
        ({"first": "J" * 61}, ("A", "too_long")),
        ({"first": "J\x00"}, ("A", "unprintable")),
        ({"committee": "Kroužek"}, ("E", "committee_unknown")),
        ({"committee": None}, ("E", "committee_missing")),
        ({"role": "šéf"}, ("F", "role_unknown")),
        ({"side": "levá"}, ("G", "side_unknown")),
        ({"side": None}, ("G", "side_missing")),
        ({"organisation": "Neznámá"}, ("H", "organisation_unknown")),
        ({"organisation": "12345678"}, ("H", "organisation_unknown")),
        ({"begins": "31. 2. 2021"}, ("J", "not_a_date")),
        ({"begins": None}, ("J", "from_missing")),
        ({"begins": "1. 1. 2010"}, ("J", "committee_away")),
        ({"ends": "31. 12. 2020"}, ("K", "dates_reversed")),
    ],
)
def test_fault_is_told_by_row_and_column(said, fault):
    CommitteeFactory(name="Komise", established_on=datetime.date(2015, 1, 1))

    report = dry_run(cells(**JANA | SEAT | said), cells(first="Petr", last="Dobrý"))

    assert faults(report) == [(2, *fault)]
    assert len(report.problems[0].reason) > 10
    assert told(report.created) == [("person", "Petr Dobrý", 3)]


def test_every_fault_of_a_row_is_told():
    report = dry_run(cells(**JANA, email="x", phone="y", committee="z", begins="w"))

    assert faults(report) == [
        (2, "C", "email_wrong"),
        (2, "D", "phone_wrong"),
        (2, "E", "committee_unknown"),
        (2, "J", "not_a_date"),
    ]


def test_the_same_twice_in_the_file_is_told():
    CommitteeFactory(name="Komise")

    report = dry_run(
        cells(**JANA),
        cells(**JANA),
        cells(first="Petr", last="Malý", **SEAT),
        cells(first="Petr", last="Malý", **SEAT | {"begins": "1. 6. 2021"}),
    )

    assert faults(report) == [(3, "B", "row_twice"), (5, "E", "row_twice")]
    assert [p.params["row"] for p in report.problems] == ["2", "4"]


def test_rows_that_contradict_each_other_are_told():
    CommitteeFactory(name="Komise")
    jana = {**JANA, "email": "jana@example.cz"}

    report = dry_run(
        cells(**jana, phone="777123456"),
        cells(**jana, phone="608123456", **SEAT),
        cells(first="Eva", last="Jiná", email="jana@example.cz"),
    )

    assert faults(report) == [(3, "D", "contradicts"), (4, "C", "email_of_two")]


def test_every_kind_of_fault_has_a_sentence_that_says_where_or_what_to_do():
    assert all(str(sentence).endswith(".") for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    "sheets",
    [
        [],
        [RawSheet("List1", [(1, ("Jméno", "Příjmení")), (2, ("Jana", "Nová"))])],
        [RawSheet("Lidé", [])],
        [RawSheet("Lidé", [(1, ("Jméno", "Příjmení"))])],
        [RawSheet("Lidé", [(1, ("Jméno a příjmení",)), (2, ("Jana Nová",))])],
        [RawSheet("Lidé", [(1, ("Jméno", "Příjmení", "jmeno")), (2, ("Jana", "Nová", "x"))])],
    ],
)
def test_file_that_is_no_list_of_people_is_refused(sheets):
    from committees.people.exchange.parser import parse  # noqa: PLC0415 - only here

    with pytest.raises(FileUnreadable) as refusal:
        parse(sheets)

    assert all(len(reason) > 20 for reason in refusal.value.reasons)


# --- Seats ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def seat():
    return SeatFactory(
        committee__name="Komise",
        person__first_name="Jana",
        person__last_name="Nová",
        valid_from=datetime.date(2021, 1, 1),
    )


def test_seat_from_the_same_day_is_corrected(seat):
    OrganisationFactory(name="Charita")

    report = dry_run(
        cells(
            **JANA,
            **SEAT | {"role": "předsedkyně", "organisation": "charita", "ends": "31. 12. 2030"},
        )
    )

    assert changes(report.changed[0]) == [
        ("role", "člen/členka", "předseda/předsedkyně"),
        ("organisation", "", "Charita"),
        ("valid_to", "", "31. 12. 2030"),
    ]


def test_without_a_day_the_present_seat_is_meant(seat):
    report = dry_run(cells(**JANA, committee="Komise", function="vedoucí odboru"))

    assert changes(report.changed[0]) == [("function", "", "vedoucí odboru")]


def test_seat_that_overlaps_is_refused_with_its_days(seat):
    report = dry_run(cells(**JANA, **SEAT | {"begins": "1. 6. 2022"}))

    assert faults(report) == [(2, "J", "seat_overlaps_open")]
    assert "1. 1. 2021" in report.problems[0].reason


def test_one_seat_may_end_and_another_begin_in_any_order_of_rows(seat):
    later = cells(**JANA, **SEAT | {"begins": "1. 7. 2022", "role": "předsedkyně"})
    ending = cells(**JANA, **SEAT | {"ends": "30. 6. 2022"})

    for rows in ([later, ending], [ending, later]):
        report = dry_run(*rows)

        assert faults(report) == []
        assert (len(report.created), len(report.changed)) == (1, 1)


def test_organisation_is_found_by_name_ico_or_both():
    CommitteeFactory(name="Komise")
    known = OrganisationFactory(name="Charita", ico="00000019")
    OrganisationFactory(name="Spolek")
    OrganisationFactory(name="Spolek")

    rows = ["Charita", "CHARITA", "00000019", 19, f"Charita [{known.ico}]", "Spolek"]
    report = dry_run(
        *(cells(first=f"J{n}", last="X", organisation=text, **SEAT) for n, text in enumerate(rows))
    )

    assert faults(report) == [(7, "H", "organisation_ambiguous")]


def test_committee_is_found_by_short_name_and_an_ambiguous_one_is_told():
    CommitteeFactory(name="Komise rady", short_name="Komise")
    CommitteeFactory(name="Výbor A", short_name="Výbor")
    CommitteeFactory(name="Výbor B", short_name="Výbor")

    report = dry_run(
        cells(**JANA, **SEAT), cells(first="Petr", last="Malý", **SEAT | {"committee": "výbor"})
    )

    assert faults(report) == [(3, "E", "committee_ambiguous")]


# --- There and back ---------------------------------------------------------------------------------------------------


def test_people_as_they_are_uploaded_back_change_nothing():
    SeatFactory(person__last_name="=1+1", function="@SUM(A1)", committee__name="-Komise")
    SeatFactory(
        person__title_before="Mgr.",
        person__title_after="Ph.D.",
        role=Role.CHAIR,
        side=Side.USER,
        organisation=OrganisationFactory(name="Spolek; [a] přátel"),
        valid_to=datetime.date(2099, 1, 1),
    )
    SeatFactory(ended=True)
    for _twin in range(2):
        SeatFactory(organisation=OrganisationFactory(name="Dvojče"))
        PersonFactory(first_name="Jana", last_name="Dvojčatová")

    sent_back = read_people(content_workbook(), "lide.xlsx")
    report = work_out(sent_back, actor=PersonFactory(superuser=True)).report

    assert faults(report) == []
    assert not report.changes_anything
    assert len(report.unchanged) == 7 + 4


def test_template_is_empty_and_says_how_to_be_filled():
    CommitteeFactory(name="Komise")
    CommitteeFactory(name="Zaniklá", dissolved_on=datetime.date(2020, 1, 1))

    file = template_workbook()

    with pytest.raises(FileUnreadable):
        read_people(file, "lide.xlsx")
    guide = " ".join(str(row.values) for row in read_rows(file, sheet="Návod"))
    assert "Nahráním se nikdy nic nesmaže" in guide
    lists = str([row.values for row in read_rows(file, sheet="Číselníky")])
    assert "Komise" in lists
    assert "Zaniklá" not in lists


@pytest.mark.parametrize("count", [1, 30])
def test_dry_run_asks_the_database_four_times(django_assert_num_queries, count):
    CommitteeFactory(name="Komise")
    rows = [cells(first=f"Jana {n}", last="Nová", **SEAT) for n in range(count)]

    with django_assert_num_queries(4):
        report = dry_run(*rows)

    assert len(report.created) == 2 * count


@pytest.mark.slow
def test_five_thousand_rows_are_compared_within_ten_seconds():
    CommitteeFactory(name="Komise")
    rows = [
        cells(
            first="Jana",
            last=f"Nová {n}",
            email=f"jana{n}@example.cz",
            phone=f"777{n:06d}",
            **SEAT,
        )
        for n in range(5_000)
    ]

    began = time.monotonic()
    report = work_out(parsed(*rows), actor=PersonFactory(superuser=True)).report

    assert time.monotonic() - began < 10
    assert len(report.created) == 10_000


def test_the_sheet_may_stand_in_the_file_once():
    """Sheets are matched by their plain names; many broad ones in a small file took gigabytes."""
    row = [cells(**JANA)]
    columns = [Column(heading) for heading in HEADINGS]
    file = write_workbook([Sheet("Lidé", columns, row), Sheet("lide ", columns, row)])

    with pytest.raises(FileUnreadable, match="„Lidé“ je v souboru dvakrát"):
        read_people(file, "lide.xlsx")
