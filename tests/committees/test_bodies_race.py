"""Two people who number a resolution, or end one seat, at the very same moment."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from committees.bodies import numbering
from committees.bodies.enums import SeatChange
from committees.bodies.models import Committee, Resolution, Rules
from committees.bodies.numbering import next_number
from committees.bodies.seating import end_seat
from committees.bodies.services import lock_committee
from tests.factories import ResolutionFactory, RulesFactory, SeatFactory
from tests.planning.test_services_race import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DAY = datetime.date(2020, 2, 26)


def numbered(committee: Committee, rules: Rules) -> str:
    """Take the next number and use it, as a meeting does."""
    with transaction.atomic():
        held = lock_committee(committee.pk)
        given = next_number(held, day=DAY, meeting_number=1)
        ResolutionFactory(committee=held, rules=rules, number=given, adopted_on=DAY)
    return given


def test_numbers_given_at_once_differ():
    rules = RulesFactory()

    given = at_once(*[lambda: numbered(rules.committee, rules)] * 4)

    assert sorted(given) == [f"1/2020/{order}" for order in range(1, 5)]
    assert Resolution.objects.count() == 4


def test_the_same_number_would_be_given_twice_without_the_lock(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite the immediate transaction itself is the guard")
    rules = RulesFactory()
    both_have_read = threading.Barrier(2)
    read = numbering._after

    def read_and_wait(*args, **kwargs):
        if args[1] == "poradi":
            both_have_read.wait(timeout=20)
        return read(*args, **kwargs)

    monkeypatch.setattr(numbering, "_after", read_and_wait)
    monkeypatch.setattr(
        models.QuerySet, "select_for_update", lambda queryset, **options: queryset.all()
    )

    given = at_once(*[lambda: numbered(rules.committee, rules)] * 2)

    assert sum(isinstance(one, Exception) for one in given) == 1


def test_seat_ended_twice_at_once_ends_once():
    for _round in range(5):
        seat = SeatFactory()

        outcomes = at_once(
            *[lambda seat=seat: end_seat(type(seat)(pk=seat.pk), actor=None, reason="Vzdal se.")]
            * 2
        )

        refused = [one for one in outcomes if isinstance(one, Exception)]
        assert [type(one) for one in refused] == [ValidationError]
        assert list(seat.events.values_list("what", flat=True)) == [SeatChange.ENDED]
