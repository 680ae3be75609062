"""Add-ons have no prices of their own any more; and what holds of their versions against any SQL of the application's login."""

from pathlib import Path
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from resellerhub.kernel.functions import functions_of

SQL = Path(__file__).resolve().parent.parent / "sql"


def key(to: str, name: str = "+", **options: Any) -> Any:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, **options)


class Migration(migrations.Migration):
    dependencies = [("addons", "0008_first_versions")]

    operations = [
        migrations.RemoveConstraint("addonresource", "add_on_resource_once"),
        migrations.RemoveField("addonresource", "add_on"),
        migrations.AlterField("addonresource", "version", key("addons.addonversion", "resources")),
        migrations.AddConstraint(
            "addonresource",
            models.UniqueConstraint(models.F("version"), models.F("resource"), name="add_on_resource_once"),
        ),
        migrations.RemoveConstraint("addon", "add_on_cycle"),
        migrations.RemoveConstraint("addon", "add_on_price_not_negative"),
        *(migrations.RemoveField("addon", name) for name in ("currency", "cycle", "reseller_price", "customer_price")),
        *(
            migrations.RemoveField("bulksale", name)
            for name in ("unit_price", "own_cost", "reseller_cost", "currency", "cycle")
        ),
        migrations.AlterField("bulksale", "version", key("addons.addonversion")),
        migrations.AlterField("addonsale", "version", key("addons.addonversion", db_index=False, db_constraint=False)),
        migrations.AlterField("addonsale", "issuer", key("tenants.tenant", db_index=False, db_constraint=False)),
        migrations.RunSQL(
            (SQL / "fees.sql").read_text(),
            (SQL / "fees_undo.sql").read_text() + functions_of(SQL / "rules.sql", "addons_sold", "addons_of_type"),
        ),
    ]
