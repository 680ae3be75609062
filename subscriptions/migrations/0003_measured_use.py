"""What was measured of a subscription itself, apart from what is used of it, which counts those that draw on it too."""

from django.db import migrations, models

PASSED_UP = """
UPDATE subscriptions_holding SET measured = used WHERE used <> 0;
WITH RECURSIVE up AS (
    SELECT s.source_id, h.resource_id, h.measured
      FROM subscriptions_holding h JOIN subscriptions_subscription s ON s.id = h.subscription_id
     WHERE s.source_id IS NOT NULL AND h.measured <> 0
     UNION ALL
    SELECT s.source_id, up.resource_id, up.measured
      FROM up JOIN subscriptions_subscription s ON s.id = up.source_id WHERE s.source_id IS NOT NULL
), moved AS (
    SELECT source_id AS subscription_id, resource_id, sum(measured)::bigint AS used FROM up GROUP BY 1, 2)
INSERT INTO subscriptions_holding AS h
       (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis, allocated, sold, used, measured)
SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, moved.resource_id, p.over_quota_basis, 0, 0, moved.used, 0
  FROM moved JOIN subscriptions_subscription s ON s.id = moved.subscription_id
  JOIN tenants_providersettings p ON p.tenant_id = s.provider_id
    ON CONFLICT (subscription_id, resource_id) DO UPDATE SET used = h.used + excluded.used;
"""
UNDO = "UPDATE subscriptions_holding SET used = measured WHERE used <> measured"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0002_rules"), ("tenants", "0003_requests")]
    operations = [
        migrations.RemoveConstraint(model_name="holding", name="holding_not_negative"),
        migrations.AddField(
            model_name="holding",
            name="measured",
            field=models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="What was measured of the subscription itself.",
                verbose_name="measured here",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(("allocated__gte", 0), ("measured__gte", 0), ("sold__gte", 0), ("used__gte", 0)),
                name="holding_not_negative",
            ),
        ),
        migrations.RunSQL(PASSED_UP, UNDO),
    ]
