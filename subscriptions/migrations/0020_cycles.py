"""By which cycle something is planned, and can be ordered."""

from django.db import migrations, models

VALUES = ["month", "quarter", "half_year", "year"]
CHOICES = [
    ("month", "per month"),
    ("quarter", "per quarter"),
    ("half_year", "per half-year"),
    ("year", "per year"),
]


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0019_one_order")]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="cycle",
            field=models.CharField(
                blank=True, choices=CHOICES, default="", max_length=10, verbose_name="billing cycle"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="plannedchange",
            name="cycle",
            field=models.CharField(
                blank=True, choices=CHOICES, default="", max_length=10, verbose_name="billing cycle"
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(condition=models.Q(("cycle__in", ("", *VALUES))), name="listing_cycle"),
        ),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cycle", ""),
                    models.Q(("cycle__in", VALUES), ("kind__in", ("start", "change"))),
                    _connector="OR",
                ),
                name="planned_change_cycle",
            ),
        ),
    ]
