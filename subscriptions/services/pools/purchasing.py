"""A provider's or large account reseller's own stock: bought, made larger or smaller, extended."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from catalog.models import ServiceType
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Invalid, RequestReused, found
from subscriptions.models import Pool, SeatEntry
from subscriptions.pool_refusals import NotLarge, Repeated
from subscriptions.refusals import HolderNotActive
from subscriptions.selectors.pools import is_large
from subscriptions.services.pools.ending import refuse_below_use
from subscriptions.services.pools.expiry import last_day, text_of
from subscriptions.services.pools.ledger import Kind, allowed, check_seats, move, own_pool
from tenants.actor import Actor
from tenants.models import Tenant


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

    Only the provider's staff enter a purchase for a reseller; a large account reseller enters its own. Refused:
    `NotLarge`; `HolderNotActive` for who is suspended or deleted; it is locked, as it is where it is deleted.
    """
    actor.require("pool.edit")
    holder: Tenant = found(Tenant.objects.visible_to(actor).locked(), pk=tenant_id)
    own = holder.pk == actor.tenant_id
    if not (own or actor.is_provider) or (holder.pk != actor.provider_id and not is_large(holder.pk)):
        raise NotLarge(field="holder")
    known = Pool.objects.filter(tenant=holder, request_id=request_id, parent=None)
    if request_id and (earlier := known.first()):
        return _same(earlier, purchase)
    if holder.status != Tenant.Status.ACTIVE:
        raise HolderNotActive(field="holder")
    service = found(ServiceType.objects.visible_to(actor).filter(is_active=True), pk=purchase.service_type_id)
    _check(purchase, now)
    try:
        with refusing({"pool_request_once": Repeated()}):
            return _put(actor, holder, service, purchase, request_id, now)
    except Repeated:  # the same at the same time
        return _same(known.get(), purchase)


def _same(earlier: Pool, purchase: Purchase) -> Pool:
    """What this request has bought before. Refused: `RequestReused` for something else."""
    bought = SeatEntry.objects.filter(pool=earlier, kind=Kind.PURCHASE).order_by("pk").values_list("seats", flat=True)
    was = Purchase(
        service_type_id=earlier.service_type_id,
        name=earlier.name,
        unit=earlier.unit,
        seats=bought[0],
        source=earlier.source,
        payment_type=earlier.payment_type,
        ends_at=earlier.own_end or purchase.ends_at,
        term_months=earlier.term_months,
        renews=earlier.renews,
    )
    if was != replace(purchase, name=purchase.name.strip()):
        raise RequestReused()
    return earlier


def _put(
    actor: Actor, holder: Tenant, service: ServiceType, purchase: Purchase, request_id: UUID | None, now: datetime
) -> Pool:
    pool = Pool.objects.create(
        provider_id=actor.provider_id,
        tenant=holder,
        service_type=service,
        name=purchase.name.strip(),
        unit=purchase.unit,
        source=purchase.source,
        payment_type=purchase.payment_type,
        own_end=purchase.ends_at,
        end_day=last_day(purchase.ends_at).day,
        term_months=purchase.term_months,
        renews=purchase.renews,
        request_id=request_id,
        made_at=now,
    )
    ends_at = text_of(purchase.ends_at)
    actor.record("pool.purchased", pool, at=now, seats=purchase.seats, unit=pool.unit, ends_at=ends_at)
    move(Kind.PURCHASE, pool, purchase.seats, now=now)
    pool.refresh_from_db()
    return pool


@operation
def change_stock(*, actor: Actor, pool_id: int, seats: int, request_id: UUID | None = None, now: datetime) -> Pool:
    """So many purchased seats from now on. Refused: `PoolInUse` below what is given away, with the list."""
    actor.require("pool.edit")
    pool = found(Pool.objects.filter(pk=own_pool(actor, pool_id).pk, parent=None).locked(), pk=pool_id)
    check_seats(seats)
    refuse_below_use(actor, pool, seats, now)
    if (more := seats - pool.seats) != 0:
        actor.record("pool.stock_changed", pool, at=now, before={"seats": pool.seats}, seats=seats)
        move(Kind.PURCHASE, pool, more, request_id=request_id, now=now)
        pool.refresh_from_db()
    return pool


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
    once, at any depth. What ends now does not renew itself any more."""
    actor.require("pool.edit")
    pool = found(Pool.objects.filter(pk=own_pool(actor, pool_id).pk, parent=None).locked(), pk=pool_id)
    if ends_at < now:
        raise Invalid({"expiry.on": [_("This date has passed.")]})
    if ends_at == now and pool.ends_at is not None and pool.ends_at <= now:
        return pool  # it ended when it did
    before: dict[str, Any] = {"ends_at": text_of(pool.own_end)}
    after: dict[str, Any] = {"ends_at": text_of(ends_at)}
    if pool.renews and ends_at <= now:
        before["renews"], after["renews"] = True, False
        pool.renews = False
    with allowed(pool, 0):
        pool.own_end, pool.end_day = ends_at, last_day(ends_at).day
        pool.save(update_fields=["own_end", "end_day", "renews"])
    actor.record("pool.extended", pool, at=now, before=before, **after)
    pool.refresh_from_db()
    return pool


@dataclass(frozen=True, slots=True)
class Renewal:
    """Whether purchased stock renews itself at its end, and by how many months."""

    renews: bool
    term_months: int


@operation
def change_renewal(*, actor: Actor, pool_id: int, renewal: Renewal, now: datetime) -> Pool:
    """What has ended is extended first: it does not come back to life by itself."""
    actor.require("pool.edit")
    pool = found(Pool.objects.filter(pk=own_pool(actor, pool_id).pk, parent=None).locked(), pk=pool_id)
    if renewal.renews and not renewal.term_months:
        raise Invalid({"term_months": [_("What renews itself needs a term.")]})
    if renewal.renews and pool.own_end is not None and pool.own_end <= now:
        raise Invalid({"renews": [_("This pool has ended: extend it first.")]})
    before = {"renews": pool.renews, "term_months": pool.term_months}
    after = {"renews": renewal.renews, "term_months": renewal.term_months}
    if after != before:
        pool.renews, pool.term_months = renewal.renews, renewal.term_months
        pool.save(update_fields=["renews", "term_months"])
        actor.record("pool.renewal_changed", pool, at=now, before=before, **after)
    pool.refresh_from_db()
    return pool
