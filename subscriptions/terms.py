"""The one place that says how long a term is, and in which billing period a day falls. No clock, no table.

A term is whole billing cycles, so many that the minimum term is in them; it begins on the anchor's day of the month, or
on the month's last where that has no such day. Where it was made to end with another, its last period is shorter.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

from resellerhub.kernel.cycles import BillingPeriod, Cadence, Grid
from resellerhub.kernel.periods import Cycle, add_months


def months_of(cycle: str, minimum_months: int = 0) -> int:
    """The length of a term: of what is billed by the year with a minimum of three months, a year."""
    each = Cycle(cycle).months
    return max(-(-minimum_months // each), 1) * each


@dataclass(frozen=True, slots=True)
class Term:
    """[starts_on, ends_on), on which what does not renew ends. `anchor` is the day of the month that it returns to."""

    starts_on: date
    ends_on: date
    anchor: int

    @classmethod
    def first(cls, starts_on: date, months: int) -> Self:
        return cls(starts_on, add_months(starts_on, months), starts_on.day)

    def following(self, months: int) -> "Term":
        return Term(self.ends_on, add_months(self.ends_on, months, anchor=self.anchor), self.anchor)

    def prolonged(self, months: int) -> "Term":
        """The same with another term at its end."""
        return Term(self.starts_on, self.following(months).ends_on, self.anchor)

    def until(self, ends_on: date, anchor: int) -> "Term":
        """The same with another end; what comes after it returns to that one's day of the month."""
        return Term(self.starts_on, ends_on, anchor)


def period_of(term: Term, cycle: str, day: date) -> BillingPeriod:
    """The billing period in which a day falls; periods are counted from the start of the term, forwards and backwards,
    and none goes beyond its end."""
    return grid_of(term, cycle).period_of(day)


def grid_of(term: Term, cycle: str) -> Grid:
    """A term that is to end with another still has periods that begin on its own day."""
    returned = add_months(term.starts_on, 0, anchor=term.anchor) == term.starts_on
    anchor = term.anchor if returned else term.starts_on.day
    return Grid(term.starts_on, anchor, Cadence(Cycle(cycle).months), term.ends_on)
