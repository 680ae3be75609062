"""The triggers of the tree and of the event log, from the SQL beside their models."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def run(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / f"{name}.sql").read_text(), (SQL / f"{name}_undo.sql").read_text())


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]
    operations = [run("tree"), run("events")]
