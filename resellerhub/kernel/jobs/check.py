"""The counters of every job equal the states of its items; run by `manage.py verify`."""

from collections.abc import Iterator

from django.db import connection

DIFFERENT = """
SELECT job.id, job.total, job.done, job.skipped, job.failed, job.state,
       coalesce(counted.total, 0), coalesce(counted.done, 0), coalesce(counted.skipped, 0), coalesce(counted.failed, 0)
FROM kernel_job job LEFT JOIN (
    SELECT job_id, count(*) AS total, count(*) FILTER (WHERE state = 'done') AS done,
           count(*) FILTER (WHERE state = 'skipped') AS skipped, count(*) FILTER (WHERE state = 'failed') AS failed
    FROM kernel_jobitem GROUP BY job_id) counted ON counted.job_id = job.id
WHERE job.total <> coalesce(counted.total, 0) OR job.done <> coalesce(counted.done, 0)
   OR job.skipped <> coalesce(counted.skipped, 0) OR job.failed <> coalesce(counted.failed, 0)
   OR (job.state IN ('done', 'cancelled')) <> (job.done + job.skipped + job.failed = job.total)
ORDER BY job.id
"""
ORPHANS = "SELECT DISTINCT job_id FROM kernel_jobitem WHERE NOT EXISTS (SELECT FROM kernel_job WHERE id = job_id)"


def job_counters() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT)
        for pk, *numbers in cursor.fetchall():
            told, state, counted = numbers[:4], numbers[4], numbers[5:]
            yield f"job {pk} ({state}) says {told}, its items say {counted} (total, done, skipped, failed)"
        cursor.execute(ORPHANS)
        for (pk,) in cursor.fetchall():
            yield f"items of job {pk}, which is not there"
