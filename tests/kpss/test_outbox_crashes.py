"""Trial C10: the worker of mails is killed again and again; nothing is lost, repeats share one Message-ID."""

import datetime
import os
import signal
import time
from collections import Counter

import pytest

from kpss.outbox import services
from kpss.outbox.enums import MessageState
from kpss.outbox.models import Message
from kpss.outbox.services import delivery
from tests.crashes import in_child
from tests.kpss.mails import IDLE, queue
from tests.smtp import mail_server, speak_smtp
from tests.trials import chance, rounds

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sink(settings, monkeypatch):
    """A mail server; nobody works but the test, and a claim of who was killed runs out at once."""
    settings.TASKS = IDLE
    monkeypatch.setattr(delivery, "LEASE", datetime.timedelta(milliseconds=1))
    with mail_server() as sink:
        speak_smtp(settings, sink.port)
        yield sink


def kill_a_worker(sink, dice):
    """Start a worker on all that is due and kill it a moment after its next letter has arrived."""
    arrived = len(sink.letters)
    worker = in_child(services.deliver_due)
    patience = time.monotonic() + 20
    while len(sink.letters) == arrived and time.monotonic() < patience:
        time.sleep(0.0005)
    time.sleep(dice.choice([0, 0, dice.uniform(0, 0.02)]))
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)


def test_kills_lose_nothing(sink):
    dice, kills = chance(20201112), rounds(100, 40)
    messages = []

    for _kill in range(kills):
        messages += [queue(), queue()]
        kill_a_worker(sink, dice)
    while services.deliver_due(1000):
        pass

    assert {m.state for m in Message.objects.all()} == {MessageState.SENT}
    arrived = Counter(letter["Message-ID"] for letter in sink.letters)
    assert set(arrived) == {message.message_id for message in messages}
    repeats = sum(times - 1 for times in arrived.values())
    print(f"{kills} kills, {len(messages)} mails, {repeats} of them sent again")
    assert repeats >= kills // 10, "the kills came too late to prove anything"


def test_marking_before_sending_would_lose_mails(sink, monkeypatch):
    claim = delivery._claim

    def claim_and_mark(pk):
        message = claim(pk)
        if message:
            delivery._settle(message, state=MessageState.SENT, sent_at=message.created_at)
        time.sleep(0.01)  # so that some kills meet it
        return message

    monkeypatch.setattr(delivery, "_claim", claim_and_mark)
    dice = chance(20201112)

    for _kill in range(20):
        queue()
        queue()
        kill_a_worker(sink, dice)

    lost = Message.objects.filter(state=MessageState.SENT).exclude(
        message_id__in=[letter["Message-ID"] for letter in sink.letters]
    )
    assert lost.exists()
