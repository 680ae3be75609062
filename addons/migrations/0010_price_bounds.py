from django.db import migrations, models


class Migration(migrations.Migration):
    """Bulk sales hold the bounds that single sales hold."""

    dependencies = [("addons", "0009_fee_rules")]
    operations = [
        migrations.AddField(
            "bulkprice",
            "is_out_of_bounds",
            models.BooleanField(default=False, help_text="Not what the seller may charge: nothing is sold."),
        ),
    ]
