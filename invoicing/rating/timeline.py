"""What was held and when, as the facts say it, and what of it is to be charged. No clock, no table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from invoicing.rating.charges import Charge, Kind
from invoicing.rating.policy import Anchor, Policy, Terms
from resellerhub.kernel.cycles import Cadence

DAY = timedelta(days=1)
FOREVER = date.max
USUAL = Terms()


class Stretch(NamedTuple):
    """Days [starts_on, ends_on) on which so many units were held at a price for one unit and cycle. Without an end it
    goes on. `source` is the fact that says so, and that is charged: the fee of a phase, a sale."""

    source: Any
    starts_on: date
    ends_on: date | None
    quantity: int
    unit_price: Decimal
    cadence: Cadence
    terms: Terms = USUAL
    is_suspended: bool = False

    @property
    def is_credited(self) -> bool:
        """Suspended, and by its terms nothing is owed meanwhile."""
        return self.is_suspended and self.terms.credits_suspension


class GivenBack(NamedTuple):
    """So many units of what ended are given back from this day on, instead of from the day on which it ended: later
    where nothing is given back, earlier where a window gives back days that were not used in full."""

    source: Any
    since: date
    quantity: int


class DueOnce(NamedTuple):
    """An activation fee, an early cancellation fee, something sold once. `source` with `kind` is charged once."""

    source: Any
    kind: Kind
    on: date
    amount: Decimal
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Stream:
    """What one owes another for one thing: all that is needed to say what is to be billed.

    `billed` is what was billed of it before, with the corrections of these; `anchors` the terms in the order in which
    they were said. Stretches are in the order of their days and do not overlap. Cycles that end by `since` are left
    out: whoever says so knows that they were billed and that nothing about them has changed. So what has not changed at
    all since it was billed needs no `billed`, and costs no comparison; nor need stretches that ended before, if
    `began_on` says when the first of all began.
    """

    currency: str
    stretches: Sequence[Stretch] = ()
    anchors: Sequence[Anchor] = ()
    billed: Sequence[Charge] = ()
    given_back: Sequence[GivenBack] = ()
    due_once: Sequence[DueOnce] = ()
    since: date = date.min
    began_on: date | None = None

    @property
    def begins(self) -> date:
        return self.began_on or self.stretches[0].starts_on


def as_said(stretches: Sequence[Stretch], policy: Policy) -> Sequence[Stretch]:
    """With the days that the policy gives to what was before a change, and to what ended."""
    if not (policy.last_day_included or policy.change_day_is_old or policy.end_day_is_billed):
        return stretches
    rows: list[Stretch] = []
    for index, row in enumerate(stretches):
        start, end = row.starts_on, row.ends_on
        if policy.change_day_is_old and index:
            start += DAY
        if end is not None:
            is_last = index == len(stretches) - 1
            more = policy.last_day_included + (policy.end_day_is_billed if is_last else policy.change_day_is_old)
            end += more * DAY
        rows.append(row._replace(starts_on=start, ends_on=end))
    return rows


def once_only(streams: Iterable[Sequence[Stretch]]) -> list[Stretch]:
    """Of a fee that a reseller owes once, however many it sells: one unit as long as anything is held of it, on each
    day as the stretch says that began last (decision 15)."""
    rows = [row for stretches in streams for row in stretches if row.ends_on is None or row.starts_on < row.ends_on]
    days = sorted({row.starts_on for row in rows} | {row.ends_on for row in rows if row.ends_on})
    found: list[Stretch] = []
    for start, end in zip(days, [*days[1:], None], strict=True):
        held = [row for row in rows if row.starts_on <= start and (row.ends_on or FOREVER) > start]
        if not held:
            continue
        last = max(held, key=lambda row: (row.starts_on, row.source))
        if found and found[-1].source == last.source and found[-1].ends_on == start:
            found[-1] = found[-1]._replace(ends_on=end)
        else:
            found.append(last._replace(starts_on=start, ends_on=end, quantity=1, is_suspended=False))
    return found
