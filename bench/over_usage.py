"""How fast is "Quota over usage": the roll-up per reseller, and the first page of the worst 50.

    python bench/over_usage.py [--rows 10000 100000 1000000] [--rounds 7]

Starts a throw-away PostgreSQL, fills it and measures; the variants of each measure take turns in one run:

  roll-up   ours: the selector behind page, API and export · floor: one GROUP BY of the same sums, without branches
            naive: an ORM aggregate per reseller, timed on a sample of them and scaled up
  worst 50  ours: the rows of the page's first 50, names joined · scan: the same without the partial index
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.cluster import throw_away

RESOURCES = 5
ROWS_PER_RESELLER = 1_000
SAMPLE = 10
PAGE = 50
TARGETS = {"roll-up": 1.5, "worst 50": 0.1}
JUDGED_FROM = 1_000_000

TREE = """
TRUNCATE tenants_tenant, catalog_servicetype RESTART IDENTITY CASCADE;
ALTER TABLE tenants_tenant DISABLE TRIGGER USER;
ALTER TABLE subscriptions_subscription DISABLE TRIGGER USER;

-- 1 is the provider; then the resellers, every fifth beneath the one before; then four customers to each. No bounds of
-- the tree: nothing here reads them.
INSERT INTO tenants_tenant (id, kind, provider_id, parent_id, ancestors, status, created_at, tree_id, lft, rght, level)
VALUES (1, 'provider', NULL, NULL, '{1}', 'active', now(), 1, 1, 2, 0);
INSERT INTO tenants_tenant (id, kind, provider_id, parent_id, ancestors, status, created_at, tree_id, lft, rght, level)
SELECT 1 + n, 'reseller', 1, CASE WHEN n %% 5 = 0 THEN n END,
       CASE WHEN n %% 5 = 0 THEN ARRAY[1, n, n + 1] ELSE ARRAY[1, n + 1] END, 'active', now(), 1 + n, 1, 2,
       (n %% 5 = 0)::int
FROM generate_series(1, %(resellers)s) n;
INSERT INTO tenants_tenant (id, kind, provider_id, parent_id, ancestors, status, created_at, tree_id, lft, rght, level)
SELECT 1 + %(resellers)s + n, 'customer', 1, r.id, r.ancestors || (1 + %(resellers)s + n)::bigint, 'active', now(),
       r.tree_id, 1, 2, r.level + 1
FROM generate_series(1, 4 * %(resellers)s) n JOIN tenants_tenant r ON r.id = 2 + n %% %(resellers)s;
INSERT INTO tenants_profile (tenant_id, provider_id, name, owner_email, contact_name, phone, street, postal_code, city,
                             country, language)
SELECT id, 1, 'Organisation ' || id, '', '', '', '', '', '', '', 'en' FROM tenants_tenant;
"""

HELD = """
-- The resellers' own subscriptions first, then those of the customers, spread evenly; a tenth of the rows is over.
INSERT INTO subscriptions_subscription (id, provider_id, tenant_id, seller_id, package_id, service_type_id,
                                        service_instance_id, name, quantity, state, started_on,
                                        term_starts_on, renews_on, anchor_day, committed_at)
SELECT n, 1, t.id, coalesce(t.parent_id, 1), p.id, p.service_type_id, i.id, 'Subscription ' || n, 1, 'active',
       '2026-01-01', '2026-01-01', '2026-02-01', 1, '2026-01-01'
FROM generate_series(1, %(rows)s / %(resources)s) n
JOIN tenants_tenant t ON t.id = CASE WHEN n <= %(resellers)s THEN 1 + n
                                     ELSE 2 + %(resellers)s + n %% (4 * %(resellers)s) END
JOIN catalog_package p ON p.audience = t.kind CROSS JOIN catalog_serviceinstance i;
INSERT INTO subscriptions_holding (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis, allocated,
                                   sold, used)
SELECT 1, s.tenant_id, s.seller_id, s.id, r.id, CASE WHEN s.id <= %(resellers)s THEN 'sold' ELSE 'used' END, 1000,
       (s.id * 7919 + r.id * 104729) %% 1100, (s.id * 7919 + r.id * 104729) %% 1100
FROM subscriptions_subscription s CROSS JOIN catalog_resource r ORDER BY s.id, r.id;
"""

FLOOR = """
SELECT seller_id, resource_id, count(*), count(*) FILTER (WHERE remaining < 0), sum(allocated), sum(sold), sum(used),
       sum(utilised), sum(remaining) FILTER (WHERE remaining < 0)
