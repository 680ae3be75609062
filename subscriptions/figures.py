"""What a reader is told of what is owed for a subscription: its own figures, made comparable."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from catalog.pricing import per_cycle
from tenants.models.scope import Viewer

if TYPE_CHECKING:
    from tenants.models import Tenant


class Line(Protocol):
    """What one tenant owes another: `PhaseFee` has it."""

    @property
    def stream(self) -> str: ...
    @property
    def payer_id(self) -> int: ...
    @property
    def issuer_id(self) -> int: ...
    @property
    def unit_price(self) -> Decimal: ...
    @property
    def cycle(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def applies_more_than_once(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one unit, all for the same cycle, that of the price: `price`, what the holder pays; `income`, what the reader
    is paid by who is beneath it; `cost`, what the reader pays to who is above it. None: nothing, or not the reader's.
    `income_once`, `cost_once`: it is owed once by a reseller, however many it sells, so it is nothing of one unit.
    """

    price: Decimal | None = None
    income: Decimal | None = None
    cost: Decimal | None = None
    currency: str | None = None
    cycle: str | None = None
    income_once: bool = False
    cost_once: bool = False

    @property
    def margin(self) -> Decimal | None:
        """What is left to the reader; below zero where it is paid less than it pays. None where one of them is owed
        once: what is left of one unit then depends on how many there are."""
        if self.income_once or self.cost_once:
            return None
        return None if self.income is None or self.cost is None else self.income - self.cost


def figures(lines: Iterable[Line], reader_id: int) -> Figures:
    """Of the lines that a reader sees, for the reader's tenant. What is in another currency is not compared."""
    price: Line | None = None
    income: Line | None = None
    cost: Line | None = None
    for line in lines:
        if line.stream == "account":
            price = price or line
        elif line.payer_id == reader_id:
            cost = cost or line
        if line.issuer_id == reader_id:
            income = income or line
    said = price or income or cost
    if said is None:
        return Figures()
    cycle, currency = said.cycle, said.currency

    def turned(line: Line | None) -> Decimal | None:
        return per_cycle(line.unit_price, line.cycle, cycle) if line and line.currency == currency else None

    def is_once(line: Line | None) -> bool:
        return line is not None and turned(line) is not None and not line.applies_more_than_once

    return Figures(turned(price), turned(income), turned(cost), currency, cycle, is_once(income), is_once(cost))


class Between(Protocol):
    """Who owes whom, of which stream."""

    @property
    def stream(self) -> str: ...
    @property
    def payer_id(self) -> int: ...
    @property
    def issuer_id(self) -> int: ...


def is_seen(actor: Viewer, seller: "Tenant", owed: Between) -> bool:
    """What `PhaseFee.visible_to` will say of what is not written yet: what the holder pays, what the actor's tenant
    pays or is paid, and what is paid beneath it."""
    line: Sequence[int] = seller.ancestors
    beneath = line[line.index(actor.tenant_id) :]
    return owed.stream == "account" or owed.payer_id == actor.tenant_id or owed.issuer_id in beneath
