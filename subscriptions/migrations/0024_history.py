"""A crossing stays where it was, a threshold is a number, and the price of a plan is a part of it."""

from pathlib import Path

from django.db import migrations

from resellerhub.kernel.functions import functions_of

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0023_fact_rules")]
    operations = [
        migrations.RunSQL(
            (SQL / "crossings.sql").read_text(),
            functions_of(SQL / "alerts.sql", "subscriptions_crossing_kept") + (SQL / "crossings_undo.sql").read_text(),
        ),
        migrations.RunSQL(
            (SQL / "plans.sql").read_text(), functions_of(SQL / "life.sql", "subscriptions_planned_kept")
        ),
    ]
