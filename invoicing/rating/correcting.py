"""What was billed and what is owed, day by day: the difference is charged or given back.

Credits are of what was billed, at its price and never more than it (Lago, Kill Bill): one that takes the last days of a
charge gives back all that is left of it, so that no cent stays behind.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from invoicing.rating.charges import Charge, Kind
from invoicing.rating.lines import capped, charged, given_free
from invoicing.rating.policy import Changes, FreeDays, Policy
from invoicing.rating.segments import Segment, begun_and_gone, segments
from invoicing.rating.timeline import GivenBack, Stream, Stretch, as_said
from resellerhub.kernel.money import portion
from resellerhub.kernel.periods import Period

COUNTED = frozenset({Kind.RECURRING, Kind.SUSPENSION, Kind.TRIAL})
"""What is for days, and can be given back by days."""


class Key(NamedTuple):
    """What is compared: units at one price in one cycle; free days and paid ones apart. `lot` is the quantity where a
    change replaces all of it."""

    cycle: Period
    unit_price: Decimal
    lot: int
    is_free: bool


class Wanted(NamedTuple):
    """So many units, more or fewer, are owed for days [start, end)."""

    start: date
    end: date
    quantity: int
    segment: Segment


class Surplus(NamedTuple):
    """Units too many that were billed for days [start, end), and what that comes of."""

    start: date
    end: date
    quantity: int
    cause: Stretch


@dataclass(slots=True)
class Stood:
    """A charge that was billed, and what of it was not given back."""

    charge: Charge
    credits: list[Charge] = field(default_factory=list)

    def units(self, start: date, end: date) -> int:
        """How many still stand on days between which nothing changes."""
        taken = sum(row.quantity for row in self.credits if row.service.start <= start and end <= row.service.end)
        service = self.charge.service
        return self.charge.quantity - taken if service.start <= start and end <= service.end else 0

    @property
    def days(self) -> int:
        """Of all units together."""
        taken = sum(row.quantity * row.service.days for row in self.credits)
        return self.charge.quantity * self.charge.service.days - taken

    def give_back(self, kind: Kind, surplus: Surplus, policy: Policy) -> Charge:
        """Units of days that stood, at what was billed for them."""
        was, between, quantity = self.charge, policy.day_count.between, surplus.quantity
        run = Period(surplus.start, surplus.end)
        part, whole = between(run.start, run.end), was.whole
        if was.part != (billed := between(was.service.start, was.service.end)):
            part, whole = part * was.part, whole * billed  # a first period that was charged as a whole
        earlier = sum((abs(row.amount) for row in self.credits), Decimal(0))
        most = abs(was.amount)
        if quantity * run.days == self.days:
            amount = capped(most, most, earlier)
        else:
            share = portion(was.unit_price * quantity, part, whole, was.currency, policy.rounding)
            amount = capped(share, most, earlier)
        row = Charge(
            kind, surplus.cause.source, run, was.billing, quantity, was.unit_price, was.currency, part, whole,
            amount if was.amount < 0 else -amount, run.start, was.id,
        )  # fmt: skip
        self.credits.append(row)
        return row


def corrections(stream: Stream, policy: Policy, until: date) -> list[Charge]:
    """What is to be billed where something was. What was billed further than `until` is looked at as far as that."""
    horizon = max([until, *(row.due_on for row in stream.billed)])
    wanted = _wanted(stream, policy, horizon)
    stood = _stood(stream, policy)
    known = Counter((row.kind, row.source, row.service.start, row.credits) for row in stream.billed)
    comparison = Comparison(as_said(stream.stretches, policy), stream.currency, policy)
    found: list[Charge] = []
    for key in {**stood, **wanted}:
        for row in comparison.of(key, wanted.get(key, ()), stood.get(key, ())):
            if row.due_on <= until or row.credits is not None:
                again = known[row.kind, row.source, row.service.start, row.credits]
                found.append(row._replace(nth=again) if again else row)
    return sorted(found, key=lambda row: (row.service.start, row.credits is None))


def _wanted(stream: Stream, policy: Policy, until: date) -> dict[Key, list[Wanted]]:
    found: dict[Key, list[Wanted]] = defaultdict(list)
    rows = [row for row in segments(stream, policy, until) if row.stretch.unit_price and row.stretch.quantity]
    for row in rows:
        wanted = Wanted(row.start, row.end, row.stretch.quantity, row)
        if not row.is_free or policy.free_days is FreeDays.SHOWN:
            found[_key(row, policy)].append(wanted)
        if row.is_free and policy.free_days is FreeDays.SHOWN:
            found[_key(row, policy, is_free=True)].append(wanted)
    for given in stream.given_back:
        last = next((row for row in reversed(rows) if row.stretch.source == given.source), None)
        last = last or begun_and_gone(stream, policy, given.source)
        if last is not None and not last.is_free:
            found[_key(last, policy)] += _moved(given, last, _alike_since(last, rows))
    return found


def _moved(given: GivenBack, row: Segment, alike_since: date) -> Iterator[Wanted]:
    """Units that stay for longer than they were held, or for less; within the cycle in which they ended."""
    if given.since > row.end:
        yield Wanted(row.end, min(given.since, row.period.end), given.quantity, row)
    elif (since := max(given.since, row.period.start, alike_since)) < row.end:
        yield Wanted(since, row.end, -given.quantity, row)


def _alike_since(last: Segment, rows: Sequence[Segment]) -> date:
    """From when on so many were held at this price: a suspension, say, changes nothing about that."""
    since, held = last.start, last.stretch
    for row in reversed(rows):
        was = row.stretch
        is_alike = (was.quantity, was.unit_price, was.cadence) == (held.quantity, held.unit_price, held.cadence)
        if row.end == since and is_alike:
            since = row.start
    return since


def _key(row: Segment, policy: Policy, *, is_free: bool = False) -> Key:
    lot = row.stretch.quantity if policy.changes is Changes.REPLACEMENT else 0
    return Key(row.period.cycle, row.stretch.unit_price, lot, is_free)


def _stood(stream: Stream, policy: Policy) -> dict[Key, list[Stood]]:
    """Of cycles that are looked at, in the order in which they were billed."""
    found: dict[Key, list[Stood]] = defaultdict(list)
    by_id: dict[Any, Stood] = {}
    for row in stream.billed:
        if row.credits is not None:
            if row.credits in by_id:
                by_id[row.credits].credits.append(row)
        elif row.kind in COUNTED and row.billing.end > stream.since:
            lot = row.quantity if policy.changes is Changes.REPLACEMENT else 0
            by_id[row.id] = stood = Stood(row)
            found[Key(row.billing, row.unit_price, lot, row.kind != Kind.RECURRING)].append(stood)
    return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """`stretches` say what a difference comes of."""

    stretches: Sequence[Stretch]
    currency: str
    policy: Policy

    def of(self, key: Key, wanted: Sequence[Wanted], stood: Sequence[Stood]) -> Iterator[Charge]:
        """What is missing, and what is too much: of that, what was billed last is given back first."""
        if _is_same(wanted, stood):
            return
        more: list[Segment] = []
        less: dict[int, list[Surplus]] = defaultdict(list)
        for start, end in pairwise(_days(wanted, stood)):
            owed = sum(row.quantity for row in wanted if row.start <= start and end <= row.end)
            standing = [each.units(start, end) for each in stood]
            missing = owed - sum(standing)
            if missing > 0:
                _lengthen(more, _piece(wanted, start, end, missing))
            for index in reversed(range(len(stood))):
                if missing < 0 < standing[index]:
                    taken = min(standing[index], -missing)
                    missing += taken
                    _extend(less[index], Surplus(start, end, taken, self._cause(start)))
        for index, rows in less.items():
            for row in rows:
                kind = Kind(stood[index].charge.kind) if key.is_free else self._kind(row)
                yield stood[index].give_back(kind, row, self.policy)
        line = given_free if key.is_free else charged
        for segment in more:
            yield line(segment, self.currency, self.policy)

    def _cause(self, day: date) -> Stretch:
        """What is held on a day, else what was held last."""
        begun = [row for row in self.stretches if row.starts_on <= day]
        return begun[-1] if begun else self.stretches[0]

    def _kind(self, row: Surplus) -> Kind:
        cause = row.cause
        is_held = cause.ends_on is None or row.start < cause.ends_on
        return Kind.SUSPENSION if is_held and cause.is_credited else Kind.CREDIT


def _is_same(wanted: Sequence[Wanted], stood: Sequence[Stood]) -> bool:
    """The usual case: billed, and nothing has changed."""
    if len(wanted) != 1 or len(stood) != 1 or stood[0].credits:
        return False
    was, owed = stood[0].charge, wanted[0]
    return (was.service.start, was.service.end, was.quantity) == (owed.start, owed.end, owed.quantity)


def _days(wanted: Sequence[Wanted], stood: Sequence[Stood]) -> list[date]:
    """All on which something begins or ends."""
    days = {day for row in wanted for day in (row.start, row.end)}
    for each in stood:
        days |= {day for row in (each.charge, *each.credits) for day in (row.service.start, row.service.end)}
    return sorted(days)


def _piece(wanted: Sequence[Wanted], start: date, end: date, quantity: int) -> Segment:
    """So many units of what is owed for these days, as far as it was not billed."""
    row = next(each for each in reversed(wanted) if each.quantity > 0 and each.start <= start and end <= each.end)
    segment, stretch = row.segment, row.segment.stretch
    is_begin = start == segment.start
    return segment._replace(
        stretch=stretch._replace(quantity=quantity),
        start=start,
        end=end,
        counted_from=segment.counted_from if is_begin else start,
        due_on=end if not stretch.terms.in_advance else segment.due_on if is_begin else start,
    )


def _lengthen(rows: list[Segment], piece: Segment) -> None:
    """Days that touch are one line."""
    if rows and rows[-1].end == piece.start and rows[-1].stretch.quantity == piece.stretch.quantity:
        due_on = rows[-1].due_on if piece.stretch.terms.in_advance else piece.due_on
        rows[-1] = rows[-1]._replace(end=piece.end, due_on=due_on)
    else:
        rows.append(piece)


def _extend(rows: list[Surplus], row: Surplus) -> None:
    """Likewise, where they have one cause."""
    if rows and (rows[-1].end, rows[-1].quantity, rows[-1].cause) == (row.start, row.quantity, row.cause):
        rows[-1] = rows[-1]._replace(end=row.end)
    else:
        rows.append(row)
