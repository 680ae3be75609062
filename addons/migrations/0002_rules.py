"""Composite keys and triggers, from the SQL beside the models."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("addons", "0001_add_ons"), ("subscriptions", "0002_rules")]
    operations = [migrations.RunSQL((SQL / "rules.sql").read_text(), (SQL / "rules_undo.sql").read_text())]
