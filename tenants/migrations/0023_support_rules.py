"""What a level costs is dated now, and stands nowhere else; what holds of it against any SQL."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0022_first_support")]
    operations = [
        migrations.RemoveConstraint("supportlevel", "tenants_support_fee"),
        migrations.AlterField("supportlevel", "currency", models.CharField(max_length=3, default="EUR")),
        migrations.RemoveField("supportlevel", "currency"),
        migrations.RemoveField("supportlevel", "monthly_fee"),
        migrations.RunSQL((SQL / "support.sql").read_text(), (SQL / "support_undo.sql").read_text()),
    ]
