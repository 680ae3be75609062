"""Compares what is stored twice about subscriptions: holdings with their ledgers, phases with what is held.

SQL only: it reads every house.
"""

from collections.abc import Iterable

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
    "overage": """
SELECT format('subscription %%s, resource %%s: overage %%s, by its version %%s',
              h.subscription_id, h.resource_id, h.overage, r.overage * p.quantity)
  FROM subscriptions_holding h
  JOIN subscriptions_phase p ON p.subscription_id = h.subscription_id AND p.ends_on IS NULL
  LEFT JOIN catalog_packageresource r ON r.version_id = p.version_id AND r.resource_id = h.resource_id
 WHERE h.overage IS DISTINCT FROM r.overage * p.quantity
""",
    "blocked": """
SELECT format('subscription %%s, resource %%s: an alert is open where nothing is held, or it is blocked without one',
              coalesce(c.subscription_id, h.subscription_id), coalesce(c.resource_id, h.resource_id))
  FROM (SELECT * FROM subscriptions_usagecrossing WHERE cleared_at IS NULL) c
  FULL JOIN subscriptions_holding h ON h.subscription_id = c.subscription_id AND h.resource_id = c.resource_id
 GROUP BY c.subscription_id, h.subscription_id, c.resource_id, h.resource_id, h.id, h.is_blocked
HAVING h.id IS NULL OR h.is_blocked <> coalesce(bool_or(c.percent = 0), false)
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

TIMELINE = {
    "open": """
SELECT format('subscription %%s: no open phase says what it is', s.id)
  FROM subscriptions_subscription s
 WHERE s.state IN ('active', 'suspended') AND NOT EXISTS (
       SELECT FROM subscriptions_phase p JOIN catalog_packageversion v ON v.id = p.version_id
        WHERE p.subscription_id = s.id AND p.ends_on IS NULL AND v.package_id = s.package_id
          AND (p.provider_id, p.tenant_id, p.seller_id, p.quantity, p.state::text)
            = (s.provider_id, s.tenant_id, s.seller_id, s.quantity, s.state::text))
""",
    "closed": """
SELECT format('subscription %%s: closed on %%s, and its last phase ends on %%s', s.id, s.closed_on, p.ends_on)
  FROM subscriptions_subscription s
  LEFT JOIN LATERAL (SELECT ends_on FROM subscriptions_phase WHERE subscription_id = s.id ORDER BY id DESC LIMIT 1) p
    ON true
 WHERE s.state = 'closed' AND p.ends_on IS DISTINCT FROM greatest(s.closed_on, s.started_on)
   AND NOT (p.ends_on IS NULL AND s.closed_on < s.started_on)
""",
    "with_holder": """
SELECT format('subscription %%s: suspended with its holder %%s, who is not suspended', s.id, t.id)
  FROM subscriptions_subscription s JOIN tenants_tenant t ON t.id = s.tenant_id
 WHERE s.suspended_with_holder AND (t.status <> 'suspended' OR t.kind <> 'customer')
""",
    "gaps": """
SELECT format('subscription %%s: a phase begins on %%s, and the one before ends on %%s', id, starts_on, before)
  FROM (SELECT s.id, p.starts_on,
               lag(p.ends_on, 1, s.started_on) OVER (PARTITION BY p.subscription_id ORDER BY p.id) AS before
          FROM subscriptions_phase p JOIN subscriptions_subscription s ON s.id = p.subscription_id) AS rows
 WHERE starts_on IS DISTINCT FROM before
""",
}

TERMS = {
    "pending": """
SELECT format('subscription %%s is pending, and no start is planned for %%s', s.id, s.started_on)
  FROM subscriptions_subscription s
 WHERE s.state = 'pending' AND NOT EXISTS (
       SELECT FROM subscriptions_plannedchange c
        WHERE c.subscription_id = s.id AND c.state = 'planned' AND c.kind = 'start' AND c.on <= s.started_on)
