"""Periodic work: every piece is done, one that fails stops no other, the loop ends when it is told to."""

import datetime
import logging
import signal
import subprocess
import sys
import time

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kpss import due
from tests import production


@pytest.fixture
def pieces(monkeypatch):
    """No pieces of the rooms."""
    monkeypatch.setattr(due, "pieces", {})


@pytest.mark.usefixtures("pieces")
def test_every_piece_is_done_in_order_as_of_one_moment():
    asked = []
    moment = timezone.now() - datetime.timedelta(days=1)
    due.register("první", lambda now: asked.append(("první", now)) or 2)
    due.register("druhá", lambda now: asked.append(("druhá", now)) or 0)

    assert due.run(moment) == {"první": 2, "druhá": 0}

    assert asked == [("první", moment), ("druhá", moment)]


@pytest.mark.usefixtures("pieces")
def test_piece_that_fails_is_logged_and_stops_no_other(caplog):
    def fail(now):
        raise RuntimeError("rozbito")

    due.register("zlá", fail)
    due.register("dobrá", lambda now: 1)

    with caplog.at_level(logging.ERROR):
        assert due.run() == {"dobrá": 1}

    assert "zlá" in caplog.text
    assert "rozbito" in caplog.text


@pytest.mark.usefixtures("pieces")
def test_command_says_what_was_done(capsys):
    due.register("dopisy", lambda now: 3)
    due.register("nic", lambda now: 0)

    call_command("tick")
    call_command("tick", verbosity=0)

    assert capsys.readouterr().out == "dopisy: 3\n"


@pytest.mark.django_db
def test_mail_is_registered():
    assert {"daily mails", "mails to send"} <= due.pieces.keys()
    assert due.run(timezone.now()).keys() == due.pieces.keys()


@pytest.mark.slow
@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_loop_finishes_what_it_has_begun_and_ends(tmp_path, asked):
    """The piece sleeps when it is told to end; it is done to its end and not begun again."""
    code = (
        "import django, sys, time; django.setup()\n"
        "from django.core.management import call_command\n"
        "from kpss import due\n"
        "due.pieces.clear()\n"
        "def piece(now):\n"
        "    print('zacatek', flush=True); time.sleep(1); print('konec', flush=True); return 1\n"
        "due.register('prace', piece)\n"
        "call_command('tick', '--loop', '60')\n"
    )
    loop = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=production.PROJECT,
        env=production.environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    with loop:
        assert loop.stdout.readline() == "zacatek\n"
        began = time.monotonic()
        loop.send_signal(asked)
        rest = loop.stdout.read()

    assert rest == "konec\n"
    assert loop.returncode == 0
    assert time.monotonic() - began < 20


@pytest.mark.django_db
def test_finished_work_is_forgotten_after_a_month():
    now = timezone.now()

    def work(finished_at, **values):
        return DBTaskResult.objects.create(
            task_path="kpss.nothing",
            args_kwargs={},
            backend_name="default",
            run_after=now,
            exception_class_path="",
            traceback="",
            finished_at=finished_at,
            **values,
        )

    work(now - datetime.timedelta(days=31), status="SUCCESSFUL")
    work(now - datetime.timedelta(days=31), status="FAILED")
    kept = [
        work(now - datetime.timedelta(days=29), status="SUCCESSFUL"),
        work(None, status="READY"),
    ]

    assert due.pieces["finished work to forget"](now) == 2

    assert set(DBTaskResult.objects.all()) == set(kept)
