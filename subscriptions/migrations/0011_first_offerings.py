"""Commission resellers keep what they could sell so far: whatever those above them share. From now on it is chosen."""

from django.db import migrations

FIRST = """
INSERT INTO subscriptions_offering (provider_id, tenant_id, package_id, made_at)
SELECT t.provider_id, t.id, p.id, now()
  FROM tenants_tenant t
  JOIN tenants_resellerterms r ON r.tenant_id = t.id AND r.type = 'commission'
  JOIN catalog_package p ON p.provider_id = t.provider_id AND p.tenant_id = ANY (t.ancestors)
 WHERE t.status <> 'closed' AND p.is_active AND (p.is_shared OR p.tenant_id = t.id)
 ORDER BY t.id, p.id;
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0010_offers")]
    operations = [migrations.RunSQL(FIRST, "DELETE FROM subscriptions_offering")]
