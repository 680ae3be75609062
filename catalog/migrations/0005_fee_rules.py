"""Limits are those of a version; and what holds of fees and prices against any SQL of the application's login."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from resellerhub.kernel.functions import functions_of

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_first_versions")]
    operations = [
        migrations.RemoveField(
            model_name="packageresource",
            name="package",
        ),
        migrations.AddConstraint(
            model_name="packageresource",
            constraint=models.UniqueConstraint(models.F("version"), models.F("resource"), name="package_resource_once"),
        ),
        migrations.AddConstraint(
            model_name="packageresource",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit__gte", 1), ("limit__lte", 1000000000000)), name="package_resource_limit"
            ),
        ),
        migrations.AlterField(
            model_name="packageresource",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="limits", to="catalog.packageversion"
            ),
        ),
        migrations.RunSQL(
            (SQL / "fees.sql").read_text(),
            (SQL / "fees_undo.sql").read_text() + functions_of(SQL / "rules.sql", "catalog_limit"),
        ),
    ]
