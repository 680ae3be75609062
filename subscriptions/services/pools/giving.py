"""Pools given to resellers: offered, edited, returned by who gave, accepted or declined by who was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, NotFound, RequestReused, found
from subscriptions.models import Pool
from subscriptions.pool_refusals import (
    EndsAfterParent,
    NotMapped,
    NotYoursToGive,
    PoolInUse,
    PoolNotActive,
    PoolResolved,
)
from subscriptions.services.pools.ledger import Kind, allowed, move, own_pool
from subscriptions.services.pools.notices import tell
from subscriptions.services.pools.purchasing import check_seats
from tenants.actor import Actor
from tenants.models import Mapping, Tenant


def end_of(day: date) -> datetime:
    """What ends on a day can be used until the day is over, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def last_day(at: datetime) -> date:
    """The last day on which what ends at this instant can be used."""
    return (at - timedelta(microseconds=1)).astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a given pool ends: with the pool it is from, now, or on its own."""

    mode: str = "same_as_pool"
    at: datetime | None = None

    def instant(self, parent: Pool, now: datetime) -> datetime | None:
        """None follows the parent. Refused: a date that has passed, `EndsAfterParent`."""
        if self.mode == "same_as_pool":
            return None
        if self.mode == "now":
            return now
        if self.at is None:
            raise Invalid({"ends_on": [_("Choose a date.")]})
        if self.at <= now:
            raise Invalid({"ends_on": [_("This date has passed.")]})
        if parent.ends_at is not None and self.at > parent.ends_at:
            raise EndsAfterParent(ends_on=last_day(parent.ends_at).isoformat(), field="ends_on")
        return self.at


@dataclass(frozen=True, slots=True)
class Wanted:
    """One pool to be given: so many seats of a pool that the giver holds."""

    parent_id: int
    source: str
    payment_type: str
    seats: int
    expiry: Expiry = Expiry()
    name: str = ""


@operation
def give_pools(
    *, actor: Actor, reseller_id: int, wanted: Sequence[Wanted], request_id: UUID, now: datetime
) -> list[Pool]:
    """Offer these pools to a mapped reseller, all or none; it can use them when it has accepted. Repeating an id
    repeats nothing.

    Refused: `NotMapped`, `PoolExhausted`, `PoolNotActive`, `EndsAfterParent`.
    """
    actor.require("pool.edit")
    reseller = _taker(actor, reseller_id)
    earlier = list(Pool.objects.filter(tenant=reseller, request_id=request_id).order_by("pk"))
    if earlier:
        if sorted(row.parent_id or 0 for row in earlier) != sorted(one.parent_id for one in wanted):
            raise RequestReused()
        return earlier
    if not wanted or len({one.parent_id for one in wanted}) != len(wanted):
        raise Invalid({"pools": [_("Choose at least one pool, and each once.")]})
    return [_give(actor, reseller, one, request_id, now) for one in sorted(wanted, key=lambda one: one.parent_id)]


def _taker(actor: Actor, reseller_id: int) -> Tenant:
    """A reseller that can be given something: mapped, active, and not oneself."""
    reseller: Tenant = found(Tenant.objects.visible_to(actor).resellers(), pk=reseller_id)
    if reseller.pk == actor.tenant_id:
        raise NotFound()
    if not Mapping.objects.filter(pk=reseller.pk).exists():
        raise NotMapped()
    if reseller.status != Tenant.Status.ACTIVE:
        raise Invalid({"reseller": [_("This reseller is not active.")]})
    return reseller


def _give(actor: Actor, reseller: Tenant, one: Wanted, request_id: UUID, now: datetime) -> Pool:
    check_seats(one.seats)
    parent = own_pool(actor, one.parent_id)
    pool = Pool.objects.create(
        provider_id=actor.provider_id,
        tenant=reseller,
        grantor_id=parent.tenant_id,
        parent=parent,
        service_type_id=parent.service_type_id,
        unit=parent.unit,
        name=one.name.strip() or parent.name,
        source=one.source,
        payment_type=one.payment_type,
        own_end=one.expiry.instant(parent, now),
        request_id=request_id,
        made_at=now,
    )
    actor.record("pool.offered", pool, at=now, seats=one.seats, unit=pool.unit, payment_type=pool.payment_type)
    move(Kind.OFFER, parent, one.seats, child=pool, now=now)
    pool.refresh_from_db()
    tell("pool_offered", pool, to=pool.tenant_id, about=parent.tenant_id, now=now)
    return pool


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

    Refused: `PoolExhausted` above what the parent has free, `PoolInUse` below what is used, `PaymentTypeKept` once
    a customer had a seat, `EndsAfterParent`, `PoolOver`.
    """
    actor.require("pool.edit")
    parent, pool = _given(actor, pool_id)
    before: dict[str, Any] = {"seats": pool.seats, "payment_type": pool.payment_type, "ends_at": _text(pool.own_end)}
    with allowed(parent, 0):
        if payment_type is not None:
            pool.payment_type = payment_type
        if expiry is not None:
            pool.own_end = expiry.instant(parent, now)
        pool.save(update_fields=["payment_type", "own_end"])
    if seats is not None and seats != pool.seats:
        check_seats(seats)
        used = pool.seats - pool.free
        if seats < used:
            raise PoolInUse(used=used, asked=seats, holders=", ".join(users(pool)), field="seats")
    after: dict[str, Any] = {
        "seats": seats or pool.seats,
        "payment_type": pool.payment_type,
        "ends_at": _text(pool.own_end),
    }
    if after != before:
        actor.record("pool.edited", pool, at=now, before=before, **after)
    if seats is not None and seats != pool.seats:
        move(Kind.RESIZE, parent, seats - pool.seats, child=pool, now=now)
    pool.refresh_from_db()
    return pool


