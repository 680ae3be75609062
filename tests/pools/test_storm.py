"""Sixteen clients at once on one line of pools: nothing is given twice, and nobody is told of a deadlock."""

import random
import time
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from resellerhub.kernel.refusals import Busy, Refusal
from subscriptions.models import Pool, PoolAssignment
from subscriptions.pool_verify import pools
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from subscriptions.services.pools.editing import edit_pool
from subscriptions.services.pools.ending import reclaim_seats
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.purchasing import change_stock, extend_pool
from subscriptions.services.pools.resolving import accept_pool, decline_pool, return_pool
from tests.pools.dice import CHANCES, NAMES
from tests.pools.model import DEPTH
from tests.pools.stage import END
from tests.pools.walking import Walker
from tests.together import together
from tests.world import NOW

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 16


class NotAsked(Refusal):
    """What this holder cannot do."""

    code, message = "not-asked", "Nothing was asked for."


class Client:
    """Does what comes to its mind with pools that others work on, too."""

    def __init__(self, walker: Walker, ids: list[tuple[int, int]], seed: int, until: float) -> None:
        self.walker, self.ids, self.until = walker, ids, until
        self.dice = random.Random(seed)  # noqa: S311 - dice, not a secret
        self.done: Counter[tuple[str, str]] = Counter()

    def __call__(self) -> Counter[tuple[str, str]]:
        while time.monotonic() < self.until:
            name = self.dice.choices(NAMES, CHANCES)[0]
            pk, level = max(self.dice.choices(self.ids[-40:] + self.ids[:10], k=2), key=lambda one: one[1])
            outcome = "done"
            try:
                getattr(self, name)(pk, level)
            except Refusal as refusal:
                outcome = refusal.code
            self.done[name, outcome] += 1
        return self.done

    def actor(self, level):
        return self.walker.people[level].actor

    def now(self):
        return NOW + timedelta(hours=self.dice.randint(0, 30))

    def allocate(self, pk, level):
        if level == DEPTH:
            raise NotAsked()
        end = NOW + timedelta(hours=self.dice.randint(1, 60))
        own = {"mode": "date", "at": end} if self.dice.random() < 0.3 else {}
        giver, taker, parent = self.walker.people[level], self.walker.people[level + 1], Pool.objects.get(pk=pk)
        made = self.walker.stage.offer(parent, taker, self.dice.randint(1, 30), by=giver, **own)
        self.ids.append((made.pk, level + 1))

    def accept(self, pk, level):
        accept_pool(actor=self.actor(level), pool_id=pk, now=self.now())

    def give_back(self, pk, level):
        return_pool(actor=self.actor(max(level - 1, 0)), pool_id=pk, now=NOW)

    def decline(self, pk, level):
        decline_pool(actor=self.actor(level), pool_id=pk, now=NOW)

    def resize(self, pk, level):
        if level:
            edit_pool(actor=self.actor(level - 1), pool_id=pk, seats=self.dice.randint(1, 60), now=self.now())
        else:
            change_stock(actor=self.actor(0), pool_id=pk, seats=self.dice.randint(300, 900), now=NOW)

    def assign(self, pk, level):
        if level not in self.walker.customers:
            raise NotAsked()
        assign_seats(
            actor=self.actor(level), pool_id=pk, customer_id=self.walker.customers[level].id,
            seats=self.dice.randint(1, 5), request_id=uuid4(), now=self.now(),
        )  # fmt: skip

    def release(self, pk, level):
        hand = PoolAssignment.objects.filter(pool=pk).first()
        if hand is None:
            raise NotAsked()
        change_assignment(actor=self.actor(level), assignment_id=hand.pk, seats=self.dice.randint(0, 9), now=self.now())

    def expire(self, pk, level):
        if level < 2:
            raise NotAsked()
        edit_pool(actor=self.actor(level - 1), pool_id=pk, expiry=Expiry("now"), now=self.now())

    def extend(self, pk, level):
        if level:
            edit_pool(actor=self.actor(level - 1), pool_id=pk, expiry=Expiry(), now=self.now())
        else:
            end = END + timedelta(hours=self.dice.randint(0, 99))
            extend_pool(actor=self.actor(0), pool_id=pk, ends_at=end, now=NOW)

    def pay(self, pk, level):
        edit_pool(actor=self.actor(max(level - 1, 0)), pool_id=pk, payment_type="upfront", now=self.now())

    def reclaim(self, pk, _level):
        reclaim_seats(parent_id=pk, now=self.now())


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def storm(stage, seconds: float) -> Counter[tuple[str, str]]:
    walker, before = Walker(stage), deadlocks()
    ids: list[tuple[int, int]] = [(stage.stock(600).pk, 0)]
    for level in range(DEPTH):
        giver, taker = walker.people[level], walker.people[level + 1]
        ids.append((stage.give(Pool.objects.get(pk=ids[-1][0]), taker, 500 - 90 * level, by=giver).pk, level + 1))
    until = time.monotonic() + seconds
    outcomes = together(*[Client(walker, ids, seed, until) for seed in range(CLIENTS)])
    assert [one for one in outcomes if isinstance(one, BaseException)] == []
    total = sum(outcomes, Counter())
    told = {code for _name, code in total}
    assert pools() == []
    assert Busy.code not in told, total
    print(f"{total.total() / seconds:,.0f} a second, {deadlocks() - before} deadlocks repeated unseen; {dict(total)}")
    return total


def test_a_short_storm_breaks_nothing(committed_stage):
    total = storm(committed_stage, 3)
    assert total["assign", "done"]
    assert total["allocate", "done"]


@pytest.mark.slow
def test_a_storm_of_a_minute_breaks_nothing(committed_stage, monkeypatch):
    monkeypatch.setattr("tests.together.PATIENCE", 300)
    total = storm(committed_stage, 60)
    assert {name for name, code in total if code == "done"} == set(NAMES)
