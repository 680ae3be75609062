"""The triggers that keep the last administrator of a tenant, from the SQL beside the model."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0009_visits_of_people")]
    operations = [
        migrations.RunSQL((SQL / "administrators.sql").read_text(), (SQL / "administrators_undo.sql").read_text())
    ]
