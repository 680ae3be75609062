"""What holds of pools against any SQL of the application's login."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0027_pools")]
    operations = [migrations.RunSQL((SQL / "pools.sql").read_text(), (SQL / "pools_undo.sql").read_text())]
