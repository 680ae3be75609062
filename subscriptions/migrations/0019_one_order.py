"""Of one entry a tenant has one order that waits. Of several that wait already the newest is kept."""

from django.db import migrations, models

NEWEST = """
UPDATE subscriptions_order old SET state = 'withdrawn', decided_at = now()
 WHERE old.state = 'pending' AND EXISTS (
       SELECT FROM subscriptions_order newer
        WHERE newer.tenant_id = old.tenant_id AND newer.listing_id = old.listing_id AND newer.state = 'pending'
          AND newer.id > old.id)
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0018_numbers")]
    operations = [
        migrations.RunSQL(NEWEST, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "order",
            models.UniqueConstraint(
                models.F("tenant"),
                models.F("listing"),
                condition=models.Q(state="pending"),
                name="order_waiting_once",
            ),
        ),
    ]
