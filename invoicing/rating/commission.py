"""What a reseller earns of what others pay, and what is left to one who sells on.

Sources: Atomia (the price less the price of the parent), PortaBilling and GoDaddy (a share of the price), ASTPP and
hostingdude (price less cost and the fees of a payment); DESIGN, commission plans.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from invoicing.rating.splitting import percent_of
from resellerhub.kernel.money import round_money

NOTHING = Decimal(0)


class Plan(NamedTuple):
    """`steps` are (from which month of a customer on, percent), the first from 0; `indirect` are the percents of those
    above who sold through somebody, the nearest first. One that is `once` is of the first document alone."""

    steps: Sequence[tuple[int, Decimal]]
    indirect: Sequence[Decimal] = ()
    once: bool = False

    def percent(self, months: int) -> Decimal:
        """Of a customer so many full months old."""
        return next((percent for since, percent in reversed(self.steps) if since <= months), NOTHING)


class Earned(NamedTuple):
    """`level` 0 is who sold, 1 the one above, and so on."""

    level: int
    percent: Decimal
    amount: Decimal


def earned(
    plan: Plan, base: Decimal, months: int, levels: int, currency: str, *, is_first: bool = True
) -> list[Earned]:
    """Of what was invoiced or paid, net, by as many levels as there are; below zero of what was given back. Each is
    rounded by itself: it stands in a statement of its own."""
    if plan.once and not is_first:
        return []
    percents = [plan.percent(months), *plan.indirect][: max(levels, 0)]
    rows = (Earned(level, percent, percent_of(base, percent, currency)) for level, percent in enumerate(percents))
    return [row for row in rows if row.percent]


def over_parent(price: Decimal, parents_price: Decimal, quantity: int, currency: str) -> Decimal:
    """The margin over what the parent would charge the reseller."""
    return round_money((price - parents_price) * quantity, currency)


def as_discount(price: Decimal, commission: Decimal) -> Decimal:
    """What a reseller pays where the invoice goes to itself: its commission is paid by that."""
    return price - commission


def margin(
    price: Decimal, cost: Decimal, currency: str, fee_percent: Decimal = NOTHING, fee: Decimal = NOTHING
) -> Decimal:
    """What is left of a price after the cost, and after what its payment costs; may be below zero."""
    return round_money(price - cost - percent_of(price, fee_percent, currency) - fee, currency)


def payable(balance: Decimal, threshold: Decimal) -> Decimal:
    """What is paid out: all, or nothing while it is below the threshold; then it is carried forward."""
    return balance if balance >= threshold and balance > 0 else NOTHING
