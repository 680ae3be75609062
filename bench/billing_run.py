"""How fast is a billing run, from its approval to the end of its job, done by a real Celery worker?

    python bench/billing_run.py [--customers 10000 100000] [--rounds 3]

Starts a throw-away PostgreSQL (fsync on) and Valkey, fills it with customers of three subscriptions each and bills a
month. Every run has a fresh copy of the same database, and the variants take turns in each round:

  floor    plain SQL that writes the same rows (marks, charges, drafts, lines, taxes, events) and decides nothing
  ours     from approve_run to the end of the job, with one worker
  naive    a loop of the ORM, one transaction per customer, on 500 customers, scaled up

Ours has to come to what Decimal makes of the facts, cent by cent; a second run has to write nothing.
"""

import argparse
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.bulk_sale import Effort, Memory, Run
from bench.cluster import Cluster, throw_away

SAMPLE = 500
PATIENCE = 1_200
LIMITS = {"ours / floor": (2.0, "<="), "naive / ours": (30, ">="), "worker memory, MiB": (64, "<=")}


class Bench:
    def __init__(self, cluster: Cluster, customers: int) -> None:
        from bench import billing_rivals as rivals
        from resellerhub.kernel.owner import as_owner
        from tenants.actor import Actor

        self.cluster, self.customers, self.rivals = cluster, customers, rivals
        self.postgres = cluster.children[0].process.pid
        self.template = f"billing{customers}"
        cluster.use(cluster.copy("rh", self.template))
        with as_owner():
            self.provider = rivals.make(customers)
        self.actor = Actor.system(self.provider, "bench")

    def fresh(self) -> None:
        from django.db import connection

        self.cluster.use(self.cluster.copy(self.template))
        with connection.cursor() as cursor:
            for table in (
                "subscriptions_phasefee",
                "subscriptions_phase",
                "subscriptions_subscription",
                "tenants_profile",
            ):
                cursor.execute(f"SELECT sum(length(each::text)) FROM {table} AS each")

    def floor(self) -> Run:
        self.fresh()
        effort = Effort(self.postgres)
        seconds = self.rivals.floor()
        self.check()
        return Run(seconds, effort.seconds())

    def naive(self) -> Run:
        from tenants.models import Tenant

        self.fresh()
        payers = Tenant.objects.filter(provider=self.provider).order_by("pk").values_list("pk", flat=True)[:SAMPLE]
        return Run(self.rivals.naive(self.provider, list(payers)) * self.customers / SAMPLE)

    def ours(self) -> Run:
        from invoicing.models import BillingRun, Charge
        from invoicing.services.charging import charge
        from invoicing.services.runs import approve_run, start_run
        from tenants.models import User

        self.fresh()
        user = User.objects.create(email="bench@example.com", name="Bench")
        actor = self.actor.__class__(**{**vars(self.actor), "user_id": user.pk})
        with self.cluster.workers(1) as running:
            pids = [worker.process.pid for worker in running]
            run = start_run(actor=actor, until=self.rivals.TODAY, request_id=uuid4(), now=self.rivals.NOW)
            self.wait(run.counting_id)
            memory, effort, started = Memory(pids), Effort(self.postgres, *pids), time.perf_counter()
            memory.start()
            job = self.wait(approve_run(actor=actor, run_id=run.pk, now=self.rivals.NOW).job_id)
            seconds, cpu, grown = time.perf_counter() - started, effort.seconds(), memory.stop()
        assert job.done == self.customers, (job.state, job.done, job.skipped, job.failed)
        assert BillingRun.objects.get().job_id == job.pk
        self.check()
        before = Charge.objects.count()
        some = list(Charge.objects.order_by("pk").values_list("payer_id", flat=True)[:3_000])
        assert charge(issuer_id=self.provider, payer_ids=some, until=self.rivals.TODAY, now=self.rivals.NOW) == 0
        assert Charge.objects.count() == before
        return Run(seconds, cpu, grown)

    def wait(self, job_id: Any) -> Any:
        from resellerhub.kernel.models import Job

        until = time.monotonic() + PATIENCE
        while (job := Job.objects.get(pk=job_id)).is_live:
            assert time.monotonic() < until, f"job {job_id} is {job.state} after {PATIENCE} s"
            time.sleep(0.02)
        return job

    def check(self) -> None:
        """Cent by cent what an independent computation says."""
        from invoicing.models import Document

        written = {payer: (net, tax) for payer, net, tax in Document.objects.values_list("payer_id", "net", "tax")}
        assert written == self.rivals.independent()


def measure(cluster: Cluster, customers: int, rounds: int) -> dict[str, float]:
    bench = Bench(cluster, customers)
    runs: dict[str, list[Run]] = {}
    for number in range(rounds):
        row = {"floor": bench.floor(), "ours": bench.ours(), "naive": bench.naive()}
        for name, run in row.items():
            runs.setdefault(name, []).append(run)
        print(
            f"  round {number + 1}: " + ", ".join(f"{name} {run.seconds:.2f}" for name, run in row.items()), flush=True
        )
    print(f"\n{customers:,} customers, median of {rounds} rounds")
    for name, several in runs.items():
        seconds = median(run.seconds for run in several)
        cpu = median(run.cpu for run in several)
        print(f"  {name:6} {seconds:9.2f} s {customers / seconds:10,.0f} customers/s   {cpu:.2f} s of processor")

    def ratio(one: str, other: str) -> float:
        return median(run.seconds / rival.seconds for run, rival in zip(runs[one], runs[other], strict=True))

    return {
        "ours / floor": ratio("ours", "floor"),
        "naive / ours": ratio("naive", "ours"),
        "worker memory, MiB": max(run.grown for several in runs.values() for run in several),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    missed = 0
    with throw_away() as cluster:
        for customers in options.customers:
            for name, value in measure(cluster, customers, options.rounds).items():
                limit, sign = LIMITS[name]
                met = value <= limit if sign == "<=" else value >= limit
                missed += not met
                print(f"  {name:20} {value:8.2f}  ({sign} {limit}: {'met' if met else 'MISSED'})")
            print(flush=True)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
