"""Seats of a pool handed to customers of its holder, changed and released."""

from datetime import datetime
from typing import Any
from uuid import UUID

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import NotFound, RequestReused, found
from subscriptions.models import Pool, PoolAssignment, SeatEntry
from subscriptions.pool_refusals import NotYoursToGive, Repeated
from subscriptions.refusals import HolderNotActive
from subscriptions.services.pools.at_once import assign_at_once
from subscriptions.services.pools.ending import make_room
from subscriptions.services.pools.ledger import Kind, check_seats, move
from subscriptions.services.pools.notices import look_whether_used
from tenants.actor import Actor
from tenants.models import Tenant


def assign_seats(
    *, actor: Actor, pool_id: int, customer_id: int, seats: int, request_id: UUID, now: datetime
) -> PoolAssignment:
    """Hand so many more seats of an own pool to a customer; repeating a request id repeats nothing.

    Refused: `PoolExhausted`, `PoolNotActive`, before acceptance, too; `HolderNotActive` for a customer who is suspended
    or deleted; whoever does not buy from the holder is not found.
    """
    actor.require("pool.assign")
    check_seats(seats)
    asked: dict[str, Any] = {"pool_id": pool_id, "customer_id": customer_id, "seats": seats, "request_id": request_id}
    return assign_at_once(actor=actor, **asked, now=now) or _assign(actor=actor, **asked, now=now)


@operation
def _assign(
    *, actor: Actor, pool_id: int, customer_id: int, seats: int, request_id: UUID, now: datetime
) -> PoolAssignment:
    """Step by step, which says why something is refused, and does what is more than to hand out seats."""
    pool = _own(actor, pool_id)
    customer: Tenant = found(Tenant.objects.visible_to(actor).customers().locked(), pk=customer_id)
    if earlier := _earlier(pool, customer, seats, request_id):
        return earlier
    _must_buy_from_holder(pool, customer)
    make_room(pool, seats, now)
    try:
        with refusing({"seat_entry_request_once": Repeated()}):
            assignment, _made = PoolAssignment.objects.get_or_create(
                pool=pool, tenant=customer, defaults={"provider_id": pool.provider_id, "made_at": now}
            )
            facts = {"customer": customer.pk, "seats": seats}
            actor.record("pool.seats_assigned", pool, at=now, tenant_id=customer.pk, **facts)
            look_whether_used(pool, seats)
            move(Kind.ASSIGN, pool, seats, assignment=assignment, request_id=request_id, now=now)
    except Repeated:  # the same at the same time
        return found(PoolAssignment.objects.all(), pool=pool, tenant=customer)
    assignment.refresh_from_db()
    return assignment


def _earlier(pool: Pool, customer: Tenant, seats: int, request_id: UUID) -> PoolAssignment | None:
    """What this request has assigned before. Refused: `RequestReused` for something else."""
    entry = SeatEntry.objects.filter(pool=pool, request_id=request_id).select_related("assignment").first()
    if entry is None:
        return None
    if entry.assignment is None or (entry.assignment.tenant_id, entry.seats) != (customer.pk, seats):
        raise RequestReused()
    return entry.assignment


@operation
def change_assignment(*, actor: Actor, assignment_id: int, seats: int, now: datetime) -> PoolAssignment:
    """So many seats from now on; 0 releases them all. The same number changes nothing. More are refused as in
    `assign_seats`."""
    actor.require("pool.assign")
    seen = found(PoolAssignment.objects.visible_to(actor), pk=assignment_id)
    pool = _own(actor, seen.pool_id)
    customer: Tenant = found(Tenant.objects.locked(), pk=seen.tenant_id)
    list(Pool.objects.filter(pk=pool.pk).locked())
    assignment = found(PoolAssignment.objects.visible_to(actor), pk=assignment_id)
    if seats:
        check_seats(seats)
    if (more := seats - assignment.seats) == 0:
        return assignment
    if more > 0:
        _must_buy_from_holder(pool, customer)
    _record_change(actor, pool, assignment, seats, now)
    make_room(pool, more, now)
    look_whether_used(pool, more)
    move(Kind.ASSIGN, pool, more, assignment=assignment, now=now)
    assignment.refresh_from_db()
    return assignment


@operation
def release_all(*, actor: Actor, tenant: Tenant, now: datetime) -> int:
    """Who ends gives all seats back, whosever pools they are of: that it may end was decided. Of how many pools."""
    hands = PoolAssignment.objects.filter(tenant=tenant)
    pools = {pool.pk: pool for pool in Pool.objects.filter(assignments__in=hands).locked()}
    held = list(hands.current().filter(pool__in=pools).order_by("pool_id", "pk"))
    for hand in held:
        _record_change(actor, pools[hand.pool_id], hand, 0, now)
    for hand in held:
        move(Kind.ASSIGN, pools[hand.pool_id], -hand.seats, assignment=hand, now=now)
    return len(held)


def _record_change(actor: Actor, pool: Pool, hand: PoolAssignment, seats: int, now: datetime) -> None:
    kind = "pool.seats_changed" if seats else "pool.seats_released"
    whose = hand.tenant_id
    actor.record(kind, pool, at=now, tenant_id=whose, before={"seats": hand.seats}, seats=seats, customer=whose)


def _must_buy_from_holder(pool: Pool, customer: Tenant) -> None:
    """The customer is locked: it is neither closed nor moved meanwhile. Others are not found."""
    if customer.seller_id != pool.tenant_id:
        raise NotFound()
    if customer.status != Tenant.Status.ACTIVE:
        raise HolderNotActive()


def _own(actor: Actor, pool_id: int) -> Pool:
    pool = found(Pool.objects.visible_to(actor), pk=pool_id)
    if pool.tenant_id != actor.tenant_id and not actor.is_provider:
        raise NotYoursToGive()
    return pool
