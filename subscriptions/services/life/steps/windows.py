"""Until when something may be cancelled or reduced, and what is given back.

Without a window: at any time, by days. With one: within so many hours after it was bought, renewed or increased; each
full 24 hours since then are used. What was added later may go within its own window, and no more than that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from resellerhub.kernel.periods import add_months
from subscriptions.models import OneOff, Phase, PhaseFee
from subscriptions.quoting import closes_at, unused_from
from subscriptions.refusals import WindowClosed
from subscriptions.services.life.oneoffs import one_off
from subscriptions.services.life.steps.taking import Held


@dataclass(frozen=True, slots=True)
class Leave:
    """From which day on the rest is given back, and whether that is before the term allows: the fee is due then."""

    credited_from: date
    is_early: bool = False


Window = Callable[[Held, PhaseFee], Leave]
"""What one of those who owe something leaves by."""


def leave_package(held: Held, fee: PhaseFee) -> Leave:
    """Of all of it, today. Refused: `WindowClosed` unless its fee lets it go for an early cancellation fee."""
    if fee.cancellation_hours is None:
        bound = add_months(held.subscription.started_on, fee.minimum_months)
        since = held.on if fee.prorates_last else held.period_of(fee).end
        return Leave(since, is_early=bool(fee.minimum_months) and held.on < bound)
    opened = held.subscription.committed_at
    if held.now < closes_at(opened, fee.cancellation_hours):
        return Leave(unused_from(opened, held.period_of(fee), held.now))
    if fee.cancellation_amount:
        return Leave(held.on, is_early=True)
    raise _closed(held, opened, fee.cancellation_hours)


def reduce(held: Held, fee: PhaseFee, quantity: int | None = None) -> Leave:
    """To a smaller quantity, or to something cheaper, today. Refused: `WindowClosed`."""
    if fee.cancellation_hours is None:
        return Leave(held.on)
    hours, opened = fee.cancellation_hours, held.subscription.committed_at
    moments = [opened]
    if held.now < closes_at(opened, hours):
        return Leave(unused_from(opened, held.period_of(fee), held.now))
    for at, before in _increases(held):
        moments.append(at)
        if quantity is not None and before <= quantity and held.now < closes_at(at, hours):
            return Leave(unused_from(at, held.period_of(fee), held.now))
    raise _closed(held, max(moments), hours)


def given_back(held: Held, step: str, quantity: int, window: Window) -> list[OneOff]:
    """What is due for leaving early, and from which day so many units are given back, where that is not today: of the
    holder, and of each who sells above it by its own terms. Where its window is closed nothing is given back to it; and
    what it owes once, however many it sells, does not end with one of them. Refused: as the holder's fee says."""
    rows: list[OneOff] = []
    for fee in held.fees:
        if not fee.applies_more_than_once:
            continue
        leave = window(held, fee) if fee == held.fee else _leave_above(held, fee, window)
        if leave.is_early and fee.cancellation_amount:
            row = one_off(fee, OneOff.Kind.EARLY_CANCELLATION, step)
            row.on, row.amount = held.on, fee.cancellation_amount
            rows.append(row)
        if leave.credited_from != held.on and fee.unit_price:
            row = one_off(fee, OneOff.Kind.CREDIT_FROM, step)
            row.on, row.quantity = leave.credited_from, quantity
            rows.append(row)
    return rows


def leave_of(held: Held, window: Window) -> Leave | None:
    """By which the holder leaves, or of `of_seller` its seller; None where it pays nothing. Refused: as the fee of the
    holder says."""
    if held.fee is None:
        return None
    return window(held, held.fee) if held.payer_id is None else _leave_above(held, held.fee, window)


def _leave_above(held: Held, fee: PhaseFee, window: Window) -> Leave:
    try:
        return window(held, fee)
    except WindowClosed:
        return Leave(held.period_of(fee).end)


def _increases(held: Held) -> list[tuple[datetime, int]]:
    """When it grew, and from which quantity; the latest first."""
    phases = Phase.objects.filter(subscription=held.subscription, tenant=held.subscription.tenant_id).order_by("pk")
    rows = list(phases.values_list("made_at", "quantity"))
    return [(at, before) for (_at, before), (at, after) in pairwise(rows) if after > before][::-1]


def _closed(held: Held, opened: datetime, hours: int) -> WindowClosed:
    until = closes_at(opened, hours).astimezone(UTC)
    return WindowClosed(until=until, ends_on=held.subscription.renews_on)
