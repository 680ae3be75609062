from django.core.validators import RegexValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    """A bulk sale keeps its terms."""

    dependencies = [("addons", "0002_rules")]

    operations = [
        migrations.AddField(
            "bulksale",
            "unit_price",
            models.DecimalField("unit price", max_digits=18, decimal_places=6, default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            "bulksale", "unit_cost", models.DecimalField("unit cost", max_digits=18, decimal_places=6, null=True)
        ),
        migrations.AddField(
            "bulksale",
            "currency",
            models.CharField(
                "currency",
                max_length=3,
                validators=[RegexValidator("^[A-Z]{3}$", "A currency has three capital letters, such as EUR.")],
                default="EUR",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "bulksale",
            "cycle",
            models.CharField(
                "billing cycle",
                max_length=10,
                choices=[
                    ("month", "per month"),
                    ("quarter", "per quarter"),
                    ("half_year", "per half-year"),
                    ("year", "per year"),
                ],
                default="month",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "bulksale",
            "granted",
            models.JSONField(help_text="Resource → how much each sale grants of it.", default=dict),
            preserve_default=False,
        ),
    ]
