"""Logos as they stand on what was issued."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0005_payments"),
        ("tenants", "0028_support_ends"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letterhead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("picture", models.BinaryField()),
                (
                    "provider",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "letterhead",
                "verbose_name_plural": "letterheads",
                "constraints": [models.UniqueConstraint(fields=("provider", "digest"), name="letterhead_once")],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER invoicing_kept BEFORE UPDATE OR DELETE ON invoicing_letterhead"
            " FOR EACH ROW EXECUTE FUNCTION invoicing_kept()",
            "DROP TRIGGER invoicing_kept ON invoicing_letterhead",
        ),
    ]
