"""How fast is a bulk sale, from the submission to the end of its job, done by real Celery workers?

    python bench/bulk_sale.py [--targets 10000 100000] [--rounds 3]

Starts a throw-away PostgreSQL (fsync on) and Valkey, fills it with resellers of 100 customers each and sells one add-on
to all customers: "do not sell when already sold" on, no reseller may oversell. Every run has a fresh copy of the same
database, and the variants take turns in each round:

  floor    one plain SQL statement that writes the same rows (sales, grants, holdings on both ends, events, targets in
           their final state) and decides nothing
  ours     from start_bulk_sale to the end of the job, with one worker and with two
  preview  preview_bulk_sale of the same order
  naive    a loop of the ORM, one transaction per target, on 1,000 targets, scaled up

Judged is the largest number of targets: at 10,000 a commit and a message weigh as much as a chunk.
"""

import argparse
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import bulk_sale_rivals as rivals
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
    def _family(parent: Any) -> list[Any]:
        return [parent, *parent.children(recursive=True)]

    def run(self) -> None:
        while not self.over.wait(0.02):
            for one in self.processes:
                self.most = max(self.most, one.memory_info().rss - self.before[one.pid])

    def stop(self) -> float:
        self.over.set()
        self.join()
        return self.most / 2**20


class Effort:
    """Seconds of processor time of PostgreSQL and the workers: what the clock says on a machine that does nothing else.

    The clock decides; this tells whether the machine was busy with something else.
    """

    def __init__(self, *pids: int) -> None:
        import psutil

        self.parents = [psutil.Process(pid) for pid in pids]
        self.before = self._spent()

    def _spent(self) -> float:
        family = {one for parent in self.parents for one in (parent, *parent.children(recursive=True))}
        return sum(sum(one.cpu_times()[:4]) for one in family if one.is_running())  # of the dead, too

    def seconds(self) -> float:
        return self._spent() - self.before


@dataclass
class Run:
    seconds: float
    cpu: float = 0.0
    grown: float = 0.0
    """MiB that a worker grew."""


class Bench:
    def __init__(self, cluster: Cluster, targets: int) -> None:
        from addons.services.orders import Order
        from bench import market
        from resellerhub.kernel.owner import as_owner
        from tenants.actor import Actor

        self.cluster, self.targets = cluster, targets
        self.postgres = cluster.children[0].process.pid
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

    def floor(self) -> Run:
        from django.db import connection, transaction

        self.fresh()
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM catalog_resource WHERE code = 'shared_mailbox'")
            values = {"add_on": self.market.add_on, "resource": cursor.fetchone()[0]}
            effort, started = Effort(self.postgres), time.perf_counter()
            with transaction.atomic():
                cursor.execute(rivals.FLOOR, values)
                assert cursor.rowcount == self.targets
            return Run(time.perf_counter() - started, effort.seconds())

    def preview(self) -> Run:
        from addons.services.previews import preview_bulk_sale
        from bench.market import NOW

        self.fresh()
        effort, started = Effort(self.postgres), time.perf_counter()
        preview = preview_bulk_sale(actor=self.actor, order=self.order, now=NOW)
        assert preview.counts["sold"] == self.targets
        return Run(time.perf_counter() - started, effort.seconds())

    def ours(self, workers: int) -> Run:
        self.fresh()
        with self.cluster.workers(workers) as running:
            self._warm()
            pids = [worker.process.pid for worker in running]
            memory, effort, started = Memory(pids), Effort(self.postgres, *pids), time.perf_counter()
            memory.start()
            job = self._sell(self.order)
            seconds, cpu, grown = time.perf_counter() - started, effort.seconds(), memory.stop()
        assert job.done == self.targets - self.warm, (job.state, job.done, job.skipped, job.failed)
        share = self.targets / (self.targets - self.warm)
        return Run(seconds * share, cpu * share, grown)

    def _warm(self) -> None:
        """One small sale to the customers of two resellers: imports are paid once in a worker's life."""
        from dataclasses import replace

        from tenants.models import Tenant

        self.warm = 0
        for owner in Tenant.objects.filter(provider=self.market.provider).resellers().order_by("pk")[: WARM // EACH]:
            self.warm += self._sell(replace(self.order, owner_id=owner.pk)).done

    def _sell(self, order: Any) -> Any:
        from addons.services.bulk import start_bulk_sale
        from bench.market import NOW
        from resellerhub.kernel.models import Job

        job_id = start_bulk_sale(actor=self.actor, order=order, request_id=uuid4(), now=NOW).job_id
        until = time.monotonic() + PATIENCE
        while (job := Job.objects.get(pk=job_id)).is_live:
            assert time.monotonic() < until, f"job {job_id} is {job.state} after {PATIENCE} s"
            time.sleep(0.02)
        return job

    def naive(self) -> Run:
        """On a sample, scaled up."""
        self.fresh()
        return Run(rivals.naive(self.market.add_on, self.actor, SAMPLE) * self.targets / SAMPLE)


def measure(cluster: Cluster, targets: int, rounds: int) -> dict[str, float]:
    from resellerhub.kernel.verify import findings

    bench = Bench(cluster, targets)
    runs: dict[str, list[Run]] = {}
    for number in range(rounds):
        row = {"floor": bench.floor(), "one worker": bench.ours(1), "two workers": bench.ours(2)}
        wrong = [sentence for sentences in findings().values() for sentence in sentences]
        assert not wrong, wrong[:5]
        row |= {"preview": bench.preview(), "naive": bench.naive()}
        for name, run in row.items():
            runs.setdefault(name, []).append(run)
        print(
            f"  round {number + 1}: " + ", ".join(f"{name} {run.seconds:.2f}" for name, run in row.items()), flush=True
        )
    clock = {name: median(run.seconds for run in several) for name, several in runs.items()}
    cpu = {name: median(run.cpu for run in several) for name, several in runs.items()}
    print(f"\n{targets:,} targets, median of {rounds} rounds")
    for name, seconds in clock.items():
        note = f"of {SAMPLE:,} targets, scaled up" if name == "naive" else f"{cpu[name]:.2f} s of processor"
        print(f"  {name:12} {seconds:9.2f} s {targets / seconds:10,.0f} targets/s   {note}")
    print(f"  by processor time: one worker {cpu['one worker'] / cpu['floor']:.2f} x floor, ", end="")
    print(f"two workers {cpu['two workers'] / cpu['floor']:.2f} x floor")

    def ratio(one: str, other: str) -> float:
        """Of the two in the same round: they met the same machine, which may be slower in the next."""
        return median(run.seconds / rival.seconds for run, rival in zip(runs[one], runs[other], strict=True))

    return {
        "one worker / floor": ratio("one worker", "floor"),
        "two workers / floor": ratio("two workers", "floor"),
        "naive / one worker": ratio("naive", "one worker"),
        "preview / one worker": ratio("preview", "one worker"),
        "worker memory, MiB": max(run.grown for several in runs.values() for run in several),
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
                verdict = f"({sign} {limit}: {'met' if met else 'MISSED'})" if judged else ""
                print(f"  {name:22} {value:8.2f}  {verdict}")
            print(flush=True)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
