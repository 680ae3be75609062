"""Within how many hours something may be cancelled or reduced."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_prices")]

    operations = [
        migrations.AddField(
            model_name="feeversion",
            name="cancellation_hours",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="After purchase, renewal or increase. Empty: at any time.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(8784)],
                verbose_name="cancellation window in hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="feeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cancellation_hours__isnull", True), ("cancellation_hours__lte", 8784), _connector="OR"
                ),
                name="fee_version_window",
            ),
        ),
    ]
