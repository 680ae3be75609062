"""What a sale writes, in SQL: everything about all sold targets in the statement that decides them.

Sales with what is owed for them and what is due once, grants, holdings (of the target, and what its source has sold),
the copies of resellers and the events. It
follows `DECISION`, and is followed by what the caller wants to know.
"""

from subscriptions.services.allocation import BASIS

SUBJECTS = "SELECT array_agg(subject_id)::text FROM kernel_jobitem WHERE id = ANY (%(items)s::bigint[])"

LOCK_HOLDERS = """
SELECT count(*) FROM (
    SELECT t.id FROM tenants_tenant t
     WHERE t.id = ANY (ARRAY(
           SELECT s.tenant_id FROM subscriptions_subscription s WHERE s.id = ANY (%(subscriptions)s::bigint[])))
     ORDER BY t.id FOR NO KEY UPDATE) AS locked
"""
"""Only where copies are made: two sales to one reseller at once make one copy, under one name."""

LOCK_SUBSCRIPTIONS = """
SELECT count(*) FROM (
    SELECT s.id FROM subscriptions_subscription s
     WHERE s.id = ANY (%(subscriptions)s::bigint[]) ORDER BY s.id FOR NO KEY UPDATE) AS locked
"""

LOCK_HOLDINGS = """
SELECT count(*) FROM (
    SELECT h.id FROM subscriptions_holding h
     WHERE h.resource_id = ANY (%(resources)s) AND h.subscription_id = ANY (ARRAY(
           SELECT unnest(%(subscriptions)s::bigint[]) UNION
           SELECT s.source_id FROM subscriptions_subscription s
            WHERE s.id = ANY (%(subscriptions)s::bigint[]) AND s.source_id IS NOT NULL))
     ORDER BY h.id FOR NO KEY UPDATE) AS locked
"""

PRICES_OF_JOB = """,
price AS (
    SELECT seller_id, price_list_id, issuer_id, unit_price, unit_cost, currency, cycle, fee_version_id, cost_cycle,
           cost_fee_version_id, cost_issuer_id, applies_more_than_once, above, false AS is_own_price
      FROM addons_bulkprice WHERE bulk_sale_id = %(bulk_sale)s)
"""

PRICES_OF_ONE = """,
price AS (
    SELECT d.seller_id, d.price_list_id, %(issuer_id)s::bigint AS issuer_id, %(unit_price)s::numeric AS unit_price,
           %(unit_cost)s::numeric AS unit_cost, %(currency)s AS currency, %(cycle)s AS cycle,
           %(fee_version_id)s::bigint AS fee_version_id, %(cost_cycle)s AS cost_cycle,
           %(cost_fee_version_id)s::bigint AS cost_fee_version_id, %(cost_issuer_id)s::bigint AS cost_issuer_id,
           %(applies_more_than_once)s::boolean AS applies_more_than_once, %(above)s::jsonb AS above,
           %(is_own_price)s::boolean AS is_own_price
      FROM decided d)
"""

