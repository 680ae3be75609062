"""An end says no version and no quantity."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0016_measured_once")]

    operations = [
        migrations.RemoveConstraint(model_name="plannedchange", name="planned_change_what"),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "end"),
                        ("quantity__isnull", True),
                        ("unit_price__isnull", True),
                        ("version__isnull", True),
                    ),
                    models.Q(
                        ("kind__in", ("start", "change")),
                        ("quantity__gte", 1),
                        ("quantity__lte", 99999),
                        ("version__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="planned_change_what",
            ),
        ),
    ]
