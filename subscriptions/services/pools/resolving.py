"""Pools that were offered: accepted or declined by whom they were given, returned by who gave them. Each once."""

from datetime import datetime

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import found
from subscriptions.models import Pool
from subscriptions.pool_refusals import PoolNotActive, PoolResolved
from subscriptions.services.pools.ledger import Kind, given_pool, log_of, move
from subscriptions.services.pools.notices import tell
from tenants.actor import Actor


@operation
def return_pool(*, actor: Actor, pool_id: int, now: datetime) -> Pool:
    """Take back what was not accepted yet. Refused: `PoolResolved`."""
    actor.require("pool.edit")
    pool = given_pool(actor, pool_id)
    return _resolve(actor=actor, kind=Kind.RETURN, pool=pool, tenant_id=log_of(pool), now=now)


@operation
def accept_pool(*, actor: Actor, pool_id: int, now: datetime) -> Pool:
    """Take what was offered; twice is once. Only the reseller itself, by whoever decides over its pools: no account
    manager. Refused: `PoolResolved`, `PoolNotActive`."""
    return _answer(actor, pool_id, Kind.ACCEPT, Pool.State.ACTIVE, now)


@operation
def decline_pool(*, actor: Actor, pool_id: int, now: datetime) -> Pool:
    """Give back what was offered; twice is once. Refused: `PoolResolved`."""
    return _answer(actor, pool_id, Kind.DECLINE, Pool.State.DECLINED, now)


def _answer(actor: Actor, pool_id: int, kind: str, wanted: str, now: datetime) -> Pool:
    """Of the reseller to whom it was offered; who has answered the same before, or just now, is told it is so."""
    actor.require("pool.edit")
    pool = found(Pool.objects.visible_to(actor).held_by(actor.tenant_id).exclude(parent=None), pk=pool_id)
    try:
        return _resolve(actor=actor, kind=kind, pool=pool, tenant_id=pool.tenant_id, now=now)
    except PoolResolved:
        pool.refresh_from_db()
        if pool.state != wanted:
            raise
        return pool


RESOLVED = {
    Kind.ACCEPT: ("pool.accepted", "pool_accepted", "grantor_id", "tenant_id"),
    Kind.DECLINE: ("pool.declined", "pool_declined", "grantor_id", "tenant_id"),
    Kind.RETURN: ("pool.returned", "pool_returned", "tenant_id", "grantor_id"),
}
"""The event, and the mail that tells it: to whom, about whom."""


@operation
def _resolve(*, actor: Actor, kind: str, pool: Pool, tenant_id: int, now: datetime) -> Pool:
    """Nothing is locked before the movement, which decides: of several at once one wins, and the others have written
    nothing."""
    if pool.state != Pool.State.PENDING or pool.reclaimed_at is not None:
        raise PoolResolved()
    if pool.ends_at is not None and pool.ends_at <= now:
        raise PoolNotActive() if kind == Kind.ACCEPT else PoolResolved()
    event, mail, reader, about = RESOLVED[Kind(kind)]
    parent = found(Pool.objects.all(), pk=pool.parent_id)
    seats = pool.seats
    actor.record(event, pool, at=now, tenant_id=tenant_id, seats=seats)
    tell(mail, pool, to=getattr(pool, reader), about=getattr(pool, about), now=now)
    move(kind, parent, seats, child=pool, now=now)
    pool.refresh_from_db()
    return pool
