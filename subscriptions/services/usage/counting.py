"""The SQL of ingestion: locks, one statement that resolves, keeps and counts a batch, one that passes it up.

Columns go as texts, "{1,2,…}", both ways: as a list each value would be an expression of its own to be parsed and
planned, which took longer than the counting.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from subscriptions.services.allocation import BASIS

LOCKS = (
    """
WITH RECURSIVE above AS (
    SELECT id, source_id FROM subscriptions_subscription
     WHERE id = ANY (%(subscriptions)s::bigint[]) AND provider_id = %(provider)s
     UNION
    SELECT s.id, s.source_id FROM above JOIN subscriptions_subscription s ON s.id = above.source_id)
SELECT array_agg(id)::text FROM (
    SELECT s.id FROM subscriptions_subscription s WHERE s.id IN (SELECT id FROM above)
     ORDER BY s.id FOR NO KEY UPDATE) AS locked
""",
    """
SELECT count(*) FROM (
    SELECT h.id FROM subscriptions_holding h
     WHERE h.subscription_id = ANY (%(locked)s::bigint[])
       AND h.resource_id IN (SELECT r.id FROM catalog_resource r JOIN catalog_servicetype t ON t.id = r.service_type_id
                              WHERE t.provider_id = %(provider)s AND r.code = ANY (%(some)s))
     ORDER BY h.id FOR NO KEY UPDATE) AS locked
