"""Asking for a file, making it in the background, and what a crash leaves behind.

A worker claims a job by compare-and-set until a moment and puts that moment off with every step it
makes. When it dies, the claim runs out and the job goes back into the queue; after three attempts it
fails. The same key asked for again is the same job.
"""

import datetime
import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _t
from django_tasks import task

from documents import store
from documents.engine import EngineError
from kpss import clock

from . import cache
from .enums import JobState, Lane
from .models import PrintJob
from .registry import Made, Tell, maker_of

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=5)  # the longest single step, several times over
ATTEMPTS = 3
KEEP = datetime.timedelta(days=14)


@transaction.atomic
def request(
    kind: str,
    *,
    about: Model,
    key: str,
    actor: Any,
    params: dict[str, Any] | None = None,
    supersede: bool = False,
) -> PrintJob:
    """Return the job that makes this file: the one already asked for, or a new one.

    ``key`` stands for everything that goes in. With ``supersede`` older wishes of the same person for
    the same thing that nobody has begun are dropped. The caller has checked who may ask. Raise
    KeyError for an unknown kind.
    """
    maker = maker_of(kind)
    content_type = ContentType.objects.get_for_model(about)
    object_pk = str(about.pk)
    job, is_new = PrintJob.objects.standing().get_or_create(
        kind=kind,
        key=cache.name_of(kind, str(content_type.pk), object_pk, key),
        defaults={
            "lane": maker.lane,
            "params": params or {},
            "content_type": content_type,
            "object_pk": object_pk,
            "requested_by": actor,
        },
    )
    if supersede:
        PrintJob.objects.filter(
            kind=kind,
            content_type=content_type,
            object_pk=object_pk,
            requested_by=actor,
            state=JobState.QUEUED,
        ).exclude(pk=job.pk).delete()
    if not is_new and job.is_ready and file_of(job) is None:
        is_new = _put_back(job, JobState.READY)
    if is_new:
        transaction.on_commit(partial(_have_made, job.pk, job.lane))
    return job


def file_of(job: PrintJob) -> bytes | None:
    """The bytes of a ready job; None when the cache has forgotten them. Raise StoreError."""
    if job.file is not None:
        return store.read(job.file)
    return cache.get(job.cached) if job.cached else None


def work_next(lane: str) -> bool:
    """Make the job of the lane that waits longest; whether there was any."""
    waiting = list(PrintJob.objects.waiting(lane).values_list("pk", flat=True)[:10])
    return any(map(work, waiting))


def work(job_pk: int) -> bool:
    """Make the file of a waiting job; False when somebody else has taken it or it is gone."""
    claimed = PrintJob.objects.filter(pk=job_pk, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        claimed_until=clock.now() + LEASE,
        attempts=F("attempts") + 1,
        stage="",
        done=0,
        total=0,
    )
    if not claimed:
        return False
    job = PrintJob.objects.get(pk=job_pk)
    try:
        made = maker_of(job.kind).make(job, _teller(job))
        kept = _keep(job, made)
    except (EngineError, store.StoreError) as error:
        _fail(job, str(error))
    except Exception:
        logger.exception("Print job %s (%s) failed", job.pk, job.kind)
        _fail(job, _t("The file could not be made. The administrator finds the cause in the log."))
    else:
        _settle(
            job,
            state=JobState.READY,
            media_type=made.media_type,
            file_name=made.file_name,
            size=len(made.data),
            finished_at=clock.now(),
            **kept,
        )
    return True


@task()
def work_task(job_pk: int) -> bool:
    """``work`` by the background worker; safe to run again."""
    return work(job_pk)


def sweep(now: datetime.datetime) -> int:
    """Take up what a crash left: jobs of a dead worker, and slow ones that never came to the worker.

    A job begun three times fails. Returns how many were moved.
    """
    moved = 0
    for job in PrintJob.objects.waiting(Lane.SLOW).filter(requested_at__lt=now - LEASE):
        # Asked for again at most once in this time, however long the worker is away.
        moved += PrintJob.objects.filter(pk=job.pk, state=JobState.QUEUED).update(requested_at=now)
        _have_made(job.pk, job.lane)
    for job in PrintJob.objects.abandoned(now):
        if job.attempts >= ATTEMPTS:
            moved += _fail(
                job, _t("The file could not be made. The administrator finds the cause in the log.")
            )
        elif _put_back(job, JobState.RUNNING):
            moved += 1
            _have_made(job.pk, job.lane)
    return moved


def forget_old(now: datetime.datetime) -> int:
    """Forget failed jobs and cached files after ``KEEP``, and keep the cache within its bounds."""
    old = PrintJob.objects.filter(requested_at__lt=now - KEEP, file=None).exclude(
        state__in=[JobState.QUEUED, JobState.RUNNING]
    )
    forgotten, _by_model = old.delete()
    return forgotten + cache.shrink(settings.PRINT_CACHE_BYTES)


def _have_made(job_pk: int, lane: str) -> None:
    if settings.PRINTS_AT_ONCE:
        work(job_pk)
    elif lane == Lane.SLOW:  # the quick worker looks into the queue by itself
        work_task.enqueue(job_pk)


def _teller(job: PrintJob) -> Tell:
    def tell(stage: str, done: int = 0, total: int = 0) -> None:
        _mine(job).update(
            stage=stage[:80], done=done, total=total, claimed_until=clock.now() + LEASE
        )

    return tell


def _keep(job: PrintJob, made: Made) -> dict[str, Any]:
    if made.is_kept:
        return {"file": store.put(made.data, content_type=made.media_type)}
    try:
        cache.put(job.key, made.data)
    except OSError as error:
        raise store.StoreError(
            _t("There is no room left for files. Tell the administrator; nothing was saved.")
        ) from error
    return {"cached": job.key}


def _mine(job: PrintJob):
    """The row while it is still ours: whoever took the job over has made another attempt."""
    return PrintJob.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def _settle(job: PrintJob, **changes: Any) -> int:
    return _mine(job).update(claimed_until=None, **changes)


def _fail(job: PrintJob, reason: str) -> int:
    return _settle(
        job, state=JobState.FAILED, error=reason[:300], finished_at=clock.now(), stage=""
    )


def _put_back(job: PrintJob, from_state: str) -> bool:
    standing = PrintJob.objects.filter(pk=job.pk, state=from_state, attempts=job.attempts)
    return bool(
        standing.update(state=JobState.QUEUED, claimed_until=None, file=None, cached="", size=0)
    )
