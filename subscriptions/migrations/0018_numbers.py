"""Every price is a number: NaN passes a bound from below, so the column itself refuses it."""

from django.db import migrations

from resellerhub.kernel.money import NumberField, numbers


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0017_planned_end"),
    ]

    operations = [
        migrations.AlterField(
            model_name="listing",
            name="unit_price",
            field=NumberField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="price"),
        ),
        migrations.AlterField(
            model_name="order",
            name="unit_price",
            field=NumberField(decimal_places=6, max_digits=18, null=True, verbose_name="price"),
        ),
        migrations.AlterField(
            model_name="phasefee",
            name="activation_amount",
            field=NumberField(decimal_places=6, default=0, max_digits=18, verbose_name="activation fee"),
        ),
        migrations.AlterField(
            model_name="phasefee",
            name="cancellation_amount",
            field=NumberField(decimal_places=6, default=0, max_digits=18, verbose_name="early cancellation fee"),
        ),
        migrations.AlterField(
            model_name="phasefee",
            name="unit_price",
            field=NumberField(decimal_places=6, max_digits=18, verbose_name="unit price"),
        ),
        migrations.AlterField(
            model_name="plannedchange",
            name="unit_price",
            field=NumberField(decimal_places=6, max_digits=18, null=True, verbose_name="unit price"),
        ),
        numbers("subscriptions_listing", "unit_price"),
        numbers("subscriptions_order", "unit_price"),
        numbers("subscriptions_phasefee", "activation_amount", "cancellation_amount", "unit_price"),
        numbers("subscriptions_plannedchange", "unit_price"),
    ]
