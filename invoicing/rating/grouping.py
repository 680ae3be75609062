"""Lines put together: what is alike on paper, and what one reseller owes for several customers."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from invoicing.rating.charges import Charge, total
from resellerhub.kernel.money import Rounding, portion


@dataclass(frozen=True, slots=True)
class Printed:
    """One line on paper. The charges behind it stay as many as they are (WHMCS, group similar line items)."""

    label: Hashable
    quantity: int
    unit_price: Decimal
    amount: Decimal
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What one customer's charges come to."""

    customer: Any
    charges: tuple[Charge, ...]

    @property
    def total(self) -> Decimal:
        return total(self.charges)


@dataclass(frozen=True, slots=True)
class RollUp:
    """What a reseller owes for its customers: it comes to what they come to (Kill Bill, parent invoice)."""

    sections: tuple[Section, ...]

    @property
    def total(self) -> Decimal:
        return sum((section.total for section in self.sections), Decimal(0))


def rolled_up(charges: Mapping[Any, Sequence[Charge]], expected: Iterable[Any]) -> RollUp:
    """One section for each that is expected, in that order. Refused, as ValueError: one that is missing or not
    expected, because a smaller invoice would be a wrong one; and charges in several currencies."""
    order = list(expected)
    if set(order) != set(charges) or len(order) != len(charges):
        raise ValueError(f"expected {order}, and there is {sorted(charges, key=str)}")
    if len({row.currency for rows in charges.values() for row in rows}) > 1:
        raise ValueError("several currencies")
    return RollUp(tuple(Section(key, tuple(charges[key])) for key in order))


def grouped(lines: Iterable[tuple[Hashable, Charge]], rounding: Rounding = Rounding.HALF_UP) -> list[Printed]:
    """What has the same label, price, days and share, in the order of its first. Only where quantity × price × share
    still is the amount: three thirds of a cent are not a cent on paper and nothing in the books."""
    groups: dict[Hashable, list[Charge]] = {}
    for label, row in lines:
        key = (label, row.kind, row.service, row.unit_price, row.currency, row.part, row.whole, row.amount < 0)
        groups.setdefault(key, []).append(row)
    found: list[Printed] = []
    for (label, *_rest), rows in groups.items():  # type: ignore[misc]
        together = Printed(label, sum(row.quantity for row in rows), rows[0].unit_price, total(rows), tuple(rows))
        if len(rows) == 1 or together.amount == _recomputed(rows[0], together.quantity, rounding):
            found.append(together)
        else:
            found += [Printed(label, row.quantity, row.unit_price, row.amount, (row,)) for row in rows]
    return found


def unexplained(row: Charge, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """What quantity × price × share does not say of an amount, as of a credit that was capped: a line of its own where
    a book-keeping has to compute it again."""
    return row.amount - _recomputed(row, row.quantity, rounding)


def _recomputed(row: Charge, quantity: int, rounding: Rounding) -> Decimal:
    amount = portion(row.unit_price * quantity, row.part, row.whole, row.currency, rounding)
    return -amount if row.amount < 0 else amount
