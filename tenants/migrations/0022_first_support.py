"""What a level costs is its provider's first price; who has an account has its level since it was said last.

Nothing was owed for support yet.
"""

from django.db import migrations

FIRST = """
INSERT INTO tenants_supportprice (provider_id, tenant_id, level_id, effective_on, amount, currency, made_at)
SELECT l.provider_id, l.provider_id, l.id, (p.created_at AT TIME ZONE 'UTC')::date, l.monthly_fee, l.currency, p.created_at
  FROM tenants_supportlevel l JOIN tenants_tenant p ON p.id = l.provider_id ORDER BY l.id;

INSERT INTO tenants_supportphase (provider_id, tenant_id, seller_id, level_id, starts_on, made_at)
SELECT t.provider_id, t.id, coalesce(t.parent_id, t.provider_id), a.support_level_id,
       (coalesce(said.at, t.created_at) AT TIME ZONE 'UTC')::date, coalesce(said.at, t.created_at)
  FROM tenants_customeraccount a JOIN tenants_tenant t ON t.id = a.tenant_id
  LEFT JOIN LATERAL (SELECT max(e.at) AS at FROM tenants_event e
                      WHERE e.tenant_id = t.id AND e.kind IN ('customer.account_opened', 'customer.account_changed')
                        AND e.after ? 'support_level') said ON true
 WHERE t.kind = 'customer' AND t.status <> 'closed' ORDER BY t.id;

WITH line AS (
    SELECT p.id AS phase_id, p.provider_id, u.id AS payer_id, lag(u.id) OVER (PARTITION BY p.id ORDER BY u.place) AS issuer_id
      FROM tenants_supportphase p JOIN tenants_tenant t ON t.id = p.tenant_id,
           unnest(t.ancestors) WITH ORDINALITY AS u (id, place)
     WHERE NOT EXISTS (SELECT FROM tenants_resellerterms r WHERE r.tenant_id = u.id AND r.type = 'commission'))
INSERT INTO tenants_supportdebt (provider_id, phase_id, payer_id, issuer_id)
SELECT provider_id, phase_id, payer_id, issuer_id FROM line WHERE issuer_id IS NOT NULL ORDER BY phase_id, payer_id;
"""
UNDO = """
UPDATE tenants_supportlevel l SET monthly_fee = p.amount, currency = p.currency
  FROM (SELECT DISTINCT ON (level_id) level_id, amount, currency FROM tenants_supportprice
         WHERE tenant_id = provider_id ORDER BY level_id, effective_on DESC, id DESC) p WHERE p.level_id = l.id;
DELETE FROM tenants_supportdebt;
DELETE FROM tenants_supportphase;
DELETE FROM tenants_supportprice;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0021_support_over_time")]
    operations = [migrations.RunSQL(FIRST, UNDO)]
