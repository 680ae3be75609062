"""Until when something may be cancelled or reduced, and what is given back.

Without a window: at any time, by days. With one: within so many hours after it was bought, renewed or increased; each
full 24 hours since then are used. What was added later may go within its own window, and no more than that.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from resellerhub.kernel.periods import add_months
from subscriptions.models import Phase
from subscriptions.quoting import closes_at, unused_from
from subscriptions.refusals import WindowClosed
from subscriptions.services.life.steps.taking import Held


@dataclass(frozen=True, slots=True)
class Leave:
    """From which day on the rest is given back, and whether that is before the term allows: the fee is due then."""

    credited_from: date
    is_early: bool = False


def leave_package(held: Held) -> Leave:
    """Of all of it, today. Refused: `WindowClosed` unless its fee lets it go for an early cancellation fee."""
    fee = held.fee
    if fee is None:
        return Leave(held.on)
    if fee.cancellation_hours is None:
        bound = add_months(held.subscription.started_on, fee.minimum_months)
        return Leave(held.on, is_early=bool(fee.minimum_months) and held.on < bound)
    opened = held.subscription.committed_at
    if held.now < closes_at(opened, fee.cancellation_hours):
        return Leave(unused_from(opened, held.period, held.now))
    if fee.cancellation_amount:
        return Leave(held.on, is_early=True)
    raise _closed(held, opened, fee.cancellation_hours)


def reduce(held: Held, quantity: int | None = None) -> Leave:
    """To a smaller quantity, or to something cheaper, today. Refused: `WindowClosed`."""
    fee = held.fee
    if fee is None or fee.cancellation_hours is None:
        return Leave(held.on)
    hours, opened = fee.cancellation_hours, held.subscription.committed_at
    moments = [opened]
    if held.now < closes_at(opened, hours):
        return Leave(unused_from(opened, held.period, held.now))
    for at, before in _increases(held):
        moments.append(at)
        if quantity is not None and before <= quantity and held.now < closes_at(at, hours):
            return Leave(unused_from(at, held.period, held.now))
    raise _closed(held, max(moments), hours)


def _increases(held: Held) -> list[tuple[datetime, int]]:
    """When it grew, and from which quantity; the latest first."""
    phases = Phase.objects.filter(subscription=held.subscription, tenant=held.subscription.tenant_id).order_by("pk")
    rows = list(phases.values_list("made_at", "quantity"))
    return [(at, before) for (_at, before), (at, after) in pairwise(rows) if after > before][::-1]


def _closed(held: Held, opened: datetime, hours: int) -> WindowClosed:
    until = closes_at(opened, hours).astimezone(UTC)
    return WindowClosed(until=until, ends_on=held.subscription.renews_on)
