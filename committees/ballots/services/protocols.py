"""Protocols of ballots per rollam: made by the worker after the closing, kept in the store for good."""

import datetime
import logging

from django.db import transaction
from django_tasks import task

from committees.ballots.enums import BallotState
from committees.ballots.models import Ballot
from committees.ballots.printing import protocol_pdf
from documents import store

logger = logging.getLogger(__name__)

PDF = "application/pdf"


def make_protocol(ballot_pk: int) -> bool:
    """Render both protocols of a closed ballot and keep them; True when this call did.

    Files are whole in the store before the one statement that points to them. Safe to call any number
    of times, also at once. Raise ``EngineError`` or ``StoreError``; then nothing is pointed to.
    """
    ballot = (
        Ballot.objects.select_related("committee", "resolution")
        .per_rollam()
        .filter(pk=ballot_pk, state=BallotState.CLOSED, protocol=None)
        .first()
    )
    if ballot is None:
        return False
    internal, public = (
        store.put(protocol_pdf(ballot, internal=is_internal), content_type=PDF)
        for is_internal in (True, False)
    )
    with transaction.atomic():
        waiting = Ballot.objects.filter(pk=ballot_pk, protocol=None)
        return bool(waiting.update(protocol=internal, protocol_public=public))


@task()
def make_protocol_task(ballot_pk: int) -> bool:
    """``make_protocol`` as work in the background; what fails is left for ``make_due_protocols``."""
    try:
        return make_protocol(ballot_pk)
    except Exception:
        logger.exception("The protocol of ballot %s could not be made", ballot_pk)
        return False


def make_due_protocols(now: datetime.datetime | None = None) -> int:
    """Make the protocols that a crash left unmade; returns how many."""
    waiting = Ballot.objects.per_rollam().filter(state=BallotState.CLOSED, protocol=None)
    return sum(
        make_protocol_task.func(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True)
    )
