"""Sales of terms that are over stay as they are against any SQL of the application's login."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("addons", "0015_fact_rules"), ("subscriptions", "0034_past_rules")]
    operations = [migrations.RunSQL((SQL / "past.sql").read_text(), (SQL / "past_undo.sql").read_text())]
