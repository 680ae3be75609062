"""Pools given to resellers: offered to one or to several, all of them or none."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Invalid, NotFound, Refusal, RequestReused
from subscriptions.models import Pool, PoolSupply, SeatEntry
from subscriptions.pool_refusals import NotMapped, NotSupplied
from subscriptions.selectors.pools import takers_by_name
from subscriptions.services.pools.ending import make_room
from subscriptions.services.pools.expiry import SAME, Expiry
from subscriptions.services.pools.ledger import Kind, check_seats, log_of, move, own_pool
from subscriptions.services.pools.notices import look_whether_used, tell
from tenants.actor import Actor
from tenants.mapped import RECEIVING
from tenants.models import Tenant

MOST = 500
"""So many pools are given at once."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One pool to be given: so many seats of a pool that the giver holds."""

    parent_id: int
    source: str
    payment_type: str
    seats: int
    expiry: Expiry = SAME
    name: str = ""


@operation
def give_pools(
    *, actor: Actor, reseller_ids: Sequence[int], wanted: Sequence[Wanted], request_id: UUID, now: datetime
) -> list[Pool]:
    """Offer these pools to each of these mapped resellers, all or none; they can use them when they have accepted.
    Repeating an id repeats nothing.

    Refused: `NotMapped`, `NotSupplied`, `PoolExhausted`, `PoolNotActive`, `EndsAfterParent`; what is to blame is named
    as `pools.1.seats`, by the place in `wanted`.
    """
    actor.require("pool.edit")
    if not reseller_ids:
        raise Invalid({"resellers": [_("Choose at least one reseller.")]})
    resellers = _takers(actor, set(reseller_ids))
    if not wanted or len({one.parent_id for one in wanted}) != len(wanted):
        raise Invalid({"pools": [_("Choose at least one pool, and each once.")]})
    if len(wanted) * len(resellers) > MOST:
        raise Invalid({"resellers": [_("Give at most %(most)s pools at once.") % {"most": MOST}]})
    if earlier := _earlier(actor, resellers, wanted, request_id):
        return earlier
    placed = sorted(enumerate(wanted), key=lambda pair: pair[1].parent_id)
    return _give(actor, resellers, placed, request_id, now)


def _takers(actor: Actor, ids: set[int]) -> list[Tenant]:
    """Resellers that can be given something, and are neither deleted nor suspended meanwhile: they are locked, before
    the pools. So of two requests with the same id the second finds what the first has given."""
    known: Any = takers_by_name(actor).filter(pk__in=ids)
    found: list[Any] = list(known.locked())
    if len(found) < len(ids):
        raise NotFound()
    receiving = set(Tenant.objects.filter(RECEIVING, pk__in=ids).order_by().values_list("pk", flat=True))
    if idle := [row.called for row in found if row.status != Tenant.Status.ACTIVE]:
        raise Invalid({"resellers": [_("Not active: %(resellers)s.") % {"resellers": ", ".join(idle)}]})
    if unmapped := [row.called for row in found if row.pk not in receiving]:
        raise NotMapped(resellers=", ".join(unmapped))
    return found


def _earlier(actor: Actor, resellers: Iterable[Tenant], wanted: Sequence[Wanted], request_id: UUID) -> list[Pool]:
    """What this request has given before, to whomever. Refused: `RequestReused` for something else."""
    pools = Pool.objects.visible_to(actor).filter(request_id=request_id, parent__isnull=False)
    made = list(pools.select_related("parent").order_by("pk"))
    known = {pool.parent_id: pool for pool in made}
    if not made:
        return made
    if {one.parent_id for one in wanted} != set(known):
        raise RequestReused()
    offers = SeatEntry.objects.filter(kind=Kind.OFFER, child__in=made)
    seats = dict(offers.order_by().values_list("child_id", "seats"))
    given = {(pool.tenant_id, seats[pool.pk], *_terms(pool)) for pool in made}
    asked = {(taker.pk, one.seats, *_asked(one, known[one.parent_id])) for taker in resellers for one in wanted}
    if given != asked:
        raise RequestReused()
    return made


def _terms(pool: Pool) -> tuple[Any, ...]:
    return pool.parent_id, pool.source, pool.payment_type, pool.name, pool.own_end


def _asked(one: Wanted, earlier: Pool) -> tuple[Any, ...]:
    """The same of what is asked for, at the instant of the first."""
    ends_at = {"same_as_pool": None, "now": earlier.made_at}.get(one.expiry.mode, one.expiry.at)
    above = earlier.parent.name if earlier.parent else ""
    return one.parent_id, one.source, one.payment_type, one.name.strip() or above, ends_at


def _give(
    actor: Actor, resellers: Iterable[Tenant], placed: Sequence[tuple[int, Wanted]], request_id: UUID, now: datetime
) -> list[Pool]:
    """First all that is written and told, then the movements, by the pools they are from: from the first of these on
    nobody else moves seats of it."""
    parents = {one.parent_id: own_pool(actor, one.parent_id) for _place, one in placed}
    offers: dict[int, list[Pool]] = {place: [] for place, _one in placed}
    for reseller in resellers:
        for place, one in placed:
            with _of(place), refusing({"pool_for_taker": NotSupplied()}):
                offers[place].append(_offer(actor, parents[one.parent_id], reseller, one, request_id, now))
    for place, one in placed:
        parent, asked = parents[one.parent_id], one.seats * len(offers[place])
        with _of(place):
            make_room(parent, asked, now)
            for pool in offers[place]:
                move(Kind.OFFER, parent, one.seats, child=pool, asked=asked, now=now)
    made = [pool for offered in offers.values() for pool in offered]
    for pool in made:
        pool.refresh_from_db()
    return made


@contextmanager
def _of(place: int) -> Iterator[None]:
    """What is refused of one of several says of which."""
    try:
        yield
    except Invalid as refusal:
        raise Invalid({f"pools.{place}.{name}": told for name, told in refusal.errors.items()}) from None
    except Refusal as refusal:
        if refusal.status == Refusal.status:
            refusal.field = ".".join(filter(None, [f"pools.{place}", refusal.field]))
        raise


def _offer(actor: Actor, parent: Pool, reseller: Tenant, one: Wanted, request_id: UUID, now: datetime) -> Pool:
    """A pool that waits, with the event and the mail; its seats are moved afterwards."""
    check_seats(one.seats)
    if reseller.pk in parent.holders or not may_supply(parent.tenant_id, reseller):
        raise NotSupplied()
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
    facts: dict[str, Any] = {"seats": one.seats, "unit": pool.unit, "payment_type": pool.payment_type}
    actor.record("pool.offered", pool, at=now, tenant_id=log_of(pool), **facts)
    if pool.own_end is None or pool.own_end > now:
        tell("pool_offered", pool, to=pool.tenant_id, about=parent.tenant_id, seats=one.seats, now=now)
    look_whether_used(parent, one.seats)
    return pool


def may_supply(grantor_id: int, reseller: Tenant) -> bool:
    """Whoever is above a reseller, and who was made its supplier."""
    if grantor_id in reseller.ancestors[:-1]:
        return True
    return PoolSupply.objects.open().filter(grantor=grantor_id, tenant=reseller.pk).exists()
