"""Trials C1 and C2: whatever dies in the middle of an approval, a version is approved whole or not at all."""

import errno
import os
import random
import signal
import time

import pytest
import weasyprint
from django.db import connections

from documents.store.files import read
from planning.approvals import workflow
from planning.approvals.enums import StepState
from planning.plans.enums import VersionState
from planning.plans.models import PlanVersion, PlanVersionEvent
from tests.factories import PersonFactory, ResolutionFactory, plan_ready_for_approval
from tests.planning.test_approvals import DAY_1, DAY_2


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


def in_child(work):
    """Run ``work`` in a forked process with connections of its own; returns its process id."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            connections.close_all()
            os._exit(code)
    return child


@pytest.fixture
def idle_worker(settings):
    """Tasks are queued and nobody takes them: what a version looks like before the worker comes."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_hundred_kills_leave_nothing_half_approved(idle_worker):
    chance = random.Random(20201216)  # noqa: S311 - repeatable chance, not a secret
    rehearsal = sealed_version()
    began = time.monotonic()
    os.waitpid(in_child(lambda: workflow.finish_approval(rehearsal.pk)), 0)
    whole = time.monotonic() - began
    assert assert_whole_or_not_at_all(rehearsal.pk) == VersionState.APPROVED

    states = []
    for _kill in range(100):
        version = sealed_version()
        child = in_child(lambda pk=version.pk: workflow.finish_approval(pk))
        time.sleep(chance.uniform(0.05, 1.15) * whole)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        states.append((version.pk, assert_whole_or_not_at_all(version.pk)))

    killed = [pk for pk, state in states if state == VersionState.SEALING]
    assert len(killed) >= 10, "the kills came too late to prove anything"
    for pk in killed[:5]:
        assert workflow.finish_approval(pk) is True
        assert assert_whole_or_not_at_all(pk) == VersionState.APPROVED


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_approve_once(idle_worker):
    version = sealed_version()

    children = [in_child(lambda: workflow.finish_approval(version.pk)) for _worker in range(8)]
    codes = [os.waitpid(child, 0)[1] for child in children]

    assert codes == [0] * 8
    assert assert_whole_or_not_at_all(version.pk) == VersionState.APPROVED
