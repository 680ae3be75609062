"""Compares the counters of pools with their ledger, with what was given and assigned, and ends with their line."""

from subscriptions.verify import found_by

POOLS = {
    "ledger": """
SELECT format('pool %%s: counts (%%s, %%s, %%s, %%s), its ledger says (%%s, %%s, %%s, %%s)', p.id,
              p.seats, p.pending, p.allocated, p.assigned, e.seats, e.pending, e.allocated, e.assigned)
  FROM subscriptions_pool p
  LEFT JOIN (SELECT pool_id, sum(by_seats) AS seats, sum(by_pending) AS pending, sum(by_allocated) AS allocated,
                    sum(by_assigned) AS assigned FROM subscriptions_seatentry GROUP BY pool_id) e ON e.pool_id = p.id
 WHERE (p.seats, p.pending, p.allocated, p.assigned) IS DISTINCT FROM
       (coalesce(e.seats, 0), coalesce(e.pending, 0), coalesce(e.allocated, 0), coalesce(e.assigned, 0))
""",
    "given": """
SELECT format('pool %%s: pending %%s and allocated %%s, given %%s and %%s', p.id, p.pending, p.allocated,
              coalesce(c.waiting, 0), coalesce(c.given, 0))
  FROM subscriptions_pool p
  LEFT JOIN (SELECT parent_id, sum(seats) FILTER (WHERE state = 'pending') AS waiting,
                    sum(seats) FILTER (WHERE state = 'active') AS given
               FROM subscriptions_pool WHERE reclaimed_at IS NULL GROUP BY parent_id) c ON c.parent_id = p.id
 WHERE p.reclaimed_at IS NULL
   AND (p.pending, p.allocated) IS DISTINCT FROM (coalesce(c.waiting, 0), coalesce(c.given, 0))
""",
    "assigned": """
SELECT format('pool %%s: assigned %%s, its customers have %%s', p.id, p.assigned, coalesce(a.seats, 0))
  FROM subscriptions_pool p
  LEFT JOIN (SELECT pool_id, sum(seats) AS seats FROM subscriptions_poolassignment GROUP BY pool_id) a
    ON a.pool_id = p.id
 WHERE p.assigned <> coalesce(a.seats, 0)
""",
    "customers": """
SELECT format('pool %%s: customer %%s has %%s of it, and is deleted or buys from another', p.id, t.id, a.seats)
  FROM subscriptions_poolassignment a
  JOIN subscriptions_pool p ON p.id = a.pool_id
  JOIN tenants_tenant t ON t.id = a.tenant_id
 WHERE a.seats > 0
   AND (t.kind <> 'customer' OR t.status = 'closed' OR coalesce(t.parent_id, t.provider_id) <> p.tenant_id)
""",
    "holders": """
SELECT format('pool %%s: holder %%s is deleted or a customer, and it can still be used', p.id, t.id)
  FROM subscriptions_pool p
  JOIN tenants_tenant t ON t.id = p.tenant_id
 WHERE (t.kind = 'customer' OR t.status = 'closed') AND p.state IN ('pending', 'active') AND p.reclaimed_at IS NULL
   AND (p.own_end IS DISTINCT FROM p.ends_at OR p.ends_at > coalesce(t.closed_at, now()))
""",
    "ends": """
SELECT format('pool %%s: ends at %%s, its line at %%s', p.id, p.ends_at, line.ends_at)
  FROM subscriptions_pool p
 CROSS JOIN LATERAL (SELECT min(a.own_end) AS ends_at FROM subscriptions_pool a WHERE a.id = ANY (p.line)) AS line
 WHERE p.ends_at IS DISTINCT FROM line.ends_at
""",
    "taken back": """
SELECT format('pool %%s: lives beneath pool %%s, which was taken back', p.id, a.id)
  FROM subscriptions_pool a
  JOIN subscriptions_pool p ON p.parent_id = a.id
 WHERE a.reclaimed_at IS NOT NULL AND p.reclaimed_at IS NULL AND p.state IN ('pending', 'active') AND p.seats > 0
""",
}


def pools() -> list[str]:
    """A sentence for each pool that is not what ledger and line say."""
    return found_by(POOLS.values())
