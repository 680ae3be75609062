"""The order in which locks are taken, everywhere: whoever keeps to it cannot deadlock with another who does.

tree (branches ascending) → mails (the same) → pool (root first) → subscription → holding → mark → profile of who is
billed → document → payment → balance → number series → push → job → job item; within a table by primary key. A ledger
is never locked by us: lock what it belongs to.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model, covariant=True)

TREE = 4711
"""Class of the advisory locks that guard a branch; the other half of the key is its tree_id."""

IDEMPOTENCY = 4712
"""Class of the advisory locks that guard an idempotency key while it is in flight."""

JOBS = 4713
"""Class of the advisory locks that a run of a job shares while it works on a chunk: a sign of life."""

MAILS = 4714
"""Class of the advisory locks that guard how many mails a branch has written; the other half of the key is its top."""

CREDITS = 4715
"""Class of the advisory locks that guard what is given back of a charge that is of no stream."""


HALF = 0x7FFFFFFF
"""As much of a 64-bit key as one half of an advisory lock takes."""


class LockedQuerySet(models.QuerySet[Row]):
    """The only place where rows are locked."""

    def locked(self) -> "LockedQuerySet[Row]":
        """These rows, in the order of their keys, until the transaction ends; foreign keys to them are not held up."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


def job_lock(job_id: int) -> tuple[int, int]:
    """The advisory lock of a job. Two jobs that are 2³¹ apart share it, which costs one of them a moment."""
    return JOBS, job_id & HALF


def advisory_locks(space: int, keys: Iterable[int]) -> None:
    """Wait for all of these, ascending, and keep them until the transaction ends; of a longer key one half counts."""
    with connection.cursor() as cursor:
        for key in sorted({key & HALF for key in keys}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [space, key])


def try_advisory_lock(space: int, key: int) -> bool:
    """Until the transaction ends; False at once when somebody else holds it. `key` is a 32-bit number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [space, key])
        (taken,) = cursor.fetchone()
    return bool(taken)
