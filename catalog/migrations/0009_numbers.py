"""Every price is a number: NaN passes a bound from below, so the column itself refuses it."""

import django.core.validators
from django.db import migrations

from resellerhub.kernel.money import NumberField, numbers


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_cancellation_window"),
    ]

    operations = [
        migrations.AlterField(
            model_name="feeversion",
            name="activation_amount",
            field=NumberField(
                decimal_places=6,
                default=0,
                max_digits=18,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="activation fee",
            ),
        ),
        migrations.AlterField(
            model_name="feeversion",
            name="amount",
            field=NumberField(
                decimal_places=6,
                max_digits=18,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="amount",
            ),
        ),
        migrations.AlterField(
            model_name="feeversion",
            name="cancellation_amount",
            field=NumberField(
                decimal_places=6,
                default=0,
                max_digits=18,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="early cancellation fee",
            ),
        ),
        migrations.AlterField(
            model_name="pricerule",
            name="ceiling",
            field=NumberField(
                blank=True,
                decimal_places=6,
                max_digits=18,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="at most",
            ),
        ),
        migrations.AlterField(
            model_name="pricerule",
            name="floor",
            field=NumberField(
                blank=True,
                decimal_places=6,
                max_digits=18,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="at least",
            ),
        ),
        migrations.AlterField(
            model_name="pricerule",
            name="value",
            field=NumberField(
                decimal_places=6,
                default=0,
                max_digits=18,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="value",
            ),
        ),
        numbers("catalog_feeversion", "activation_amount", "amount", "cancellation_amount"),
        numbers("catalog_pricerule", "ceiling", "floor", "value"),
    ]
