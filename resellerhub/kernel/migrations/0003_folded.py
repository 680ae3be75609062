"""The function that searches compare by."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_room_on_the_page")]
    operations = [migrations.RunSQL((SQL / "folded.sql").read_text(), (SQL / "folded_undo.sql").read_text())]
