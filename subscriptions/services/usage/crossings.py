"""Thresholds and ceilings: what was crossed is noted with what changed it, in its transaction, for many in one go."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from resellerhub.kernel.queue import enqueue
from subscriptions.models import CEILING, USUAL

TOUCHED = """
WITH RECURSIVE touched AS (
    SELECT s.id AS subscription_id, s.source_id, given.resource_id
      FROM unnest(%(subscriptions)s::bigint[], %(resources)s::bigint[]) AS given (subscription_id, resource_id)
      JOIN subscriptions_subscription s ON s.id = given.subscription_id
     UNION
    SELECT s.id, s.source_id, touched.resource_id
      FROM touched JOIN subscriptions_subscription s ON s.id = touched.source_id
)
"""
TOUCHED_BETWEEN = TOUCHED.replace(
    "unnest(%(subscriptions)s::bigint[], %(resources)s::bigint[]) AS given (subscription_id, resource_id)",
    "(SELECT * FROM unnest(%(subscriptions)s::bigint[]) AS s (subscription_id)"
    " CROSS JOIN unnest(%(resources)s::bigint[]) AS r (resource_id)) AS given",
)
TOUCHED_EXACTLY = """
WITH touched AS MATERIALIZED (
    SELECT DISTINCT * FROM unnest(%(subscriptions)s::bigint[], %(resources)s::bigint[])
           AS given (subscription_id, resource_id)
)
"""
TOUCHED_ALL = """
WITH RECURSIVE touched AS (
    SELECT h.subscription_id, h.resource_id FROM subscriptions_holding h WHERE {}
)
"""

NOTE = """
, held AS MATERIALIZED (
    SELECT h.id, h.provider_id, h.tenant_id, h.seller_id, subscription_id, resource_id, h.utilised, h.used, h.allocated,
           h.ceiling, h.is_blocked, h.used_at
      FROM touched JOIN subscriptions_holding h USING (subscription_id, resource_id)
), said AS MATERIALIZED (
    SELECT seller.id AS seller_id, percent
      FROM tenants_tenant seller
      LEFT JOIN LATERAL (
           SELECT a.percents FROM subscriptions_usagealerts a WHERE a.tenant_id = ANY (seller.ancestors)
            ORDER BY array_position(seller.ancestors, a.tenant_id) DESC LIMIT 1) AS nearest ON true
     CROSS JOIN unnest(coalesce(nearest.percents, %(usual)s::smallint[])) AS percent
     WHERE seller.id IN (SELECT seller_id FROM held)
), over AS MATERIALIZED (
    SELECT held.*, said.percent, held.utilised AS value FROM held JOIN said USING (seller_id)
     WHERE held.utilised > 0 AND held.utilised::numeric * 100 >= held.allocated::numeric * said.percent
     UNION ALL
    SELECT held.*, %(ceiling)s, held.used FROM held WHERE is_blocked
), was AS MATERIALIZED (
    SELECT c.id, c.subscription_id, c.resource_id, c.percent,
           coalesce((held.tenant_id, held.seller_id) <> (c.tenant_id, c.seller_id), false) AS is_left,
           over.id IS NULL OR (held.tenant_id, held.seller_id) <> (c.tenant_id, c.seller_id) OR (r.metering = 'counter'
               AND date_trunc('month', over.used_at AT TIME ZONE 'UTC')
                 > date_trunc('month', c.measured_at AT TIME ZONE 'UTC')) AS is_past
      FROM touched JOIN subscriptions_usagecrossing c USING (subscription_id, resource_id)
      JOIN catalog_resource r ON r.id = c.resource_id
      LEFT JOIN held USING (subscription_id, resource_id)
      LEFT JOIN over USING (subscription_id, resource_id, percent)
     WHERE c.cleared_at IS NULL
), cleared AS (
    UPDATE subscriptions_usagecrossing c
       SET cleared_at = greatest(coalesce(%(now)s::timestamptz, now()), c.crossed_at),
           told_at = CASE WHEN was.is_left THEN coalesce(c.told_at, %(now)s::timestamptz, now()) ELSE c.told_at END,
           end_told_at = CASE WHEN was.is_left THEN coalesce(%(now)s::timestamptz, now()) END
      FROM was WHERE c.id = was.id AND was.is_past RETURNING c.id, c.percent
), crossed AS (
    INSERT INTO subscriptions_usagecrossing
           (provider_id, tenant_id, seller_id, subscription_id, resource_id, percent, value, allocated, ceiling,
            measured_at, crossed_at)
    SELECT provider_id, tenant_id, seller_id, over.subscription_id, over.resource_id, percent, value, allocated,
           ceiling, used_at, coalesce(%(now)s::timestamptz, now())
      FROM over LEFT JOIN was USING (subscription_id, resource_id, percent)
     WHERE (SELECT count(*) FROM cleared) >= 0 AND (was.id IS NULL OR was.is_past)
     ORDER BY over.subscription_id, over.resource_id, percent
        ON CONFLICT (subscription_id, resource_id, percent) WHERE cleared_at IS NULL DO NOTHING
    RETURNING id
)
SELECT (SELECT count(*) FROM crossed) + (SELECT count(*) FROM cleared WHERE percent = %(ceiling)s)
"""
"""`cleared` is counted first: what is over with its month is closed before the same threshold is opened again. So is
what went to another holder or seller: theirs begins anew, and of what they left nobody is told any more."""


def note_crossings(pairs: Iterable[tuple[int, int]], now: datetime) -> None:
    """Of these (subscription, resource), and all that they draw on: open what was crossed, close what is below again.

    The caller's transaction has changed their holdings, and so holds their locks: nobody notes the same meanwhile.
    Notices go out once it is committed.
    """
    wanted = sorted(set(pairs))
    if wanted:
        subscriptions, resources = zip(*wanted, strict=True)
        _note(TOUCHED, {"subscriptions": list(subscriptions), "resources": list(resources)}, now)


def note_crossings_exactly(subscriptions: str, resources: str, now: datetime) -> None:
    """The same, of these alone, side by side in two texts: the caller has all that they draw on among them."""
    _note(TOUCHED_EXACTLY, {"subscriptions": subscriptions, "resources": resources}, now)


def note_crossings_between(subscriptions: str, resource_ids: Sequence[int], now: datetime | None) -> None:
    """The same, of all these resources of all these subscriptions, which stand in one text, "{1,2,…}"."""
    _note(TOUCHED_BETWEEN, {"subscriptions": subscriptions, "resources": list(resource_ids)}, now)


def note_crossings_of(subscription_ids: Iterable[int], now: datetime) -> None:
    """The same, of all that these hold themselves; for whoever has changed only them."""
    _note(
        TOUCHED_ALL.format("h.subscription_id = ANY (%(subscriptions)s)"), {"subscriptions": [*subscription_ids]}, now
    )


def note_crossings_of_resellers(provider_id: int, now: datetime) -> None:
    """The same, of all that resellers of this house hold: what counts as utilised has changed for all of them."""
    resellers = "SELECT id FROM tenants_tenant WHERE provider_id = %(provider)s AND kind = 'reseller'"
    where = f"h.provider_id = %(provider)s AND h.tenant_id = ANY (ARRAY({resellers}))"
    _note(TOUCHED_ALL.format(where), {"provider": provider_id}, now)


def _note(touched: str, values: dict[str, Any], now: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(touched + NOTE, values | {"usual": USUAL, "ceiling": CEILING, "now": now})
        (noted,) = cursor.fetchone()
    if noted:
        enqueue("subscriptions.tasks.tell_crossings")
