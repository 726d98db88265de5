"""Days and times on the wall become moments, and the two strange hours of the year are refused in words."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from kpss.moments import moment_of

SPRING, AUTUMN = datetime.date(2027, 3, 28), datetime.date(2027, 10, 31)
PLAIN = [
    (SPRING, "01:59", "00:59"),
    (SPRING, "03:00", "01:00"),
    (AUTUMN, "01:59", "23:59"),
    (AUTUMN, "03:00", "02:00"),
    (datetime.date(2027, 7, 1), "02:30", "00:30"),
    (datetime.date(2027, 1, 1), "02:30", "01:30"),
]


@pytest.mark.parametrize(("day", "wall", "utc"), PLAIN)
def test_moment_is_what_clocks_show(day, wall, utc):
    moment = moment_of(day, datetime.time.fromisoformat(wall))

    assert f"{moment.astimezone(datetime.UTC):%H:%M}" == utc


@pytest.mark.parametrize("wall", ["02:00", "02:30", "02:59"])
def test_hour_that_is_left_out_is_no_moment(wall):
    with pytest.raises(ValidationError) as refused:
        moment_of(SPRING, datetime.time.fromisoformat(wall))

    assert refused.value.code == "no_such_time"


@pytest.mark.parametrize("wall", ["02:00", "02:30", "02:59"])
def test_hour_that_comes_twice_is_no_moment(wall):
    with pytest.raises(ValidationError) as refused:
        moment_of(AUTUMN, datetime.time.fromisoformat(wall))

    assert refused.value.code == "twice"
