"""Hard quotas, thresholds, and what was crossed."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_hard_quotas"),
        ("subscriptions", "0011_first_offerings"),
        ("tenants", "0020_order_of_mails"),
    ]

    operations = [
        migrations.CreateModel(
            name="UsageAlerts",
            fields=[
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="usage_alerts",
                        serialize=False,
                        to="tenants.tenant",
                        verbose_name="seller",
                    ),
                ),
                (
                    "percents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="thresholds",
                    ),
                ),
                ("tells_holder", models.BooleanField(default=True, verbose_name="tell who holds it")),
                ("tells_seller", models.BooleanField(default=False, verbose_name="tell who sells it")),
            ],
            options={
                "verbose_name": "usage alerts",
                "verbose_name_plural": "usage alerts",
            },
        ),
        migrations.CreateModel(
            name="UsageCrossing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        help_text="0: the ceiling of a hard quota.", verbose_name="threshold"
                    ),
                ),
                (
                    "value",
                    models.BigIntegerField(help_text="Then; of a ceiling what was used.", verbose_name="utilised"),
                ),
                ("allocated", models.BigIntegerField(verbose_name="allocated")),
                ("ceiling", models.BigIntegerField(null=True, verbose_name="ceiling")),
                ("measured_at", models.DateTimeField(null=True)),
                ("crossed_at", models.DateTimeField(verbose_name="crossed")),
                ("cleared_at", models.DateTimeField(null=True, verbose_name="cleared")),
                ("told_at", models.DateTimeField(null=True)),
                ("end_told_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "usage alert",
                "verbose_name_plural": "usage alerts",
            },
        ),
        migrations.AddField(
            model_name="holding",
            name="overage",
            field=models.BigIntegerField(
                help_text="Of a hard quota, by the version and quantity held; empty of a soft one.",
                null=True,
                verbose_name="overage",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(("overage", None), ("overage__gte", 0), _connector="OR"), name="holding_overage"
            ),
        ),
        migrations.AddField(
            model_name="usagealerts",
            name="provider",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"),
        ),
        migrations.AddField(
            model_name="usagecrossing",
            name="provider",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddField(
            model_name="usagecrossing",
            name="resource",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.resource"
            ),
        ),
        migrations.AddField(
            model_name="usagecrossing",
            name="seller",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddField(
            model_name="usagecrossing",
            name="subscription",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="crossings",
                to="subscriptions.subscription",
            ),
        ),
        migrations.AddField(
            model_name="usagecrossing",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="ceiling",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.expressions.CombinedExpression(
                    models.F("allocated"), "+", models.F("overage")
                ),
                output_field=models.BigIntegerField(),
                verbose_name="ceiling",
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="is_blocked",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        overage__isnull=False,
                        then=True,
                        used__gte=django.db.models.expressions.CombinedExpression(
                            models.F("allocated"), "+", models.F("overage")
                        ),
                    ),
                    default=False,
                    output_field=models.BooleanField(),
                ),
                output_field=models.BooleanField(),
                verbose_name="blocked",
            ),
        ),
        migrations.AddIndex(
            model_name="usagecrossing",
            index=models.Index(
                models.F("subscription"), models.OrderBy(models.F("id"), descending=True), name="usage_crossing_of"
            ),
        ),
        migrations.AddIndex(
            model_name="usagecrossing",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="usage_crossing_of_provider"
            ),
        ),
        migrations.AddIndex(
            model_name="usagecrossing",
            index=models.Index(
                models.F("tenant"), models.OrderBy(models.F("id"), descending=True), name="usage_crossing_of_tenant"
            ),
        ),
        migrations.AddIndex(
            model_name="usagecrossing",
            index=models.Index(
                models.F("id"),
                condition=models.Q(
                    ("told_at", None),
                    models.Q(("cleared_at__isnull", False), ("end_told_at", None), ("percent", 0)),
                    _connector="OR",
                ),
                name="usage_crossing_untold",
            ),
        ),
        migrations.AddConstraint(
            model_name="usagecrossing",
            constraint=models.UniqueConstraint(
                models.F("subscription"),
                models.F("resource"),
                models.F("percent"),
                condition=models.Q(("cleared_at", None)),
                name="usage_crossing_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="usagecrossing",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gte", 0), ("percent__lte", 1000)), name="usage_crossing_percent"
            ),
        ),
        migrations.AddConstraint(
            model_name="usagecrossing",
            constraint=models.CheckConstraint(
                condition=models.Q(("cleared_at", None), ("cleared_at__gte", models.F("crossed_at")), _connector="OR"),
                name="usage_crossing_forwards",
            ),
        ),
        migrations.AddConstraint(
            model_name="usagecrossing",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_told_at", None), ("cleared_at__isnull", False), _connector="OR"),
                name="usage_crossing_end_told",
            ),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                models.F("provider"), models.F("id"), condition=models.Q(("is_blocked", True)), name="holding_blocked"
            ),
        ),
        migrations.RunSQL((SQL / "alerts.sql").read_text(), (SQL / "alerts_undo.sql").read_text()),
    ]
