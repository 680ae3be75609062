"""New subscriptions: for a reseller, for a customer, for many customers of one seller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from catalog.models import Package, ServiceInstance
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Invalid, NotFound, RequestReused, found
from subscriptions.models import Grant, Phase, PhaseFee, PlannedChange, Subscription
from subscriptions.refusals import CommissionReseller, HolderNotActive, NoSource, NotOffered, OwnSubscription
from subscriptions.selectors.offers import is_prepaid, offered_packages, sources
from subscriptions.services.allocation import Change, allocate, check_oversell, check_quantity, with_room
from subscriptions.services.life.phases import begin
from subscriptions.services.selling.agreeing import Price, Terms, agree
from subscriptions.services.selling.pending import first_term, plan_starts, sold_for, start_of
from subscriptions.services.selling.previewing import SalePreview, preview_of
from tenants.actor import Actor
from tenants.models import Event, Tenant
from tenants.roles import Kind
from tenants.services.tree import lock_branches


@dataclass(frozen=True, slots=True)
class Offer:
    """What is sold: a package on an instance, so many times. `source_id` names the seller's subscription to draw on.

    `unit_price` is what the seller asks of the holder for one unit and cycle, in the currency of the package's fees:
    above, at or below what it costs; None is what its price list or the fee says.
    """

    package_id: int
    service_instance_id: int
    quantity: int = 1
    name: str = ""
    source_id: int | None = None
    unit_price: Decimal | None = None
    currency: str = ""
    """Of the price, where the caller says one: it has to be that of the fees."""
    cycle: str = ""
    """By which it is paid, where the fee offers it; without one the fee's own."""
    starts_on: date | None = None
    """A day to come, until which it is pending; without one it begins today."""


@operation
def subscribe_reseller(
    *, actor: Actor, reseller_id: int, offer: Offer, request_id: UUID | None = None, now: datetime
) -> Subscription:
    """Give a prepaid reseller a package: what it grants is what the reseller can sell. Repeating an id repeats nothing.

    Refused: `CommissionReseller`, `HolderNotActive`, `NotOffered`, `CycleNotOffered`, `PriceOutOfBounds`; a
    sub-reseller also `NoSource`, `OversellRefused`.
    """
    actor.require("subscription.create")
    reseller = _holder(actor, reseller_id, Kind.RESELLER)
    if not is_prepaid(reseller.pk):
        raise CommissionReseller()
    return _open(actor, [reseller], offer, request_id, now)[0]


@operation
def sell_subscription(
    *, actor: Actor, customer_id: int, offer: Offer, request_id: UUID | None = None, now: datetime
) -> Subscription:
    """Give a customer a package. Under a prepaid reseller it draws on what the reseller was allocated.

    Refused: `HolderNotActive`, `NotOffered`, `NoSource`, `OversellRefused`, `CycleNotOffered`, `PriceOutOfBounds`,
    `BilledByAnother`. Repeating an id repeats nothing.
    """
    actor.require("subscription.create")
    return _open(actor, [_holder(actor, customer_id, Kind.CUSTOMER)], offer, request_id, now)[0]


@operation
def preview_subscription(*, actor: Actor, tenant_id: int, offer: Offer, now: datetime) -> SalePreview:
    """What the tenant would pay for this offer, what it costs whoever sells, what is granted and what remains: the sale
    says the same, or refuses the same. Nothing is written."""
    actor.require("subscription.create")
    kind = found(Tenant.objects.visible_to(actor), pk=tenant_id).kind
    if kind == Kind.RESELLER and not is_prepaid(tenant_id):
        raise CommissionReseller()
    holder = _holder(actor, tenant_id, kind)
    seller: Tenant = Tenant.objects.get(pk=holder.seller_id)
    decided = _decide(actor, seller, [holder], offer, now)
    begins = start_of(offer.starts_on, now)
    return preview_of(actor, seller, holder, offer.quantity, decided.source, decided.terms, decided.limits, begins)


