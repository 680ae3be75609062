"""What was held when, and at which price."""

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import subscriptions.models.timeline


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_fee_rules"),
        ("subscriptions", "0005_over_of_seller"),
        ("tenants", "0015_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Phase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("suspended", "Suspended")],
                        default="active",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(null=True, verbose_name="until")),
                ("made_at", models.DateTimeField(verbose_name="made")),
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
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="seller",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="phases",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.packageversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "phase",
                "verbose_name_plural": "phases",
            },
        ),
        migrations.CreateModel(
            name="PhaseFee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stream",
                    models.CharField(
                        choices=[("account", "Account fee"), ("reseller", "Reseller fee")],
                        max_length=10,
                        verbose_name="stream",
                    ),
                ),
                ("public_name", models.CharField(max_length=100, verbose_name="name for end users")),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "A currency has three capital letters, such as EUR."
                            )
                        ],
                        verbose_name="currency",
                    ),
                ),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="unit price")),
                (
                    "cycle",
                    models.CharField(
                        choices=[
                            ("month", "per month"),
                            ("quarter", "per quarter"),
                            ("half_year", "per half-year"),
                            ("year", "per year"),
                        ],
                        max_length=10,
                        verbose_name="billing cycle",
                    ),
                ),
                (
                    "billed",
                    models.CharField(
                        choices=[("advance", "in advance"), ("arrears", "in arrears")],
                        max_length=7,
                        verbose_name="billed",
                    ),
                ),
                (
                    "activation_amount",
                    models.DecimalField(decimal_places=6, default=0, max_digits=18, verbose_name="activation fee"),
                ),
                ("prorates_first", models.BooleanField(default=True, verbose_name="prorate the first period")),
                ("prorates_last", models.BooleanField(default=True, verbose_name="prorate the last period")),
                ("minimum_months", models.PositiveSmallIntegerField(default=0, verbose_name="minimum term in months")),
                (
                    "cancellation_amount",
                    models.DecimalField(
                        decimal_places=6, default=0, max_digits=18, verbose_name="early cancellation fee"
                    ),
                ),
                ("credits_suspension", models.BooleanField(default=True, verbose_name="credit suspended days")),
                (
                    "applies_more_than_once",
                    models.BooleanField(default=True, verbose_name="may be applied more than once"),
                ),
                (
                    "fee_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.feeversion",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="issuer",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="payer",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fees", to="subscriptions.phase"
                    ),
                ),
                (
                    "price_rule",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.pricerule"
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
            ],
            options={
                "verbose_name": "fee of a phase",
                "verbose_name_plural": "fees of a phase",
            },
        ),
        migrations.AddIndex(
            model_name="phase",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="phase_of_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1), ("quantity__lte", 99999)), name="phase_quantity"
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("active", "suspended"))), name="phase_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="phase_forwards",
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.UniqueConstraint(
                models.F("subscription"), condition=models.Q(("ends_on__isnull", True)), name="phase_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        subscriptions.models.timeline.IdRange(
                            models.F("subscription"), models.F("subscription"), models.Value("[]")
                        ),
                        "=",
                    ),
                    (
                        subscriptions.models.timeline.DateRange(
                            models.F("starts_on"), models.F("ends_on"), models.Value("[)")
                        ),
                        "&&",
                    ),
                ],
                name="phase_apart",
            ),
        ),
        migrations.AddConstraint(
            model_name="phasefee",
            constraint=models.UniqueConstraint(models.F("phase"), models.F("payer"), name="phase_fee_once"),
        ),
        migrations.AddConstraint(
            model_name="phasefee",
            constraint=models.CheckConstraint(
                condition=models.Q(("stream__in", ("account", "reseller"))), name="phase_fee_stream"
            ),
        ),
        migrations.AddConstraint(
            model_name="phasefee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("activation_amount__gte", 0), ("cancellation_amount__gte", 0), ("unit_price__gte", 0)
                ),
                name="phase_fee_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="phasefee",
            constraint=models.CheckConstraint(
                condition=models.Q(("stream", "account"), ("credits_suspension", False), _connector="OR"),
                name="phase_fee_owed_while_suspended",
            ),
        ),
        migrations.AddConstraint(
            model_name="phasefee",
            constraint=models.CheckConstraint(
                condition=models.Q(("payer", models.F("issuer")), _negated=True), name="phase_fee_between_two"
            ),
        ),
    ]
