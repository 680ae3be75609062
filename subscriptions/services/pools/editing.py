"""One way to change a pool, whether it was purchased or given."""

from datetime import datetime

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import found
from subscriptions.models import Pool
from subscriptions.pool_refusals import PaymentTypeKept
from subscriptions.services.pools.giving import Expiry, edit_pool
from subscriptions.services.pools.purchasing import change_stock, extend_pool
from tenants.actor import Actor


@operation
def change_pool(
    *,
    actor: Actor,
    pool_id: int,
    seats: int | None = None,
    payment_type: str | None = None,
    expiry: Expiry | None = None,
    now: datetime,
) -> Pool:
    """What is left out stays. A purchase is paid for as it was bought: of a purchased pool seats and end alone."""
    actor.require("pool.edit")
    pool = found(Pool.objects.visible_to(actor), pk=pool_id)
    if pool.parent_id is not None:
        return edit_pool(actor=actor, pool_id=pool_id, seats=seats, payment_type=payment_type, expiry=expiry, now=now)
    if payment_type not in {None, pool.payment_type}:
        raise PaymentTypeKept(field="payment_type")
    if expiry is not None and (expiry.mode == "now" or expiry.at is not None):
        pool = extend_pool(actor=actor, pool_id=pool_id, ends_at=expiry.at or now, now=now)
    return pool if seats is None else change_stock(actor=actor, pool_id=pool_id, seats=seats, now=now)
