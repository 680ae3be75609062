"""What is past stays past against any SQL of the application's login."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0033_first_fees_of_phases")]
    operations = [migrations.RunSQL((SQL / "past.sql").read_text(), (SQL / "past_undo.sql").read_text())]