@operation
def sell_subscriptions(*, actor: Actor, customer_ids: Sequence[int], offer: Offer, now: datetime) -> list[Subscription]:
    """The same to many customers of one seller, all or nothing, at the cost of a few statements."""
    actor.require("subscription.create")
    visible = Tenant.objects.visible_to(actor).customers().filter(pk__in=customer_ids)
    customers = list(visible.order_by("pk"))
    if len(customers) != len(set(customer_ids)) or len({customer.seller_id for customer in customers}) != 1:
        raise NotFound()
    return _open(actor, customers, offer, None, now)


def open_ordered(*, actor: Actor, holder: Tenant, offer: Offer, now: datetime) -> Subscription:
    """What a tenant ordered itself: as its seller would sell it, and the actor's own doing. Part of an operation that
    has locked the holder's branch and knows that this may be ordered. Refused as a sale is."""
    seller: Tenant = Tenant.objects.get(pk=holder.seller_id)
    return _open(actor, [holder], offer, None, now, sells=actor.in_place_of(seller))[0]


def _holder(actor: Actor, tenant_id: int, kind: str) -> Tenant:
    """The tenant to sell to, its branch locked so that it does not move meanwhile."""
    found(Tenant.objects.visible_to(actor).filter(kind=kind), pk=tenant_id)
    if tenant_id == actor.tenant_id:
        raise OwnSubscription()
    return lock_branches(actor, tenant_id)[tenant_id]


def _open(
    actor: Actor,
    holders: Sequence[Tenant],
    offer: Offer,
    request_id: UUID | None,
    now: datetime,
    *,
    sells: Actor | None = None,
) -> list[Subscription]:
    """Subscriptions of holders who have one seller. `sells` is whose catalogue counts, where it is not the actor's."""
    seller: Tenant = Tenant.objects.get(pk=holders[0].seller_id)
    if request_id and (earlier := _asked_before(seller, holders[0], request_id)):
        _must_be_the_same(earlier, holders[0], offer)
        return [earlier]
    decided = _decide(sells or actor, seller, holders, offer, now)
    rows = Subscription.objects.bulk_create(_row(holder, seller, offer, decided, request_id, now) for holder in holders)
    if start_of(offer.starts_on, now) > day_of(now):
        plan_starts(actor, rows, decided.terms, now)
    else:
        _begin(actor, rows, offer, decided, now)
    return rows


@dataclass(frozen=True, slots=True)
class _Decided:
    """What a sale rests on, once nothing speaks against it."""

    package: Package
    instance: ServiceInstance
    source: Subscription | None
    terms: Terms
    limits: Mapping[int, int]


def _row(
    holder: Tenant, seller: Tenant, offer: Offer, decided: _Decided, request_id: UUID | None, now: datetime
) -> Subscription:
    """As it is written; what it grants and owes follows when it begins."""
    begins = start_of(offer.starts_on, now)
    return Subscription(
        provider_id=holder.house_id,
        tenant=holder,
        seller=seller,
        package=decided.package,
        service_type_id=decided.package.service_type_id,
        service_instance=decided.instance,
        source=decided.source,
        name=offer.name.strip() or decided.package.name,
        quantity=offer.quantity,
        state=Subscription.State.PENDING if begins > day_of(now) else Subscription.State.ACTIVE,
        started_on=begins,
        request_id=request_id,
        **first_term(decided.terms.account(holder.pk), begins, now),
    )


def _begin(actor: Actor, rows: Sequence[Subscription], offer: Offer, decided: _Decided, now: datetime) -> None:
    """What they grant, what is owed for them, and that it is told."""
    package, terms = decided.package, decided.terms
    granted = [
        Change(row.pk, resource_id, limit * offer.quantity, package.pk)
        for row in rows
        for resource_id, limit in decided.limits.items()
    ]
    allocate(granted, kind=Grant.Kind.PACKAGE, now=now)
    begin(rows, terms.version, [terms.owed(row.tenant_id) for row in rows], now)
    source_id = decided.source.pk if decided.source else None
    facts = {"package": package.pk, "quantity": offer.quantity, "source": source_id}
    Event.objects.bulk_create(
        actor.event("subscription.opened", row, at=now, facts=facts | sold_for(terms, row)) for row in rows
    )