""",
)
"""The subscriptions of the batch with all they draw on, whose ids come back; then the holdings of these."""

SENT = """
WITH sent AS MATERIALIZED (
    SELECT given.*, s.provider_id, CASE
           WHEN (given.at AT TIME ZONE 'UTC')::date < (%(now)s AT TIME ZONE 'UTC')::date THEN coalesce(
                (SELECT p.tenant_id FROM subscriptions_phase p
                  WHERE p.subscription_id = s.id AND p.ends_on > (given.at AT TIME ZONE 'UTC')::date
                  ORDER BY p.id LIMIT 1), s.tenant_id)
           ELSE s.tenant_id END AS tenant_id, r.id AS resource_id,
           s.state = 'closed' AND (given.at AT TIME ZONE 'UTC')::date > s.closed_on AS is_late,
           CASE WHEN s.id IS NULL THEN 'unknown-subscription'
                WHEN r.id IS NULL THEN 'unknown-resource'
                WHEN s.state = 'closed' AND (given.at AT TIME ZONE 'UTC')::date > s.closed_on
                THEN 'subscription-closed' END AS fault
      FROM unnest(%(ids)s::text[], %(subscriptions)s::bigint[], %(codes)s::text[], %(quantities)s::bigint[],
                  %(moments)s::timestamptz[])
           WITH ORDINALITY AS given (event_id, subscription_id, code, quantity, at, place)
      LEFT JOIN subscriptions_subscription s ON s.id = given.subscription_id AND s.provider_id = %(provider)s
      LEFT JOIN catalog_resource r ON r.service_type_id = s.service_type_id AND r.code = given.code
)
"""
"""What was measured on a day before this one is of whoever held the subscription then: the first of its phases that
ended later says so. What was measured before it began is of who held it first."""

INGEST = f"""
{SENT}, fresh AS (
    INSERT INTO subscriptions_usageevent
           (provider_id, tenant_id, subscription_id, resource_id, event_id, quantity, at, received_at)
    SELECT provider_id, tenant_id, subscription_id, resource_id, event_id, quantity, at, %(now)s
      FROM sent WHERE fault IS NULL ORDER BY event_id, place
        ON CONFLICT (provider_id, event_id) DO NOTHING
    RETURNING subscription_id, resource_id, quantity, at
), months AS (
    SELECT f.subscription_id, f.resource_id, max(f.at) AS at, sum(f.quantity)::bigint AS quantity
      FROM fresh f JOIN catalog_resource r ON r.id = f.resource_id AND r.metering = 'counter'
     GROUP BY f.subscription_id, f.resource_id, date_trunc('month', f.at AT TIME ZONE 'UTC')
), latest AS MATERIALIZED (
    SELECT DISTINCT ON (subscription_id, resource_id) subscription_id, resource_id, at, quantity, is_gauge
      FROM (SELECT f.subscription_id, f.resource_id, f.at, f.quantity, true AS is_gauge
              FROM fresh f JOIN catalog_resource r ON r.id = f.resource_id AND r.metering = 'gauge'
            UNION ALL SELECT subscription_id, resource_id, at, quantity, false FROM months) AS each
     ORDER BY subscription_id, resource_id, at DESC, quantity DESC
), counted AS MATERIALIZED (
    SELECT h.id, subscription_id, resource_id, h.measured AS was,
           CASE WHEN h.used_at IS NULL THEN quantity
                WHEN is_gauge THEN CASE WHEN (at, quantity) > (h.used_at, h.measured) THEN quantity ELSE h.measured END
                WHEN month.new > month.old THEN quantity
                WHEN month.new = month.old THEN h.measured + quantity
                ELSE h.measured END AS measured,
           greatest(h.used_at, at) AS used_at
      FROM latest JOIN subscriptions_holding h USING (subscription_id, resource_id)
     CROSS JOIN LATERAL (SELECT date_trunc('month', at AT TIME ZONE 'UTC') AS new,
                                date_trunc('month', h.used_at AT TIME ZONE 'UTC') AS old) AS month
), held AS (
    UPDATE subscriptions_holding h
       SET used = h.used - c.was + c.measured, measured = c.measured, used_at = c.used_at
      FROM counted c
     WHERE h.id = c.id AND (c.measured, c.used_at) IS DISTINCT FROM (h.measured, h.used_at)
    RETURNING c.subscription_id, c.resource_id, c.measured - c.was AS amount
), begun AS (
    INSERT INTO subscriptions_holding AS h (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis,
                                            allocated, sold, used, measured, used_at)
    SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, latest.resource_id, {BASIS},
           0, 0, latest.quantity, latest.quantity, latest.at
      FROM latest JOIN subscriptions_subscription s ON s.id = latest.subscription_id AND s.state <> 'closed'
      JOIN tenants_tenant t ON t.id = s.tenant_id
     WHERE (latest.subscription_id, latest.resource_id) NOT IN (SELECT subscription_id, resource_id FROM counted)
     ORDER BY s.id, latest.resource_id
        ON CONFLICT (subscription_id, resource_id) DO UPDATE
       SET used = h.used + excluded.measured, measured = excluded.measured, used_at = excluded.used_at
    RETURNING subscription_id, resource_id, measured AS amount
), changed AS (
    SELECT * FROM held UNION ALL SELECT * FROM begun
), faults AS (
    SELECT array_agg(place ORDER BY place) AS places, array_agg(fault ORDER BY place) AS names
      FROM sent WHERE fault IS NOT NULL
)
SELECT (SELECT count(*) FROM fresh), (SELECT places FROM faults), (SELECT names FROM faults),
       array_agg(subscription_id)::text, array_agg(resource_id)::text, array_agg(amount)::text
  FROM changed
