"""An actor without an app behind it, and handlers of jobs that do, skip, stumble and die."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from resellerhub.kernel.jobs.check import job_counters
from resellerhub.kernel.jobs.start import seal_job, start_job, write_items
from resellerhub.kernel.models import Job
from resellerhub.kernel.refusals import Forbidden, Refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Someone:
    """Enough of an actor for the kernel."""

    tenant_id: int = 1
    provider_id: int = 1
    kind: str = "provider"
    user_id: int | None = 7
    managed: tuple[int, ...] | None = None
    request_id: str = "test"
    api_key_id: int | None = None
    on_behalf_of: int | None = None
    permissions: frozenset[str] = frozenset({"job.view"})
    events: list[str] = field(default_factory=list)

    def can(self, permission: str) -> bool:
        return permission in self.permissions

    def sees(self, permission: str) -> bool:
        return self.can(permission)

    def require(self, permission: str) -> None:
        if not self.can(permission):
            raise Forbidden(permission=permission)

    def record(self, kind: str, subject: Any, **_: Any) -> None:
        self.events.append(kind)


class TooLarge(Refusal):
    code, message = "too-large", "{asked} is too many."


def finish(job: Job, ids: list[int]) -> None:
    """Every third is skipped, the others are done."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE kernel_jobitem SET state = CASE WHEN position %% 3 = 0 THEN 'skipped' ELSE 'done' END,
               reason = CASE WHEN position %% 3 = 0 THEN 'already_sold' ELSE '' END, result_id = subject_id * 10
               WHERE id = ANY (%s)""",
            [ids],
        )


def choke(job: Job, ids: list[int]) -> None:
    """Subjects 13 and 777 are more than it can take, and 99 divides by zero; the rest is finished."""
    finish(job, ids)
    subjects = set(job.items.filter(pk__in=ids).values_list("subject_id", flat=True))
    if subjects & {13, 777}:
        raise TooLarge(asked=777)
    if 99 in subjects:
        connection.cursor().execute("SELECT 1 / 0")


def forget(job: Job, ids: list[int]) -> None:
    """Leaves the even ones lying."""
    finish(job, list(job.items.filter(pk__in=ids, subject_id__iregex="[13579]$").values_list("pk", flat=True)))


def die(job: Job, ids: list[int]) -> None:
    """Subject 42 takes the whole process with it."""
    finish(job, ids)
    if job.items.filter(pk__in=ids, subject_id=42).exists():
        os._exit(9)


def sell(job: Job, ids: list[int]) -> None:
    """Has an effect that nothing keeps from happening twice: a row in a table without any key. Beyond the gate it
    waits in the middle of its chunk, so that whoever kills it knows where it is; not for ever, because what another
    lane has let go lies before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effect SELECT id FROM kernel_jobitem WHERE id = ANY (%s)", [ids])
        cursor.execute("UPDATE kernel_jobitem SET state = 'done' WHERE id = ANY (%s) RETURNING position", [ids])
        first = min(position for (position,) in cursor.fetchall())
        for _ in range(60):
            cursor.execute("SELECT open_to, pg_sleep(0.05) FROM gate")
            if cursor.fetchone()[0] >= first:
                break


def wait(job: Job, ids: list[int]) -> None:
    """Longer than a sign of life may be old."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(3)")
    finish(job, ids)


for _handler in (finish, choke, forget, die, sell, wait):
    settings.JOB_KINDS[_handler.__name__] = f"tests.kernel.doubles.{_handler.__name__}"


def job_of(
    kind: str, targets: int, *, chunk: int | None = None, actor: Someone | None = None, lanes: int | None = None
) -> Job:
    job = start_job(actor=actor or Someone(), kind=kind, title=f"{kind} {targets}", now=NOW, lanes=lanes)
    write_items(job, "SELECT n, n FROM generate_series(1, %s) n", [targets])
    return seal_job(job, chunk=chunk)


def begin(kind: str, targets: int, chunk: int | None = None, lanes: int | None = None) -> int:
    """For a rig: the id of a job, committed, with workers on their way."""
    with transaction.atomic():
        return int(job_of(kind, targets, chunk=chunk, lanes=lanes).pk)


def states(job: Job) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM kernel_jobitem WHERE job_id = %s GROUP BY 1", [job.pk])
        return dict(cursor.fetchall())


def findings() -> list[str]:
    return list(job_counters())
