"""The trigger that leaves a provider one type of reseller, from the SQL beside the model."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0011_company_numbers")]
    operations = [
        migrations.RunSQL((SQL / "reseller_types.sql").read_text(), (SQL / "reseller_types_undo.sql").read_text())
    ]
