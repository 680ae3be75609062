"""By what each of those who owe something for a subscription may leave it or hold less, and what is given back to it.

The rule is `leaving`. What was added later may go within its own window, and no more than that.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import pairwise

from catalog.models import FeeVersion
from resellerhub.kernel.periods import add_months
from subscriptions.leaving import Leave, Stay, leave, unless_closed, window_closed
from subscriptions.models import OneOff, Phase, PhaseFee
from subscriptions.quoting import closes_at, unused_from
from subscriptions.refusals import WindowClosed
from subscriptions.services.life.oneoffs import one_off
from subscriptions.services.life.steps.taking import Held

Window = Callable[[Held, PhaseFee], Leave]
"""What one of those who owe something leaves by."""


def leave_package(held: Held, fee: PhaseFee) -> Leave:
    """Of all of it, today. Refused: `WindowClosed` unless its fee lets it go for an early cancellation fee."""
    row = held.subscription
    return leave(Stay(held.since, row.committed_at, held.period_of(fee), row.renews_on, held.now), fee)


def stay(held: Held, fee: PhaseFee) -> Leave:
    """What is held goes on, and becomes no less: it is left by nothing, and charged anew from today on."""
    return Leave(held.on)


def leave_for(
    held: Held, fee: PhaseFee, after: Mapping[int, FeeVersion | None], *, is_less: bool, goes_on: bool
) -> Leave:
    """Of all of it, today, for another package: where that costs less as for less of the same; and early where an end
    would be, unless what comes `after` it, by payer, binds as long and for as much. What can only end with its term may
    be another, though. Refused: `WindowClosed`."""
    going = reduce(held, fee) if is_less else Leave(held.on)
    try:
        is_early = leave_package(held, fee).is_early
    except WindowClosed:
        return going
    return replace(going, is_early=is_early and not _binds_on(held, fee, after.get(fee.payer_id), goes_on=goes_on))


def _binds_on(held: Held, fee: PhaseFee, after: FeeVersion | None, *, goes_on: bool) -> bool:
    """A window binds until the next term, once it is closed; a term that begins anew opens it again."""
    row = held.subscription
    if after is None or after.cancellation_amount < fee.cancellation_amount:
        return False
    bound = add_months(held.since, fee.minimum_months) if fee.cancellation_hours is None else row.renews_on
    if after.cancellation_hours is None:
        return add_months(held.on, after.minimum_months) >= bound
    is_closed = goes_on and held.now >= closes_at(row.committed_at, after.cancellation_hours)
    return is_closed and row.renews_on >= bound


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
    raise window_closed(max(moments), hours, held.subscription.renews_on)


def leaves_of(held: Held, window: Window) -> dict[int, Leave]:
    """By payer: the holder, and each who sells above it by its own terms. Where its window is closed nothing is given
    back to it; and what it owes once, however many it sells, does not end with one of them. Refused: as the holder's
    fee says."""
    each = [fee for fee in held.fees if fee.applies_more_than_once]
    return {fee.payer_id: window(held, fee) if fee == held.fee else _leave_above(held, fee, window) for fee in each}


def given_back(held: Held, step: str, quantity: int, window: Window) -> list[OneOff]:
    """What is due for leaving early, and from which day so many units are given back, where that is not today."""
    rows: list[OneOff] = []
    leaves = leaves_of(held, window)
    for fee in held.fees:
        if going := leaves.get(fee.payer_id):
            rows += [one_off(fee, step, **said) for said in going.due(fee, quantity, held.on)]
    return rows


def leave_of(held: Held, window: Window) -> Leave | None:
    """By which the holder leaves, or of `of_seller` its seller; None where it pays nothing. Refused: as the fee of the
    holder says."""
    if held.fee is None:
        return None
    return window(held, held.fee) if held.payer_id is None else _leave_above(held, held.fee, window)


def _leave_above(held: Held, fee: PhaseFee, window: Window) -> Leave:
    return unless_closed(partial(window, held, fee), held.period_of(fee))


def _increases(held: Held) -> list[tuple[datetime, int]]:
    """When it grew, and from which quantity; the latest first."""
    phases = Phase.objects.filter(subscription=held.subscription, tenant=held.subscription.tenant_id).order_by("pk")
    rows = list(phases.values_list("made_at", "quantity"))
    return [(at, before) for (_at, before), (at, after) in pairwise(rows) if after > before][::-1]
