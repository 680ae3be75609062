"""Amounts taken apart so that the parts come to the whole again, to the smallest unit."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from resellerhub.kernel.money import Rounding, minor_units, portion, round_money
from resellerhub.kernel.periods import Period

HUNDRED = 100


def split(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """By these weights, in their order (largest remainder; of equals the first). All weights nothing: alike."""
    whole = sum(map(Fraction, weights))
    shares = [Fraction(each) / whole for each in weights] if whole else [Fraction(1, len(weights))] * len(weights)
    places = minor_units(currency)
    units = int(round_money(abs(amount), currency).scaleb(places))
    exact = [units * share for share in shares]
    parts = [int(each) for each in exact]
    by_rest = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_rest[: units - sum(parts)]:
        parts[index] += 1
    sign = -1 if amount < 0 else 1
    return [Decimal(sign * part).scaleb(-places) for part in parts]


def spread(discount: Decimal, amounts: Sequence[Decimal], currency: str) -> list[Decimal]:
    """What of a discount falls on each line, by what it comes to, before tax (Lago, taxes_on_invoice_spec). Lines below
    zero get none of it, and it is never more than what the others come to."""
    weights = [max(amount, Decimal(0)) for amount in amounts]
    return split(min(discount, sum(weights, Decimal(0))), weights, currency) if any(weights) else weights


def percent_of(amount: Decimal, percent: Decimal, currency: str, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """Rounded once."""
    above, below = percent.as_integer_ratio()
    return portion(amount, above, below * HUNDRED, currency, rounding)


class Dated(NamedTuple):
    """Days of a line, and what of it falls on them."""

    days: Period
    amount: Decimal


def split_on(days: Period, amount: Decimal, currency: str, changes: Iterable[date]) -> list[Dated]:
    """A line taken apart where something changes inside the days that it is for, such as a rate of tax; by days."""
    inside = {day for day in changes if days.start < day < days.end}
    pieces = [Period(start, end) for start, end in pairwise([days.start, *sorted(inside), days.end])]
    parts = split(amount, [piece.days for piece in pieces], currency)
    return [Dated(piece, part) for piece, part in zip(pieces, parts, strict=True)]
