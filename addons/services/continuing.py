"""A sale goes on as another: for another holder, along another line of sellers, or at the prices of a new term.

A sale is a fact and stays as it is: it ends, and another begins with what it grants. Nothing is activated again, and
how it may be left stays as it was agreed first.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from addons.levels import Level, levels
from addons.models import AddOnSale, AddOnSaleCost, AddOnVersion
from addons.owing import Price, linked
from addons.selectors.sales import granted_by
from resellerhub.kernel.money import plain
from resellerhub.kernel.periods import day_of
from subscriptions.models import Grant, Subscription
from subscriptions.owing import chain
from subscriptions.services.allocation import Change, allocate
from subscriptions.services.selling.pending import midnight
from tenants.actor import Actor

State = AddOnSale.State
Next = tuple[AddOnSale, Sequence[AddOnSaleCost]]
"""A sale that is not written yet, with what is owed above its seller."""


def hand_over(actor: Actor, subscription: Subscription, now: datetime) -> None:
    """To the new holder of its subscription, at the price that was agreed."""
    for sale in _running([subscription.pk]):
        after = _go_on(_same(sale, subscription), sale, now)
        actor.record("add_on.handed_over", after, at=now, **_told(after))


def sell_elsewhere(actor: Actor, subscription_ids: Sequence[int], now: datetime) -> None:
    """Who stands above these has changed: from today on it is owed along the new line, at the prices of those who sell
    there. What two owe each other as before stays as it was agreed."""
    rows = Subscription.objects.filter(pk__in=subscription_ids).select_related("tenant", "seller__terms")
    held = {row.pk: row for row in rows}
    for sale in _running(subscription_ids):
        subscription = held[sale.subscription_id]
        before = levels(sale, sale.costs.all())
        price = _price_on(sale, subscription, day_of(now), own=False)
        after = _go_on(_priced(sale, subscription, _kept(price, before, subscription)), sale, now)
        actor.record("add_on.moved", after, at=now, before={"seller": sale.seller_id}, **_told(after))


def renew(actor: Actor, subscription: Subscription, on: date, now: datetime) -> None:
    """At the fees and price lists in force on the day on which a term of its subscription begins, at every level. A
    price that the seller named itself stays; so does the cycle, and all of it where it would be in another currency."""
    for sale in _running([subscription.pk]):
        if day_of(sale.sold_at) >= on:
            continue
        price = _price_on(sale, subscription, on, own=sale.is_own_price)
        if price.currency != sale.currency or price.is_too_large:
            continue
        after = _priced(sale, subscription, price)
        pairs = _moved(levels(sale, sale.costs.all()), levels(*after))
        if pairs:
            _tell(actor, _go_on(after, sale, midnight(on)), pairs, on, now)


def _running(subscription_ids: Sequence[int]) -> Sequence[AddOnSale]:
    rows = AddOnSale.objects.filter(subscription__in=subscription_ids).active().locked().order_by("pk")
    return list(rows.prefetch_related("costs__fee_version"))


def _price_on(sale: AddOnSale, subscription: Subscription, on: date, *, own: bool) -> Price:
    """Of a day, by the cycle that it has; at the seller's own price where that stays."""
    (version,) = linked(AddOnVersion.objects.filter(pk=sale.version_id), on)
    seller = subscription.seller
    owing = chain(seller, version, [subscription.tenant], on, sale.cycle)
    account = owing.account[subscription.tenant_id].turned(sale.cycle)
    return Price.of(owing, seller.pk, account.at(sale.unit_price if own else None))


def _kept(price: Price, before: Sequence[Level], subscription: Subscription) -> Price:
    """With what the same two owe each other as before."""
    had = {level.between: level for level in before}
    if level := had.get((0, price.issuer_id)):
        price = replace(price, unit_price=level.unit_price, cycle=level.cycle, fee_version_id=_key(level))
    if level := had.get((subscription.seller_id, price.cost_issuer_id or 0)):
        price = replace(
            price,
            unit_cost=level.unit_price,
            cost_cycle=level.cycle,
            cost_fee_version_id=_key(level),
            applies_more_than_once=level.applies_more_than_once,
        )
    return replace(price, above=[_level_kept(row, had.get((row["payer_id"], row["issuer_id"]))) for row in price.above])