SALES = """,
sold AS MATERIALIZED (
    SELECT nextval('addons_addonsale_id_seq') AS id, chosen.*, p.issuer_id, p.unit_price, p.unit_cost, p.currency,
           p.cycle, p.fee_version_id, p.cost_cycle, p.cost_fee_version_id, p.cost_issuer_id, p.applies_more_than_once,
           p.above, p.is_own_price
      FROM (SELECT item_id, position, subscription_id, tenant_id, seller_id, source_id, price_list_id
              FROM decided WHERE is_sold ORDER BY position) AS chosen
      LEFT JOIN price p USING (seller_id, price_list_id)),
sale AS (
    INSERT INTO addons_addonsale (id, provider_id, tenant_id, seller_id, subscription_id, add_on_id, version_id,
                                  issuer_id, quantity, unit_price, unit_cost, currency, cycle, fee_version_id,
                                  cost_cycle, cost_fee_version_id, cost_issuer_id, applies_more_than_once, is_own_price,
                                  state, sold_at, job_item_id, request_id)
    SELECT id, %(provider)s, tenant_id, seller_id, subscription_id, %(add_on)s, %(version)s, issuer_id, %(quantity)s,
           unit_price, unit_cost, currency, cycle, fee_version_id, cost_cycle, cost_fee_version_id, cost_issuer_id,
           applies_more_than_once, is_own_price, 'active', coalesce(%(now)s::timestamptz, now()), nullif(item_id, 0),
           %(sale_request)s::uuid
      FROM sold ORDER BY position),
owed AS (
    INSERT INTO addons_addonsalecost (provider_id, sale_id, payer_id, issuer_id, fee_version_id, price_rule_id,
                                      unit_price, currency, cycle, applies_more_than_once)
    SELECT %(provider)s, sold.id, level.payer_id, level.issuer_id, level.fee_version_id, level.price_rule_id,
           level.unit_price, level.currency, level.cycle, level.applies_more_than_once
      FROM sold CROSS JOIN LATERAL jsonb_to_recordset(sold.above) AS level (
           payer_id bigint, issuer_id bigint, fee_version_id bigint, price_rule_id bigint, unit_price numeric,
           currency text, cycle text, applies_more_than_once boolean)
     WHERE sold.above <> '[]'),
level AS (
    SELECT id, currency, tenant_id AS payer_id, issuer_id, fee_version_id, true AS is_each FROM sold
    UNION ALL
    SELECT id, currency, seller_id, cost_issuer_id, cost_fee_version_id, applies_more_than_once
      FROM sold WHERE unit_cost IS NOT NULL
    UNION ALL
    SELECT sold.id, sold.currency, above.payer_id, above.issuer_id, above.fee_version_id, above.applies_more_than_once
      FROM sold CROSS JOIN LATERAL jsonb_to_recordset(sold.above) AS above (
           payer_id bigint, issuer_id bigint, fee_version_id bigint, applies_more_than_once boolean)),
activated AS (
    INSERT INTO addons_addononeoff (provider_id, sale_id, kind, "on", payer_id, issuer_id, fee_version_id, once_of_id,
                                    currency, amount, made_at)
    SELECT %(provider)s, level.id, 'activation', (coalesce(%(now)s::timestamptz, now()) AT TIME ZONE 'UTC')::date,
           level.payer_id, level.issuer_id, f.id, CASE WHEN NOT level.is_each THEN f.fee_id END, level.currency,
           f.activation_amount, coalesce(%(now)s::timestamptz, now())
      FROM level JOIN catalog_feeversion f ON f.id = level.fee_version_id AND f.activation_amount > 0
     ORDER BY level.payer_id, level.issuer_id, level.id
    ON CONFLICT (payer_id, issuer_id, once_of_id) WHERE once_of_id IS NOT NULL DO NOTHING),
granted AS (
    INSERT INTO subscriptions_grant
           (provider_id, tenant_id, subscription_id, resource_id, kind, source_id, amount, made_at)
    SELECT %(provider)s, tenant_id, subscription_id, resource_id, 'add_on', id, amount,
           coalesce(%(now)s::timestamptz, now())
      FROM sold CROSS JOIN raised),
told AS (
    INSERT INTO tenants_event (provider_id, tenant_id, kind, subject_type, subject_id, after, user_id, user_name,
                               user_tenant_id, api_key_id, on_behalf_of_id, request_id, at)
    SELECT %(provider)s, tenant_id, 'add_on.sold', 'addonsale', id,
           %(facts)s::jsonb || jsonb_build_object('subscription', subscription_id, 'currency', currency, 'cycle', cycle,
                                                  'unit_price', trim_scale(unit_price)::text),
           %(user)s::bigint, %(user_name)s, %(user_tenant)s::bigint, %(api_key)s::bigint, %(on_behalf_of)s::bigint,
           %(request)s, coalesce(%(now)s::timestamptz, now())
      FROM sold),
"""

HOLDINGS = f"""
moved AS (
    SELECT each.subscription_id, raised.resource_id,
           (each.bought * raised.amount)::bigint AS allocated, (each.sold * raised.amount)::bigint AS sold
      FROM (SELECT subscription_id, sum(bought) AS bought, sum(sold) AS sold
              FROM (SELECT subscription_id, 1 AS bought, 0 AS sold FROM sold
                    UNION ALL
                    SELECT source_id, 0, 1 FROM sold WHERE source_id IS NOT NULL) AS both_ends
             GROUP BY subscription_id) AS each CROSS JOIN raised),
changed AS (
    UPDATE subscriptions_holding h SET allocated = h.allocated + moved.allocated, sold = h.sold + moved.sold
      FROM moved WHERE h.subscription_id = moved.subscription_id AND h.resource_id = moved.resource_id
    RETURNING h.subscription_id, h.resource_id),
begun AS (
    INSERT INTO subscriptions_holding AS h
           (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis, allocated, sold, used)
    SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, moved.resource_id, {BASIS}, moved.allocated, moved.sold, 0
      FROM moved JOIN subscriptions_subscription s ON s.id = moved.subscription_id
      JOIN tenants_tenant t ON t.id = s.tenant_id
     WHERE (moved.subscription_id, moved.resource_id) NOT IN (SELECT subscription_id, resource_id FROM changed)
     ORDER BY s.id, moved.resource_id
    ON CONFLICT (subscription_id, resource_id) DO UPDATE
       SET allocated = h.allocated + EXCLUDED.allocated, sold = h.sold + EXCLUDED.sold)
"""

OF_JOB = """
WITH RECURSIVE item AS (
    SELECT id AS item_id, position, subject_id AS subscription_id
      FROM kernel_jobitem WHERE id = ANY (%(items)s::bigint[])),
barred AS (
    SELECT seller_id, price_list_id FROM addons_bulkprice WHERE bulk_sale_id = %(bulk_sale)s AND is_out_of_bounds),
"""

END_OF_JOB = """
UPDATE kernel_jobitem i
   SET state = CASE WHEN d.is_sold THEN 'done' ELSE 'skipped' END, reason = d.reason, facts = d.facts,
       result_id = sold.id
  FROM decided d LEFT JOIN sold USING (item_id) WHERE i.id = d.item_id
"""

OF_ONE = """
WITH RECURSIVE item AS (SELECT 0::bigint AS item_id, 1 AS position, %(subscription)s::bigint AS subscription_id),
barred AS (SELECT 0::bigint AS seller_id, 0::bigint AS price_list_id WHERE false),
"""
"""What one sale charges is within bounds: it is refused before."""

REFUSAL_OF_ONE = "SELECT reason, facts FROM decided"

END_OF_ONE = "SELECT sold.id, d.reason, d.facts FROM decided d LEFT JOIN sold USING (item_id)"
