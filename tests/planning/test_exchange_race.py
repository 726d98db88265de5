"""Confirmations and uploads that arrive at the very same time."""

import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from kpss.exchange import uploads
from kpss.exchange.uploads import Outcome, digest
from kpss.spreadsheets import Column, Sheet, write_workbook
from planning.plans.exchange.layout import NODE_SHEET
from planning.plans.exchange.uploads import apply_upload, receive_upload
from planning.plans.models import PlanUpload
from tests.planning.exchange_sheets import version_with_measure
from tests.planning.factories import coordinator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

AT_ONCE = 4
ROUNDS = 5
FILE = write_workbook(
    [Sheet(NODE_SHEET, [Column("Kód"), Column("Název")], [("1", "Doma jinak"), ("2", "Druhá")])]
)


def at_once(work):
    """Call ``work`` from several threads, each with a connection of its own; returns what came of them."""
    start = threading.Barrier(AT_ONCE)
    results = []

    def run():
        try:
            start.wait(timeout=20)
            results.append(work())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _thread in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def confirmed_at_once():
    """Outcomes of confirmations of one upload at once; whatever they are, the plan is right."""
    version, actor = version_with_measure(), coordinator()
    upload = receive_upload(
        version, data=FILE, file_name="plan.xlsx", token=uuid.uuid4(), actor=actor
    )
    seen = digest(upload.report)

    outcomes = at_once(
        lambda: apply_upload(PlanUpload.objects.get(pk=upload.pk), actor=actor, seen=seen)
    )

    upload.refresh_from_db()
    assert sorted(version.nodes.values_list("code", "title")) == [
        ("1", "Doma jinak"),
        ("1.1", "Péče"),
        ("2", "Druhá"),
    ]
    assert upload.report["applied"]["by"] == actor.pk
    assert digest(upload.report) == seen
    return outcomes


def test_of_confirmations_at_once_one_is_applied():
    for _round in range(ROUNDS):
        outcomes = confirmed_at_once()

        assert sorted(outcomes) == [Outcome.APPLIED] + [Outcome.APPLIED_BEFORE] * (AT_ONCE - 1)


def test_the_race_is_seen_when_its_guard_is_off(monkeypatch):
    def claim_blindly(upload):
        return PlanUpload.objects.filter(pk=upload.pk).update(applied_at=timezone.now()) == 1

    monkeypatch.setattr(uploads, "claim", claim_blindly)

    rounds = [confirmed_at_once() for _round in range(ROUNDS)]

    assert any(outcomes.count(Outcome.APPLIED_BEFORE) < AT_ONCE - 1 for outcomes in rounds)


def test_of_uploads_at_once_one_is_kept():
    for _round in range(ROUNDS):
        version, actor, token = version_with_measure(), coordinator(), uuid.uuid4()

        received = at_once(
            lambda version=version, actor=actor, token=token: (
                receive_upload(
                    version, data=FILE, file_name="plan.xlsx", token=token, actor=actor
                ).pk
            )
        )

        assert received == [PlanUpload.objects.get(version=version).pk] * AT_ONCE
