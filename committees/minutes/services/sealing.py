"""Approving minutes: sealed at once, frozen by the worker together with their files or not at all."""

import logging
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _t
from django_tasks import task

from committees.minutes import notifications
from committees.minutes.document import Paper, files_of
from committees.minutes.enums import MinutesState
from committees.minutes.models import Minutes
from committees.minutes.workflow import MINUTES_WORKFLOW, NOT_APPROVED
from documents import store
from documents.engine import EngineError
from kpss import clock
from kpss.workflow import TransitionRefused

from .locking import lock

logger = logging.getLogger(__name__)

PDF, JSON = "application/pdf", "application/json"


@transaction.atomic
def approve(minutes: Minutes, *, actor, publish: bool) -> Minutes:
    """Approve verified minutes: they are sealed and the worker makes their files.

    With ``publish`` everybody will read the public wording; of a committee that is not public
    nobody will. Raise PermissionDenied, or TransitionRefused with sentences.
    """
    current = lock(minutes.pk)
    MINUTES_WORKFLOW.advance(
        current,
        "approve",
        actor=actor,
        changes={
            "approved_by": actor,
            "approved_at": clock.now(),
            "is_published": publish and current.meeting.committee.is_public,
        },
    )
    transaction.on_commit(partial(finish_approval_task.enqueue, current.pk))
    return current


def retry_sealing(minutes: Minutes) -> None:
    """Ask the worker once more for minutes that stand sealed (after a crash)."""
    if minutes.state == MinutesState.SEALING:
        finish_approval_task.enqueue(minutes.pk)


def finish_approval(minutes_pk: int) -> bool:
    """Render, store and freeze sealed minutes; True when they are frozen by this call.

    Nothing is frozen without its files: they are in the store, verified, before the one transaction
    that moves the minutes. A failure puts them back before the approval and says why in the history.
    Safe to call any number of times, also at once.
    """
    minutes = Minutes.objects.select_related(
        "meeting__committee", "writer", "content", "approved_by"
    ).get(pk=minutes_pk)
    if minutes.state != MinutesState.SEALING:
        return False
    try:
        paper = files_of(minutes)
        files = _stored(paper)
    except (EngineError, store.StoreError) as error:
        return _fail(minutes, str(error))
    except Exception:
        logger.exception("Rendering of minutes %s failed", minutes_pk)
        return _fail(
            minutes,
            _t("The files could not be made. The administrator finds the cause in the log."),
        )
    try:
        with transaction.atomic():
            MINUTES_WORKFLOW.advance(minutes, "freeze", changes=files)
            notifications.approved(minutes)
    except TransitionRefused:
        return False  # another worker was first; both rendered the same bytes
    return True


def _stored(paper: Paper) -> dict:
    return {
        "public_sha256": paper.public_sha256,
        "public_content": store.put(paper.public_content, content_type=JSON),
        "pdf": store.put(paper.pdf, content_type=PDF),
        "public_pdf": store.put(paper.public_pdf, content_type=PDF),
        "extract": paper.extract and store.put(paper.extract, content_type=PDF),
        "public_extract": paper.public_extract
        and store.put(paper.public_extract, content_type=PDF),
    }


def _fail(minutes: Minutes, reason: str) -> bool:
    try:
        with transaction.atomic():
            approver = minutes.approved_by
            event = MINUTES_WORKFLOW.advance(minutes, "unseal", note=reason, changes=NOT_APPROVED)
            notifications.sealing_failed(minutes, approver, event)
    except TransitionRefused:
        logger.info("Minutes %s were finished by another worker meanwhile", minutes.pk)
    return False


@task()
def finish_approval_task(minutes_pk: int) -> bool:
    """``finish_approval`` as work in the background; safe to run again."""
    return finish_approval(minutes_pk)


def sweep() -> int:
    """Finish all minutes left sealed by a crash; returns how many were frozen."""
    sealed = Minutes.objects.filter(state=MinutesState.SEALING).order_by("pk")
    return sum(finish_approval(pk) for pk in sealed.values_list("pk", flat=True))
