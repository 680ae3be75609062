"""The facts of what was sold until now."""

from django.db import migrations

OWED = """
CREATE TEMPORARY TABLE addons_sells_to ON COMMIT DROP AS
SELECT seller.id AS seller_id, (
       SELECT t.id FROM unnest(seller.ancestors) WITH ORDINALITY AS line (id, depth)
         JOIN tenants_tenant t ON t.id = line.id LEFT JOIN tenants_resellerterms r ON r.tenant_id = t.id
        WHERE t.id <> seller.id AND coalesce(r.type, 'prepaid') <> 'commission'
        ORDER BY line.depth DESC LIMIT 1) AS id
  FROM tenants_tenant seller WHERE seller.kind = 'reseller';
UPDATE addons_addonsale s SET cost_issuer_id = above.id
  FROM addons_sells_to AS above WHERE above.seller_id = s.seller_id AND s.unit_cost IS NOT NULL;
UPDATE addons_bulkprice p SET cost_issuer_id = above.id
  FROM addons_sells_to AS above WHERE above.seller_id = p.seller_id AND p.unit_cost IS NOT NULL;
"""
"""Whom a seller owes: the nearest above it that buys itself."""

NAMED = """
UPDATE addons_addonsale s SET is_own_price = true
  FROM catalog_feeversion f
 WHERE f.id = s.fee_version_id
   AND s.unit_price <> coalesce(CASE s.cycle WHEN f.cycle THEN f.amount WHEN 'month' THEN f.amount_month
                                WHEN 'quarter' THEN f.amount_quarter WHEN 'half_year' THEN f.amount_half_year
                                ELSE f.amount_year END, s.unit_price);
UPDATE addons_addonsale SET ended_at = sold_at WHERE ended_at < sold_at;
"""
"""Which rule made a price was not kept: what the fee does not say stays as the seller's own."""

FOLLOWED = """
WITH RECURSIVE link AS (
    SELECT later.id, min(earlier.id) AS before
      FROM addons_addonsale later
      JOIN addons_addonsale earlier
        ON (earlier.subscription_id, earlier.add_on_id, earlier.version_id, earlier.quantity, earlier.ended_at)
         = (later.subscription_id, later.add_on_id, later.version_id, later.quantity, later.sold_at)
       AND earlier.id < later.id AND earlier.state = 'cancelled' AND earlier.tenant_id <> later.tenant_id
     GROUP BY later.id),
line AS (
    SELECT id, before AS first FROM link
    UNION ALL
    SELECT line.id, link.before FROM line JOIN link ON link.id = line.first)
UPDATE addons_addonsale s SET origin_id = root.first
  FROM (SELECT id, min(first) AS first FROM line GROUP BY id) AS root WHERE root.id = s.id;
UPDATE addons_addonsale s SET state = 'continued'
 WHERE EXISTS (SELECT FROM addons_addonsale n WHERE n.origin_id IN (s.id, s.origin_id) AND n.id > s.id
                  AND n.sold_at = s.ended_at);
"""
"""Sales that followed their subscription to another holder."""


class Migration(migrations.Migration):
    dependencies = [("addons", "0013_facts")]
    operations = [
        migrations.RunSQL(OWED, migrations.RunSQL.noop),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOWED, "UPDATE addons_addonsale SET state = 'cancelled' WHERE state = 'continued'"),
    ]
