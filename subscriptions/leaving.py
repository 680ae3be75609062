"""Until when something may be left, and what is given back: of a subscription as of an add-on. No clock, no table.

Without a window: at any time, by days. With one: within so many hours after it was bought or renewed; each full 24
hours since then are used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from resellerhub.kernel.periods import Period, add_months, day_of
from subscriptions.quoting import closes_at, unused_from
from subscriptions.refusals import WindowClosed


class Terms(Protocol):
    """What was agreed for leaving: `PhaseFee` says it, and what is owed for an add-on."""

    @property
    def unit_price(self) -> Decimal: ...
    @property
    def cancellation_amount(self) -> Decimal: ...
    @property
    def cancellation_hours(self) -> int | None: ...
    @property
    def minimum_months(self) -> int: ...
    @property
    def prorates_last(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Stay:
    """What is left at a moment: since when it is held, when its window opened, the billing period that runs, and when
    the next term begins."""

    started_on: date
    opened_at: datetime
    period: Period
    renews_on: date
    now: datetime

    @property
    def on(self) -> date:
        return day_of(self.now)


@dataclass(frozen=True, slots=True)
class Leave:
    """From which day on the rest is given back, and whether that is before the term allows: the fee is due then."""

    credited_from: date
    is_early: bool = False

    def due(self, terms: Terms, quantity: int, on: date) -> list[dict[str, Any]]:
        """What is to be written of it, as `OneOff` has it: the early cancellation fee, and from which day so many units
        are given back where that is not the day itself."""
        rows: list[dict[str, Any]] = []
        if self.is_early and terms.cancellation_amount:
            rows.append({"kind": "cancellation", "on": on, "amount": terms.cancellation_amount})
        if self.credited_from != on and terms.unit_price:
            rows.append({"kind": "credit_from", "on": self.credited_from, "quantity": quantity})
        return rows


def leave(stay: Stay, terms: Terms) -> Leave:
    """All of it, today. Refused: `WindowClosed` unless its fee lets it go for an early cancellation fee."""
    if terms.cancellation_hours is None:
        bound = add_months(stay.started_on, terms.minimum_months)
        since = stay.on if terms.prorates_last else stay.period.end
        return Leave(since, is_early=bool(terms.minimum_months) and stay.on < bound)
    if stay.now < closes_at(stay.opened_at, terms.cancellation_hours):
        return Leave(unused_from(stay.opened_at, stay.period, stay.now))
    if terms.cancellation_amount:
        return Leave(stay.on, is_early=True)
    raise window_closed(stay.opened_at, terms.cancellation_hours, stay.renews_on)


def unless_closed(decide: Callable[[], Leave], period: Period) -> Leave:
    """Of somebody above the holder, who does not decide whether it may go: where that one's window is closed, nothing
    is given back to it."""
    try:
        return decide()
    except WindowClosed:
        return Leave(period.end)


def window_closed(opened_at: datetime, hours: int, renews_on: date) -> WindowClosed:
    return WindowClosed(until=closes_at(opened_at, hours).astimezone(UTC), ends_on=renews_on)
