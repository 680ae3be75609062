"""What a bulk sale would do if it ran now, decided by the very SQL that decides it; nothing is written."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from addons.models.bulk import SOLD
from addons.owing import Key, Price
from addons.refusals import NothingSelected
from addons.selectors.sales import seller_names
from addons.services.decision import DECISION, REASONS
from addons.services.orders import Order, targets_of, terms_of
from addons.services.prices import foreseen
from addons.services.selling import PLANNED
from addons.services.terms import Terms
from catalog.models import FeeVersion
from resellerhub.kernel.money import round_money
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from subscriptions.models import Subscription
from subscriptions.selectors.targets import frozen
from tenants.actor import Actor

BARRED = """
barred AS (
    SELECT * FROM unnest(%(barred_sellers)s::bigint[], %(barred_lists)s::bigint[]) AS b (seller_id, price_list_id)),
"""
OUTCOMES = """
SELECT CASE WHEN is_sold THEN 'sold' ELSE reason END, CASE WHEN is_sold THEN seller_id END,
       CASE WHEN is_sold THEN price_list_id END, count(*)
  FROM decided GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC, 2, 3
"""
TARGETS = """
SELECT position, subscription_id, CASE WHEN is_sold THEN 'sold' ELSE reason END, facts
  FROM decided WHERE position > %(after)s ORDER BY position LIMIT %(limit)s
"""
NO_SUBSCRIPTION = "no_subscription"
"""Why a reseller that was chosen is no target. Targets are subscriptions, and never end so."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What those who would be sold to owe one seller for one cycle, and what these sales cost that seller.

    Each seller is owed its own sum: sums of different sellers or currencies are nobody's.
    """

    seller_id: int
    seller_name: str
    sales: int
    currency: str
    cycle: str
    amount: Decimal
    cost: Decimal
    activation: Decimal
    """What activates them: owed beside the amount, once."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """A reseller that was chosen and holds no subscription that fits, so that it is no target."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen now. `counts` has every outcome: "sold" and each reason for which nothing is sold."""

    total: int
    counts: dict[str, int]
    charges: list[Charge] = field(default_factory=list)
    """One for each who is owed and kind of cycle, most sales first."""
    granted: dict[int, int] = field(default_factory=dict)
    """Resource id → how much all sales together would grant of it."""
    unreached: list[Unreached] = field(default_factory=list)
    """In order of names."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one target; `outcome` is "sold" or the reason why not."""

    position: int
    subscription_id: int
    outcome: str
    facts: dict[str, Any]


@operation
def preview_bulk_sale(*, actor: Actor, order: Order, now: datetime) -> Preview:
    """Counts and money of this order if it ran now. Refuses what `start_bulk_sale` refuses."""
    actor.require("bulk_sale.run")
    terms, targets = terms_of(actor, order, day_of(now)), targets_of(actor, order)
    rows, prices = _decided(terms, targets, OUTCOMES, day_of(now))
    if not rows:
        raise NothingSelected()
    counts = dict.fromkeys((SOLD, *REASONS), 0)
    for outcome, _seller, _list, number in rows:
        counts[outcome] = counts.get(outcome, 0) + number
    sold = [(prices[seller, price_list], number) for outcome, seller, price_list, number in rows if outcome == SOLD]
    return Preview(
        total=sum(counts.values()),
        counts=counts,
        charges=_charges(actor, terms.quantity, sold),
        granted={each.resource_id: each.amount * counts[SOLD] for each in terms.raises},
        unreached=_unreached(actor, order, targets),
    )


@operation
def preview_targets(
    *, actor: Actor, order: Order, after: int = 0, limit: int | None = None, now: datetime
) -> list[Foreseen]:
    """Every target of this order with its outcome if it ran now, in the order in which they count.

    Positions are 1, 2, 3 …: `after` and `limit` cut a page out. Refuses what `start_bulk_sale` refuses.
    """
    actor.require("bulk_sale.run")
    terms = terms_of(actor, order, day_of(now))
    rows, _prices = _decided(terms, targets_of(actor, order), TARGETS, day_of(now), after=after, limit=limit)
    return [
        Foreseen(position, subscription, outcome, json.loads(facts or "{}"))
        for position, subscription, outcome, facts in rows
    ]


def _decided(
    terms: Terms, targets: QuerySet[Subscription], question: str, on: date, **known: Any
) -> tuple[list[tuple[Any, ...]], dict[Key, Price]]:
    """The answer to a question about `decided`, for the targets as they are now; and what they would be charged."""
    chosen, values = frozen(targets)
    prices = foreseen(terms.version, chosen, values, on)
    barred = [key for key, price in prices.items() if price.is_out_of_bounds]
    known |= {"barred_sellers": [seller for seller, _list in barred], "barred_lists": [pk for _seller, pk in barred]}
    decide, more = _positional(BARRED + DECISION + question, terms.params | known | {"day": on})
    numbered = f"SELECT n AS item_id, n AS position, subscription_id FROM ({chosen}) AS c (n, subscription_id)"
    items = f"WITH RECURSIVE item AS ({numbered}),"
    with connection.cursor() as cursor:
        cursor.execute(PLANNED)
        cursor.execute(items + decide, [*values, *more])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows, prices


def _charges(actor: Actor, quantity: int, sold: Sequence[tuple[Price, int]]) -> list[Charge]:
    """Summed before they are rounded; what a seller owes once counts once."""
    sums: dict[tuple[int, str, str], tuple[int, Decimal, Decimal, Decimal]] = {}
    owed_once: set[int] = set()
    versions = FeeVersion.objects.filter(pk__in={price.fee_version_id for price, _number in sold})
    activating = dict(versions.values_list("pk", "activation_amount"))
    for price, number in sold:
        key = (price.issuer_id, price.currency, price.cycle)
        sales, amount, cost, activation = sums.get(key, (0, Decimal(0), Decimal(0), Decimal(0)))
        units = quantity * number
        more, is_once = price.issuers_cost(units)
        if is_once and price.issuer_id in owed_once:
            more = Decimal(0)
        owed_once |= {price.issuer_id} if is_once else set()
        activation += activating.get(price.fee_version_id or 0, Decimal(0)) * number
        sums[key] = (sales + number, amount + price.unit_price * units, cost + more, activation)
    names = seller_names(actor, {issuer for issuer, _currency, _cycle in sums})
    charges = [
        Charge(
            seller_id=issuer,
            seller_name=names.get(issuer, ""),
            sales=sales,
            currency=currency,
            cycle=cycle,
            amount=round_money(amount, currency),
            cost=round_money(cost, currency),
            activation=round_money(activation, currency),
        )
        for (issuer, currency, cycle), (sales, amount, cost, activation) in sums.items()
    ]
    return sorted(charges, key=lambda charge: (-charge.sales, charge.seller_id, charge.currency, charge.cycle))


def _unreached(actor: Actor, order: Order, targets: QuerySet[Subscription]) -> list[Unreached]:
    held = set(targets.order_by().values_list("tenant_id", flat=True).distinct()) if order.to_resellers else set()
    names = seller_names(actor, set(order.resellers) - held)
    return [Unreached(pk, name) for pk, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0]))]


def _positional(statement: str, params: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Named parameters as Django's own SQL has them, so that the two can be put together."""
    name = re.compile(r"%\((\w+)\)s")
    return name.sub("%s", statement), [params[each] for each in name.findall(statement)]
