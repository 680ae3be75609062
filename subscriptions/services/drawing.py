"""Use passed up: what a subscription uses is used of every subscription it draws on, up to the top."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from subscriptions.models import Holding, Subscription
from subscriptions.services.allocation import BASIS

ABOVE = """
WITH RECURSIVE above AS (
    SELECT id, source_id FROM subscriptions_subscription WHERE id = ANY (%s)
     UNION
    SELECT s.id, s.source_id FROM above JOIN subscriptions_subscription s ON s.id = above.source_id)
SELECT id FROM above
"""

MOVED = """
WITH RECURSIVE up AS (
    SELECT s.source_id, d.resource_id, d.amount
      FROM unnest(%(subscriptions)s::bigint[], %(resources)s::bigint[], %(amounts)s::bigint[])
           AS d (subscription_id, resource_id, amount)
      JOIN subscriptions_subscription s ON s.id = d.subscription_id WHERE s.source_id IS NOT NULL
     UNION ALL
    SELECT s.source_id, up.resource_id, up.amount
      FROM up JOIN subscriptions_subscription s ON s.id = up.source_id WHERE s.source_id IS NOT NULL
), moved AS (
    SELECT source_id AS subscription_id, resource_id, sum(amount)::bigint AS amount FROM up GROUP BY 1, 2
)
"""

MISSING = f"""
{MOVED}
INSERT INTO subscriptions_holding
       (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis, allocated, sold, used)
SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, moved.resource_id, {BASIS}, 0, 0, 0
  FROM moved JOIN subscriptions_subscription s ON s.id = moved.subscription_id
  JOIN tenants_tenant t ON t.id = s.tenant_id
 WHERE NOT EXISTS (SELECT FROM subscriptions_holding h
                    WHERE h.subscription_id = s.id AND h.resource_id = moved.resource_id)
 ORDER BY s.id, moved.resource_id
    ON CONFLICT (subscription_id, resource_id) DO NOTHING
"""

RAISE = f"""
{MOVED}
UPDATE subscriptions_holding h SET used = h.used + moved.amount
  FROM moved WHERE h.subscription_id = moved.subscription_id AND h.resource_id = moved.resource_id AND moved.amount <> 0
"""


def with_sources(subscription_ids: Iterable[int]) -> list[int]:
    """These subscriptions and all they draw on. Nothing is locked yet; a source changes only when its holder moves, and
    whatever is added to the sources finds the new ones by itself."""
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [list(subscription_ids)])
        return [pk for (pk,) in cursor.fetchall()]


def lock_use(subscription_ids: Iterable[int], resource_ids: Iterable[int]) -> None:
    """Lock what a change of use may touch: the holdings of these subscriptions, whose rows are locked already."""
    rows = Holding.objects.filter(subscription__in=list(subscription_ids), resource__in=list(resource_ids))
    list(rows.locked().values_list("pk", flat=True))


def pass_up(changes: Sequence[tuple[int, int, int]]) -> None:
    """Add to what the sources use: (subscription, resource, how much more or less it uses itself).

    The caller holds the locks of all of them and has changed the subscriptions' own rows.
    """
    wanted = [change for change in changes if change[2]]
    if not wanted:
        return
    values: dict[str, Any] = {
        "subscriptions": [subscription_id for subscription_id, _resource, _amount in wanted],
        "resources": [resource_id for _subscription, resource_id, _amount in wanted],
        "amounts": [amount for _subscription, _resource, amount in wanted],
    }
    with connection.cursor() as cursor:
        cursor.execute(MISSING, values)
        cursor.execute(RAISE, values)


def lock_branch(subscription_id: int) -> list[int]:
    """One subscription and all it draws on, locked; their ids."""
    ids = with_sources([subscription_id])
    list(Subscription.objects.filter(pk__in=ids).locked().values_list("pk", flat=True))
    return ids
