"""The one way to move seats: an entry of the ledger, which the database counts, or refuses by the name of a rule."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Refusal, found
from subscriptions.models import Pool, PoolAssignment, SeatEntry
from subscriptions.pool_refusals import PaymentTypeKept, PoolExhausted, PoolNotActive, PoolOver, PoolResolved
from tenants.actor import Actor

Kind = SeatEntry.Kind

RULES: dict[str, type[Refusal]] = {
    "pool_not_active": PoolNotActive,
    "pool_over": PoolOver,
    "pool_resolved_once": PoolResolved,
    "pool_not_negative": PoolResolved,
    "pool_reclaimed": PoolResolved,
    "pool_resized": PoolResolved,
    "pool_payment_type_kept": PaymentTypeKept,
}


def move(
    kind: str,
    pool: Pool,
    seats: int,
    *,
    child: Pool | None = None,
    assignment: PoolAssignment | None = None,
    request_id: UUID | None = None,
    now: datetime,
) -> SeatEntry:
    """Write the entry last, after the event: from here to the commit nobody else moves seats of the pool."""
    with allowed(pool, seats):
        return SeatEntry.objects.create(
            provider_id=pool.provider_id,
            pool=pool,
            child=child,
            assignment=assignment,
            kind=kind,
            seats=seats,
            request_id=request_id,
            made_at=now,
        )


@contextmanager
def allowed(pool: Pool, asked: int) -> Iterator[None]:
    """What the database refuses, said as a refusal."""
    rules: dict[str, Refusal] = {name: refusal() for name, refusal in RULES.items()}
    with refusing(rules | {"pool_free": _Exhausted(pool, asked)}):
        yield


class _Exhausted(PoolExhausted):
    """Says how many are free when it is read, after the failed movement was undone."""

    def __init__(self, pool: Pool, asked: int) -> None:
        super().__init__(free=pool.free, asked=abs(asked), field="seats")


def own_pool(actor: Actor, pool_id: int) -> Pool:
    """A pool that the actor's tenant holds, or anybody's of its house for a provider's staff. Not locked."""
    pools = Pool.objects.visible_to(actor)
    return found(pools if actor.is_provider else pools.held_by(actor.tenant_id), pk=pool_id)


def names(rows: Iterable[Any]) -> str:
    return ", ".join(str(row) for row in rows)
