"""What was used beyond what is included. Use is never prorated: what was used was used (Meteroid); what is included of
a part of a period may be, by the policy (Silver)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from invoicing.rating.charges import Charge, Kind
from resellerhub.kernel.money import Rounding, portion, round_money
from resellerhub.kernel.periods import Period


class Tier(NamedTuple):
    """Up to and including so many units; the last one without an end. `flat` is charged once where it is touched."""

    up_to: int | None
    unit_price: Decimal
    flat: Decimal = Decimal(0)


class Used(NamedTuple):
    """So many units at a price, and what is charged once with them."""

    units: int
    unit_price: Decimal
    flat: Decimal = Decimal(0)

    @property
    def exact(self) -> Decimal:
        return self.units * self.unit_price + self.flat


def included(units: int, part: int, whole: int) -> int:
    """What a part of a period includes: a half unit and more counts as one."""
    return (2 * units * part + whole) // (2 * whole)


def beyond(used: int, free: int) -> int:
    return max(used - free, 0)


def graduated(tiers: Sequence[Tier], units: int) -> list[Used]:
    """Each unit at the price of the tier in which it falls (Stripe, graduated pricing)."""
    found, below = [], 0
    for tier in _open(tiers):
        if units <= below:
            break
        upto = units if tier.up_to is None else min(units, tier.up_to)
        found.append(Used(upto - below, tier.unit_price, tier.flat))
        below = upto
    return found


def volume(tiers: Sequence[Tier], units: int) -> list[Used]:
    """All units at the price of the tier that their number reaches (Stripe, volume pricing)."""
    if not units:
        return []
    tier = next(each for each in _open(tiers) if each.up_to is None or units <= each.up_to)
    return [Used(units, tier.unit_price, tier.flat)]


def _open(tiers: Sequence[Tier]) -> Sequence[Tier]:
    """Refused, as ValueError: tiers that leave some use without a price, or are not in the order of their ends."""
    ends = [0, *(tier.up_to for tier in tiers)]
    is_open = len(ends) > 1 and ends.pop() is None
    if not is_open or any(below is None or upto is None or upto <= below for below, upto in pairwise(ends)):
        raise ValueError(f"tiers until {[tier.up_to for tier in tiers]}")
    return tiers


def charges_of(
    rows: Sequence[Used], source: Any, service: Period, billing: Period, currency: str, rounding: Rounding
) -> list[Charge]:
    """One charge for each tier that was touched, and one for what is due with it; due when the days are over."""
    found: list[Charge] = []
    for units, unit_price, flat in rows:
        for quantity, price in ((units, unit_price), (1, flat)):
            if quantity and price:
                amount, nth = round_money(price * quantity, currency, rounding), len(found)
                line = (quantity, price, currency, 1, 1, amount, service.end)
                found.append(Charge(Kind.USAGE, source, service, billing, *line, nth=nth))
    return found


def true_up(
    minimum: Decimal, charged: Decimal, part: int, whole: int, currency: str, rounding: Rounding = Rounding.HALF_UP
) -> Decimal:
    """What is missing to a minimum that was committed to for a cycle, of a part of it (Lago, minimum commitment)."""
    return max(portion(minimum, part, whole, currency, rounding) - charged, Decimal(0))
