"""How many seats a second can be handed out of one pool, and does its page stay as quick with 100,000 pools?

    python bench/pools.py [--rounds 5] [--seconds 3] [--only hot | lists]

Starts a throw-away PostgreSQL (fsync on). 16 processes, each with a connection of its own, hand out seats of one pool
to 64 customers for so many seconds. The variants take turns in each round:

  floor    one plain SQL statement as the tables' owner, no trigger in the way: a conditional UPDATE of the pool, the
           assignment, a row of the ledger, a row of the event log; decides nothing but whether enough are free
  ours     `assign_seats`: permission, scope, repeated requests, the end of the pool, all rules of the ledger
  naive    SELECT … FOR UPDATE of the pool, objects, a transaction of many statements, no trigger either

After each round of ours, and after all 16 have taken the last of 1,000 seats, the ledger is verified: nothing was
handed out twice. Then the page, REST and the dashboard of pools with 100,000 of them against 100, by turns.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import pools_rivals as rivals
from bench.cluster import Cluster, throw_away

CLIENTS, CUSTOMERS = 16, 64
PLENTY, FEW = 10**9, 1_000
FLOOR, NAIVE = 0.6, 3
WARM = 20
Work = Callable[[int, int], None]
"""Hands out a seat of a pool to a customer."""


class Hot:
    """One pool of a reseller, and its customers, in two databases: as it is, and with the tables' triggers off."""

    def __init__(self, cluster: Cluster) -> None:
        from django.db import connection

        from bench import market
        from resellerhub.kernel.owner import as_owner
        from subscriptions.models import Pool
        from tenants.actor import Actor
        from tenants.models import Membership, Tenant, User

        self.cluster = cluster
        cluster.use(cluster.copy("rh", "hot"))
        with as_owner():
            made = market.make(2, CUSTOMERS)
        holder = Tenant.objects.resellers().order_by("pk")[0]
        self.customers = list(Tenant.objects.customers().filter(parent=holder).values_list("pk", flat=True))
        user = User.objects.create_user("bench@example.org", "not used here", name="Bench")
        member = Membership.objects.create(
            user=user, tenant=holder, provider_id=made.provider, role="administrator", created_at=market.NOW
        )
        self.actor = Actor.of(member, "bench")
        self.pool, self.few = rivals.stock(holder, PLENTY), rivals.stock(holder, FEW)
        for customer in self.customers:
            self.ours(self.pool.pk, customer)
        cluster.copy("hot", "plain")
        cluster.use("plain")
        with as_owner(), connection.cursor() as cursor:
            for table in (Pool._meta.db_table, "subscriptions_poolassignment", "subscriptions_seatentry"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    def ours(self, pool: int, customer: int) -> None:
        from bench.market import NOW
        from subscriptions.services.pools.assigning import assign_seats

        assign_seats(actor=self.actor, pool_id=pool, customer_id=customer, seats=1, request_id=uuid4(), now=NOW)

    def floor(self, pool: int, customer: int) -> None:
        rivals.floor(self.actor, pool, customer)

    def naive(self, pool: int, customer: int) -> None:
        rivals.naive(self.actor, pool, customer)

    def rate(self, name: str, seconds: float) -> float:
        """Seats a second."""
        self.cluster.use("hot" if name == "ours" else "plain")
        work: Work = getattr(self, name)
        return sum(self._all(lambda number: self._until(work, number, seconds, owner=name != "ours"))) / seconds

    def last(self) -> tuple[int, int]:
        """Of a pool with few seats: how many were handed out, and how many were counted."""
        from subscriptions.models import Pool

        self.cluster.use("hot")
        with_few = rivals.stock(self.few.tenant, FEW)
        taken = sum(self._all(lambda number: self._to_the_end(with_few.pk, number)))
        return taken, Pool.objects.get(pk=with_few.pk).assigned

    def _until(self, work: Work, number: int, seconds: float, *, owner: bool) -> Callable[[], int]:
        from django.conf import settings

        from resellerhub.kernel.owner import log_in

        if owner:
            log_in(settings.DATABASE_OWNER)
        for each in range(WARM):
            work(self.pool.pk, self.customers[(number + each) % CUSTOMERS])

        def run() -> int:
            done, end = 0, time.perf_counter() + seconds
            while time.perf_counter() < end:
                work(self.pool.pk, self.customers[(number + CLIENTS * done) % CUSTOMERS])
                done += 1
            return done

        return run

    def _to_the_end(self, pool: int, number: int) -> Callable[[], int]:
        from subscriptions.pool_refusals import PoolExhausted

        def run() -> int:
            done = 0
            while True:
                try:
                    self.ours(pool, self.customers[(number + CLIENTS * done) % CUSTOMERS])
                except PoolExhausted:
                    return done
                done += 1

        return run

    def _all(self, prepare: Callable[[int], Callable[[], int]]) -> list[int]:
        """What each of so many processes has done, all of them begun at the same moment."""
        from django.db import connection

        connection.close()
        forked = multiprocessing.get_context("fork")
        ready, results = forked.Barrier(CLIENTS), forked.SimpleQueue()

        def child(number: int) -> None:
            run = prepare(number)
            connection.ensure_connection()
            ready.wait(60)
            results.put(run())
            connection.close()

        children = [forked.Process(target=child, args=(number,)) for number in range(CLIENTS)]
        for each in children:
            each.start()
        for each in children:
            each.join(120)
        assert all(each.exitcode == 0 for each in children), [each.exitcode for each in children]
        return [results.get() for _each in children]


def hot(cluster: Cluster, rounds: int, seconds: float) -> bool:
    from subscriptions.pool_verify import pools

    bench = Hot(cluster)
    rates: dict[str, list[float]] = {"floor": [], "ours": [], "naive": []}
    oversold = 0
    print(f"one hot pool, {CLIENTS} clients, seats a second")
    for number in range(rounds):
        for name, seen in rates.items():
            seen.append(bench.rate(name, seconds))
        taken, counted = bench.last()
        wrong = pools()
        oversold += taken != FEW or counted != FEW or bool(wrong)
        told = ", ".join(f"{name} {seen[-1]:,.0f}" for name, seen in rates.items())
        print(
            f"  round {number + 1}: {told}; of the last {FEW:,} seats {taken:,} were taken {wrong[:3] or ''}",
            flush=True,
        )
    pairs: Any = zip(rates["ours"], rates["floor"], rates["naive"], strict=True)
    shares = [(ours / floor, ours / naive) for ours, floor, naive in pairs]
    floor, naive = (median(each[position] for each in shares) for position in (0, 1))
    print(f"  ours is {floor:.2f} x floor (≥ {FLOOR}), {naive:.2f} x naive (≥ {NAIVE}); {oversold} rounds oversold (0)")
    return floor >= FLOOR and naive >= NAIVE and not oversold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", choices=["hot", "lists"])
    asked = parser.parse_args()
    os.environ.update(REQUIRE_TOTP_FOR_PROVIDERS="false", INSECURE_HTTP="true", ALLOWED_HOSTS="*")
    met = True
    with throw_away() as cluster:
        if asked.only != "lists":
            met &= hot(cluster, asked.rounds, asked.seconds)
        if asked.only != "hot":
            from bench.pools_lists import lists

            met &= lists(cluster, asked.rounds)
    print(f"\ntargets: {'met' if met else 'missed'}")
    sys.exit(not met)


if __name__ == "__main__":
    main()
