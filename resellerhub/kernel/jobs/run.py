"""Runs a job: take a chunk that nobody holds, have it done, count it, all in one transaction; then the next.

Whatever dies in between, a chunk is done and counted or neither. A message may come twice, late or never.
"""

import time
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Now

from resellerhub.kernel.jobs.failures import cause, fail, is_passing
from resellerhub.kernel.jobs.ids import Ids
from resellerhub.kernel.jobs.registry import RunChunk, kind
from resellerhub.kernel.jobs.settle import settle
from resellerhub.kernel.locks import job_lock
from resellerhub.kernel.models import Job, JobItem

log = structlog.get_logger(__name__)

PATIENCE = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries while the database is away; after the last the sweeper takes over."""

SHRINK, MERCY = 4, 5
"""A chunk is so much smaller after each death of a worker; so many deaths over one target are an accident."""

NEXT = """
SELECT id, position FROM kernel_jobitem WHERE job_id = %s AND position > %s AND state = 'pending'
ORDER BY position LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
THESE = "SELECT id FROM kernel_jobitem WHERE id = ANY (%s) AND state = 'pending' FOR NO KEY UPDATE SKIP LOCKED"


def run(job_id: int, *, seconds: float) -> bool:
    """Work on the job until nothing is left to take or the turn is over; True when it wants another turn.

    May run any number of times at once. What passes (a lost connection, a deadlock) is tried again, and marks nobody.
    """
    ends = time.monotonic() + seconds
    for pause in PATIENCE:
        try:
            return work(job_id, ends)
        except (OperationalError, InterfaceError) as error:
            if not is_passing(error):
                raise
            log.warning("job_interrupted", job_id=job_id, error=str(error).strip(), pause=pause)
            connection.close()
            time.sleep(pause)
    log.error("job_left_to_sweeper", job_id=job_id)
    return False


def work(job_id: int, ends: float) -> bool:
    job = begin(job_id)
    if job is None:
        return False
    lane = Lane(job, kind(job.kind).run_chunk())
    try:
        while job.is_live and time.monotonic() < ends:
            if not lane.take():
                return False
        return job.is_live
    finally:
        leave(job)


def begin(job_id: int) -> Job | None:
    live = Job.objects.live().filter(pk=job_id)
    started = live.update(
        state=Job.State.RUNNING,
        at_work=F("at_work") + 1,
        started_at=Coalesce("started_at", Now()),
        heartbeat_at=Now(),
    )
    return live.first() if started else None


def leave(job: Job) -> None:
    """Come back in order: a run that does not has died, and the sweeper counts it (`Job.strikes`)."""
    if not connection.is_usable():
        return
    Job.objects.filter(pk=job.pk).update(at_work=Greatest(F("at_work") - 1, 0))


@dataclass
class Lane:
    """One run's way through the items, by position, and once more from the start for what others let go."""

    job: Job
    run_chunk: RunChunk
    after: int = 0

    @property
    def size(self) -> int:
        shrunk: int = self.job.chunk // SHRINK**self.job.strikes
        return max(1, shrunk)

    @property
    def deadly(self) -> bool:
        """Workers died over this job until one target was alone, and over that one too."""
        strikes: int = self.job.strikes
        return strikes > MERCY and bool(SHRINK ** (strikes - 1) >= self.job.chunk)

    def take(self) -> bool:
        """Do the next chunk; False when there is none."""
        ids = Ids()
        try:
            with transaction.atomic():
                rows = held(self.job, NEXT, [self.job.pk, self.after, self.size])
                ids = Ids(row[0] for row in rows)
                if ids:
                    self.act(ids)
        except Exception as error:
            if not ids or is_passing(error):
                raise
            self.isolate(ids, error)
        if rows:
            self.after = rows[-1][1]
            return True
        started_over, self.after = self.after > 0, 0
        return started_over

    def act(self, ids: list[int]) -> None:
        """Bring each of these to its end and count it; the caller's transaction commits both."""
        if self.job.cancel_asked_at:
            JobItem.objects.filter(pk__in=ids).update(state=JobItem.State.SKIPPED, reason="cancelled")
        elif self.deadly:
            log.error("job_item_deadly", job_id=self.job.pk, item_id=ids[0])
            fail(ids, "worker_died")
        else:
            self.run_chunk(self.job, ids)
        if settle(self.job, ids) < len(ids):
            forgotten = list(JobItem.objects.filter(pk__in=ids, state="pending").values_list("pk", flat=True))
            log.error("job_items_forgotten", job_id=self.job.pk, kind=self.job.kind, count=len(forgotten))
            fail(forgotten, "forgotten")
            settle(self.job, forgotten)

    def isolate(self, ids: list[int], error: Exception) -> None:
        """One of these makes the whole chunk fail: halve it until the one is alone, and mark it with the reason."""
        if len(ids) == 1:
            return self.bury(ids, error)
        middle = len(ids) // 2
        for half in (Ids(ids[:middle]), Ids(ids[middle:])):
            try:
                with transaction.atomic():
                    if rows := held(self.job, THESE, [half]):
                        self.act(Ids(row[0] for row in rows))
            except Exception as worse:
                if is_passing(worse):
                    raise
                self.isolate(half, worse)
        return None

    def bury(self, ids: list[int], error: Exception) -> None:
        reason, facts = cause(error)
        log.warning("job_item_failed", job_id=self.job.pk, item_id=ids[0], reason=reason, exc_info=error)
        with transaction.atomic():
            if held(self.job, THESE, [Ids(ids)]):
                fail(ids, reason, facts)
                settle(self.job, ids)


def held(job: Job, select: str, params: list[Any]) -> list[tuple[int, ...]]:
    """Items for this transaction alone, and the lock that tells the sweeper that somebody is alive."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", job_lock(job.pk))
        cursor.execute(select, params)
        rows: list[tuple[int, ...]] = cursor.fetchall()
    return rows
