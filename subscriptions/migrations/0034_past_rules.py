"""What is past stays past against any SQL of the application's login."""

from pathlib import Path

from django.db import migrations

from resellerhub.kernel.functions import functions_of

SQL = Path(__file__).resolve().parent.parent / "sql"
BEFORE = [
    functions_of(SQL / "measured.sql", "subscriptions_measured"),
    functions_of(SQL / "oneoffs.sql", "subscriptions_one_off"),
    functions_of(SQL / "timeline.sql", *(f"subscriptions_phase_{name}" for name in ("fee", "kept", "begins"))),
    (SQL / "past_undo.sql").read_text(),
]


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0033_first_fees_of_phases")]
    operations = [migrations.RunSQL((SQL / "past.sql").read_text(), "".join(BEFORE))]
