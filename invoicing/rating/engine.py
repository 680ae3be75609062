"""From what was held and what was billed to what is to be billed: the one function that bills are made by.

What is owed for each day is compared with what was billed for it, and the difference is charged or given back: so a run
may come late, twice, or after a change of what lies behind it, and bills everything once (Kill Bill, invoice subsystem,
repair). What nothing was billed of yet needs no comparison.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from invoicing.rating.charges import Charge, Kind
from invoicing.rating.correcting import corrections
from invoicing.rating.lines import charged, given_free
from invoicing.rating.policy import FreeDays, Policy
from invoicing.rating.segments import Segment, segments
from invoicing.rating.timeline import DueOnce, Stream
from resellerhub.kernel.money import round_money
from resellerhub.kernel.periods import Period


def rate(stream: Stream, policy: Policy, until: date) -> list[Charge]:
    """What is to be billed until a day, and was not."""
    due = _due_once(stream, policy, until) if stream.due_once else []
    if not stream.stretches:
        return due
    if stream.billed or stream.given_back:
        return due + corrections(stream, policy, until)
    rows = segments(stream, policy, until)
    if policy.free_days is FreeDays.SHOWN:
        cut = list(rows)
        free = [given_free(segment, stream.currency, policy) for segment in cut if segment.is_free]
        return due + [charged(segment, stream.currency, policy) for segment in joined(cut)] + free
    paid = joined(row for row in rows if not row.is_free)
    return due + [charged(segment, stream.currency, policy) for segment in paid]


def joined(rows: Iterable[Segment]) -> Iterator[Segment]:
    """Days that touch, at one price and in one period, are one line; what costs nothing is none."""
    last: Segment | None = None
    for row in rows:
        stretch = row.stretch
        if not stretch.unit_price or not stretch.quantity:
            continue
        if last is not None:
            if (
                last.end == row.start
                and last.period == row.period
                and last.stretch.quantity == stretch.quantity
                and last.stretch.unit_price == stretch.unit_price
            ):
                due_on = last.due_on if stretch.terms.in_advance else row.due_on
                last = last._replace(end=row.end, due_on=due_on)
                continue
            yield last
        last = row
    if last is not None:
        yield last


def _due_once(stream: Stream, policy: Policy, until: date) -> list[Charge]:
    """Each once, whatever the quantity of what it is due for."""
    known = {(row.kind, row.source) for row in stream.billed}
    rows = (row for row in stream.due_once if row.on <= until and (row.kind, row.source) not in known)
    return [_charge_once(row, stream.currency, policy) for row in rows]


def _charge_once(row: DueOnce, currency: str, policy: Policy) -> Charge:
    day = Period(row.on, row.on)
    amount = round_money(row.amount * row.quantity, currency, policy.rounding)
    kind = Kind(row.kind)
    return Charge(kind, row.source, day, day, row.quantity, row.amount, currency, 1, 1, amount, row.on)
