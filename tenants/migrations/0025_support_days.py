"""Support costs nothing else on a day that is past, whatever moment a row says that it was made."""

from pathlib import Path

from django.db import migrations

from resellerhub.kernel.functions import functions_of

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0024_numbers")]
    operations = [
        migrations.RunSQL(
            (SQL / "support_days.sql").read_text(),
            functions_of(SQL / "support.sql", "tenants_support_price", "tenants_support_begins")
            + (SQL / "support_days_undo.sql").read_text(),
        )
    ]
