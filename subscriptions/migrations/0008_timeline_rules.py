"""What holds of phases and their fees against any SQL of the application's login."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0007_first_phases")]
    operations = [migrations.RunSQL((SQL / "timeline.sql").read_text(), (SQL / "timeline_undo.sql").read_text())]
