"""What a push would do if all its targets had their turn now, decided as their turn decides it. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection

from resellerhub.kernel.money import round_money
from resellerhub.kernel.operation import operation
from subscriptions.models import PhaseFee
from subscriptions.refusals import NothingSold
from subscriptions.selectors.targets import frozen
from subscriptions.services.pushes.decision import CHANGED, OUTCOMES, Decision, decide
from subscriptions.services.pushes.room import Room
from subscriptions.services.pushes.terms import Asked, NewTerms, targets_of, terms_of
from tenants.actor import Actor

READ = 1_000
"""Targets that are decided at once."""
SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Money:
    """What those that change owe who pushes, for one cycle: before, and then."""

    stream: str
    currency: str
    cycle: str
    targets: int
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Preview:
    """`counts` has every outcome; `granted` says how much more or less of a resource all together are allocated."""

    total: int
    counts: dict[str, int]
    money: list[Money] = field(default_factory=list)
    granted: dict[int, int] = field(default_factory=dict)
    sample: list[Decision] = field(default_factory=list)
    """The first of each outcome, in the order in which they have their turn."""


@operation
def preview_push(*, actor: Actor, asked: Asked, now: datetime) -> Preview:
    """Counts, money and some of the targets. Refuses what `start_push` refuses."""
    counts = dict.fromkeys(OUTCOMES, 0)
    money, granted = _Money(), defaultdict[int, int](int)
    samples: dict[str, list[Decision]] = defaultdict(list)
    for one in foreseen(actor, asked, now):
        counts[one.outcome] += 1
        if len(samples[one.outcome]) < SAMPLE:
            samples[one.outcome].append(one)
        if one.outcome == CHANGED:
            money.add(one)
            for resource, amount in one.changes.items():
                granted[resource] += amount
    if not (total := sum(counts.values())):
        raise NothingSold()
    return Preview(total, counts, money.rows, dict(granted), _spread(samples))


def foreseen(actor: Actor, asked: Asked, now: datetime) -> Iterator[Decision]:
    """Every target with what would become of it, read some at a time. Refuses what `start_push` refuses."""
    terms = terms_of(actor, asked, now)
    chosen, values = frozen(targets_of(actor, asked))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT n, id FROM ({chosen}) AS c (n, id) ORDER BY n", values)
        ids = [pk for _position, pk in cursor.fetchall()]
    return _decided(terms, ids)


def _decided(terms: NewTerms, ids: list[int]) -> Iterator[Decision]:
    room = Room(locks=False)
    for start in range(0, len(ids), READ):
        yield from decide(terms, ids[start : start + READ], room)


def _spread(samples: dict[str, list[Decision]]) -> list[Decision]:
    """So many in all, of each outcome some."""
    share = max(SAMPLE // max(len(samples), 1), 1)
    return [one for outcome in OUTCOMES for one in samples.get(outcome, ())[:share]]


class _Money:
    """Sums by stream, currency and cycle; what is owed once for a reseller counts once."""

    def __init__(self) -> None:
        self.sums: dict[tuple[str, str, str], list[Decimal]] = {}
        self.numbers: dict[tuple[str, str, str], int] = defaultdict(int)
        self.seen: set[tuple[int, int, int | None]] = set()

    def add(self, one: Decision) -> None:
        for pair in one.moved:
            keys = set()
            for place, fee in enumerate(pair):
                if fee is None:
                    continue
                key = (fee.stream, fee.currency, fee.cycle)
                self.sums.setdefault(key, [Decimal(0), Decimal(0)])[place] += self._owed(place, fee, one)
                keys.add(key)
            for key in keys:
                self.numbers[key] += 1

    def _owed(self, place: int, fee: PhaseFee, one: Decision) -> Decimal:
        if fee.applies_more_than_once:
            return fee.unit_price * one.subscription.quantity
        once = (place, fee.payer_id, fee.fee_version_id)
        if once in self.seen:
            return Decimal(0)
        self.seen.add(once)
        return fee.unit_price

    @property
    def rows(self) -> list[Money]:
        return [
            Money(stream, currency, cycle, self.numbers[key], *(round_money(each, currency) for each in self.sums[key]))
            for key in sorted(self.sums)
            for stream, currency, cycle in [key]
        ]
