"""How many events a second does the ingestion of usage take, in batches of 10,000?

    python bench/usage.py [--rounds 7] [--subscriptions 10000]

Starts a throw-away PostgreSQL with a market of so many subscriptions of customers, who draw on those of 100 resellers,
and three resources, a counter among them. Events are spread over all of it, each with an id of its own, a tenth of them
late; thresholds are the usual ones, and some are crossed in every batch. The ways take turns in one run:

  ours    the service: checked, resolved, each id counted once, passed up to resellers, thresholds and blocks noted
  twice   the same with two clients at once, whose batches are about the same subscriptions
  floor   COPY into the table of events, and one UPDATE of the totals: decides nothing
  naive   an event, a transaction: by ORM, on a sample
  REST    ours through the endpoint, JSON and all, in requests of 5,000; for information
"""

import argparse
import io
import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median
from threading import Barrier, Thread
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.cluster import Cluster, throw_away

RESELLERS, BATCH, SAMPLE, REQUEST = 100, 10_000, 300, 5_000
AT_LEAST = 20_000
"""Events a second."""

PREPARE = """
UPDATE catalog_resource SET metering = 'counter' WHERE code = 'storage';
UPDATE subscriptions_holding SET allocated = 1000 WHERE allocated = 10;
UPDATE subscriptions_holding SET sold = 100 * sold WHERE sold > 0;
UPDATE subscriptions_grant SET amount = 1000 WHERE amount = 10;
"""
"""Large enough that a random walk crosses thresholds now and then, not always."""

COPY = """
COPY subscriptions_usageevent
     (provider_id, tenant_id, subscription_id, resource_id, event_id, quantity, at, received_at) FROM STDIN
"""
TOTALS = """
UPDATE subscriptions_holding h SET used = h.used + t.quantity, measured = h.measured + t.quantity, used_at = now()
  FROM (SELECT subscription_id, resource_id, sum(quantity) AS quantity
          FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS t (subscription_id, resource_id, quantity)
         GROUP BY 1, 2) AS t
 WHERE h.subscription_id = t.subscription_id AND h.resource_id = t.resource_id
"""