def _decide(actor: Actor, seller: Tenant, holders: Sequence[Tenant], offer: Offer, now: datetime) -> _Decided:
    """The same for a sale and for its preview, with the same refusals. Locks what is drawn on."""
    if any(tenant.status != Tenant.Status.ACTIVE for tenant in (seller, *holders)):
        raise HolderNotActive()
    package, instance = _offered(actor, seller, holders[0].kind, offer)
    price = Price(offer.unit_price, offer.currency, offer.cycle, actor.tenant_id)
    terms = agree(seller, holders, package, price, start_of(offer.starts_on, now))
    limits = terms.version.granted()
    asked = {key: limit * offer.quantity * len(holders) for key, limit in limits.items()}
    source = _source(seller, instance, offer.source_id, asked)
    check_oversell(source, asked)
    return _Decided(package, instance, source, terms, limits)


def _asked_before(seller: Tenant, holder: Tenant, request_id: UUID) -> Subscription | None:
    """What came of the same request, also where it went to another holder, or with the holder to another seller."""
    rows = Subscription.objects.filter(request_id=request_id)
    return rows.filter(tenant=holder).first() or rows.filter(seller=seller).order_by("pk").first()


def _must_be_the_same(earlier: Subscription, holder: Tenant, offer: Offer) -> None:
    """What was asked for then, whatever became of it; what is left out now is not asked about."""
    planned = PlannedChange.objects.filter(subscription=earlier, kind=PlannedChange.Kind.START).order_by("pk").first()
    begun = Phase.objects.filter(subscription=earlier).order_by("pk").first()
    sold: Any = planned or begun
    fee: Any = planned or PhaseFee.objects.filter(phase=begun, payer=sold.tenant_id).first()
    asked = (holder.pk, offer.package_id, offer.service_instance_id, offer.quantity)
    said = ((begun or earlier).tenant_id, sold.version.package_id, earlier.service_instance_id, sold.quantity)
    same = offer.unit_price in {None, fee and fee.unit_price} and offer.cycle in {"", fee and fee.cycle}
    begins = offer.starts_on == planned.on if planned else offer.starts_on in {None, earlier.started_on}
    if asked != said or not (same and begins) or offer.source_id not in {None, earlier.source_id}:
        raise RequestReused()


def _offered(actor: Actor, seller: Tenant, kind: str, offer: Offer) -> tuple[Package, ServiceInstance]:
    """The package and the instance, if the seller may sell them to this kind of tenant."""
    package = found(Package.objects.visible_to(actor), pk=offer.package_id)
    instance = found(ServiceInstance.objects.visible_to(actor), pk=offer.service_instance_id)
    if instance.service_type_id != package.service_type_id:
        raise Invalid({"service_instance": [_("This instance runs another service than the package is of.")]})
    if not instance.is_active:
        raise Invalid({"service_instance": [_("Nothing new is put on this instance.")]})
    check_quantity(offer.quantity)
    if len(offer.name.strip()) > (most := Subscription._meta.get_field("name").max_length or 0):
        raise Invalid({"name": [_("A name has at most %(most)s characters.") % {"most": most}]})
    if not offered_packages(actor, seller, kind).filter(pk=package.pk).exists():
        raise NotOffered()
    return package, instance


def _source(
    seller: Tenant, instance: ServiceInstance, source_id: int | None, asked: Mapping[int, int]
) -> Subscription | None:
    """What a prepaid seller draws on: the subscription that was named, else its oldest on this instance that has room
    for all of it. Locked."""
    if seller.kind != Kind.RESELLER or not is_prepaid(seller.pk):
        return None
    held = sources(seller).filter(service_instance=instance)
    if source_id is not None:
        held = held.filter(pk=source_id)
    ids = list(held.values_list("pk", flat=True))
    locked = list(Subscription.objects.active().filter(pk__in=ids).locked())
    if not locked:
        raise NoSource()
    return with_room(locked, asked) if len(locked) > 1 else locked[0]
