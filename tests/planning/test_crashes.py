"""Trials C1 and C2: whatever dies in the middle of an approval, a version is approved whole or not at all."""

import contextlib
import errno
import os
from collections import Counter
from contextlib import nullcontext
from functools import partial

import pytest
import weasyprint
from django.db import connection, transaction

from documents.store.files import read
from planning.approvals import workflow
from planning.approvals.enums import StepState
from planning.plans.enums import VersionState
from planning.plans.models import PlanVersion, PlanVersionEvent
from tests.crashes import in_child, kill_before, kill_within, seconds_of, spread, steps_of
from tests.factories import PersonFactory, ResolutionFactory, plan_ready_for_approval
from tests.planning.test_approvals import DAY_1, DAY_2
from tests.trials import chance, rounds


def sealed_version():
    """A version whose last resolution is recorded and whose PDF is not made: the worker's next work."""
    coordinator = PersonFactory(superuser=True)
    version = plan_ready_for_approval()
    steps = workflow.open_approval(version, actor=coordinator)
    for step, day in zip(steps, [DAY_1, DAY_2], strict=True):
        step.refresh_from_db()
        resolution = ResolutionFactory(committee=step.committee, adopted_on=day)
        workflow.pass_step(step, resolution, actor=coordinator)
    return PlanVersion.objects.get(pk=version.pk)


def assert_whole_or_not_at_all(version_pk):
    """The version, its last step, its history and its files tell one story; returns the state."""
    version = PlanVersion.objects.get(pk=version_pk)
    last = version.steps.order_by("-order").first()
    approvals = PlanVersionEvent.objects.filter(version=version, transition="approve").count()
    if version.state == VersionState.APPROVED:
        assert last.state == StepState.PASSED
        assert approvals == 1
        assert read(version.pdf).startswith(b"%PDF-")
        assert read(version.content)
    else:
        assert (version.pdf, version.content, version.approved_on) == (None, None, None)
        assert version.content_sha256 == ""
        assert last.state in {StepState.PASSING, StepState.WAITING}
        assert approvals == 0
    return version.state


FAULTS = [
    MemoryError(),
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EIO, "Input/output error"),
    TimeoutError(),
    RuntimeError("pango died"),
    ValueError("bad glyph"),
    RecursionError(),
    KeyError("font"),
    AssertionError(),
    UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("place", ["render", "write_pdf"])
def test_a_failing_engine_approves_nothing(monkeypatch, fault, place):
    version = sealed_version()

    def fail(*args, **kwargs):
        raise fault

    with monkeypatch.context() as broken:
        target = weasyprint.HTML if place == "render" else weasyprint.Document
        broken.setattr(target, place, fail)
        assert workflow.finish_approval(version.pk) is False

    assert assert_whole_or_not_at_all(version.pk) == VersionState.IN_APPROVAL
    failure = PlanVersionEvent.objects.get(version=version, transition="unseal")
    assert failure.note
    step = version.steps.get(state=StepState.WAITING)
    resolution = ResolutionFactory(committee=step.committee, adopted_on=DAY_2)
    workflow.pass_step(step, resolution, actor=PersonFactory(superuser=True))
    assert workflow.finish_approval(version.pk) is True
    assert assert_whole_or_not_at_all(version.pk) == VersionState.APPROVED


@pytest.mark.django_db
@pytest.mark.parametrize("call", ["fsync", "replace", "write"])
def test_a_full_disk_approves_nothing(monkeypatch, call):
    version = sealed_version()

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, call, full)
        finished = workflow.finish_approval(version.pk)

    if not finished:
        assert assert_whole_or_not_at_all(version.pk) == VersionState.IN_APPROVAL
    else:  # the store does not use this call
        assert call == "write"


@pytest.mark.django_db
def test_the_full_disk_is_said_in_a_sentence(monkeypatch):
    version = sealed_version()

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        workflow.finish_approval(version.pk)

    assert "místo" in PlanVersionEvent.objects.get(version=version, transition="unseal").note


@pytest.fixture
def idle_worker(settings):
    """Tasks are queued and nobody takes them: what a version looks like before the worker comes."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kills_at_random_moments_leave_nothing_half_approved(idle_worker):
    dice, kills = chance(20201216), rounds(100, 10)
    rehearsal = sealed_version()
    whole = seconds_of(lambda: workflow.finish_approval(rehearsal.pk))
    assert assert_whole_or_not_at_all(rehearsal.pk) == VersionState.APPROVED

    killed = []
    for _kill in range(kills):
        version = sealed_version()
        kill_within(partial(workflow.finish_approval, version.pk), dice.uniform(0.02, 1) * whole)
        if assert_whole_or_not_at_all(version.pk) == VersionState.SEALING:
            killed.append(version.pk)

    print(f"{len(killed)} of {kills} kills on {connection.vendor} met the work")
    assert len(killed) >= kills // 10, "the kills came too late to prove anything"
    assert_can_be_finished(killed[-1])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kills_between_any_two_steps_leave_nothing_half_approved(idle_worker, monkeypatch):
    """Before any statement or commit; the paper is a stand-in, the moments within a rendering are above."""
    monkeypatch.setattr(workflow, "pdf_of", lambda version, content: b"%%PDF-1.7 %d" % version.pk)
    dice, kills = chance(20201217), rounds(100, 15)
    rehearsal = sealed_version()
    steps = steps_of(lambda: workflow.finish_approval(rehearsal.pk))
    assert assert_whole_or_not_at_all(rehearsal.pk) == VersionState.APPROVED

    states = []
    for step in spread(steps, kills, dice):
        version = sealed_version()
        came = kill_before(partial(workflow.finish_approval, version.pk), step)
        states.append(assert_whole_or_not_at_all(version.pk))
        assert (states[-1] == VersionState.SEALING) is came

    print(f"{kills} kills on {connection.vendor} among {steps} steps: {Counter(states)}")
    assert states.count(VersionState.SEALING) > kills * 0.8
    assert_can_be_finished(PlanVersion.objects.filter(state=VersionState.SEALING).last().pk)


@pytest.mark.django_db(transaction=True)
def test_kills_between_steps_would_find_an_approval_in_two_parts(idle_worker, monkeypatch):
    """The guard of the trial: with the step and the version written one after the other it fails."""
    monkeypatch.setattr(workflow, "pdf_of", lambda version, content: b"%%PDF-1.7 %d" % version.pk)

    def in_two_parts():
        transaction.atomic = lambda *args, **how: nullcontext()  # in the child, which dies with it
        workflow.finish_approval(version.pk)

    version = sealed_version()
    steps = steps_of(in_two_parts)
    found = 0
    for step in range(steps - 8, steps + 1):
        version = sealed_version()
        kill_before(in_two_parts, step)
        with contextlib.suppress(AssertionError):
            assert_whole_or_not_at_all(version.pk)
            continue
        found += 1

    assert found > 0


def assert_can_be_finished(pk):
    """The worker picks up what the kill left."""
    assert workflow.finish_approval(pk) is True
    assert assert_whole_or_not_at_all(pk) == VersionState.APPROVED


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_approve_once(idle_worker):
    version = sealed_version()

    children = [in_child(lambda: workflow.finish_approval(version.pk)) for _worker in range(8)]
    codes = [os.waitpid(child, 0)[1] for child in children]

    assert codes == [0] * 8
    assert assert_whole_or_not_at_all(version.pk) == VersionState.APPROVED
