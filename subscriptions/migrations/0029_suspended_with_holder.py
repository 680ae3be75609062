from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0028_pool_rules")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="suspended_with_holder",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("suspended_with_holder", False), ("state", "suspended"), _connector="OR"),
                name="subscription_suspended_with_holder",
            ),
        ),
    ]