""",
    "planned": """
SELECT format('plan %%s for subscription %%s: its holder, its day or its kind is not that of the subscription',
              c.id, s.id)
  FROM subscriptions_plannedchange c JOIN subscriptions_subscription s ON s.id = c.subscription_id
 WHERE c.state = 'planned'
   AND (c.tenant_id <> s.tenant_id OR s.state = 'closed' OR (c.kind = 'start') <> (s.state = 'pending')
        OR (c.kind <> 'start' AND c.on <> s.renews_on) OR (c.kind = 'change' AND NOT s.renews))
""",
    "history": """
SELECT format('subscription %%s: its term is not what was said last of it', s.id)
  FROM subscriptions_subscription s
  LEFT JOIN LATERAL (
       SELECT * FROM subscriptions_subscriptionterm WHERE subscription_id = s.id ORDER BY id DESC LIMIT 1) AS t ON true
 WHERE (t.provider_id, t.tenant_id, t.seller_id, t.starts_on, t.ends_on, t.anchor_day, t.committed_at)
    IS DISTINCT FROM
       (s.provider_id, s.tenant_id, s.seller_id, s.term_starts_on, s.renews_on, s.anchor_day, s.committed_at)
""",
}

ONE_OFFS = {
    "missing": """
SELECT format('fee %%s of phase %%s of subscription %%s: its activation was agreed, and is not due', f.id, p.id,
              p.subscription_id)
  FROM subscriptions_phasefee f
  JOIN subscriptions_phase p ON p.id = f.phase_id
  JOIN catalog_packageversion v ON v.id = p.version_id
  LEFT JOIN catalog_feeversion fv ON fv.id = f.fee_version_id
  LEFT JOIN LATERAL (
       SELECT w.package_id FROM subscriptions_phase q JOIN catalog_packageversion w ON w.id = q.version_id
        WHERE q.subscription_id = p.subscription_id AND q.id < p.id ORDER BY q.id DESC LIMIT 1) AS before ON true
 WHERE f.activation_amount > 0 AND before.package_id IS DISTINCT FROM v.package_id
   AND NOT EXISTS (
       SELECT FROM subscriptions_oneoff o
        WHERE o.kind = 'activation'
          AND (o.phase_fee_id = f.id OR NOT f.applies_more_than_once
               AND (o.payer_id, o.issuer_id, o.once_of_id) = (f.payer_id, f.issuer_id, fv.fee_id)))
""",
    "agreed": """
SELECT format('one-off amount %%s of subscription %%s is not what was agreed for its phase', o.id, o.subscription_id)
  FROM subscriptions_oneoff o
  JOIN subscriptions_phasefee f ON f.id = o.phase_fee_id JOIN subscriptions_phase p ON p.id = f.phase_id
 WHERE (o.subscription_id, o.payer_id, o.issuer_id, o.currency) <>
       (p.subscription_id, f.payer_id, f.issuer_id, f.currency)
    OR o.amount <> CASE o.kind WHEN 'activation' THEN f.activation_amount ELSE f.cancellation_amount END
    OR o.quantity > p.quantity
""",
}


def holdings() -> list[str]:
    """A sentence for each holding that does not add up."""
    return found_by(FINDINGS.values())


def phases() -> list[str]:
    """A sentence for each subscription whose phases are not one after the other from its start, or not what it is."""
    return found_by(TIMELINE.values())


def terms() -> list[str]:
    """A sentence for each subscription whose term or whose plan is not what it is, or was not carried out."""
    return found_by(TERMS.values())


def one_offs() -> list[str]:
    """A sentence for each amount that was agreed to be due once and is not written, or is written otherwise."""
    return found_by(ONE_OFFS.values())


def found_by(statements: Iterable[str]) -> list[str]:
    found: list[str] = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {})
            found += [sentence for (sentence,) in cursor.fetchall()]
    return found
