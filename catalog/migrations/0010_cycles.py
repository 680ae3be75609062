"""What a fee is for other billing cycles than its own."""

import django.core.validators
from django.db import migrations, models

import resellerhub.kernel.money

CYCLES = {"month": "month", "quarter": "quarter", "half_year": "half-year", "year": "year"}


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_numbers")]

    operations = [
        *(
            migrations.AddField(
                model_name="feeversion",
                name=f"amount_{cycle}",
                field=resellerhub.kernel.money.NumberField(
                    blank=True,
                    decimal_places=6,
                    max_digits=18,
                    null=True,
                    validators=[django.core.validators.MinValueValidator(0)],
                    verbose_name=f"amount per {word}",
                ),
            )
            for cycle, word in CYCLES.items()
        ),
        *(
            migrations.AddConstraint(
                model_name="feeversion",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        (f"amount_{cycle}__isnull", True),
                        models.Q((f"amount_{cycle}__gte", 0), models.Q(("cycle", cycle), _negated=True)),
                        _connector="OR",
                    ),
                    name=f"fee_version_per_{cycle}",
                ),
            )
            for cycle in CYCLES
        ),
    ]
