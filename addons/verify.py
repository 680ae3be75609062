"""Compares sales of add-ons with the ledger and with the targets they came from. SQL only: it reads every house."""

from django.db import connection

FINDINGS = {
    "a sale has its grants": """
SELECT format('sale %%s (%%s) of %%s units: the ledger has %%s', s.id, s.state, s.quantity, coalesce(g.amounts, '{}'))
  FROM addons_addonsale s JOIN subscriptions_subscription u ON u.id = s.subscription_id
  LEFT JOIN (SELECT source_id, subscription_id, array_agg(amount ORDER BY resource_id) AS amounts,
                    min(amount) AS least, max(amount) AS most
               FROM (SELECT source_id, subscription_id, resource_id, sum(amount)::bigint AS amount
                       FROM subscriptions_grant WHERE kind = 'add_on' GROUP BY 1, 2, 3) AS each
              GROUP BY source_id, subscription_id) AS g
    ON g.source_id = s.id AND g.subscription_id = s.subscription_id
 WHERE CASE WHEN s.state = 'active' THEN coalesce(g.least, 0) <= 0
            OR EXISTS (SELECT FROM unnest(g.amounts) AS amount WHERE amount %% s.quantity <> 0) OR u.state = 'closed'
            ELSE u.state <> 'closed' AND (coalesce(g.least, 0) <> 0 OR coalesce(g.most, 0) <> 0) END
""",
    "a grant has its sale": """
SELECT format('grant %%s of subscription %%s names sale %%s, which is not there', g.id, g.subscription_id, g.source_id)
  FROM subscriptions_grant g
  LEFT JOIN addons_addonsale s ON s.id = g.source_id AND s.subscription_id = g.subscription_id
 WHERE g.kind = 'add_on' AND s.id IS NULL
""",
    "a target has its sale": """
SELECT format('target %%s of job %%s (%%s) and sale %%s do not belong together', i.id, i.job_id, i.state, s.id)
  FROM kernel_job j JOIN kernel_jobitem i ON i.job_id = j.id LEFT JOIN addons_addonsale s ON s.job_item_id = i.id
 WHERE j.kind = 'bulk_sale'
   AND ((i.state = 'done') <> (s.id IS NOT NULL) OR i.result_id IS DISTINCT FROM s.id
        OR i.subject_id <> coalesce(s.subscription_id, i.subject_id))
UNION ALL
SELECT format('sale %%s names target %%s, which is not there', s.id, s.job_item_id)
  FROM addons_addonsale s
 WHERE s.job_item_id IS NOT NULL AND NOT EXISTS (SELECT FROM kernel_jobitem i WHERE i.id = s.job_item_id)
""",
}


def sales() -> list[str]:
    """A sentence for each sale that does not add up."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for statement in FINDINGS.values():
            cursor.execute(statement, {})
            found += [sentence for (sentence,) in cursor.fetchall()]
    return found
