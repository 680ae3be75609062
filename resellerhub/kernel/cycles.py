"""On which days billing periods begin, and what share of a cycle some days are. No clock, no table.

Previews and bills count by these functions alone. Sources: a first or last period is a share of the whole cycle on the
grid (Kill Bill, `TestLeadingProRation`: 12/31, not 12/28); a month has its own days or thirty (Kill Bill,
`InvoiceDateUtils.daysBetweenWithFixedDaysInMonth`; elsewhere called 30E/360).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from resellerhub.kernel.periods import Period, add_months


class DayCount(StrEnum):
    """How days are counted: as the calendar has them, or thirty in each month, of which a 31st is none."""

    ACTUAL = "actual"
    FIXED_30 = "fixed_30"

    def between(self, start: date, end: date) -> int:
        if self is DayCount.ACTUAL:
            return (end - start).days
        months = (end.year - start.year) * 12 + end.month - start.month
        return months * 30 + min(end.day, 30) - min(start.day, 30)


class Cadence(NamedTuple):
    """How long a cycle is: so many months, or else so many days."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class BillingPeriod(Period):
    """One of a grid. `cycle` is what the price is for: longer than the period where that was cut short."""

    cycle: Period


class Grid(NamedTuple):
    """Where cycles begin: one at `origin`, the others counted from it both ways. Those of months begin on `anchor`, or
    on the last day of a month that has no such day, and return to it (Kill Bill's billing cycle day). None goes beyond
    `until`, where what is billed ends together with something else."""

    origin: date
    anchor: int
    cadence: Cadence
    until: date | None = None

    def period_of(self, day: date) -> BillingPeriod:
        """The one in which a day falls."""
        return _period_of(self, day)

    def begin(self, count: int) -> date:
        months, days = self.cadence
        if months:
            return add_months(self.origin, count * months, anchor=self.anchor)
        return self.origin + timedelta(days=count * days)


@lru_cache(maxsize=50_000)
def _period_of(grid: Grid, day: date) -> BillingPeriod:
    """Kept: bills of one issuer begin on the same few days."""
    start, end = _cycle_of(grid, day)
    cycle = Period(start, end)
    if grid.until is None or not start < grid.until < end:
        return BillingPeriod(start, end, cycle)
    if day < grid.until:
        return BillingPeriod(start, grid.until, cycle)
    again = Grid(grid.until, grid.until.day, grid.cadence)
    return BillingPeriod(grid.until, end, Period(grid.until, max(again.begin(1), end)))


def _cycle_of(grid: Grid, day: date) -> tuple[date, date]:
    months, days = grid.cadence
    if months:
        count = ((day.year - grid.origin.year) * 12 + day.month - grid.origin.month) // months
    else:
        count = (day - grid.origin).days // days
    start, end = grid.begin(count), grid.begin(count + 1)
    if start > day:
        return grid.begin(count - 1), start
    if end <= day:
        return end, grid.begin(count + 2)
    return start, end


def cycle_of(period: Period) -> Period:
    """The whole cycle that the price of a period is for: itself, where it was not cut short."""
    return period.cycle if isinstance(period, BillingPeriod) else period
