"""The triggers that say from which height the names of a customer are hidden, from the SQL beside the model."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_house")]
    operations = [migrations.RunSQL((SQL / "veil.sql").read_text(), (SQL / "veil_undo.sql").read_text())]
