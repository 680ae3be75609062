"""How fast is a bulk sale, from the submission to the end of its job, done by real Celery workers?

    python bench/bulk_sale.py [--targets 10000 100000] [--rounds 3] [--keep-going]

Starts a throw-away PostgreSQL (fsync on) and Valkey, fills it with resellers of 100 customers each and sells one add-on
to all customers: "do not sell when already sold" on, no reseller may oversell. Every run has a fresh copy of the same
database, and the variants take turns in each round:

  floor    one plain SQL statement that writes the same rows (sales, grants, holdings on both ends, events, targets in
           their final state) and decides nothing
  ours     from start_bulk_sale to the end of the job, with one worker and with two
  preview  preview_bulk_sale of the same order
  naive    a loop of the ORM, one transaction per target, on 1,000 targets, scaled up
"""

import argparse
import sys
import threading
import time
from pathlib import Path
from statistics import median
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.cluster import Cluster, throw_away

EACH = 100
SAMPLE = 1_000
WARM = 200
PATIENCE = 600
LIMITS = {
    "one worker / floor": (1.5, "<="),
    "two workers / floor": (1.1, "<="),
    "naive / one worker": (40, ">="),
    "preview / one worker": (0.3, "<="),
    "worker memory, MiB": (32, "<="),
}

FLOOR = """
WITH sold AS (
    INSERT INTO addons_addonsale (provider_id, tenant_id, seller_id, subscription_id, add_on_id, quantity, unit_price,
                                  unit_cost, currency, cycle, state, sold_at, job_item_id)
    SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, %(add_on)s, 1, 0.02, 0.01, 'EUR', 'month', 'active', now(),
           nextval('kernel_jobitem_id_seq')
      FROM subscriptions_subscription s WHERE s.source_id IS NOT NULL ORDER BY s.id
    RETURNING id, provider_id, tenant_id, seller_id, subscription_id, job_item_id),
granted AS (
    INSERT INTO subscriptions_grant (provider_id, tenant_id, subscription_id, resource_id, kind, source_id, amount,
                                     made_at)
    SELECT provider_id, tenant_id, subscription_id, %(resource)s, 'add_on', id, 9999, now() FROM sold),
held AS (
    UPDATE subscriptions_holding h SET allocated = allocated + 9999
      FROM sold WHERE h.subscription_id = sold.subscription_id AND h.resource_id = %(resource)s),
drawn AS (
    UPDATE subscriptions_holding h SET sold = h.sold + 9999 * each.number
      FROM (SELECT s.source_id, count(*) AS number
              FROM sold JOIN subscriptions_subscription s ON s.id = sold.subscription_id GROUP BY 1) AS each
     WHERE h.subscription_id = each.source_id AND h.resource_id = %(resource)s),
told AS (
    INSERT INTO tenants_event (provider_id, tenant_id, kind, subject_type, subject_id, after, user_name, user_tenant_id,
                               request_id, at)
    SELECT provider_id, tenant_id, 'add_on.sold', 'addonsale', id,
           jsonb_build_object('add_on', %(add_on)s, 'name', 'Shared mailbox', 'quantity', 1, 'unit_price', '0.02',
                              'currency', 'EUR', 'cycle', 'month', 'granted', '{"2": 9999}'::jsonb, 'bulk_sale', 1,
                              'subscription', subscription_id),
           'Bench', provider_id, '6f9619ff-8b86-d011-b42d-00c04fc964ff', now() FROM sold)
INSERT INTO kernel_jobitem (id, job_id, position, subject_id, state, reason, result_id)
SELECT job_item_id, 1, row_number() OVER (), subscription_id, 'done', '', id FROM sold
"""


