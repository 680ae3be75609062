"""How a job begins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from resellerhub.kernel.jobs.settle import settle
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.principal import Principal
from resellerhub.kernel.queue import enqueue

SMALLEST_CHUNK, LARGEST_CHUNK = 250, 5000


def start_job(
    *, actor: Principal, kind: str, title: str, now: datetime, tenant_id: int | None = None, lanes: int | None = None
) -> Job:
    """A job without targets yet: the caller writes them with one INSERT … SELECT and calls `seal_job`, all in the
    transaction that is open. Workers hear of it when that commits.
    """
    return Job.objects.create(
        kind=kind,
        title=title[:200],
        provider_id=actor.provider_id,
        tenant_id=actor.tenant_id if tenant_id is None else tenant_id,
        user_id=actor.user_id,
        request_id=actor.request_id,
        lanes=lanes or settings.JOB_LANES,
        created_at=now,
    )


def write_items(job: Job, select: str, params: Sequence[Any] = ()) -> int:
    """Freeze the selection: `select` yields (position, subject_id), positions from 1 upwards. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO kernel_jobitem (job_id, position, subject_id) SELECT %s, chosen.* FROM ({select}) chosen",
            [job.pk, *params],
        )
        return int(cursor.rowcount)


def seal_job(job: Job, *, chunk: int | None = None) -> Job:
    """The selection is complete: count it, choose the size of a chunk, and send for the workers.

    Items may be written in their final state already (a target that is skipped from the outset); a job with nothing
    left to do ends here.
    """
    counted = JobItem.objects.filter(job=job).aggregate(
        total=Count("pk"), **{state: Count("pk", filter=Q(state=state)) for state in ("done", "skipped", "failed")}
    )
    for name, number in counted.items():
        setattr(job, name, number)
    job.chunk = chunk or chunk_for(job.total)
    waiting = job.total - job.processed
    job.lanes = max(1, min(job.lanes, -(-waiting // job.chunk)))
    job.save(update_fields=["total", "done", "skipped", "failed", "chunk", "lanes"])
    if not waiting:
        settle(job)
    else:
        send(job.pk, job.lanes)
    return job


def chunk_for(targets: int) -> int:
    """Small enough for progress that can be watched, large enough that its commit costs nothing."""
    return min(max(targets // 20, SMALLEST_CHUNK), LARGEST_CHUNK)


def send(job_id: int, lanes: int) -> None:
    """One message per lane; more of them than needed do no harm, for each run takes only what nobody holds."""
    for _ in range(lanes):
        enqueue("resellerhub.kernel.tasks.run_job", job_id=job_id)
