"""What is held is the first phase, from the day on which it started; of what had ended, the only one.

Nothing was owed for packages yet, and each has one version: the one that 0004 of the catalogue made.
"""

from django.db import migrations

FIRST = """
INSERT INTO subscriptions_phase
       (provider_id, tenant_id, seller_id, subscription_id, version_id, quantity, state, starts_on, ends_on, made_at)
SELECT s.provider_id, s.tenant_id, s.seller_id, s.id,
       (SELECT min(v.id) FROM catalog_packageversion v WHERE v.package_id = s.package_id),
       s.quantity, CASE s.state WHEN 'suspended' THEN 'suspended' ELSE 'active' END,
       s.started_on, CASE s.state WHEN 'closed' THEN greatest(s.closed_on, s.started_on) END,
       s.started_on::timestamp AT TIME ZONE 'UTC'
  FROM subscriptions_subscription s WHERE s.state <> 'pending' ORDER BY s.id;
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0006_timeline")]
    operations = [migrations.RunSQL(FIRST, "DELETE FROM subscriptions_phase")]
