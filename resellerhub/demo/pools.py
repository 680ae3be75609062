"""The demo's pools: bought half a year ago, handed down two levels, taken from two sides, one near its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from catalog.models import ServiceType
from catalog.services.types import create_service_type
from resellerhub.demo.sellers import Seller, Stage
from subscriptions.models import Pool
from subscriptions.services.pools.assigning import assign_seats
from subscriptions.services.pools.expiry import SAME, Expiry, end_of
from subscriptions.services.pools.giving import Wanted, give_pools
from subscriptions.services.pools.purchasing import Purchase, purchase_pool
from subscriptions.services.pools.resolving import accept_pool
from subscriptions.services.pools.supplying import add_supplier
from tenants.models import Mapping, Profile
from tenants.services.mapping import map_reseller
from tenants.services.resellers import change_terms

SPACE = UUID("0c3c7b52-52a1-4f4e-8a55-9a3c40de2f05")
SERVICES = (
    ("backup_m365", "Cloud Backup for Microsoft 365"),
    ("archiving", "Cloud Archiving"),
    ("governance", "Cloud Governance"),
)
STOCK = (("backup_m365", "seats", 500), ("archiving", "capacity", 4_000), ("governance", "objects", 300))


def make_pools(stage: Stage, first: Seller, second: Seller, sub: Seller) -> int:
    """The first reseller is a large account reseller: it gives its sub-reseller and the second one of its own stock.
    How many pools there are."""
    services = {code: create_service_type(actor=stage.provider, code=code, name=name, now=stage.now)
                for code, name in SERVICES}  # fmt: skip
    _prepare(stage, first, second, sub)
    shelf = {
        code: _buy(stage, Seller(stage.provider), services[code], unit, amount, renews=code == "backup_m365")
        for code, unit, amount in STOCK
    }
    backup = _give(stage, Seller(stage.provider), first, shelf["backup_m365"], 120, days=150)
    _give(stage, Seller(stage.provider), second, shelf["backup_m365"], 80, days=120, ends_in=20)
    _give(stage, Seller(stage.provider), first, shelf["governance"], 60, days=90)
    _offer(stage, Seller(stage.provider), first, shelf["archiving"], 400, stage.now)
    own = _buy(stage, first, services["backup_m365"], "seats", 200)
    below = _give(stage, first, sub, own, 40, days=100)
    beside = _give(stage, first, second, own, 30, days=60)
    _give(stage, first, sub, backup, 25, days=45)
    for seller, pool, seats in ((first, backup, (12, 8, 20)), (sub, below, (9, 28)), (second, beside, (6, 5))):
        _assign(stage, seller, pool, seats)
    return Pool.objects.count()


def _prepare(stage: Stage, first: Seller, second: Seller, sub: Seller) -> None:
    """Only mapped resellers take pools, and only what stands above them or supplies them gives any."""
    mapped = set(Mapping.objects.values_list("pk", flat=True))
    for seller in (seller for seller in (first, second, sub) if seller.id not in mapped):
        owner = Profile.objects.get(pk=seller.id).owner_email
        map_reseller(
            actor=stage.provider, reseller_id=seller.id, owner_email=owner, organisation=seller.name, now=stage.now
        )
    change_terms(
        actor=stage.provider, reseller_id=first.id, may_oversell=first.may_oversell, is_large=True, now=stage.now
    )
    add_supplier(actor=stage.provider, reseller_id=second.id, supplier_id=first.id, now=stage.now)


def _before(stage: Stage, days: int) -> datetime:
    return stage.now - timedelta(days=days)


def _buy(stage: Stage, holder: Seller, service: ServiceType, unit: str, amount: int, *, renews: bool = False) -> Pool:
    bought = _before(stage, 170)
    purchase = Purchase(
        service_type_id=service.pk,
        name=f"{service.name} {bought.year}",
        unit=unit,
        seats=amount,
        source=Pool.Source.DISTRIBUTOR,
        payment_type=Pool.PaymentType.YEARLY,
        ends_at=end_of((bought + timedelta(days=364)).date()),
        term_months=12,
        renews=renews,
    )
    return purchase_pool(actor=stage.provider, tenant_id=holder.id, purchase=purchase, now=bought)


def _offer(
    stage: Stage, giver: Seller, taker: Seller, parent: Pool, seats: int, at: datetime, ends_in: int = 0
) -> Pool:
    expiry = Expiry("date", end_of((stage.now + timedelta(days=ends_in)).date())) if ends_in else SAME
    wanted = Wanted(parent.pk, Pool.Source.DISTRIBUTOR, Pool.PaymentType.MONTHLY, seats, expiry)
    request_id = uuid5(SPACE, f"{parent.pk} {taker.id}")
    return give_pools(actor=giver.actor, reseller_ids=[taker.id], wanted=[wanted], request_id=request_id, now=at)[0]


def _give(stage: Stage, giver: Seller, taker: Seller, parent: Pool, seats: int, *, days: int, ends_in: int = 0) -> Pool:
    pool = _offer(stage, giver, taker, parent, seats, _before(stage, days), ends_in)
    return accept_pool(actor=taker.actor, pool_id=pool.pk, now=_before(stage, days - 1))


def _assign(stage: Stage, seller: Seller, pool: Pool, seats: Sequence[int]) -> None:
    """To its first customers, one a month or so."""
    for position, (customer, count) in enumerate(zip(seller.customers, seats, strict=False)):
        assign_seats(
            actor=seller.actor,
            pool_id=pool.pk,
            customer_id=customer.pk,
            seats=count,
            request_id=uuid5(SPACE, f"{pool.pk} {customer.pk}"),
            now=_before(stage, max(50 - 25 * position, 0)),
        )