class Memory(threading.Thread):
    """How much the processes of a worker grow beyond what they had when this began."""

    def __init__(self, pids: list[int]) -> None:
        super().__init__(daemon=True)
        import psutil

        self.processes = [one for pid in pids for one in self._family(psutil.Process(pid))]
        self.before = {one.pid: one.memory_info().rss for one in self.processes}
        self.most = 0
        self.over = threading.Event()

    @staticmethod
    def _family(parent):
        return [parent, *parent.children(recursive=True)]

    def run(self) -> None:
        while not self.over.wait(0.02):
            for one in self.processes:
                self.most = max(self.most, one.memory_info().rss - self.before[one.pid])

    def stop(self) -> float:
        self.over.set()
        self.join()
        return self.most / 2**20


class Bench:
    def __init__(self, cluster: Cluster, targets: int) -> None:
        from addons.services.bulk import Order
        from bench import market
        from resellerhub.kernel.owner import as_owner
        from tenants.actor import Actor

        self.cluster, self.targets = cluster, targets
        self.template = f"market{targets}"
        cluster.use(cluster.copy("rh", self.template))
        with as_owner():
            self.market = market.make(targets // EACH, EACH)
        self.actor = Actor.system(self.market.provider, "bench")
        self.order = Order(
            audience="customers",
            service_type_id=self.market.service_type,
            add_on_id=self.market.add_on,
            quantity=1,
            only_over_quota=False,
            skip_already_sold=True,
        )

    def fresh(self) -> None:
        """The same database for every run, read once so that no run is the one that warms the cache."""
        from django.db import connection

        self.cluster.use(self.cluster.copy(self.template))
        with connection.cursor() as cursor:
            for table in (
                "subscriptions_subscription",
                "subscriptions_holding",
                "subscriptions_grant",
                "tenants_tenant",
            ):
                cursor.execute(f"SELECT sum(length(each::text)) FROM {table} AS each")

    def floor(self) -> float:
        from django.db import connection, transaction

        self.fresh()
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM catalog_resource WHERE code = 'shared_mailbox'")
            values = {"add_on": self.market.add_on, "resource": cursor.fetchone()[0]}
            started = time.perf_counter()
            with transaction.atomic():
                cursor.execute(FLOOR, values)
                assert cursor.rowcount == self.targets
            return time.perf_counter() - started

    def preview(self) -> float:
        from addons.services.bulk import preview_bulk_sale

        self.fresh()
        started = time.perf_counter()
        preview = preview_bulk_sale(actor=self.actor, order=self.order)
        assert preview.counts["sold"] == self.targets
        return time.perf_counter() - started

    def ours(self, workers: int) -> tuple[float, float]:
        """Seconds, and how many MiB a worker grew."""
        self.fresh()
        with self.cluster.workers(workers) as running:
            self._warm()
            memory = Memory([worker.process.pid for worker in running])
            memory.start()
            started = time.perf_counter()
            job = self._sell(self.order, workers)
            seconds = time.perf_counter() - started
            grown = memory.stop()
        assert job.done == self.targets - self.warm, (job.state, job.done, job.skipped, job.failed)
        return seconds * self.targets / (self.targets - self.warm), grown

    def _warm(self) -> None:
        """One small sale to the customers of two resellers: imports are paid once in a worker's life."""
        from dataclasses import replace

        from tenants.models import Tenant

        self.warm = 0
        for owner in Tenant.objects.filter(provider=self.market.provider).resellers().order_by("pk")[: WARM // EACH]:
            self.warm += self._sell(replace(self.order, owner_id=owner.pk), 1).done

    def _sell(self, order, lanes: int):
        from addons.services.bulk import start_bulk_sale
        from bench.market import NOW
        from resellerhub.kernel.models import Job

        job_id = start_bulk_sale(actor=self.actor, order=order, request_id=uuid4(), now=NOW).job_id
        until = time.monotonic() + PATIENCE
        while (job := Job.objects.get(pk=job_id)).is_live:
            assert time.monotonic() < until, f"job {job_id} is {job.state} after {PATIENCE} s"
            time.sleep(0.01)
        return job

    def naive(self) -> float:
        """What one writes first: a loop, objects, a transaction and a lock for each target."""
        from decimal import Decimal

        from django.db import transaction

        from addons.models import AddOn, AddOnPackage, AddOnSale
        from bench.market import NOW
        from subscriptions.models import Grant, Holding, Subscription

        self.fresh()
        targets = Subscription.objects.filter(source__isnull=False).order_by("pk").values_list("pk", flat=True)[:SAMPLE]
        started = time.perf_counter()
        for pk in targets:
            with transaction.atomic():
                subscription = Subscription.objects.select_related("tenant", "seller__terms", "source").get(pk=pk)
                add_on = AddOn.objects.get(pk=self.market.add_on)
                assert subscription.tenant.status == "active"
                assert AddOnPackage.objects.filter(add_on=add_on, package=subscription.package_id).exists()
                assert not AddOnSale.objects.filter(subscription=subscription, add_on=add_on, state="active").exists()
                sale = AddOnSale.objects.create(
                    provider_id=subscription.provider_id,
                    tenant=subscription.tenant,
                    seller=subscription.seller,
                    subscription=subscription,
                    add_on=add_on,
                    quantity=1,
                    unit_price=add_on.customer_price,
                    unit_cost=Decimal("0.01"),
                    currency=add_on.currency,
                    cycle=add_on.cycle,
                    sold_at=NOW,
                )
                for raised in add_on.resources.all():
                    drawn = Holding.objects.locked().get(subscription=subscription.source, resource=raised.resource_id)
                    assert subscription.seller.terms.may_oversell or drawn.allocated - drawn.sold >= raised.value
                    own = Holding.objects.locked().get(subscription=subscription, resource=raised.resource_id)
                    Grant.objects.create(
                        provider_id=subscription.provider_id,
                        tenant=subscription.tenant,
                        subscription=subscription,
                        resource_id=raised.resource_id,
                        kind="add_on",
                        source_id=sale.pk,
                        amount=raised.value,
                        made_at=NOW,
                    )
                    own.allocated += raised.value
                    own.save()
                    drawn.sold += raised.value
                    drawn.save()
                self.actor.record("add_on.sold", sale, at=NOW, subscription=pk, add_on=add_on.pk, quantity=1)
        return (time.perf_counter() - started) * self.targets / SAMPLE


def measure(cluster: Cluster, targets: int, rounds: int) -> dict[str, float]:
    from resellerhub.kernel.verify import findings

    bench = Bench(cluster, targets)
    times: dict[str, list[float]] = {}
    memory = 0.0
    for number in range(rounds):
        one, grew = bench.ours(1)
        two, grew_each = bench.ours(2)
        wrong = [sentence for sentences in findings().values() for sentence in sentences]
        assert not wrong, wrong[:5]
        memory = max(memory, grew, grew_each)
        row = {
            "floor": bench.floor(),
            "one worker": one,
            "two workers": two,
            "preview": bench.preview(),
            "naive": bench.naive(),
        }
        for name, seconds in row.items():
            times.setdefault(name, []).append(seconds)
        print(
            f"  round {number + 1}: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in row.items()),
            flush=True,
        )
    middle = {name: median(seconds) for name, seconds in times.items()}
    print(f"\n{targets:,} targets, median of {rounds} rounds")
    for name, seconds in middle.items():
        note = f" (of {SAMPLE:,} targets, scaled up)" if name == "naive" else ""
        print(f"  {name:12} {seconds:9.2f} s {targets / seconds:10,.0f} targets/s{note}")
    return {
        "one worker / floor": middle["one worker"] / middle["floor"],
        "two workers / floor": middle["two workers"] / middle["floor"],
        "naive / one worker": middle["naive"] / middle["one worker"],
        "preview / one worker": middle["preview"] / middle["one worker"],
        "worker memory, MiB": memory,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    missed = 0
    with throw_away() as cluster:
        for targets in options.targets:
            judged = targets == max(options.targets)
            for name, value in measure(cluster, targets, options.rounds).items():
                limit, sign = LIMITS[name]
                met = value <= limit if sign == "<=" else value >= limit
                missed += judged and not met
                verdict = f"({sign} {limit}: {'met' if met else 'MISSED'})"
                print(f"  {name:22} {value:8.2f}  {verdict}")
            print(flush=True)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
