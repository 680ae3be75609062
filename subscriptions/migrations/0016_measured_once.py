"""Events of usage are checked once for each statement."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


def key(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to
    )


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0015_term_rules")]

    operations = [
        migrations.AlterField("usageevent", "resource", key("catalog.resource")),
        migrations.AlterField("usageevent", "tenant", key("tenants.tenant")),
        migrations.RunSQL((SQL / "measured.sql").read_text(), (SQL / "measured_undo.sql").read_text()),
    ]