def _level_kept(row: dict[str, Any], level: Level | None) -> dict[str, Any]:
    if level is None:
        return row
    said = {"unit_price": str(level.unit_price), "cycle": level.cycle, "fee_version_id": _key(level)}
    return row | said | {"applies_more_than_once": level.applies_more_than_once}


def _key(level: Level) -> int | None:
    return level.fee_version.pk if level.fee_version else None


def _same(sale: AddOnSale, subscription: Subscription) -> Next:
    costs = [copy(cost) for cost in sale.costs.all()]
    return _beginning(sale, subscription), costs


def _priced(sale: AddOnSale, subscription: Subscription, price: Price) -> Next:
    after = _beginning(sale, subscription)
    for name, value in price.columns.items():
        setattr(after, name, value)
    after.is_own_price = sale.is_own_price and after.issuer_id == sale.issuer_id
    above = [row | {"unit_price": Decimal(row["unit_price"])} for row in price.above]
    return after, [AddOnSaleCost(provider_id=sale.provider_id, **row) for row in above]


def _beginning(sale: AddOnSale, subscription: Subscription) -> AddOnSale:
    after = copy(sale)
    after.pk, after.origin_id, after.job_item_id, after.request_id = None, sale.first_id, None, None
    after.tenant_id, after.seller_id = subscription.tenant_id, subscription.seller_id
    return after


def _go_on(after: Next, sale: AddOnSale, at: datetime) -> AddOnSale:
    """From a moment on, which may be past where the clock was silent."""
    row, costs = after
    at = max(at, sale.sold_at)
    granted = granted_by(sale)
    AddOnSale.objects.filter(pk=sale.pk).update(state=State.CONTINUED, ended_at=at)
    row.sold_at = at
    row.save(force_insert=True)
    for cost in costs:
        cost.pk, cost.sale_id = None, row.pk
    AddOnSaleCost.objects.bulk_create(costs)
    changes = [
        Change(row.subscription_id, resource, sign * amount, source)
        for source, sign in ((sale.pk, -1), (row.pk, 1))
        for resource, amount in granted.items()
    ]
    allocate(changes, kind=Grant.Kind.ADD_ON, now=at)
    return row


def _moved(before: Sequence[Level], after: Sequence[Level]) -> list[tuple[Level | None, Level | None]]:
    """What of it one owes another is another than before."""
    had, has = ({level.between: level for level in rows} for rows in (before, after))
    pairs = [(had.get(key), has.get(key)) for key in {**had, **has}]
    return [(one, other) for one, other in pairs if not (one and other and one.said == other.said)]


def _tell(
    actor: Actor, sale: AddOnSale, pairs: Sequence[tuple[Level | None, Level | None]], on: date, now: datetime
) -> None:
    """One event for each who pays another price; it reads it with all above it."""
    for before, after in pairs:
        level = after or before
        assert level is not None  # noqa: S101 -- one of the two is there
        kind = "add_on.repriced" if level.is_account else "add_on.cost_changed"
        facts = _said(after) | {"effective_on": on.isoformat()} | _told(sale)
        actor.record(kind, sale, at=now, tenant_id=level.payer_id, before=_said(before), **facts)


def _said(level: Level | None) -> dict[str, Any]:
    if level is None:
        return {}
    return {"unit_price": plain(level.unit_price), "currency": level.currency, "cycle": level.cycle}


def _told(sale: AddOnSale) -> dict[str, Any]:
    return {"add_on": sale.add_on_id, "subscription": sale.subscription_id, "quantity": sale.quantity}
