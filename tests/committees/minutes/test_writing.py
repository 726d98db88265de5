"""Writing: begun once, nothing overwritten unseen, nothing changed after sending."""

import random
import threading
import uuid
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from committees.meetings.models import MeetingTask
from committees.minutes import services
from committees.minutes.document import frozen_content
from committees.minutes.models import Minutes, MinutesEntry, MinutesEvent
from committees.minutes.services import Written, writing
from committees.minutes.services.writing import mark
from kpss.workflow import TransitionRefused
from tests.committees.minutes import held as h
from tests.factories import PersonFactory


@pytest.mark.django_db
def test_minutes_are_begun_once_with_a_term_from_the_rules():
    held = h.hold()

    first = services.start_minutes(held.meeting, actor=held.secretary)
    again = services.start_minutes(held.meeting, actor=held.chair)

    assert (again.pk, again.writer) == (first.pk, held.secretary)
    assert (first.due_on - held.meeting.day).days == 10
    assert [e.transition for e in MinutesEvent.objects.filter(minutes=first)] == ["create"]


@pytest.mark.django_db
def test_only_who_may_write_begins_them_and_only_after_the_end():
    held = h.hold()

    with pytest.raises(PermissionDenied):
        services.start_minutes(held.meeting, actor=held.provider)
    held.meeting.state = "running"
    held.meeting.save(update_fields=["state"])
    with pytest.raises(TransitionRefused):
        services.start_minutes(held.meeting, actor=held.secretary)
    assert not Minutes.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_begin_one():
    held = h.hold()
    failures = []

    def begin():
        try:
            services.start_minutes(held.meeting, actor=held.secretary)
        except Exception as error:  # noqa: BLE001 - told by the assertion
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _click in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Minutes.objects.count() == MinutesEvent.objects.count() == 1


@pytest.mark.django_db
def test_a_text_somebody_changed_meanwhile_is_not_overwritten():
    held = h.hold()
    minutes = h.begun(held)
    item = f"item-{held.items[1].pk}"
    empty = mark("")

    services.save_texts(minutes, {item: Written("První.", empty)}, actor=held.chair)
    saved = services.save_texts(minutes, {item: Written("Druhý.", empty)}, actor=held.secretary)

    assert saved.clashing == {item}
    assert saved.stands[item] == "První."
    assert MinutesEntry.objects.get(item=held.items[1]).text == "První."
    again = services.save_texts(
        minutes, {item: Written("Druhý.", mark("První."))}, actor=held.secretary
    )
    assert again.clashing == frozenset()
    assert MinutesEntry.objects.get(item=held.items[1]).text == "Druhý."


@pytest.mark.django_db
def test_an_untouched_field_takes_what_stands_and_equal_texts_do_not_clash():
    held = h.hold()
    minutes = h.begun(held)
    seen = mark("")
    services.save_texts(minutes, {"closing": Written("Konec.", seen)}, actor=held.chair)

    untouched = services.save_texts(minutes, {"closing": Written("", seen)}, actor=held.secretary)
    same = services.save_texts(minutes, {"closing": Written("Konec.", seen)}, actor=held.secretary)

    assert untouched.clashing == same.clashing == frozenset()
    assert untouched.stands["closing"] == "Konec."


def overwritten_unseen(held, runs: int) -> tuple[int, int]:
    """Let two people type into the same minutes by chance; returns words lost unseen, and clashes told."""
    minutes = h.begun(held)
    names = ["opening", "closing", *(f"item-{item.pk}" for item in held.items)]
    chance = random.Random(6)  # noqa: S311 - repeatable chance, not a secret
    stands = dict(services.save_texts(minutes, {}, actor=held.chair).stands)
    seen = {held.chair: dict(stands), held.secretary: dict(stands)}
    lost = clashes = 0
    for run in range(runs):
        who, name = chance.choice(list(seen)), chance.choice(names)
        written = Written(f"{who} {run}", mark(seen[who][name]))
        saved = services.save_texts(minutes, {name: written}, actor=who)
        if name in saved.clashing:
            clashes += 1
        else:
            lost += seen[who][name] != stands[name]
            stands[name] = written.text
        assert saved.stands[name] == stands[name]
        seen[who][name] = stands[name]
    return lost, clashes


@pytest.mark.django_db
def test_two_hundred_runs_of_two_writers_lose_no_word():
    """Trial S6: what somebody has saved is replaced only by who has seen it."""
    lost, clashes = overwritten_unseen(h.hold(), runs=200)

    assert lost == 0
    assert clashes > 20


@pytest.mark.django_db
def test_the_runs_would_notice_a_missing_guard(monkeypatch):
    monkeypatch.setattr(writing, "mark", lambda text: mock.ANY)  # every mark fits every other

    lost, _clashes = overwritten_unseen(h.hold(), runs=40)

    assert lost > 0


@pytest.mark.django_db
def test_texts_of_other_agendas_and_unknown_names_are_ignored():
    held, other = h.hold(), h.hold()
    minutes = h.begun(held)
    foreign = f"item-{other.items[0].pk}"
    texts = {foreign: Written("Cizí.", mark("")), "state": Written("approved", mark(""))}

    services.save_texts(minutes, texts, actor=held.secretary)

    assert not MinutesEntry.objects.filter(item=other.items[0]).exists()
    assert h.reloaded(minutes).state == "draft"


@pytest.mark.django_db
def test_nothing_is_typed_into_minutes_that_were_sent():
    held = h.hold()
    minutes = h.sent(held)

    with pytest.raises(TransitionRefused):
        services.save_texts(minutes, {"closing": Written("Pozdě.", mark(""))}, actor=held.chair)
    with pytest.raises(TransitionRefused):
        services.take_over(minutes, actor=held.chair)


@pytest.mark.django_db
def test_writing_is_taken_over_by_who_may_write():
    held = h.hold()
    minutes = h.begun(held)

    with pytest.raises(PermissionDenied):
        services.take_over(minutes, actor=PersonFactory())

    assert services.take_over(minutes, actor=held.chair).writer == held.chair


@pytest.mark.django_db
def test_sent_content_stays_whatever_happens_to_the_meeting():
    held = h.hold()
    minutes = h.sent(held)

    MeetingTask.objects.create(
        meeting=held.meeting, text="Přidáno potom", person=held.chair, token=uuid.uuid4()
    )
    held.provider.last_name = "Jiný"
    held.provider.save()

    assert "Přidáno potom" not in str(frozen_content(minutes))
    assert "Ivo Zeman" in str(frozen_content(minutes))