class Bench:
    def __init__(self, cluster: Cluster, subscriptions: int) -> None:
        from django.db import connection

        from bench import market
        from catalog.models import Resource
        from resellerhub.kernel.owner import as_owner
        from subscriptions.models import Subscription
        from tenants.actor import Actor
        from tenants.models import Membership, User

        cluster.use(cluster.copy("rh", "market"))
        with as_owner():
            made = market.make(RESELLERS, subscriptions // RESELLERS)
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE subscriptions_grant DISABLE TRIGGER USER")
                cursor.execute(PREPARE)
                cursor.execute("ALTER TABLE subscriptions_grant ENABLE TRIGGER USER")
                cursor.execute("VACUUM (ANALYZE)")
        self.now = market.NOW
        self.provider = made.provider
        self.actor = Actor.system(made.provider, "bench")
        held = Subscription.objects.filter(tenant__kind="customer").order_by("pk")
        self.held = list(held.values_list("pk", "tenant_id"))
        self.resources = list(Resource.objects.order_by("pk").values_list("pk", "code", "metering"))
        self.ids = count(1)
        self.chance = random.Random(7)  # noqa: S311
        user = User.objects.create_user("bench@example.org", "not used here", name="Bench")
        self.member = Membership.objects.create(
            user=user, tenant_id=made.provider, provider_id=made.provider, role="administrator", created_at=self.now
        )

    def events(self, number: int) -> list[tuple[Any, ...]]:
        """Event id, subscription, tenant, resource and its code, quantity, moment."""
        made = []
        for _each in range(number):
            subscription, tenant = self.chance.choice(self.held)
            resource, code, metering = self.chance.choice(self.resources)
            place = next(self.ids)
            late = timedelta(days=40) if place % 10 == 0 else timedelta()
            most = 5 if metering == "counter" else 1_100 if place % 50 == 0 else 790
            quantity = self.chance.randrange(most)
            at = self.now + timedelta(milliseconds=place) - late
            made.append((f"event-{place}", subscription, tenant, resource, code, quantity, at))
        return made

    def measures(self, number: int) -> list[Any]:
        from subscriptions.services.usage.ingesting import Measure

        return [
            Measure(event_id, subscription, code, quantity, at)
            for event_id, subscription, _tenant, _resource, code, quantity, at in self.events(number)
        ]

    def ours(self) -> float:
        from subscriptions.services.usage.ingesting import ingest_usage

        batch = self.measures(BATCH)
        started = time.perf_counter()
        done = ingest_usage(actor=self.actor, measures=batch, now=self.now)
        seconds = time.perf_counter() - started
        assert done.accepted == BATCH, done
        return BATCH / seconds

    def twice(self) -> float:
        from django.db import connection

        from subscriptions.services.usage.ingesting import ingest_usage

        batches, barrier = [self.measures(BATCH), self.measures(BATCH)], Barrier(3)

        def send(batch: list[Any]) -> None:
            connection.ensure_connection()
            barrier.wait()
            ingest_usage(actor=self.actor, measures=batch, now=self.now)
            connection.close()

        threads = [Thread(target=send, args=(batch,)) for batch in batches]
        for thread in threads:
            thread.start()
        barrier.wait()
        started = time.perf_counter()
        for thread in threads:
            thread.join()
        return 2 * BATCH / (time.perf_counter() - started)

    def floor(self) -> float:
        from django.db import connection, transaction

        events = self.events(BATCH)
        started = time.perf_counter()
        rows = "".join(
            f"{self.provider}\t{tenant}\t{subscription}\t{resource}\t{event_id}\t{quantity}\t{at.isoformat()}\tnow\n"
            for event_id, subscription, tenant, resource, _code, quantity, at in events
        )
        columns = [[event[place] for event in events] for place in (1, 3, 5)]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.cursor.copy_expert(COPY, io.StringIO(rows))
            cursor.execute(TOTALS, columns)
        return BATCH / (time.perf_counter() - started)

    def naive(self) -> float:
        from django.db import transaction

        from subscriptions.models import Holding, Subscription, UsageEvent

        events = self.events(SAMPLE)
        started = time.perf_counter()
        for event_id, subscription_id, _tenant, resource, _code, quantity, at in events:
            with transaction.atomic():
                subscription = Subscription.objects.get(pk=subscription_id)
                UsageEvent.objects.create(
                    provider_id=subscription.provider_id,
                    tenant_id=subscription.tenant_id,
                    subscription=subscription,
                    resource_id=resource,
                    event_id=event_id,
                    quantity=quantity,
                    at=at,
                    received_at=self.now,
                )
                line: Subscription | None = subscription
                while line is not None:
                    holding = Holding.objects.select_for_update().get(subscription=line, resource=resource)
                    holding.used += quantity
                    holding.save(update_fields=["used"])
                    line = line.source
        return SAMPLE / (time.perf_counter() - started)

    def rest(self) -> float:
        from django.test import Client

        if not hasattr(self, "client"):
            from tenants.actor import Actor
            from tenants.services.api_keys import create_api_key

            actor = Actor.of(self.member, "")
            key = create_api_key(actor=actor, name="bench", scopes=["*"], now=self.now)[1]
            self.client = Client(headers={"Authorization": f"Bearer {key}"})
        body = json.dumps(
            {
                "events": [
                    {
                        "event_id": event_id,
                        "subscription": subscription,
                        "resource": code,
                        "quantity": quantity,
                        "at": at.isoformat(),
                    }
                    for event_id, subscription, _tenant, _resource, code, quantity, at in self.events(REQUEST)
                ]
            }
        )
        headers = {"Idempotency-Key": f"bench-{next(self.ids)}"}
        started = time.perf_counter()
        answer = self.client.post("/api/v1/usage", body, content_type="application/json", headers=headers)
        seconds = time.perf_counter() - started
        assert answer.status_code == 200, answer.content[:300]
        assert answer.json()["accepted"] == REQUEST
        return REQUEST / seconds


def measure(cluster: Cluster, subscriptions: int, rounds: int) -> float:
    from subscriptions.models import UsageCrossing

    bench = Bench(cluster, subscriptions)
    ways: dict[str, Callable[[], float]] = {
        "ours": bench.ours,
        "floor": bench.floor,
        "twice": bench.twice,
        "naive": bench.naive,
        "REST": bench.rest,
    }
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-1, rounds):  # the first round warms the caches
        row = {name: way() for name, way in ways.items()}
        if number >= 0:
            for name, speed in row.items():
                speeds[name].append(speed)
            told = ", ".join(f"{name} {speed:,.0f}" for name, speed in row.items())
            print(f"  round {number + 1}: {told}; {UsageCrossing.objects.count():,} crossings", flush=True)
    print(f"\n{subscriptions:,} subscriptions, batches of {BATCH:,}, median of {rounds} rounds")
    for name, several in speeds.items():
        ratio = median(floor / one for one, floor in zip(several, speeds["floor"], strict=True))
        print(f"  {name:6} {median(several):10,.0f} events/s   {ratio:8.2f} x the floor's time")
    return median(speeds["ours"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--subscriptions", type=int, default=10_000)
    asked = parser.parse_args()
    with throw_away() as cluster:
        speed = measure(cluster, asked.subscriptions, asked.rounds)
    print(f"\ntarget: at least {AT_LEAST:,} events a second: {'met' if speed >= AT_LEAST else 'MISSED'}")
    return int(speed < AT_LEAST)


if __name__ == "__main__":
    sys.exit(main())
