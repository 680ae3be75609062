"""Seats handed to a customer by one statement, which is a transaction of its own: a hot pool is locked no longer than
its movement takes to write.

It does what is plain and nothing else. Whatever is not (nobody may, too few are free, something has to be told, the
request was made before) leaves no trace and is decided step by step by `assign_seats`, which says why.
"""

import json
from datetime import datetime
from uuid import UUID

from resellerhub.kernel.operation import at_once
from subscriptions.models import PoolAssignment
from subscriptions.services.pools.notices import NEARLY
from tenants.actor import Actor

ASSIGN = """
WITH asked AS MATERIALIZED (
    SELECT p.id, p.provider_id, a.id AS hand_id
      FROM subscriptions_pool p JOIN tenants_tenant c ON c.id = %(customer)s
      LEFT JOIN subscriptions_poolassignment a ON a.pool_id = p.id AND a.tenant_id = c.id
     WHERE p.id = %(pool)s AND p.provider_id = %(provider)s AND p.tenant_id = coalesce(%(holder)s, p.tenant_id)
       AND p.state = 'active' AND p.ends_at > %(now)s AND p.reclaimed_at IS NULL AND p.free >= %(seats)s
       AND (p.told_used_at IS NOT NULL OR (p.seats - p.free + %(seats)s) * 100 < p.seats * %(nearly)s)
       AND c.kind = 'customer' AND c.status = 'active' AND c.ancestors && %(roots)s::bigint[]
       AND coalesce(c.parent_id, c.provider_id) = p.tenant_id),
begun AS (
    INSERT INTO subscriptions_poolassignment (provider_id, pool_id, tenant_id, seats, made_at)
    SELECT provider_id, id, %(customer)s, 0, %(now)s FROM asked WHERE hand_id IS NULL
        ON CONFLICT DO NOTHING RETURNING id),
moved AS (
    INSERT INTO subscriptions_seatentry (provider_id, pool_id, assignment_id, kind, seats, by_seats, by_pending,
                                         by_allocated, by_assigned, request_id, made_at)
    SELECT asked.provider_id, asked.id, coalesce(hand_id, begun.id), 'assign', %(seats)s, 0, 0, 0, 0, %(request)s,
           %(now)s
      FROM asked LEFT JOIN begun ON true WHERE coalesce(hand_id, begun.id) IS NOT NULL
    RETURNING provider_id, pool_id, assignment_id),
told AS (
    INSERT INTO tenants_event (provider_id, tenant_id, kind, subject_type, subject_id, after, user_id, user_name,
                               user_tenant_id, api_key_id, on_behalf_of_id, request_id, at)
    SELECT provider_id, %(customer)s, %(kind)s, 'pool', pool_id, %(facts)s::jsonb, %(user)s::bigint, %(user_name)s,
           %(user_tenant)s, %(api_key)s::bigint, %(on_behalf_of)s::bigint, %(told_request)s, %(now)s
      FROM moved)
SELECT assignment_id, provider_id FROM moved
"""


def assign_at_once(
    *, actor: Actor, pool_id: int, customer_id: int, seats: int, request_id: UUID, now: datetime
) -> PoolAssignment | None:
    """None where nothing was written. How many seats the customer has now is read when it is asked for."""
    told = actor.event("pool.seats_assigned", None, at=now, facts={"customer": customer_id, "seats": seats})
    values = {
        "pool": pool_id,
        "customer": customer_id,
        "seats": seats,
        "request": request_id,
        "now": now,
        "nearly": NEARLY,
        "provider": actor.provider_id,
        "holder": None if actor.is_provider else actor.tenant_id,
        "roots": list(actor.roots),
        "kind": told.kind,
        "facts": json.dumps(told.after),
        "user": told.user_id,
        "user_name": told.user_name,
        "user_tenant": told.user_tenant_id,
        "api_key": told.api_key_id,
        "on_behalf_of": told.on_behalf_of_id,
        "told_request": told.request_id,
    }
    written = at_once(ASSIGN, values)
    return PoolAssignment.from_db(None, ["id", "provider_id"], written) if written else None
