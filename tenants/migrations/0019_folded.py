"""The indexes for searching in names, by the function that searches compare by."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0018_tokens_and_visits"), ("kernel", "0003_folded")]
    operations = [migrations.RunSQL((SQL / "folded.sql").read_text(), (SQL / "folded_undo.sql").read_text())]
