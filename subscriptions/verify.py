"""Compares what holdings store with the ledgers and the subscriptions behind them. SQL only: it reads every house."""

from django.db import connection

from subscriptions.services.allocation import BASIS_READ

FINDINGS = {
    "allocated": """
SELECT format('subscription %%s, resource %%s: allocated %%s, granted %%s',
              coalesce(h.subscription_id, g.subscription_id), coalesce(h.resource_id, g.resource_id),
              coalesce(h.allocated, 0), coalesce(g.amount, 0))
  FROM subscriptions_holding h
  FULL JOIN (SELECT subscription_id, resource_id, sum(amount) AS amount FROM subscriptions_grant GROUP BY 1, 2) g
    ON g.subscription_id = h.subscription_id AND g.resource_id = h.resource_id
 WHERE coalesce(h.allocated, 0) <> coalesce(g.amount, 0)
""",
    "sold": """
SELECT format('subscription %%s, resource %%s: sold %%s, drawn %%s',
              coalesce(h.subscription_id, d.source_id), coalesce(h.resource_id, d.resource_id),
              coalesce(h.sold, 0), coalesce(d.amount, 0))
  FROM subscriptions_holding h
  FULL JOIN (SELECT s.source_id, c.resource_id, sum(c.allocated) AS amount
               FROM subscriptions_holding c JOIN subscriptions_subscription s ON s.id = c.subscription_id
              WHERE s.source_id IS NOT NULL GROUP BY 1, 2) d
    ON d.source_id = h.subscription_id AND d.resource_id = h.resource_id
 WHERE coalesce(h.sold, 0) <> coalesce(d.amount, 0)
""",
    "measured": """
SELECT format('subscription %%s, resource %%s: measured %%s, reported %%s',
              h.subscription_id, h.resource_id, h.measured, coalesce(m.quantity, 0))
  FROM subscriptions_holding h JOIN catalog_resource r ON r.id = h.resource_id
  LEFT JOIN LATERAL (
       SELECT CASE r.metering WHEN 'gauge' THEN max(e.quantity) FILTER (WHERE e.at = h.used_at)
                              ELSE sum(e.quantity) END AS quantity
         FROM subscriptions_usageevent e
        WHERE e.subscription_id = h.subscription_id AND e.resource_id = h.resource_id
          AND (r.metering = 'gauge' AND e.at >= h.used_at
               OR r.metering = 'counter'
              AND e.at >= date_trunc('month', h.used_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')) AS m ON true
 WHERE h.measured <> coalesce(m.quantity, 0)
""",
    "used": """
SELECT format('subscription %%s, resource %%s: used %%s, measured %%s and used by those that draw on it %%s',
              coalesce(h.subscription_id, d.source_id), coalesce(h.resource_id, d.resource_id),
              coalesce(h.used, 0), coalesce(h.measured, 0), coalesce(d.amount, 0))
  FROM subscriptions_holding h
  FULL JOIN (SELECT s.source_id, c.resource_id, sum(c.used) AS amount
               FROM subscriptions_holding c JOIN subscriptions_subscription s ON s.id = c.subscription_id
              WHERE s.source_id IS NOT NULL GROUP BY 1, 2) d
    ON d.source_id = h.subscription_id AND d.resource_id = h.resource_id
 WHERE coalesce(h.used, 0) <> coalesce(h.measured, 0) + coalesce(d.amount, 0)
""",
    "place": f"""
SELECT format('subscription %%s, resource %%s: closed, of another service, or counted by the wrong basis',
              h.subscription_id, h.resource_id)
  FROM subscriptions_holding h JOIN subscriptions_subscription s ON s.id = h.subscription_id
  JOIN catalog_resource r ON r.id = h.resource_id JOIN tenants_tenant t ON t.id = s.tenant_id
 WHERE s.state = 'closed' OR r.service_type_id <> s.service_type_id OR h.basis <> {BASIS_READ}
UNION ALL
SELECT format('subscription %%s: its holder %%s does not buy from %%s', s.id, t.id, s.seller_id)
  FROM subscriptions_subscription s JOIN tenants_tenant t ON t.id = s.tenant_id
 WHERE s.state <> 'closed' AND s.seller_id <> coalesce(t.parent_id, t.provider_id)
UNION ALL
SELECT format('subscription %%s is open, and its holder %%s is closed', s.id, t.id)
  FROM subscriptions_subscription s JOIN tenants_tenant t ON t.id = s.tenant_id
 WHERE s.state <> 'closed' AND t.status = 'closed'
""",
}


def holdings() -> list[str]:
    """A sentence for each holding that does not add up."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for statement in FINDINGS.values():
            cursor.execute(statement, {})
            found += [sentence for (sentence,) in cursor.fetchall()]
    return found
