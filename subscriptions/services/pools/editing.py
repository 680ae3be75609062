"""Pools changed: what was given by who gave it, what was purchased by who holds it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, found
from subscriptions.models import Pool
from subscriptions.pool_refusals import PaymentTypeKept, PoolNotActive
from subscriptions.services.pools.ending import make_room, reclaim_seats, refuse_below_use
from subscriptions.services.pools.expiry import Expiry, text_of
from subscriptions.services.pools.ledger import (
    Kind,
    allowed,
    check_seats,
    given_pool,
    log_of,
    move,
)
from subscriptions.services.pools.notices import look_whether_used
from subscriptions.services.pools.purchasing import Renewal, change_renewal, change_stock, extend_pool
from tenants.actor import Actor


@operation
def change_pool(
    *,
    actor: Actor,
    pool_id: int,
    seats: int | None = None,
    payment_type: str | None = None,
    expiry: Expiry | None = None,
    renewal: Renewal | None = None,
    now: datetime,
) -> Pool:
    """What is left out stays. A purchase is paid for as it was bought; what was given does not renew itself."""
    actor.require("pool.edit")
    pool = found(Pool.objects.visible_to(actor), pk=pool_id)
    if pool.parent_id is not None:
        if renewal is not None:
            raise Invalid({"renewal": [_("Only what was purchased renews itself.")]})
        return edit_pool(actor=actor, pool_id=pool_id, seats=seats, payment_type=payment_type, expiry=expiry, now=now)
    if payment_type not in {None, pool.payment_type}:
        raise PaymentTypeKept(field="payment_type")
    if expiry is not None and expiry.mode == "same_as_pool":
        raise Invalid({"expiry": [_("What was purchased is from no other pool: choose a date.")]})
    if expiry is not None:
        pool = extend_pool(actor=actor, pool_id=pool_id, ends_at=expiry.chosen(now), now=now)
    if renewal is not None:
        pool = change_renewal(actor=actor, pool_id=pool_id, renewal=renewal, now=now)
    return pool if seats is None else change_stock(actor=actor, pool_id=pool_id, seats=seats, now=now)


@operation
def edit_pool(
    *,
    actor: Actor,
    pool_id: int,
    seats: int | None = None,
    payment_type: str | None = None,
    expiry: Expiry | None = None,
    now: datetime,
) -> Pool:
    """Change what was given: only who gave it may. What is left out stays.

    An offer that is made to end now is taken back at once: whoever answers or returns it at that moment, by a clock
    that is a little behind, finds it over. Refused: `PoolExhausted` above what the parent has free, `PoolInUse` below
    what is used, `PaymentTypeKept` once a customer had a seat, `EndsAfterParent`, `PoolOver`; `PoolNotActive` for more
    of what has ended.
    """
    actor.require("pool.edit")
    seen = given_pool(actor, pool_id)
    parent = found(Pool.objects.filter(children=seen.pk).locked())
    pool = found(Pool.objects.filter(pk=seen.pk).locked(), pk=seen.pk)
    before = _facts(pool, pool.seats)
    with allowed(parent, 0):
        if payment_type is not None:
            pool.payment_type = payment_type
        if expiry is not None and not expiry.is_over(pool, now):
            pool.own_end = expiry.instant(parent, now)
        pool.save(update_fields=["payment_type", "own_end"])
    wanted = pool.seats if seats is None else seats
    if wanted != pool.seats:
        check_seats(wanted)
        refuse_below_use(actor, pool, wanted, now)
    after = _facts(pool, wanted)
    if after != before:
        actor.record("pool.edited", pool, at=now, tenant_id=log_of(pool), before=before, **after)
    if more := wanted - pool.seats:
        pool.refresh_from_db(fields=["ends_at"])
        if more > 0 and pool.ends_at is not None and pool.ends_at <= now:
            raise PoolNotActive()
        make_room(parent, more, now)
        look_whether_used(parent, more)
        move(Kind.RESIZE, parent, more, child=pool, now=now)
    pool.refresh_from_db()
    if expiry is not None and pool.state == Pool.State.PENDING and pool.ends_at is not None and pool.ends_at <= now:
        reclaim_seats(parent_id=parent.pk, now=now)
        pool.refresh_from_db()
    return pool


def _facts(pool: Pool, seats: int) -> dict[str, Any]:
    return {"seats": seats, "payment_type": pool.payment_type, "ends_at": text_of(pool.own_end)}
