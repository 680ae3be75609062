"""The trigger that keeps the holder of open subscriptions as it is, from the SQL beside the model."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0003_measured_use"), ("tenants", "0008_closing")]
    operations = [migrations.RunSQL((SQL / "holder.sql").read_text(), (SQL / "holder_undo.sql").read_text())]
