"""Cuts what was held at the borders of billing periods, and says when each piece is due."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from invoicing.rating.policy import Anchor, Anchoring, Policy
from invoicing.rating.timeline import DAY, FOREVER, Stream, Stretch, as_said
from resellerhub.kernel.cycles import BillingPeriod, Cadence, Grid


class Segment(NamedTuple):
    """Days [start, end) of one stretch within one billing period. Its price has a share for those from `counted_from`
    on: more than were held, where a first period is not prorated."""

    stretch: Stretch
    period: BillingPeriod
    start: date
    end: date
    counted_from: date
    is_free: bool
    due_on: date


class Calendar:
    """In which billing period a day falls, by the policy and the terms that were said."""

    def __init__(self, stream: Stream, policy: Policy) -> None:
        self.policy, self.begins = policy, stream.begins
        self.is_anniversary = policy.anchoring is Anchoring.ANNIVERSARY
        said = stream.anchors or (Anchor(self.begins, self.begins, self.begins.day),)
        self.anchors = effective(said) if len(said) > 1 else said

    def period_of(self, cadence: Cadence, day: date) -> tuple[BillingPeriod, date]:
        """The billing period, and where another one begins: sooner than it ends, where periods are counted anew."""
        if not self.is_anniversary:
            period = self.policy.calendar(cadence).period_of(day)
            return period, period.end
        at = len(self.anchors) - 1
        while at and self.anchors[at].since > day:
            at -= 1
        anchor = self.anchors[at]
        period = Grid(anchor.origin, anchor.day, cadence, anchor.until).period_of(day)
        if at + 1 < len(self.anchors):
            return period, min(period.end, self.anchors[at + 1].since)
        return period, period.end


def effective(anchors: Sequence[Anchor]) -> Sequence[Anchor]:
    """Of each day that which was said last: a later one takes the place of all that begins no sooner."""
    found: list[Anchor] = []
    for anchor in anchors:
        while found and found[-1].since >= anchor.since:
            found.pop()
        found.append(anchor)
    return found


def segments(stream: Stream, policy: Policy, until: date) -> Iterator[Segment]:
    """What is due until a day, in the order of its days."""
    calendar = Calendar(stream, policy)
    rows = as_said(stream.stretches, policy)
    for index, row in enumerate(rows):
        if row.ends_on is None or row.starts_on < row.ends_on:
            yield from _cut(row, calendar, until, stream.since, is_last=index == len(rows) - 1)


def begun_and_gone(stream: Stream, policy: Policy, source: object) -> Segment | None:
    """What ended on the day on which it began, as a segment without days: something may have been said about it."""
    for row in as_said(stream.stretches, policy):
        if row.source == source and row.starts_on == row.ends_on:
            period, _end = Calendar(stream, policy).period_of(row.cadence, row.starts_on)
            if period.cycle.end > stream.since:
                return Segment(row, period, row.starts_on, row.starts_on, row.starts_on, False, row.starts_on)
    return None


def _cut(row: Stretch, calendar: Calendar, until: date, since: date, *, is_last: bool) -> Iterator[Segment]:
    terms, cadence, begins = row.terms, row.cadence, calendar.begins
    day, end = row.starts_on, row.ends_on or FOREVER
    free_until = _free_until(row, begins, end)
    if since > day:
        period, _next = calendar.period_of(cadence, min(since, end - DAY))
        day = max(day, period.start)
    while day < end:
        period, stop = calendar.period_of(cadence, day)
        if end <= stop:
            if is_last and end < stop and not terms.prorates_last:
                end = stop
            stop = end
        if day < free_until < stop:
            stop = free_until
        if not terms.in_advance:
            due_on = stop
        elif not calendar.policy.ahead:
            due_on = day
        else:
            due_on = _sooner(period, day, cadence, calendar)
        if due_on > until:
            return
        if period.cycle.end > since:
            is_counted_whole = day == begins and not terms.prorates_first
            yield Segment(row, period, day, stop, period.start if is_counted_whole else day, day < free_until, due_on)
        day = stop


def _sooner(period: BillingPeriod, day: date, cadence: Cadence, calendar: Calendar) -> date:
    """So many periods before its own day, but no sooner than the first is over (PortaBilling, mr100 and mr112, in
    advance by one period: 30 at once, then 60, then 30)."""
    first, _end = calendar.period_of(cadence, calendar.begins)
    if period.start <= first.start:
        return day
    for _each in range(calendar.policy.ahead):
        period, _end = calendar.period_of(cadence, period.start - DAY)
    return min(day, max(period.start, first.end))


def _free_until(row: Stretch, begins: date, end: date) -> date:
    """The first day that is charged: after a trial (Lago, plan model); none where it is suspended and credited."""
    if row.is_credited:
        return end
    if row.terms.trial_days:
        return min(end, begins + timedelta(days=row.terms.trial_days))
    return row.starts_on
