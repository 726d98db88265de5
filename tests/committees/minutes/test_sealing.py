"""Approving: frozen whole with every file, or not at all; once, however many try."""

import contextlib
import errno
import os
from collections import Counter
from functools import partial

import pytest
import weasyprint
from django.db import connection

from committees.minutes import document, services
from committees.minutes.content import MinutesContent
from committees.minutes.enums import MinutesState
from committees.minutes.models import Minutes, MinutesEvent
from committees.people import services as people
from documents.store.files import read
from kpss import due
from kpss.canonical import parse
from kpss.outbox.models import Message, Notice
from kpss.workflow import TransitionRefused
from tests.committees.minutes import held as h
from tests.crashes import in_child, kill_before, kill_within, seconds_of, spread, steps_of
from tests.trials import chance, rounds


@pytest.fixture(autouse=True)
def idle_worker(settings):
    """Tasks are queued and nobody takes them: what minutes look like before the worker comes."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def whole_or_not_at_all(pk) -> str:
    """The minutes, their files and history tell one story; returns the state."""
    minutes = Minutes.objects.get(pk=pk)
    frozen = MinutesEvent.objects.filter(minutes=minutes, transition="freeze").count()
    files = (minutes.pdf, minutes.public_pdf, minutes.extract, minutes.public_extract)
    if minutes.state == MinutesState.APPROVED:
        assert frozen == 1
        assert files[0]
        assert files[1]
        assert all(read(file).startswith(b"%PDF-") for file in files if file)
        assert parse(MinutesContent, read(minutes.public_content)).is_whole is False
    else:
        assert frozen == 0
        assert files == (None,) * 4
        assert minutes.state in {MinutesState.SEALING, MinutesState.VERIFYING}
    return minutes.state


@pytest.mark.django_db
def test_approved_minutes_are_whole_and_people_are_told():
    held = h.hold()
    minutes = h.sealed(held)
    assert whole_or_not_at_all(minutes.pk) == MinutesState.SEALING

    assert services.finish_approval(minutes.pk) is True
    assert services.finish_approval(minutes.pk) is False

    assert whole_or_not_at_all(minutes.pk) == MinutesState.APPROVED
    assert [m.person for m in Message.objects.filter(kind="minutes-approved")] == [held.secretary]
    assert Notice.objects.filter(kind="minutes-approved").count() == 4


@pytest.mark.django_db
def test_what_a_crash_left_is_finished_by_the_tick():
    minutes = h.sealed(h.hold_quietly())

    assert due.run()["sealed minutes"] == 1

    assert whole_or_not_at_all(minutes.pk) == MinutesState.APPROVED


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault", [MemoryError(), OSError(errno.EIO, "I/O"), RuntimeError("pango died")], ids=repr
)
def test_a_failing_engine_approves_nothing_and_says_why(monkeypatch, fault):
    held = h.hold_quietly()
    minutes = h.sealed(held)

    def fail(*args, **kwargs):
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(weasyprint.Document, "write_pdf", fail)
        assert services.finish_approval(minutes.pk) is False

    assert whole_or_not_at_all(minutes.pk) == MinutesState.VERIFYING
    assert "PDF" in MinutesEvent.objects.get(minutes=minutes, transition="unseal").note
    assert Message.objects.get(kind="minutes-failed").person == held.chair
    again = services.approve(h.reloaded(minutes), actor=held.chair, publish=True)
    assert services.finish_approval(again.pk) is True


@pytest.mark.django_db
def test_a_full_disk_approves_nothing(monkeypatch):
    minutes = h.sealed(h.hold_quietly())

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        assert services.finish_approval(minutes.pk) is False

    assert whole_or_not_at_all(minutes.pk) == MinutesState.VERIFYING
    assert "místo" in MinutesEvent.objects.get(minutes=minutes, transition="unseal").note


@pytest.mark.django_db(transaction=True)
def test_fifty_clicks_at_once_approve_once():
    """Trial V4: five processes, ten clicks each."""
    held = h.hold_quietly()
    minutes = h.verified(held)

    def click():
        for _click in range(10):
            with contextlib.suppress(TransitionRefused):
                services.approve(minutes, actor=held.chair, publish=True)

    children = [in_child(click) for _process in range(5)]
    codes = [os.waitpid(child, 0)[1] for child in children]
    for _worker in range(3):
        services.finish_approval(minutes.pk)

    assert codes == [0] * 5
    for step in ("approve", "freeze"):
        assert MinutesEvent.objects.filter(minutes=minutes, transition=step).count() == 1
    assert Message.objects.filter(kind="minutes-approved").count() == 1
    assert Message.objects.filter(kind="minutes-ready").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kills_between_any_two_steps_leave_nothing_half_approved(monkeypatch):
    """Trial C1, before any statement or commit; the papers are stand-ins, a rendering is no step."""
    monkeypatch.setattr(
        document, "render_pdf", lambda *args, **values: b"%PDF-1.7 " + os.urandom(8)
    )
    dice, kills = chance(7), rounds(100, 10)
    rehearsal = h.sealed(h.hold_quietly())
    steps = steps_of(lambda: services.finish_approval(rehearsal.pk))
    assert whole_or_not_at_all(rehearsal.pk) == MinutesState.APPROVED

    states = []
    for step in spread(steps, kills, dice):
        minutes = h.sealed(h.hold_quietly())
        came = kill_before(partial(services.finish_approval, minutes.pk), step)
        states.append(whole_or_not_at_all(minutes.pk))
        assert (states[-1] == MinutesState.SEALING) is came

    print(f"{kills} kills on {connection.vendor} among {steps} steps: {Counter(states)}")
    assert states.count(MinutesState.SEALING) > kills * 0.8
    assert_can_be_finished(Minutes.objects.filter(state=MinutesState.SEALING).last().pk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kills_at_random_moments_leave_nothing_half_approved():
    """Trial C1 with real papers."""
    dice, kills = chance(7), rounds(100, 4)
    rehearsal = h.sealed(h.hold_quietly())
    whole = seconds_of(lambda: services.finish_approval(rehearsal.pk))
    assert whole_or_not_at_all(rehearsal.pk) == MinutesState.APPROVED

    killed = []
    for _kill in range(kills):
        minutes = h.sealed(h.hold_quietly())
        work = partial(services.finish_approval, minutes.pk)
        kill_within(work, dice.uniform(0.02, 0.95) * whole)
        if whole_or_not_at_all(minutes.pk) == MinutesState.SEALING:
            killed.append(minutes.pk)

    print(f"{len(killed)} of {kills} kills on {connection.vendor} met the work")
    assert len(killed) >= max(1, kills // 10), "the kills came too late to prove anything"
    assert_can_be_finished(killed[-1])


def assert_can_be_finished(pk):
    """The worker picks up what the kill left."""
    assert services.finish_approval(pk) is True
    assert whole_or_not_at_all(pk) == MinutesState.APPROVED


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_approve_once():
    minutes = h.sealed(h.hold_quietly())

    children = [in_child(lambda: services.finish_approval(minutes.pk)) for _worker in range(8)]
    codes = [os.waitpid(child, 0)[1] for child in children]

    assert codes == [0] * 8
    assert whole_or_not_at_all(minutes.pk) == MinutesState.APPROVED


@pytest.mark.django_db
def test_erasing_a_person_leaves_the_hash_of_the_minutes():
    """Trial V11."""
    held = h.hold()
    minutes = h.sealed(held)
    people.erase(held.provider, held.coordinator)
    services.finish_approval(minutes.pk)
    before = Minutes.objects.values().get(pk=minutes.pk)

    for person in (held.kept, held.agreed, held.chair):
        people.erase(person, held.coordinator)

    assert Minutes.objects.values().get(pk=minutes.pk) == before
    assert "Ivo Zeman" in str(parse(MinutesContent, read(h.reloaded(minutes).content)))
