"""The triggers that keep what is closed closed, from the SQL beside the model."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0007_lifecycle")]
    operations = [migrations.RunSQL((SQL / "closing.sql").read_text(), (SQL / "closing_undo.sql").read_text())]
