"""Who owes whom for sales of add-ons, at every level: what bills are made from, and what is left when a sale ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from addons.models import AddOnOneOff, AddOnSale, AddOnSaleCost
from catalog.models import FeeVersion
from resellerhub.kernel.periods import day_of

USUAL = FeeVersion()
"""The terms of what is no fee's."""


@dataclass(frozen=True, slots=True)
class Level:
    """What one owes another for a sale, for one unit and cycle. `agreed` is what the two agreed with the first sale:
    how it may be left stays, whatever is charged in later terms, and another seller binds nobody for longer. `first` is
    that sale where it is the same two who owe it since then: sales that go on are one thing to them."""

    sale: AddOnSale
    payer_id: int
    issuer_id: int
    unit_price: Decimal
    cycle: str
    fee_version: FeeVersion | None
    agreed: FeeVersion | None
    applies_more_than_once: bool = True
    first: AddOnSale | None = None

    @property
    def is_account(self) -> bool:
        return self.payer_id == self.sale.tenant_id

    @property
    def between(self) -> tuple[int, int]:
        """Who stays the same when the subscription has another holder: 0 is the holder."""
        return (0 if self.is_account else self.payer_id), self.issuer_id

    @property
    def currency(self) -> str:
        return self.sale.currency

    @property
    def quantity(self) -> int:
        return self.sale.quantity

    @property
    def began_on(self) -> date:
        return day_of((self.first or self.sale).sold_at)

    @property
    def public_name(self) -> str:
        return self.fee_version.public_name if self.fee_version else self.sale.add_on.name

    @property
    def credits_suspension(self) -> bool:
        return self.is_account and (self.fee_version or USUAL).credits_suspension

    @property
    def prorates_first(self) -> bool:
        """What goes on was charged before: who comes in later pays by days."""
        goes_on = (self.first or self.sale).origin_id is not None
        return goes_on or (self.fee_version or USUAL).prorates_first

    @property
    def prorates_last(self) -> bool:
        return (self.fee_version or USUAL).prorates_last

    @property
    def cancellation_hours(self) -> int | None:
        return (self.agreed or USUAL).cancellation_hours

    @property
    def cancellation_amount(self) -> Decimal:
        return (self.agreed or USUAL).cancellation_amount

    @property
    def minimum_months(self) -> int:
        return (self.agreed or USUAL).minimum_months

    @property
    def said(self) -> tuple[Any, ...]:
        """What is charged; which version of a fee says so is no change by itself."""
        terms = self.fee_version or USUAL
        also = (terms.billed, terms.prorates_first, terms.prorates_last, terms.credits_suspension)
        price = (self.unit_price, self.cycle, self.applies_more_than_once)
        return (*self.between, *price, self.public_name, *also)

    def one_off(self, **said: Any) -> AddOnOneOff:
        """What is due once of it; when it is written is the caller's to say."""
        return AddOnOneOff(
            provider_id=self.sale.provider_id,
            sale=self.sale,
            payer_id=self.payer_id,
            issuer_id=self.issuer_id,
            fee_version=self.agreed,
            currency=self.currency,
            **said,
        )


def levels_of(sales: Iterable[AddOnSale]) -> dict[int, list[Level]]:
    """Of each by its id, from the holder upwards. Two statements, however many."""
    asked = {sale.pk: sale.first_id for sale in sales}
    costs = Prefetch("costs", AddOnSaleCost.objects.select_related("fee_version").order_by("-pk"))
    rows = AddOnSale.objects.filter(pk__in={*asked, *asked.values()}).order_by("pk")
    known = rows.select_related("add_on", "fee_version", "cost_fee_version", "origin").prefetch_related(costs)
    found = {row.pk: levels(row, row.costs.all()) for row in known}
    return {pk: _as_agreed(found[pk], found[first]) for pk, first in asked.items()}


def _as_agreed(told: Sequence[Level], first: Sequence[Level]) -> list[Level]:
    had = {level.between: level for level in first}
    return [_since(level, had.get(level.between)) for level in told]


def _since(level: Level, first: Level | None) -> Level:
    if first is None:
        return replace(level, agreed=None)
    return replace(level, agreed=first.fee_version, first=first.sale if first.payer_id == level.payer_id else None)


def levels(sale: AddOnSale, costs: Iterable[AddOnSaleCost]) -> list[Level]:
    """As the sale itself says them."""
    found = [
        Level(sale, sale.tenant_id, sale.issuer_id, sale.unit_price, sale.cycle, sale.fee_version, sale.fee_version)
    ]
    if sale.unit_cost is not None and sale.cost_issuer_id is not None:
        terms, is_each = sale.cost_fee_version, sale.applies_more_than_once
        pair = (sale.seller_id, sale.cost_issuer_id)
        found.append(Level(sale, *pair, sale.unit_cost, sale.cost_cycle, terms, terms, is_each))
    for cost in costs:
        terms, is_each = cost.fee_version, cost.applies_more_than_once
        pair = (cost.payer_id, cost.issuer_id)
        found.append(Level(sale, *pair, cost.unit_price, cost.cycle, terms, terms, is_each))
    return found


def held_beside(subscription_ids: Sequence[int]) -> dict[int, list[Level]]:
    """What is owed for the add-ons that run on each of these subscriptions."""
    running = AddOnSale.objects.filter(subscription__in=subscription_ids).active().order_by("pk")
    rows = {sale.pk: sale for sale in running}
    found: dict[int, list[Level]] = {}
    for pk, told in levels_of(rows.values()).items():
        found.setdefault(rows[pk].subscription_id, []).extend(told)
    return found
