"""Indexes for searching in names, from the SQL beside the model: the operator class is one of an extension."""

from pathlib import Path

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0014_directory")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL((SQL / "search.sql").read_text(), (SQL / "search_undo.sql").read_text()),
    ]