FROM subscriptions_holding WHERE provider_id = 1 GROUP BY seller_id, resource_id
"""


def fill(rows: int) -> int:
    """`rows` resource rows of one provider; how many resellers they are spread over."""
    from django.db import connection

    from resellerhub.kernel.owner import as_owner

    sizes = {"rows": rows, "resellers": max(rows // ROWS_PER_RESELLER, 10), "resources": RESOURCES}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(TREE, sizes)
        make_catalogue()
        cursor.execute(HELD, sizes)
        cursor.execute("VACUUM (ANALYZE)")
    return sizes["resellers"]


def make_catalogue() -> None:
    """A service type with its resources, an instance, and a package for each kind of holder."""
    from catalog.models import Package, Resource, ServiceInstance, ServiceType

    exchange = ServiceType.objects.create(provider_id=1, code="exchange", name="Exchange")
    ServiceInstance.objects.create(provider_id=1, service_type=exchange, name="Exchange 2019")
    for position in range(RESOURCES):
        Resource.objects.create(
            service_type=exchange, code=f"r{position}", name=f"Resource {position}", position=position
        )
    for audience in Package.Audience.values:
        Package.objects.create(
            provider_id=1,
            tenant_id=1,
            service_type=exchange,
            name="Base",
            audience=audience,
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )


def taking_turns(rounds: int, **variants: Callable[[], float | None]) -> dict[str, float]:
    """Median seconds of each; a variant that was timed on a sample returns its own scaled seconds."""
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for turn in range(rounds + 1):
        for name, variant in variants.items():
            started = time.perf_counter()
            scaled = variant()
            took = time.perf_counter() - started if scaled is None else scaled
            if turn:  # the first is for warm caches
                seconds[name].append(took)
    return {name: median(taken) for name, taken in seconds.items()}


def measure(rows: int, rounds: int) -> bool:
    """Print the measures of one size; whether they meet the targets, which count from 1,000,000 rows."""
    from django.db import connection
    from django.db.models import Count, Q, Sum

    from reports.selectors import over_usage_rows
    from subscriptions.models import Holding
    from subscriptions.selectors.over_usage import roll_up
    from tenants.actor import Actor

    resellers = fill(rows)
    provider = Actor.system(1, "bench")

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.fetchall()

    def naive() -> float:
        started = time.perf_counter()
        for reseller in range(2, 2 + SAMPLE):
            over = Q(remaining__lt=0)
            sums = {name: Sum(name) for name in ("allocated", "sold", "used", "utilised")}
            below = Holding.objects.filter(provider=1, tenant__ancestors__contains=[reseller])
            list(below.values("resource").annotate(over=Count("pk", filter=over), **sums).order_by("resource"))
        return (time.perf_counter() - started) * resellers / SAMPLE

    def first_page() -> None:
        assert len(over_usage_rows(provider)[:PAGE]) == PAGE

    def scanned() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off")
        first_page()
        with connection.cursor() as cursor:
            cursor.execute("RESET enable_indexscan; RESET enable_bitmapscan")

    rolled = taking_turns(rounds, ours=lambda: void(roll_up(provider)), floor=lambda: run(FLOOR), naive=naive)
    worst = taking_turns(rounds, ours=first_page, scan=scanned)
    ratios = {"roll-up": rolled["ours"] / rolled["floor"], "worst 50": worst["ours"] / worst["scan"]}
    print(f"\n{rows:,} resource rows, {resellers:,} resellers; ms, median of {rounds}")
    print(
        f"  roll-up   ours {rolled['ours'] * 1e3:8.1f}   floor {rolled['floor'] * 1e3:8.1f}"
        f"   naive {rolled['naive'] * 1e3:10.1f}   ours/floor {ratios['roll-up']:.2f}"
        f"   naive/ours {rolled['naive'] / rolled['ours']:.0f}"
    )
    print(
        f"  worst 50  ours {worst['ours'] * 1e3:8.1f}   scan  {worst['scan'] * 1e3:8.1f}"
        f"                      ours/scan  {ratios['worst 50']:.3f}"
    )
    return rows < JUDGED_FROM or all(ratios[name] <= target for name, target in TARGETS.items())


def void(_result: object) -> None:
    """What is measured returns nothing: a number would be taken for scaled seconds."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with throw_away():
        met = [measure(rows, asked.rounds) for rows in asked.rows]
    targets = f"roll-up ≤ {TARGETS['roll-up']} × floor, worst 50 ≤ {TARGETS['worst 50']} × scan"
    print(f"\ntargets at {JUDGED_FROM:,} rows: {targets}: {'met' if all(met) else 'missed'}")
    sys.exit(not all(met))


if __name__ == "__main__":
    main()
