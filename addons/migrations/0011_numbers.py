"""Every price is a number: NaN passes a bound from below, so the column itself refuses it."""

from django.db import migrations

from resellerhub.kernel.money import NumberField, numbers


class Migration(migrations.Migration):
    dependencies = [
        ("addons", "0010_price_bounds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="addonsale",
            name="unit_cost",
            field=NumberField(decimal_places=6, max_digits=18, null=True, verbose_name="unit cost"),
        ),
        migrations.AlterField(
            model_name="addonsale",
            name="unit_price",
            field=NumberField(decimal_places=6, max_digits=18, verbose_name="unit price"),
        ),
        migrations.AlterField(
            model_name="addonsalecost",
            name="unit_price",
            field=NumberField(decimal_places=6, max_digits=18, verbose_name="unit price"),
        ),
        migrations.AlterField(
            model_name="bulkprice",
            name="unit_cost",
            field=NumberField(decimal_places=6, max_digits=18, null=True, verbose_name="unit cost"),
        ),
        migrations.AlterField(
            model_name="bulkprice",
            name="unit_price",
            field=NumberField(decimal_places=6, max_digits=18, verbose_name="unit price"),
        ),
        numbers("addons_addonsale", "unit_cost", "unit_price"),
        numbers("addons_addonsalecost", "unit_price"),
        numbers("addons_bulkprice", "unit_cost", "unit_price"),
    ]
