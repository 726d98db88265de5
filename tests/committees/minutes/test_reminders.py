"""Late minutes and slow verifiers: reminders by the tick, lines on desks."""

import datetime

import pytest
from django.utils import timezone

from committees.minutes import services
from committees.minutes.desk import waiting_for, waiting_for_manager
from committees.minutes.models import Minutes
from committees.minutes.reminders import remind_late, remind_verifiers
from kpss import clock, desk
from kpss.outbox.models import Message
from kpss.outbox.services import stop_daily
from tests.committees.minutes import held as h

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def idle_worker(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def lines(person) -> list[str]:
    return [line.what for line in waiting_for(person)]


def mails(kind) -> list:
    return [m.person for m in Message.objects.filter(kind=kind).order_by("pk")]


def test_minutes_nobody_has_begun_are_asked_of_the_secretary():
    held = h.hold()
    due_on = h.YESTERDAY + 10 * DAY

    assert remind_late(due_on) == 0
    assert remind_late(due_on + DAY) == 1
    assert remind_late(due_on + 2 * DAY) == 0  # once a week
    assert remind_late(due_on + 8 * DAY) == 1

    assert mails("minutes-late") == [held.secretary, held.secretary]


def test_late_drafts_are_asked_of_their_writer_until_they_are_sent():
    held = h.hold()
    minutes = services.start_minutes(held.meeting, actor=held.chair)
    late = h.YESTERDAY + 12 * DAY

    remind_late(late)
    assert mails("minutes-late") == [held.chair]
    services.send_to_verifiers(minutes, [held.provider], actor=held.chair)
    assert remind_late(late + 30 * DAY) == 0


def test_verifiers_are_reminded_every_three_days():
    held = h.hold()
    h.sent(held, held.chair, held.provider)
    now = timezone.now()

    assert remind_verifiers(now + 2 * DAY) == 0
    assert remind_verifiers(now + 3 * DAY) == 2
    assert remind_verifiers(now + 3 * DAY) == 0
    services.confirm(h.verifier_of(Minutes.objects.get(), held.chair), actor=held.chair)
    assert remind_verifiers(now + 6 * DAY) == 1
    stop_daily(held.provider)
    assert remind_verifiers(now + 9 * DAY) == 0

    assert mails("minutes-reminder") == [held.chair, held.provider, held.provider]


def test_desks_follow_the_minutes():
    held = h.hold()
    assert lines(held.secretary) == ["Zápis ještě nikdo nezaložil"]
    assert lines(held.chair) == lines(held.provider) == []

    minutes = h.begun(held)
    assert lines(held.secretary) == ["Píšete zápis"]
    services.send_to_verifiers(minutes, [held.provider], actor=held.secretary)
    assert lines(held.secretary) == []
    assert lines(held.provider) == ["Máte ověřit zápis"]
    assert lines(held.chair) == []
    services.confirm(h.verifier_of(h.reloaded(minutes), held.provider), actor=held.provider)
    assert lines(held.provider) == []
    assert lines(held.chair) == ["Zápis je ověřený, čeká na schválení"]
    services.approve(h.reloaded(minutes), actor=held.chair, publish=True)
    assert lines(held.chair) == []


def test_each_line_has_its_one_action_and_term():
    held = h.hold()
    minutes = h.begun(held)

    (line,) = waiting_for(held.secretary)

    assert (line.url, line.until) == (minutes.get_absolute_url(), minutes.due_on)
    assert line.action == "Pokračovat v\xa0psaní"
    assert "1/" in line.about


def test_the_coordinator_sees_what_stands_still():
    held = h.hold()
    assert waiting_for_manager(held.coordinator) == []
    assert waiting_for_manager(held.chair) == []

    with clock.at(h.YESTERDAY + 20 * DAY):
        assert [line.what for line in waiting_for_manager(held.coordinator)] == [
            "Zápis ještě nikdo nezaložil"
        ]
        piles = desk.piles_for(held.coordinator)
        assert [line.what for line in piles[desk.Pile.OVERDUE]].count(
            "Zápis ještě nikdo nezaložil"
        ) == 1
        minutes = h.begun(held)
        (late,) = waiting_for_manager(held.coordinator)
        assert "Eva Malá" in late.what
        services.send_to_verifiers(minutes, [held.provider], actor=held.secretary)
    with clock.at(h.YESTERDAY + 24 * DAY):
        (slow,) = waiting_for_manager(held.coordinator)
        assert "Ivo Zeman" in slow.what
        services.confirm(h.verifier_of(h.reloaded(minutes), held.provider), actor=held.provider)
        services.approve(h.reloaded(minutes), actor=held.chair, publish=False)
    with clock.at(h.YESTERDAY + 25 * DAY):
        (sealed,) = waiting_for_manager(held.coordinator)
        assert "PDF" in sealed.what


@pytest.mark.parametrize("count", [1, 3])
def test_desks_cost_the_same_queries(django_assert_num_queries, count):
    held = h.hold()
    h.begun(held)
    person = held.secretary
    for _more in range(count):
        other = h.hold()
        minutes = services.start_minutes(other.meeting, actor=other.coordinator)
        minutes.writer = person
        minutes.save(update_fields=["writer"])

    with django_assert_num_queries(4):
        assert len(waiting_for(person)) == count + 1
    with clock.at(h.YESTERDAY + 20 * DAY), django_assert_num_queries(4):
        assert len(waiting_for_manager(held.coordinator)) == count + 1
