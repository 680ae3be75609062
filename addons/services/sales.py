"""Selling an add-on on one subscription, and ending such a sale."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from addons.models import AddOn, AddOnSale
from addons.owing import Price, version_on
from addons.refusals import NotAssociated, TargetNotActive, WrongServiceType
from addons.selectors.add_ons import sellable_add_on
from addons.services.selling import sell_to_one
from addons.services.terms import Terms
from resellerhub.kernel.money import Money
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Refusal, RequestReused, found
from subscriptions.models import Grant, Subscription
from subscriptions.owing import Owed, chain
from subscriptions.refusals import OversellRefused
from subscriptions.services.allocation import Change, allocate, check_room, locked_for_change
from subscriptions.services.selling.agreeing import Price as Asked
from subscriptions.services.selling.agreeing import check_price
from tenants.actor import Actor
from tenants.models import Tenant

FROM_LIST = Asked()


@dataclass(frozen=True, slots=True)
class Quote:
    """What one sale comes to: `account` at the price that is asked, `listed` at that of list or fee."""

    terms: Terms
    account: Owed
    listed: Owed
    price: Price

    @property
    def unit_price(self) -> Decimal:
        return self.price.unit_price

    @property
    def unit_cost(self) -> Decimal | None:
        """For the cycle of the price."""
        return self.account.cost

    @property
    def listed_price(self) -> Decimal | None:
        return self.listed.amount

    @property
    def margin(self) -> Decimal | None:
        return self.account.margin

    @property
    def currency(self) -> str:
        return self.price.currency

    @property
    def total(self) -> Decimal:
        """What the holder pays for a whole cycle."""
        return Money(self.unit_price * self.terms.quantity, self.currency).rounded().amount

    @property
    def total_margin(self) -> Decimal | None:
        margin = self.margin
        return None if margin is None else Money(margin * self.terms.quantity, self.currency).rounded().amount


@operation
def sell_add_on(
    *,
    actor: Actor,
    subscription_id: int,
    add_on_id: int,
    quantity: int,
    price: Asked = FROM_LIST,
    request_id: UUID,
    now: datetime,
) -> AddOnSale:
    """Sell an add-on of the actor's own, or one shared with it, on a subscription beneath it; a repeated id sells once.

    At the seller's own price where one is named, else at that of its price list for the holder, else of the fee.
    Decided by the SQL of the bulk sale. Refused: `AddOnInactive`, `NotOfferedYet`, `WrongServiceType`, `BelowMinimum`,
    `TargetNotActive`, `NotAssociated`, `OversellRefused`, `CycleNotOffered`, `PriceOutOfBounds`, `RequestReused`,
    `OwnSubscription`, `SubscriptionClosed`.
    """
    actor.require("add_on.sell")
    subscription = locked_for_change(actor, subscription_id)
    if earlier := subscription.add_on_sales.filter(request_id=request_id).first():
        is_same = (earlier.add_on_id, earlier.quantity) == (add_on_id, quantity)
        if not is_same or price.amount not in (None, earlier.unit_price) or price.cycle not in {"", earlier.cycle}:
            raise RequestReused()
        return earlier
    quote = _quote(actor, subscription, add_on_id, quantity, price, now)
    terms, add_on = quote.terms, quote.terms.add_on
    told = actor.event("add_on.sold", None, at=now, facts={})
    params = terms.writing(told) | {"subscription": subscription.pk, "now": now, "sale_request": str(request_id)}
    sale_id, reason, facts = sell_to_one(terms, quote.price, params)
    if sale_id is None:
        raise _refusal(reason, facts, add_on, subscription)
    return AddOnSale.objects.get(pk=sale_id)


@operation
def preview_add_on_sale(
    *, actor: Actor, subscription_id: int, add_on_id: int, quantity: int, price: Asked = FROM_LIST, now: datetime
) -> Quote:
    """What the holder would pay, and what it costs the seller: the sale says the same. Nothing is written."""
    actor.require("add_on.sell")
    return _quote(actor, locked_for_change(actor, subscription_id), add_on_id, quantity, price, now)


def _quote(
    actor: Actor, subscription: Subscription, add_on_id: int, quantity: int, price: Asked, now: datetime
) -> Quote:
    add_on = sellable_add_on(actor, add_on_id)
    if add_on.service_type_id != subscription.service_type_id:
        raise WrongServiceType(field="add_on")
    terms = Terms.of(version_on(add_on, day_of(now)), quantity)
    terms.check()
    seller: Tenant = Tenant.objects.get(pk=subscription.seller_id)
    owing = chain(seller, terms.version, [subscription.tenant], day_of(now), price.cycle)
    account = check_price(owing, subscription.tenant_id, replace(price, by_id=actor.tenant_id))
    return Quote(terms, account, owing.account[subscription.tenant_id], Price.of(owing, seller.pk, account))


def _refusal(reason: str, facts: dict[str, object], add_on: AddOn, subscription: Subscription) -> Refusal:
    if reason == "not_associated":
        return NotAssociated(add_on=add_on.name, package=subscription.package.name, field="add_on")
    if reason == "oversell_refused":
        return OversellRefused(**facts, field="quantity")
    return TargetNotActive()


@operation
def cancel_add_on_sale(*, actor: Actor, sale_id: int, now: datetime) -> AddOnSale:
    """End a sale and take back what it granted; repeating does nothing.

    Only the tenants above the holder may (`OwnSubscription`). `BelowUtilised` when what remains is less than is taken
    already, unless the holder is a reseller that may oversell.
    """
    actor.require("add_on.sell")
    seen = found(AddOnSale.objects.visible_to(actor), pk=sale_id)
    subscription = locked_for_change(actor, seen.subscription_id, closed=True)
    sale = found(AddOnSale.objects.visible_to(actor).locked(), pk=sale_id)
    if sale.state == AddOnSale.State.CANCELLED:
        return sale
    taken = granted_by(sale)
    changes = {resource: -amount for resource, amount in taken.items()}
    check_room(subscription, changes)
    each = [Change(subscription.pk, resource, amount, sale.pk) for resource, amount in changes.items()]
    allocate(each, kind=Grant.Kind.ADD_ON, now=now)
    _end(actor, sale, taken, now)
    return sale


def end_with_subscription(actor: Actor, subscription: Subscription, now: datetime) -> None:
    """Nothing is charged for what is on a closed subscription; closing it takes back what the sales granted."""
    for sale in AddOnSale.objects.filter(subscription=subscription).active().locked():
        _end(actor, sale, granted_by(sale), now)


def granted_by(sale: AddOnSale) -> dict[int, int]:
    """How much of each resource it grants still."""
    grants = Grant.objects.filter(subscription=sale.subscription_id, kind=Grant.Kind.ADD_ON, source_id=sale.pk)
    sums = grants.values_list("resource_id").annotate(amount=Sum("amount")).order_by("resource_id")
    return {resource_id: amount for resource_id, amount in sums if amount}


def _end(actor: Actor, sale: AddOnSale, taken: dict[int, int], now: datetime) -> None:
    sale.state, sale.ended_at = AddOnSale.State.CANCELLED, now
    sale.save(update_fields=["state", "ended_at"])
    actor.record(
        "add_on.cancelled",
        sale,
        at=now,
        before={"state": AddOnSale.State.ACTIVE.value},
        state=sale.state,
        add_on=sale.add_on_id,
        subscription=sale.subscription_id,
        quantity=sale.quantity,
        taken_back={str(resource): amount for resource, amount in taken.items()},
    )
