"""Selling an add-on on one subscription."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from addons.models import AddOn, AddOnOneOff, AddOnSale
from addons.owing import Price, version_on
from addons.refusals import NotAssociated, TargetNotActive, WrongServiceType
from addons.selectors.add_ons import sellable_add_on
from addons.services.activating import activations
from addons.services.selling import refused_for_one, sell_to_one
from addons.services.terms import Terms
from resellerhub.kernel.money import Money
from resellerhub.kernel.operation import nothing_written, operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Refusal, RequestReused
from subscriptions.models import Subscription
from subscriptions.owing import Chain, Owed, chain
from subscriptions.quoting import Line, told, total_of
from subscriptions.refusals import OversellRefused
from subscriptions.services.life.settling import settled_for_change
from subscriptions.services.life.steps.taking import term_of
from subscriptions.services.selling.agreeing import Price as Asked
from subscriptions.services.selling.agreeing import check_price, joining_lines
from subscriptions.terms import period_of
from tenants.actor import Actor
from tenants.models import Tenant

FROM_LIST = Asked()


@dataclass(frozen=True, slots=True)
class Quote:
    """What one sale comes to: `account` at the price that is asked, `listed` at that of list or fee.

    `lines` is what the holder is charged at first, `cost_lines` what the seller itself is; `one_offs` are those that
    the reader is to see.
    """

    terms: Terms
    account: Owed
    listed: Owed
    price: Price
    chain: Chain
    lines: Sequence[Line] = ()
    cost_lines: Sequence[Line] = ()
    one_offs: Sequence[AddOnOneOff] = ()

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
    def first_total(self) -> Decimal:
        """Of what the holder is charged at first."""
        return total_of(self.lines)

    @property
    def cost_total(self) -> Decimal:
        return total_of(self.cost_lines)

    @property
    def next_on(self) -> date | None:
        """From when on it is the same for each further cycle."""
        return max((line.ends_on for line in self.lines), default=None)

    @property
    def floor(self) -> Decimal | None:
        return self.chain.floor

    @property
    def ceiling(self) -> Decimal | None:
        return self.chain.ceiling

    @property
    def is_own_price(self) -> bool:
        return self.account.amount != self.listed.amount


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
    subscription = settled_for_change(actor, subscription_id, now)
    if earlier := subscription.add_on_sales.filter(request_id=request_id).first():
        is_same = (earlier.add_on_id, earlier.quantity) == (add_on_id, quantity)
        if not is_same or price.amount not in (None, earlier.unit_price) or price.cycle not in {"", earlier.cycle}:
            raise RequestReused()
        return earlier
    quote = _quote(actor, subscription, add_on_id, quantity, price, now)
    terms, add_on = quote.terms, quote.terms.add_on
    by = actor.event("add_on.sold", None, at=now, facts={})
    params = terms.writing(by, **told(quote.lines)) | _of_one(subscription, now)
    params |= {"sale_request": str(request_id), "is_own_price": quote.is_own_price}
    sale_id, reason, facts = sell_to_one(terms, quote.price, params)
    if sale_id is None:
        raise _refusal(reason, facts, add_on, subscription)
    return AddOnSale.objects.get(pk=sale_id)


@operation
def preview_add_on_sale(
    *, actor: Actor, subscription_id: int, add_on_id: int, quantity: int, price: Asked = FROM_LIST, now: datetime
) -> Quote:
    """What the holder would pay, and what it costs the seller: the sale says the same, and refuses the same. Nothing is
    written."""
    actor.require("add_on.sell")
    with nothing_written():
        subscription = settled_for_change(actor, subscription_id, now)
        quote = _quote(actor, subscription, add_on_id, quantity, price, now)
        terms = quote.terms
        reason, facts = refused_for_one(terms, terms.params | _of_one(subscription, now))
        if reason:
            raise _refusal(reason, facts, terms.add_on, subscription)
    return quote


def _of_one(subscription: Subscription, now: datetime) -> dict[str, Any]:
    return {"subscription": subscription.pk, "now": now, "day": day_of(now)}


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
    own = next((owed for owed in owing.above if owed.payer_id == seller.pk and not owed.is_once), None)
    first, cost = (_first_lines(subscription, owed, terms, day_of(now)) for owed in (account, own))
    return Quote(
        terms,
        account,
        owing.account[subscription.tenant_id],
        Price.of(owing, seller.pk, account),
        owing,
        first,
        cost,
        activations(actor, subscription, add_on, [account, *owing.above], day_of(now)),
    )


def _first_lines(subscription: Subscription, owed: Owed | None, terms: Terms, on: date) -> Sequence[Line]:
    """An add-on is charged in the billing periods of its subscription."""
    if owed is None:
        return []
    period = period_of(term_of(subscription), owed.cycle, on)
    return joining_lines(owed, terms.add_on.name, terms.quantity, period, on)


def _refusal(reason: str, facts: dict[str, object], add_on: AddOn, subscription: Subscription) -> Refusal:
    if reason == "not_associated":
        return NotAssociated(add_on=add_on.name, package=subscription.package.name, field="add_on")
    if reason == "oversell_refused":
        return OversellRefused(**facts, field="quantity")
    return TargetNotActive()
