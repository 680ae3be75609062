"""Seats of a pool handed to customers of its holder, changed and released."""

from datetime import datetime
from uuid import UUID

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import RequestReused, found
from subscriptions.models import Pool, PoolAssignment, SeatEntry
from subscriptions.pool_refusals import NotYoursToGive
from subscriptions.services.pools.ledger import Kind, move
from subscriptions.services.pools.notices import is_nearly_used, tell
from subscriptions.services.pools.purchasing import check_seats
from tenants.actor import Actor
from tenants.models import Tenant


@operation
def assign_seats(
    *, actor: Actor, pool_id: int, customer_id: int, seats: int, request_id: UUID, now: datetime
) -> PoolAssignment:
    """Hand so many more seats of an own pool to a customer; repeating a request id repeats nothing.

    Refused: `PoolExhausted`, `PoolNotActive`, before acceptance, too.
    """
    actor.require("pool.assign")
    check_seats(seats)
    pool = _own(actor, pool_id)
    customer: Tenant = found(Tenant.objects.visible_to(actor).customers(), pk=customer_id)
    if earlier := SeatEntry.objects.filter(pool=pool, request_id=request_id).select_related("assignment").first():
        if earlier.assignment is None or (earlier.assignment.tenant_id, earlier.seats) != (customer.pk, seats):
            raise RequestReused()
        return earlier.assignment
    found(Tenant.objects.filter(ancestors__contains=[pool.tenant_id]), pk=customer.pk)
    assignment, _made = PoolAssignment.objects.get_or_create(
        pool=pool, tenant=customer, defaults={"provider_id": pool.provider_id, "made_at": now}
    )
    actor.record("pool.seats_assigned", pool, at=now, tenant_id=customer.pk, customer=customer.pk, seats=seats)
    if is_nearly_used(pool, seats):
        tell("pool_nearly_used", pool, to=pool.tenant_id, about=pool.tenant_id, now=now)
    move(Kind.ASSIGN, pool, seats, assignment=assignment, request_id=request_id, now=now)
    assignment.refresh_from_db()
    return assignment


@operation
def change_assignment(*, actor: Actor, assignment_id: int, seats: int, now: datetime) -> PoolAssignment:
    """So many seats from now on; 0 releases them all. The same number changes nothing."""
    actor.require("pool.assign")
    seen = found(PoolAssignment.objects.visible_to(actor), pk=assignment_id)
    pool = _own(actor, seen.pool_id)
    list(Pool.objects.filter(pk=pool.pk).locked())
    assignment = found(PoolAssignment.objects.visible_to(actor), pk=assignment_id)
    if seats:
        check_seats(seats)
    if (more := seats - assignment.seats) == 0:
        return assignment
    kind = "pool.seats_changed" if seats else "pool.seats_released"
    actor.record(
        kind, pool, at=now, tenant_id=assignment.tenant_id, before={"seats": assignment.seats}, seats=seats,
        customer=assignment.tenant_id,
    )  # fmt: skip
    move(Kind.ASSIGN, pool, more, assignment=assignment, now=now)
    assignment.refresh_from_db()
    return assignment


def _own(actor: Actor, pool_id: int) -> Pool:
    pool = found(Pool.objects.visible_to(actor), pk=pool_id)
    if pool.tenant_id != actor.tenant_id and not actor.is_provider:
        raise NotYoursToGive()
    return pool