"""
"""What is measured is only ever written under the lock of its subscription, so what `counted` reads is what counts;
a holding that somebody else has begun meanwhile has nothing measured yet."""

PASS_UP = f"""
WITH RECURSIVE up AS (
    SELECT s.source_id, d.resource_id, d.amount
      FROM unnest(%(subscriptions)s::bigint[], %(resources)s::bigint[], %(amounts)s::bigint[])
           AS d (subscription_id, resource_id, amount)
      JOIN subscriptions_subscription s ON s.id = d.subscription_id
     WHERE s.source_id IS NOT NULL AND d.amount <> 0
     UNION ALL
    SELECT s.source_id, up.resource_id, up.amount
      FROM up JOIN subscriptions_subscription s ON s.id = up.source_id WHERE s.source_id IS NOT NULL
), moved AS MATERIALIZED (
    SELECT source_id AS subscription_id, resource_id, sum(amount)::bigint AS amount FROM up GROUP BY 1, 2
), raised AS (
    UPDATE subscriptions_holding h SET used = h.used + moved.amount
      FROM moved WHERE h.subscription_id = moved.subscription_id AND h.resource_id = moved.resource_id
    RETURNING h.subscription_id, h.resource_id
), begun AS (
    INSERT INTO subscriptions_holding AS h
           (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis, allocated, sold, used)
    SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, moved.resource_id, {BASIS}, 0, 0, moved.amount
      FROM moved JOIN subscriptions_subscription s ON s.id = moved.subscription_id
      JOIN tenants_tenant t ON t.id = s.tenant_id
     WHERE (moved.subscription_id, moved.resource_id) NOT IN (SELECT subscription_id, resource_id FROM raised)
     ORDER BY s.id, moved.resource_id
        ON CONFLICT (subscription_id, resource_id) DO UPDATE SET used = h.used + excluded.used
)
SELECT array_agg(subscription_id)::text, array_agg(resource_id)::text FROM moved
"""
"""The sources' holdings are locked, so nobody adds to them meanwhile; what they do not hold yet begins here."""

CONFLICTS = f"""
{SENT}
SELECT sent.place - 1 FROM sent
  JOIN subscriptions_usageevent e ON e.provider_id = %(provider)s AND e.event_id = sent.event_id
 WHERE fault IS NULL AND (e.subscription_id, e.resource_id, e.quantity, e.at)
       IS DISTINCT FROM (sent.subscription_id, sent.resource_id, sent.quantity, sent.at)
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """`faults` are of those that cannot be counted, by their place among those that were sent. The texts are the
    holdings whose use has changed: what was measured, and what draws on it."""

    accepted: int
    faults: dict[int, str]
    subscriptions: str = "{}"
    resources: str = "{}"

    def beside(self, other: "Counted", places: Sequence[int]) -> "Counted":
        """With another part of the same batch, which has these places in it."""
        faults = {places[place]: fault for place, fault in other.faults.items()}
        touched = (joined(mine, theirs) for mine, theirs in zip(self.touched, other.touched, strict=True))
        return Counted(self.accepted + other.accepted, self.faults | faults, *touched)

    @property
    def touched(self) -> tuple[str, str]:
        return self.subscriptions, self.resources


def joined(one: str, other: str) -> str:
    """Of two arrays."""
    return "{" + ",".join(part for part in (one[1:-1], other[1:-1]) if part) + "}"


def text_of(values: Sequence[object]) -> str:
    """Numbers and instants as an array."""
    return f"{{{','.join(map(str, values))}}}"


def quoted(values: Sequence[str]) -> str:
    """Texts as an array."""
    escaped = (each.replace("\\", "\\\\").replace('"', '\\"') for each in values)
    return '{"' + '","'.join(escaped) + '"}' if values else "{}"


def count_events(sent: dict[str, Any], codes: Collection[str], now: datetime) -> Counted:
    """Lock, keep, count and pass up; `sent` has the columns and the provider, `codes` are those that occur."""
    values = sent | {"now": now, "some": list(codes)}
    with connection.cursor() as cursor:
        cursor.execute(LOCKS[0], values)
        cursor.execute(LOCKS[1], values | {"locked": cursor.fetchone()[0] or "{}"})
        cursor.execute(INGEST, values)
        accepted, places, faults, *changed = cursor.fetchone()
        bad = {place - 1: fault for place, fault in zip(places or (), faults or (), strict=True)}
        if changed[0] is None:
            return Counted(accepted, bad)
        subscriptions, resources, amounts = changed
        cursor.execute(PASS_UP, {"subscriptions": subscriptions, "resources": resources, "amounts": amounts})
        more = cursor.fetchone()
    if more[0] is not None:
        subscriptions, resources = joined(subscriptions, more[0]), joined(resources, more[1])
    return Counted(accepted, bad, subscriptions, resources)


def conflicts(sent: dict[str, Any]) -> list[int]:
    """The places of those whose id stands for something else."""
    with connection.cursor() as cursor:
        cursor.execute(CONFLICTS, sent)
        return [place for (place,) in cursor.fetchall()]
