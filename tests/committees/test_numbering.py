"""Numbers of resolutions: by the committee's pattern, one after another, never twice."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from committees.bodies.enums import Mode
from committees.bodies.numbering import (
    AT_MEETING,
    PER_ROLLAM,
    PLACEHOLDERS,
    example,
    next_number,
    number,
    validate,
    validate_per_rollam,
)
from tests.factories import CommitteeFactory, ResolutionFactory

DAY = datetime.date(2020, 2, 26)
VALUES = {"meeting_number": 3, "year": 2021, "order": 4, "order_in_year": 27}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (AT_MEETING, "3/2021/4"),
        (PER_ROLLAM, "PR 4/2021"),
        ("UZ/{poradi_v_roce}/{rok}", "UZ/27/2021"),
        ("č. {poradi}", "č. 4"),
        ("{jednani}-{poradi}-{poradi}", "3-4-4"),
        (" {poradi}/{rok} ", "4/2021"),
    ],
)
def test_pattern_is_filled_in(pattern, expected):
    validate(pattern)

    assert number(pattern, **VALUES) == expected
    assert example(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{jednani}/{rok}", "všechna usnesení měla stejné číslo"),
        ("{cislo}/{poradi}", "Značku {cislo} portál nezná"),
        ("{poradi", "závorky patří jen kolem značky"),
        ("{poradi}}", "závorky patří jen kolem značky"),
        ("{}{poradi}", "závorky patří jen kolem značky"),
        ("{poradi:>10}", "závorky patří jen kolem značky"),
        ("{poradi!r}", "závorky patří jen kolem značky"),
        ("{poradi.__class__}", "portál nezná"),
        ("{rok[0]}{poradi}", "portál nezná"),
        ("USNESENÍ KOMISE PRO PLÁNOVÁNÍ Č. {poradi}/{rok}", "příliš dlouhé"),
    ],
)
def test_pattern_that_could_not_number_is_refused_with_a_sentence(pattern, said):
    with pytest.raises(ValidationError) as refused:
        validate(pattern)

    assert said in refused.value.message
    assert example(pattern) == ""


def test_number_outside_a_meeting_has_no_meeting():
    with pytest.raises(ValidationError):
        validate_per_rollam(AT_MEETING)
    with pytest.raises(ValueError, match="meetings"):
        number(AT_MEETING, **VALUES | {"meeting_number": None})
    validate_per_rollam("{poradi_v_roce}/{rok}")


def test_every_placeholder_has_its_words():
    assert set(PLACEHOLDERS) == {"jednani", "rok", "poradi", "poradi_v_roce"}
    assert all(str(words) for words in PLACEHOLDERS.values())


# --- The next one -----------------------------------------------------------------------------------------------------


def resolved(committee, number, day=DAY, **fields):
    return ResolutionFactory(committee=committee, number=number, adopted_on=day, **fields)


@pytest.mark.django_db
def test_numbers_follow_one_another_within_a_meeting_and_in_the_year_per_rollam():
    committee = CommitteeFactory()

    def decide(**where):
        made = next_number(committee, day=DAY, **where)
        resolved(committee, made, mode=Mode.IN_PERSON if where else Mode.PER_ROLLAM)
        return made

    assert [decide(meeting_number=1) for _ in range(2)] == ["1/2020/1", "1/2020/2"]
    assert [decide() for _ in range(2)] == ["PR 1/2020", "PR 2/2020"]
    assert [decide(meeting_number=2), decide(meeting_number=1)] == ["2/2020/1", "1/2020/3"]
    assert decide() == "PR 3/2020"


@pytest.mark.django_db
def test_order_in_the_year_counts_all_resolutions_and_begins_again():
    committee = CommitteeFactory(
        numbering="{poradi_v_roce}/{rok}", numbering_per_rollam="{poradi_v_roce}/{rok} PR"
    )
    resolved(committee, "1/2020")
    resolved(committee, "2/2020 PR", mode=Mode.PER_ROLLAM)
    resolved(committee, "1/2019", datetime.date(2019, 12, 3))

    assert next_number(committee, day=DAY, meeting_number=1) == "3/2020"
    assert next_number(committee, day=DAY) == "3/2020 PR"
    new_year = datetime.date(2021, 1, 5)
    assert next_number(committee, day=new_year, meeting_number=1) == "1/2021"


@pytest.mark.django_db
def test_gap_is_not_filled_and_a_used_number_is_never_given_again():
    committee = CommitteeFactory()
    for used in ("1/2020/1", "1/2020/7", "1/2020/x", "2/2020/30"):
        resolved(committee, used)
    resolved(CommitteeFactory(), "1/2020/20")

    assert next_number(committee, day=DAY, meeting_number=1) == "1/2020/8"
    promised = ["1/2020/8", "1/2020/9"]
    assert next_number(committee, day=DAY, meeting_number=1, taken=promised) == "1/2020/10"


@pytest.mark.django_db
def test_pattern_without_the_meeting_goes_on_through_the_year():
    committee = CommitteeFactory(numbering="{poradi}/{rok}")
    resolved(committee, "5/2020", datetime.date(2020, 1, 15))

    assert next_number(committee, day=DAY, meeting_number=2) == "6/2020"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_next_number_asks_once(count, django_assert_num_queries):
    committee = CommitteeFactory()
    for order in range(1, count + 1):
        resolved(committee, f"1/2020/{order}")

    with django_assert_num_queries(1):
        assert next_number(committee, day=DAY, meeting_number=1) == f"1/2020/{count + 1}"
