"""Do pages, charts and REST of pools take as many queries with 100,000 pools as with 100, and how much longer?"""

from typing import Any

from bench.cluster import Cluster
from bench.directory import by_turns, fill, queries, show

SIZES = {"small": 1, "large": 1_000}
"""How many are in stock; of each 99 are given away."""
TENANTS = (40, 2)
PAGES = {
    "list": "/console/pools/",
    "list, active": "/console/pools/?status=active",
    "list, of a holder": "/console/pools/?holder=%(holder)s",
    "list, by what is available": "/console/pools/?sort=-available",
    "page and chart of one": "/console/pools/%(pool)s/",
    "what was given of one": "/console/pools/%(pool)s/?tab=given",
    "dashboard of a reseller": "/console/resellers/%(holder)s/?tab=pools",
    "first page of the provider": "/console/",
    "REST": "/api/v1/pools?limit=50",
    "REST, chart": "/api/v1/pools/%(pool)s/trend",
    "REST, dashboard": "/api/v1/resellers/%(holder)s/dashboard",
}
POOLS = """
INSERT INTO subscriptions_pool (provider_id, tenant_id, line, holders, service_type_id, name, unit, source,
       payment_type, state, seats, pending, allocated, assigned, was_assigned, own_end, ends_at, end_day, term_months,
       renews, made_at)
SELECT t.id, t.id, '{}', ARRAY[t.id], s.id, 'Backup ' || n, 'seats', 'direct', 'yearly', 'active', 1000, 0, 0, 0, false,
       '2027-12-31', '2027-12-31', 31, 0, false, timestamptz '2026-11-20' - n %% 200 * interval '1 day'
  FROM tenants_tenant t, catalog_servicetype s, generate_series(1, %(stocks)s) AS n WHERE t.kind = 'provider';
UPDATE subscriptions_pool SET line = ARRAY[id];
INSERT INTO subscriptions_pool (provider_id, tenant_id, grantor_id, parent_id, line, holders, service_type_id, name,
       unit, source, payment_type, state, seats, pending, allocated, assigned, was_assigned, ends_at, end_day,
       term_months, renews, made_at)
SELECT p.provider_id, r.id, p.tenant_id, p.id, p.line, p.holders || r.id, p.service_type_id, p.name, p.unit,
       'distributor', 'monthly', 'active', 5, 0, 0, 0, false, p.ends_at, 1, 0, false, p.made_at + interval '1 hour'
  FROM subscriptions_pool p, generate_series(1, 99) AS n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number, count(*) OVER () AS many
          FROM tenants_tenant WHERE kind = 'reseller') AS r ON r.number = 1 + n %% r.many;
UPDATE subscriptions_pool SET line = line || id WHERE parent_id IS NOT NULL;
UPDATE subscriptions_pool SET allocated = 5 * 99 WHERE parent_id IS NULL;
INSERT INTO subscriptions_seatentry (provider_id, pool_id, child_id, kind, seats, by_seats, by_pending, by_allocated,
       by_assigned, made_at)
SELECT provider_id, id, NULL, CASE WHEN parent_id IS NULL THEN 'purchase' ELSE 'received' END, seats, seats, 0, 0, 0,
       made_at FROM subscriptions_pool
UNION ALL
SELECT provider_id, parent_id, id, step.kind, seats, 0, step.pending * seats, step.allocated * seats, 0, made_at
  FROM subscriptions_pool, (VALUES ('offer', 1, 0), ('accept', -1, 1)) AS step (kind, pending, allocated)
 WHERE parent_id IS NOT NULL;
"""
TABLES = ("subscriptions_pool", "subscriptions_seatentry")


class Reader:
    """A browser for pages, and a program for REST."""

    def __init__(self, browser: Any) -> None:
        from django.test import Client

        from bench.market import NOW
        from subscriptions.models import Pool
        from tenants.actor import Actor
        from tenants.models import Membership
        from tenants.services.api_keys import create_api_key

        member = Membership.objects.select_related("tenant", "user").get()
        key = create_api_key(actor=Actor.of(member, ""), name="bench", scopes=["*"], now=NOW)[1]
        self.browser, self.program = browser, Client(headers={"Authorization": f"Bearer {key}"})
        given = Pool.objects.exclude(parent=None).order_by("pk")[0]
        self.ids = {"pool": given.parent_id, "holder": given.tenant_id}

    def get(self, url: str) -> Any:
        return (self.program if url.startswith("/api/") else self.browser).get(url % self.ids)


def made(cluster: Cluster, name: str, stocks: int) -> Reader:
    from django.db import connection

    from resellerhub.kernel.owner import as_owner
    from subscriptions.pool_verify import pools

    browser = fill(cluster, name, TENANTS)
    with as_owner(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(POOLS, {"stocks": stocks})
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM (ANALYZE)")
    wrong = pools()
    assert not wrong, wrong[:5]
    return Reader(browser)


def lists(cluster: Cluster, rounds: int) -> bool:
    from django.core.cache import cache

    readers = {name: made(cluster, name, stocks) for name, stocks in SIZES.items()}
    held = {name: f"{stocks * 100:,}" for name, stocks in SIZES.items()}
    print(f"pages, ms, median of {3 * rounds}; small has {held['small']} pools, large {held['large']}")
    met = True
    for label, url in PAGES.items():
        counts = {}
        for name, each in readers.items():
            cluster.use(name)
            cache.clear()
            each.get(url)
            counts[name] = queries(each, url)
        show(label, by_turns(cluster, readers, url, rounds), f"{counts['small']}, {counts['large']} queries")
        met &= counts["large"] <= counts["small"]
    return met
