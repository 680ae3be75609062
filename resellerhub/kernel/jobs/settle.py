"""The one statement that moves a job: counters, sign of life and end, in the commit of the items it speaks of."""

from django.db import connection

from resellerhub.kernel.jobs.ids import Ids
from resellerhub.kernel.models import Job

SETTLE = """
WITH moved AS (
    SELECT count(*) FILTER (WHERE state = 'done') AS done,
           count(*) FILTER (WHERE state = 'skipped') AS skipped,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           count(*) FILTER (WHERE state <> 'pending') AS processed
    FROM kernel_jobitem WHERE id = ANY (%(ids)s)
)
UPDATE kernel_job AS job SET
    done = job.done + moved.done,
    skipped = job.skipped + moved.skipped,
    failed = job.failed + moved.failed,
    heartbeat_at = clock_timestamp(),
    strikes = greatest(strikes - 1, 0),
    state = CASE WHEN job.done + job.skipped + job.failed + moved.processed < total THEN job.state
                 WHEN cancel_asked_at IS NULL THEN 'done' ELSE 'cancelled' END,
    finished_at = CASE WHEN job.done + job.skipped + job.failed + moved.processed = total THEN clock_timestamp() END
FROM moved WHERE job.id = %(job)s AND job.state IN ('queued', 'running')
RETURNING moved.processed, job.done, job.skipped, job.failed, job.state, strikes, cancel_asked_at, finished_at
"""
FIELDS = ("done", "skipped", "failed", "state", "strikes", "cancel_asked_at", "finished_at")


def settle(job: Job, ids: list[int] | None = None) -> int:
    """Count these items, which have just been dealt with; whoever counts the last one ends the job.

    Two lanes that finish at once wait for each other on the row, and the second sees what the first has counted.
    Returns how many of the items are no longer pending.
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"job": job.pk, "ids": Ids(ids or [])})
        processed, *values = cursor.fetchone() or (len(ids or []),)
        for name, value in zip(FIELDS, values, strict=False):
            setattr(job, name, value)
    return int(processed)
