"""A repeated sale is found by who sells, too: what was sold may have gone to another holder since."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0024_history")]
    operations = [
        migrations.AddIndex(
            "subscription",
            models.Index(
                models.F("seller"),
                models.F("request_id"),
                condition=models.Q(("request_id__isnull", False)),
                name="subscription_request",
            ),
        ),
    ]
