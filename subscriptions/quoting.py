"""What a step in the life of a subscription costs or gives back: lines and their total. No clock, no table.

The preview shows them and the doing records them; both come from here. A line is computed from unrounded prices and
rounded once. Charges are positive, credits negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from math import gcd
from typing import Any, Protocol

from catalog.pricing import per_cycle
from resellerhub.kernel.cycles import cycle_of
from resellerhub.kernel.money import plain, portion, round_money
from resellerhub.kernel.periods import Cycle, Period, add_months

DAY = timedelta(hours=24)


class OneOff(Protocol):
    """What the models say of what is due once: `OneOff`, and that of what is held beside a subscription."""

    @property
    def kind(self) -> str: ...
    @property
    def stream(self) -> str: ...
    @property
    def payer_id(self) -> int: ...
    @property
    def issuer_id(self) -> int: ...
    @property
    def on(self) -> date: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def quantity(self) -> int | None: ...


class Fee(Protocol):
    """What `PhaseFee` and `Rate` say."""

    @property
    def public_name(self) -> str: ...
    @property
    def unit_price(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def cycle(self) -> str: ...
    @property
    def credits_suspension(self) -> bool: ...


class Beside(Fee, Protocol):
    """What one owes another for something that is held with a subscription, begins with a day in one of its billing
    periods and is suspended with it."""

    @property
    def payer_id(self) -> int: ...
    @property
    def quantity(self) -> int: ...
    @property
    def began_on(self) -> date: ...
    @property
    def prorates_first(self) -> bool: ...
    @property
    def applies_more_than_once(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Rate:
    """A price that is not written yet."""

    public_name: str
    unit_price: Decimal
    currency: str
    cycle: str
    credits_suspension: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """So many units for `days` of the `of_days` that the price of a cycle is for; whole `cycles` have as many of both,
    together.

    Codes: `charge`, `credit`, `activation`, `cancellation` (the early one's fee), `renewal` and `suspension`, the
    credit for as long as it stays suspended.
    """

    code: str
    name: str
    quantity: int
    unit_price: Decimal
    currency: str
    cycle: str
    starts_on: date
    ends_on: date
    days: int
    of_days: int
    amount: Decimal
    cycles: int = 1

    def told(self) -> dict[str, Any]:
        """As an event keeps it."""
        return {
            "code": self.code,
            "quantity": self.quantity,
            "unit_price": plain(self.unit_price),
            "from": self.starts_on.isoformat(),
            "to": self.ends_on.isoformat(),
            "days": self.days,
            "of_days": self.of_days,
            "cycles": self.cycles,
            "amount": str(self.amount),
        }


@dataclass(frozen=True, slots=True)
class Limit:
    """What is allocated of a resource before and after; `left` is what the source has left to sell before."""

    resource_id: int
    name: str
    unit: str
    before: int
    after: int
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a step would do. `cost` is what the seller itself pays for a unit and cycle, and `cost_lines` what it is
    charged and given back with this step, for those who may see it.

    `problems` say what would speak against it if its day were today: nothing is reserved for a day to come.
    """

    on: date
    currency: str = ""
    lines: Sequence[Line] = ()
    to_come: Sequence[Line] = ()
    """What a longer term adds: charged as its billing periods begin, and not with this step."""
    quantity: int | None = None
    unit_price: Decimal | None = None
    cycle: str = ""
    version_id: int | None = None
    renews_on: date | None = None
    ends_on: date | None = None
    cost: Decimal | None = None
    limits: Sequence[Limit] = ()
    problems: Sequence[str] = ()
    is_planned: bool = False
    one_offs: Sequence[OneOff] = ()
    """What is due once, and from which day something is given back, as far as it concerns the reader."""
    cycle_before: str = ""
    """By which it is paid now; empty where it is paid by none."""
    cost_lines: Sequence[Line] = ()
    cost_once: bool = False
    """The seller owes its cost once, however many it sells: there is no margin of one unit."""

    @property
    def total(self) -> Decimal:
        return total_of(self.lines)

    @property
    def seal(self) -> str:
        """The same for the same lines, days, terms and limits: who takes a step as it was previewed says it."""
        price = self.unit_price and self.unit_price.normalize()
        said: list[Any] = [self.on, self.renews_on, self.ends_on, self.quantity, price]
        said += [self.currency, self.cycle, self.version_id]
        said += [(limit.resource_id, limit.before, limit.after) for limit in self.limits]
        said += [line.told() for line in (*self.lines, *self.to_come)]
        said += [(row.kind, row.payer_id, row.on, row.amount, row.quantity) for row in self.one_offs]
        return sha256(repr(said).encode()).hexdigest()[:16]

    @property
    def margin(self) -> Decimal | None:
        if self.unit_price is None or self.cost is None or self.cost_once:
            return None
        return self.unit_price - self.cost

    @property
    def is_below_cost(self) -> bool:
        return self.margin is not None and self.margin < 0

    def told(self) -> dict[str, Any]:
        """For an event, which the holder and all above it read: never a cost."""
        to_come = {"to_come": [line.told() for line in self.to_come]} if self.to_come else {}
        return told(self.lines) | to_come


def told(lines: Sequence[Line]) -> dict[str, Any]:
    """Lines as an event keeps them, with what they come to."""
    if not lines:
        return {}
    said = [line.told() for line in lines]
    return {"lines": said, "total": str(total_of(lines)), "currency": lines[0].currency}


def total_of(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def part(code: str, fee: Fee, quantity: int, period: Period, since: date, ends_on: date | None = None) -> Line | None:
    """The rest of a billing period from a day on; nothing where none is left. A credit is negative."""
    rest = period.overlap(Period(since, ends_on or period.end)) if since < (ends_on or period.end) else None
    if rest is None or not quantity:
        return None
    sign, of_days = -1 if code in {"credit", "suspension"} else 1, cycle_of(period).days
    amount = portion(sign * fee.unit_price * quantity, rest.days, of_days, fee.currency)
    return _line(code, fee, quantity, rest, of_days, amount)


def of_whole(line: Line, period: Period, began_on: date) -> Line:
    """A credit of days of a first period that was charged as a whole: each of them was charged for more."""
    charged, of_days = period.days, cycle_of(period).days
    common = gcd(charged, of_days)
    days, of_days = line.days * (charged // common), Period(began_on, period.end).days * (of_days // common)
    amount = portion(-line.unit_price * line.quantity, days, of_days, line.currency)
    return replace(line, days=days, of_days=of_days, amount=amount)


def opening(fee: Fee, quantity: int, begins: date, anchor: int, activation: Decimal) -> list[Line]:
    """What is charged of something that begins, or begins anew: its first billing period, and what activates it."""
    period = Period(begins, add_months(begins, Cycle(fee.cycle).months, anchor=anchor))
    line = part("charge", fee, quantity, period, begins)
    return [*([line] if line else []), *once("activation", fee, activation, begins)]


def joining(fee: Fee, quantity: int, period: Period, on: date, activation: Decimal, *, by_days: bool) -> list[Line]:
    """What is charged of something that begins in a billing period that runs: the rest of it, or all of it where the
    first is not prorated; and what activates it."""
    line = part("charge", fee, quantity, period, on if by_days else period.start)
    return [*([line] if line else []), *once("activation", fee, activation, on)]


def onwards(code: str, fee: Fee, quantity: int, span: Period, anchor: int) -> list[Line]:
    """A stretch to come, in whole cycles and what is left of one; each is charged when it begins."""
    step, count = Cycle(fee.cycle).months, 0
    while (end := add_months(span.start, (count + 1) * step, anchor=anchor)) <= span.end:
        count, last = count + 1, end
    lines: list[Line | None] = []
    if count:
        cycles = Period(span.start, last)
        amount = round_money(fee.unit_price * quantity * count, fee.currency)
        lines.append(replace(_line(code, fee, quantity, cycles, cycles.days, amount), cycles=count))
    rest = Period(last if count else span.start, end)
    lines.append(part(code, fee, quantity, rest, rest.start, ends_on=span.end))
    return [line for line in lines if line]


def once(code: str, fee: Fee, amount: Decimal, on: date) -> list[Line]:
    """An amount that is due once, whatever the quantity."""
    if not amount:
        return []
    rate = Rate(fee.public_name, amount, fee.currency, fee.cycle)
    return [_line(code, rate, 1, Period(on, on), 0, round_money(amount, fee.currency))]


def _line(code: str, fee: Fee, quantity: int, span: Period, of_days: int, amount: Decimal) -> Line:
    return Line(
        code,
        fee.public_name,
        quantity,
        fee.unit_price,
        fee.currency,
        fee.cycle,
        span.start,
        span.end,
        span.days,
        of_days,
        amount,
    )


def per_month(fee: Fee, quantity: int) -> Decimal:
    """To compare what is billed in different cycles."""
    return (per_cycle(fee.unit_price, fee.cycle, Cycle.MONTH) or Decimal(0)) * quantity


def closes_at(opened_at: datetime, hours: int) -> datetime:
    """The first instant at which a cancellation window is closed."""
    return opened_at + timedelta(hours=hours)


def unused_from(opened_at: datetime, period: Period, now: datetime) -> date:
    """The day from which the rest of a period is given back: only full 24 hours are used. May be the day before."""
    return max(opened_at.date(), period.start) + timedelta(days=(now - opened_at) // DAY)
