"""The tenant owner of whoever has an administrator and no owner: search and invitations look for it."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0015_search")]
    operations = [
        migrations.RunSQL((SQL / "owners.sql").read_text(), migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="tenant",
            name="status",
            field=models.CharField(
                choices=[("active", "Active"), ("suspended", "Suspended"), ("closed", "Deleted")],
                default="active",
                max_length=9,
            ),
        ),
    ]
