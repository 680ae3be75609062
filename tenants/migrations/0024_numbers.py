"""Every price is a number: NaN passes a bound from below, so the column itself refuses it."""

import django.core.validators
from django.db import migrations

from resellerhub.kernel.money import NumberField, numbers


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0023_support_rules"),
    ]

    operations = [
        migrations.AlterField(
            model_name="supportprice",
            name="amount",
            field=NumberField(
                decimal_places=6,
                max_digits=18,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="monthly fee",
            ),
        ),
        numbers("tenants_supportprice", "amount"),
    ]