def users(pool: Pool) -> list[str]:
    """Who has seats of it: by ID and number, since who gave the pool may not read all names."""
    given = pool.children.filter(state__in=("pending", "active"), reclaimed_at=None).order_by("pk")
    rows = [*given.values_list("tenant_id", "seats"), *pool.assignments.current().values_list("tenant_id", "seats")]
    return [f"{tenant_id}: {seats}" for tenant_id, seats in rows]


@operation
def return_pool(*, actor: Actor, pool_id: int, now: datetime) -> Pool:
    """Take back what was not accepted yet. Refused: `PoolResolved`."""
    actor.require("pool.edit")
    parent, pool = _given(actor, pool_id)
    return _resolve(actor, Kind.RETURN, parent, pool, "pool.returned", now)


@operation
def accept_pool(*, actor: Actor, pool_id: int, now: datetime) -> Pool:
    """Take what was offered; twice is once. Only the reseller itself. Refused: `PoolResolved`, `PoolNotActive`."""
    parent, pool = _offered(actor, pool_id)
    if pool.state == Pool.State.ACTIVE:
        return pool
    return _resolve(actor, Kind.ACCEPT, parent, pool, "pool.accepted", now)


@operation
def decline_pool(*, actor: Actor, pool_id: int, now: datetime) -> Pool:
    """Give back what was offered; twice is once. Refused: `PoolResolved`."""
    parent, pool = _offered(actor, pool_id)
    if pool.state == Pool.State.DECLINED:
        return pool
    return _resolve(actor, Kind.DECLINE, parent, pool, "pool.declined", now)


TOLD = {
    Kind.ACCEPT: ("pool_accepted", "grantor_id", "tenant_id"),
    Kind.DECLINE: ("pool_declined", "grantor_id", "tenant_id"),
    Kind.RETURN: ("pool_returned", "tenant_id", "grantor_id"),
}
"""Which mail tells it, to whom, about whom."""


def _resolve(actor: Actor, kind: str, parent: Pool, pool: Pool, event: str, now: datetime) -> Pool:
    if pool.state != Pool.State.PENDING or pool.reclaimed_at is not None:
        raise PoolResolved()
    if kind == Kind.ACCEPT and pool.ends_at is not None and pool.ends_at <= now:
        raise PoolNotActive()
    actor.record(event, pool, at=now, seats=pool.seats)
    told, reader, about = TOLD[kind]
    tell(told, pool, to=getattr(pool, reader), about=getattr(pool, about), now=now)
    move(kind, parent, pool.seats, child=pool, now=now)
    pool.refresh_from_db()
    return pool


def _offered(actor: Actor, pool_id: int) -> tuple[Pool, Pool]:
    actor.require("pool.assign")
    pool = found(Pool.objects.visible_to(actor).held_by(actor.tenant_id).exclude(parent=None), pk=pool_id)
    return _locked(pool)


def _given(actor: Actor, pool_id: int) -> tuple[Pool, Pool]:
    """A pool that the actor's tenant gave, with its parent. Who holds it sees it, and may not."""
    pool = found(Pool.objects.visible_to(actor).exclude(parent=None), pk=pool_id)
    if not actor.is_provider and pool.grantor_id != actor.tenant_id:
        raise NotYoursToGive()
    return _locked(pool)


def _locked(pool: Pool) -> tuple[Pool, Pool]:
    """Parent and pool, locked from the top."""
    parent = found(Pool.objects.filter(pk=pool.parent_id or 0).locked(), pk=pool.parent_id or 0)
    return parent, found(Pool.objects.filter(pk=pool.pk).locked(), pk=pool.pk)


def _text(at: datetime | None) -> str:
    return at.isoformat() if at else ""
