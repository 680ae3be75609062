"""The arithmetic of tax on a document, as EN 16931 has it: one amount for each category and rate, on their net.

BR-CO-17: tax = net of the category × rate, rounded to two places (here: the currency's); BR-CO-13 to BR-CO-16: net =
Σ lines, gross = net + tax, payable = gross − prepaid + rounding. Never per line and then summed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from invoicing.rating.splitting import percent_of
from resellerhub.kernel.money import Rounding, round_money

NOTHING = Decimal(0)


class Category(StrEnum):
    """Of UNTDID 5305, those that are sold here."""

    STANDARD = "S"
    REVERSE_CHARGE = "AE"
    EXEMPT = "E"
    OUTSIDE = "O"
    ZERO = "Z"


class Taxed(NamedTuple):
    """What a line comes to, and how it is taxed. `rate` is in percent."""

    net: Decimal
    category: Category
    rate: Decimal = NOTHING


class Subtotal(NamedTuple):
    category: Category
    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """Of a document; `payable` may be below zero, where more was given back than charged."""

    subtotals: tuple[Subtotal, ...]
    net: Decimal
    tax: Decimal
    prepaid: Decimal = NOTHING
    rounding: Decimal = NOTHING

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def payable(self) -> Decimal:
        return self.gross - self.prepaid + self.rounding


def totals(
    lines: Iterable[Taxed],
    currency: str,
    *,
    prepaid: Decimal = NOTHING,
    rounding: Decimal = NOTHING,
    rounds: Rounding = Rounding.HALF_UP,
) -> Totals:
    """Of lines whose nets are rounded. Refused, as ValueError: a rate where none is allowed, and none where one is."""
    nets: dict[tuple[Category, Decimal], Decimal] = {}
    for net, category, rate in lines:
        if (category is Category.STANDARD) != (rate > 0):
            raise ValueError(f"category {category} with a rate of {rate}")
        nets[category, rate] = nets.get((category, rate), NOTHING) + net
    if len({category for category, _rate in nets}) > 1 and any(category is Category.OUTSIDE for category, _ in nets):
        raise ValueError("what is outside the scope of tax stands on a document of its own")  # BR-O-11
    subtotals = tuple(
        Subtotal(category, rate, net, percent_of(net, rate, currency, rounds))
        for (category, rate), net in sorted(nets.items(), key=lambda item: (item[0][0] != "S", item[0][0], -item[0][1]))
    )
    net = sum((row.net for row in subtotals), NOTHING)
    return Totals(subtotals, net, sum((row.tax for row in subtotals), NOTHING), prepaid, rounding)


def line_net(quantity: Decimal | int, price: Decimal, currency: str) -> Decimal:
    """BT-131: quantity × price, rounded once."""
    return round_money(price * quantity, currency)
