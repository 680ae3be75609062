"""A provider's or large account reseller's own stock: bought, made larger or smaller, extended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from catalog.models import COUNT_MAX, ServiceType
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden, Invalid, RequestReused, found
from subscriptions.models import Pool
from subscriptions.services.pools.ledger import Kind, allowed, move, own_pool
from tenants.actor import Actor
from tenants.models import ResellerTerms, Tenant


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is bought: so many of a unit, until an instant; with a term it can renew itself by so many months."""

    service_type_id: int
    name: str
    unit: str
    seats: int
    source: str
    payment_type: str
    ends_at: datetime
    term_months: int = 0
    renews: bool = False


@operation
def purchase_pool(
    *, actor: Actor, tenant_id: int, purchase: Purchase, request_id: UUID | None = None, now: datetime
) -> Pool:
    """Put purchased seats into stock, of the provider or of a large account reseller; repeating an id repeats nothing.

    Only the provider's staff enter a purchase for a reseller; a large account reseller enters its own.
    """
    actor.require("pool.edit")
    holder = found(Tenant.objects.visible_to(actor), pk=tenant_id)
    if holder.pk != actor.provider_id and not ResellerTerms.objects.filter(pk=holder.pk, is_large=True).exists():
        raise Forbidden(permission="pool.edit", actor=actor)
    if request_id and (earlier := Pool.objects.filter(tenant=holder, request_id=request_id, parent=None).first()):
        if (earlier.name, earlier.service_type_id) != (purchase.name.strip(), purchase.service_type_id):
            raise RequestReused()
        return earlier
    service = found(ServiceType.objects.visible_to(actor).filter(is_active=True), pk=purchase.service_type_id)
    _check(purchase, now)
    pool = Pool.objects.create(
        provider_id=actor.provider_id,
        tenant=holder,
        service_type=service,
        name=purchase.name.strip(),
        unit=purchase.unit,
        source=purchase.source,
        payment_type=purchase.payment_type,
        own_end=purchase.ends_at,
        term_months=purchase.term_months,
        renews=purchase.renews,
        request_id=request_id,
        made_at=now,
    )
    actor.record(
        "pool.purchased", pool, at=now, seats=purchase.seats, unit=pool.unit, ends_at=purchase.ends_at.isoformat()
    )
    move(Kind.PURCHASE, pool, purchase.seats, now=now)
    pool.refresh_from_db()
    return pool


@operation
def change_stock(*, actor: Actor, pool_id: int, seats: int, request_id: UUID | None = None, now: datetime) -> Pool:
    """So many purchased seats from now on. Refused: `PoolExhausted` below what is given away."""
    actor.require("pool.edit")
    pool = found(Pool.objects.filter(pk=own_pool(actor, pool_id).pk, parent=None).locked(), pk=pool_id)
    check_seats(seats)
    if (more := seats - pool.seats) != 0:
        actor.record("pool.stock_changed", pool, at=now, before={"seats": pool.seats}, seats=seats)
        move(Kind.PURCHASE, pool, more, request_id=request_id, now=now)
        pool.refresh_from_db()
    return pool


def check_seats(seats: int) -> None:
    if not 1 <= seats <= COUNT_MAX:
        raise Invalid({"seats": [_("The number is a whole one from 1 to %(most)s.") % {"most": COUNT_MAX}]})


def _check(purchase: Purchase, now: datetime) -> None:
    check_seats(purchase.seats)
    if not purchase.name.strip():
        raise Invalid({"name": [_("A pool needs a name.")]})
    if purchase.ends_at <= now:
        raise Invalid({"ends_on": [_("A purchase ends in the future.")]})
    if purchase.renews and not purchase.term_months:
        raise Invalid({"term_months": [_("What renews itself needs a term.")]})


@operation
def extend_pool(*, actor: Actor, pool_id: int, ends_at: datetime, now: datetime) -> Pool:
    """Let purchased stock end at another time, now at the earliest; what was given with *same as pool* follows at
    once, at any depth."""
    actor.require("pool.edit")
    pool = found(Pool.objects.filter(pk=own_pool(actor, pool_id).pk, parent=None).locked(), pk=pool_id)
    if ends_at < now:
        raise Invalid({"ends_on": [_("This date has passed.")]})
    before = pool.own_end
    with allowed(pool, 0):
        pool.own_end = ends_at
        pool.save(update_fields=["own_end"])
    actor.record(
        "pool.extended",
        pool,
        at=now,
        before={"ends_at": before.isoformat() if before else ""},
        ends_at=ends_at.isoformat(),
    )
    pool.refresh_from_db()
    return pool
