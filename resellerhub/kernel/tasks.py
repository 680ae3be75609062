"""What workers do by themselves. A message carries an id and no work; every task may run twice."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec

import structlog
from celery import Task, shared_task
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone, translation

from resellerhub.kernel.jobs.run import run
from resellerhub.kernel.jobs.start import send
from resellerhub.kernel.jobs.sweep import note, sweep
from resellerhub.kernel.models import IdempotencyKey
from resellerhub.kernel.verify import findings

log = structlog.get_logger(__name__)
P = ParamSpec("P")

KEEP_ANSWERS = timedelta(days=7)


def task(function: Callable[P, None]) -> "Task[P, None]":
    """The one decorator of every task of ours: nothing of the task before is left over, whatever it was.

    A message is acknowledged when it is received: what is to be done stands in the database, and the sweeper is the
    only one to send again, so that it can count who dies of it.
    """

    @functools.wraps(function)
    def run_clean(*args: P.args, **kwargs: P.kwargs) -> None:
        with translation.override(settings.LANGUAGE_CODE), timezone.override(None):
            function(*args, **kwargs)

    made: Any = shared_task(acks_late=False, ignore_result=True)
    return made(run_clean)  # type: ignore[no-any-return]


@task
def run_job(job_id: int) -> None:
    """A turn of one lane: so that a long job does not keep the others waiting, it goes to the end of the queue."""
    if run(job_id, seconds=settings.JOB_TURN):
        send(job_id, 1)


@task
def sweep_jobs() -> None:
    """Sent by beat and run by a worker: being here proves both."""
    note("beat")
    revived = sweep(stale_after=settings.JOB_STALE_AFTER)
    if revived:
        log.info("jobs_swept", jobs=revived)


@task
def forget_answers() -> None:
    """An Idempotency-Key is kept for a week."""
    IdempotencyKey.objects.filter(created_at__lt=Now() - KEEP_ANSWERS).delete()


@task
def verify_everything() -> None:
    for name, sentences in findings().items():
        for sentence in sentences:
            log.error("verify_finding", check=name, finding=sentence)
        if not sentences:
            log.info("verify_ok", check=name)
