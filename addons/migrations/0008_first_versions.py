"""What an add-on granted and charged until now is its first version: its two prices become a pair of fees, and what was
sold keeps their terms."""

from django.db import migrations

VERSIONS = """
WITH made AS (
    SELECT a.*, nextval(pg_get_serial_sequence('catalog_fee', 'id')) AS reseller_fee,
           nextval(pg_get_serial_sequence('catalog_fee', 'id')) AS account_fee
      FROM addons_addon a),
fee AS (
    INSERT INTO catalog_fee (id, provider_id, tenant_id, kind, name, currency, is_shared, applies_more_than_once,
                             is_active, created_at)
    SELECT each.id, made.provider_id, made.tenant_id, each.kind,
           CASE WHEN EXISTS (SELECT FROM catalog_fee f WHERE f.tenant_id = made.tenant_id AND f.kind = each.kind
                                AND f.name = made.name)
                THEN left(made.name, 70) || ' (add-on ' || made.id || ')' ELSE made.name END,
           made.currency, false, true, true, made.created_at
      FROM made, LATERAL (VALUES (reseller_fee, 'reseller'), (account_fee, 'account')) AS each (id, kind)),
said AS (
    INSERT INTO catalog_feeversion (fee_id, effective_on, public_name, amount, cycle, billed, activation_amount,
        prorates_first, prorates_last, minimum_months, cancellation_amount, credits_suspension, made_at)
    SELECT each.id, (made.created_at AT TIME ZONE 'UTC')::date, made.name, each.amount, made.cycle, 'advance', 0,
           true, true, 0, 0, each.credits, made.created_at
      FROM made, LATERAL (VALUES (reseller_fee, reseller_price, false), (account_fee, customer_price, true))
           AS each (id, amount, credits))
INSERT INTO addons_addonversion (add_on_id, effective_on, reseller_fee_id, account_fee_id, made_at)
SELECT id, (created_at AT TIME ZONE 'UTC')::date, reseller_fee, account_fee, created_at FROM made ORDER BY id;

UPDATE addons_addonresource r SET version_id = v.id FROM addons_addonversion v WHERE v.add_on_id = r.add_on_id;

CREATE TEMPORARY TABLE addons_fees ON COMMIT DROP AS
SELECT v.add_on_id, v.id AS version_id, a.tenant_id AS owner_id, r.id AS reseller, c.id AS account, o.id AS original
  FROM addons_addonversion v JOIN addons_addon a ON a.id = v.add_on_id
  JOIN catalog_feeversion r ON r.fee_id = v.reseller_fee_id JOIN catalog_feeversion c ON c.fee_id = v.account_fee_id
  LEFT JOIN addons_addonversion ov ON ov.add_on_id = a.copied_from_id
  LEFT JOIN catalog_feeversion o ON o.fee_id = ov.reseller_fee_id;

UPDATE addons_addonsale s
   SET version_id = f.version_id,
       issuer_id = (SELECT above.id FROM unnest(seller.ancestors) WITH ORDINALITY AS above (id, depth)
                      LEFT JOIN tenants_resellerterms t ON t.tenant_id = above.id
                     WHERE t.type IS DISTINCT FROM 'commission' ORDER BY above.depth DESC LIMIT 1),
       fee_version_id = CASE holder.kind WHEN 'reseller' THEN f.reseller ELSE f.account END,
       cost_cycle = CASE WHEN s.unit_cost IS NULL THEN '' ELSE s.cycle END,
       cost_fee_version_id = CASE WHEN s.unit_cost IS NULL THEN NULL
                                  WHEN s.seller_id = f.owner_id THEN f.original ELSE f.reseller END
  FROM addons_fees f, tenants_tenant holder, tenants_tenant seller
 WHERE f.add_on_id = s.add_on_id AND holder.id = s.tenant_id AND seller.id = s.seller_id;

UPDATE addons_bulksale b SET version_id = f.version_id FROM addons_fees f WHERE f.add_on_id = b.add_on_id;
INSERT INTO addons_bulkprice (bulk_sale_id, seller_id, price_list_id, issuer_id, unit_price, unit_cost, currency, cycle,
    fee_version_id, cost_cycle, cost_fee_version_id, applies_more_than_once, above)
SELECT b.id, seller.id, 0, seller.id, b.unit_price,
       CASE WHEN seller.id = f.owner_id THEN b.own_cost ELSE b.reseller_cost END, b.currency, b.cycle,
       CASE b.audience WHEN 'resellers' THEN f.reseller ELSE f.account END, b.cycle,
       CASE WHEN seller.id = f.owner_id THEN f.original ELSE f.reseller END, true, '[]'
  FROM addons_bulksale b JOIN addons_fees f USING (add_on_id) JOIN tenants_tenant seller
    ON seller.id IN (SELECT s.seller_id FROM kernel_jobitem i JOIN subscriptions_subscription s ON s.id = i.subject_id
                      WHERE i.job_id = b.job_id);
"""
UNDO = """
UPDATE addons_addon a
   SET currency = coalesce(f.currency, 'EUR'), cycle = coalesce(fv.cycle, 'month'),
       reseller_price = coalesce((SELECT amount FROM catalog_feeversion WHERE fee_id = v.reseller_fee_id
                                   ORDER BY effective_on DESC, id DESC LIMIT 1), 0),
       customer_price = coalesce(fv.amount, 0)
  FROM addons_addonversion v LEFT JOIN catalog_fee f ON f.id = v.account_fee_id
  LEFT JOIN LATERAL (SELECT amount, cycle FROM catalog_feeversion WHERE fee_id = f.id
                      ORDER BY effective_on DESC, id DESC LIMIT 1) AS fv ON true
 WHERE v.id = (SELECT id FROM addons_addonversion l WHERE l.add_on_id = a.id
                ORDER BY effective_on DESC, id DESC LIMIT 1);
UPDATE addons_addonresource r SET add_on_id = v.add_on_id FROM addons_addonversion v WHERE v.id = r.version_id;
DELETE FROM addons_addonresource r USING addons_addonversion v
 WHERE v.id = r.version_id
   AND v.id <> (SELECT id FROM addons_addonversion l WHERE l.add_on_id = v.add_on_id
                 ORDER BY effective_on DESC, id DESC LIMIT 1);
UPDATE addons_addonresource SET version_id = NULL;
UPDATE addons_bulksale b SET unit_price = p.unit_price, own_cost = p.unit_cost, reseller_cost = coalesce(p.unit_cost, 0),
       currency = p.currency, cycle = p.cycle, version_id = NULL
  FROM addons_bulkprice p WHERE p.bulk_sale_id = b.id;
UPDATE addons_addonsale SET version_id = NULL, fee_version_id = NULL, cost_fee_version_id = NULL;
DELETE FROM addons_bulkprice;
DELETE FROM addons_addonsalecost;
DELETE FROM addons_addonversion;
"""
"""Going back, an add-on costs what its newest fees say; the fees stay."""


class Migration(migrations.Migration):
    dependencies = [("addons", "0007_fee_pair")]
    operations = [migrations.RunSQL(VERSIONS, UNDO)]
