"""Terms of subscriptions, and what is planned for them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_cancellation_window"),
        ("subscriptions", "0012_usage_alerts"),
        ("tenants", "0020_order_of_mails"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="phasefee",
            name="cancellation_hours",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="cancellation window in hours"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="anchor_day",
            field=models.PositiveSmallIntegerField(
                help_text="Of the month on which terms and billing periods begin.", null=True
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="committed_at",
            field=models.DateTimeField(
                help_text="When it was bought or last renewed: the cancellation window opens.", null=True
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="renews",
            field=models.BooleanField(db_default=True, default=True, verbose_name="renews by itself"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="renews_on",
            field=models.DateField(
                help_text="The day on which the next term begins, or it ends.", null=True, verbose_name="term until"
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="term_starts_on",
            field=models.DateField(null=True, verbose_name="term from"),
        ),
        migrations.CreateModel(
            name="PlannedChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("start", "Start"), ("change", "Change"), ("end", "End")],
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                ("quantity", models.PositiveIntegerField(null=True, verbose_name="quantity")),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=6, max_digits=18, null=True, verbose_name="unit price"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("done", "Done"),
                            ("withdrawn", "Withdrawn"),
                            ("failed", "Failed"),
                        ],
                        default="planned",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned",
                        to="subscriptions.subscription",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="holder",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.packageversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={"verbose_name": "planned change", "verbose_name_plural": "planned changes"},
        ),
        migrations.AddIndex(
            model_name="plannedchange",
            index=models.Index(models.F("on"), condition=models.Q(("state", "planned")), name="planned_change_due"),
        ),
        migrations.AddIndex(
            model_name="plannedchange",
            index=models.Index(
                models.F("provider"),
                models.OrderBy(models.F("id"), descending=True),
                name="planned_change_of_provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.UniqueConstraint(
                models.F("subscription"), condition=models.Q(("state", "planned")), name="planned_change_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("start", "change", "end"))), name="planned_change_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("state", "planned")),
                    models.Q(("settled_at__isnull", False), ("state__in", ("done", "withdrawn", "failed"))),
                    _connector="OR",
                ),
                name="planned_change_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "end"),
                        ("quantity__isnull", True),
                        ("unit_price__isnull", True),
                        ("version__isnull", True),
                    ),
                    models.Q(("quantity__gte", 1), ("quantity__lte", 99999), ("version__isnull", False)),
                    _connector="OR",
                ),
                name="planned_change_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__isnull", True), ("unit_price__gte", 0), _connector="OR"),
                name="planned_change_price",
            ),
        ),
    ]
