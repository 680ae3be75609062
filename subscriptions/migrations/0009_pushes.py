"""New terms for what is sold already."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


def key(to: str, name: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, verbose_name=name, **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_hard_quotas"),
        ("kernel", "0003_folded"),
        ("subscriptions", "0008_timeline_rules"),
        ("tenants", "0020_order_of_mails"),
    ]

    operations = [
        migrations.CreateModel(
            name="Push",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("limits", models.BooleanField(verbose_name="limits")),
                ("prices", models.BooleanField(verbose_name="prices")),
                ("effective_on", models.DateField(null=True, verbose_name="effective from")),
                (
                    "sellers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "keeps_own_prices",
                    models.BooleanField(default=True, verbose_name="leave out prices that were set freely"),
                ),
                ("next_on", models.DateField(null=True, verbose_name="goes on")),
                ("request_id", models.UUIDField()),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="push", to="kernel.job"
                    ),
                ),
                ("package", key("catalog.package", "package")),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                ("tenant", key("tenants.tenant", "pushed by", db_index=False)),
                ("version", key("catalog.packageversion", "version")),
            ],
            options={
                "verbose_name": "push of new terms",
                "verbose_name_plural": "pushes of new terms",
                "indexes": [
                    models.Index(
                        models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="push_of_provider"
                    ),
                    models.Index(models.F("next_on"), condition=models.Q(("next_on__isnull", False)), name="push_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("tenant"), models.F("request_id"), name="push_request_once"),
                    models.CheckConstraint(
                        condition=models.Q(("limits", True), ("prices", True), _connector="OR"),
                        name="push_of_something",
                    ),
                ],
            },
        ),
        migrations.RunSQL((SQL / "pushes.sql").read_text(), (SQL / "pushes_undo.sql").read_text()),
    ]
