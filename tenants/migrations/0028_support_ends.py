"""Support ends on no day that is past against any SQL of the application's login."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0027_currencies")]
    operations = [
        migrations.RunSQL((SQL / "support_ends.sql").read_text(), (SQL / "support_ends_undo.sql").read_text())
    ]
