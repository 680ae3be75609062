"""What comes of rating: a line that is owed, or given back. Nothing else in here knows how it was counted."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from resellerhub.kernel.periods import Period


class Kind(StrEnum):
    """What the source of a charge is, and why it is owed."""

    RECURRING = "recurring"
    CREDIT = "credit"
    SUSPENSION = "suspension"
    TRIAL = "trial"
    ACTIVATION = "activation"
    EARLY_CANCELLATION = "cancellation"
    ONE_OFF = "one_off"
    USAGE = "usage"
    COMMITMENT = "commitment"


class Charge(NamedTuple):
    """`quantity` × `unit_price` × `part` / `whole`, rounded once, is `amount`: below zero where it is given back.

    `service` are the days that it is for, `billing` the whole cycle that the price is for: of one on which something
    changed only a part. `credits` is the id of the charge that it gives back of, whose price and amount bound it.
    A goodwill credit has no days: its quantity is nothing, and its amount is said. `nth` tells apart what is charged
    or given back of the same source and days once more, after it was undone.
    """

    kind: Kind
    source: Any
    service: Period
    billing: Period
    quantity: int
    unit_price: Decimal
    currency: str
    part: int
    whole: int
    amount: Decimal
    due_on: date
    credits: Any = None
    nth: int = 0
    id: Any = None

    @property
    def ratio(self) -> Fraction:
        return Fraction(self.part, self.whole)

    @property
    def exact(self) -> Fraction:
        """Before it was rounded or capped, without a sign."""
        return Fraction(self.unit_price) * self.quantity * self.ratio


def total(charges: Iterable[Charge]) -> Decimal:
    return sum((charge.amount for charge in charges), Decimal(0))
