"""What was paid, what it settles, and what each payer owes after it."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import resellerhub.kernel.money

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0004_billing_runs"),
        ("tenants", "0028_support_ends"),
    ]

    operations = [
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "Payment"), ("refund", "Refund"), ("reversal", "Reversal")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "amount",
                    resellerhub.kernel.money.NumberField(decimal_places=3, max_digits=18, verbose_name="amount"),
                ),
                (
                    "currency",
                    models.CharField(
                        max_length=3, validators=[resellerhub.kernel.money.is_currency], verbose_name="currency"
                    ),
                ),
                ("received_on", models.DateField(verbose_name="received")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("transfer", "Bank transfer"),
                            ("debit", "Direct debit"),
                            ("card", "Card"),
                            ("cash", "Cash"),
                            ("other", "Other"),
                        ],
                        default="transfer",
                        max_length=8,
                        verbose_name="method",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=200, verbose_name="reference")),
                ("source", models.CharField(blank=True, editable=False, max_length=64)),
                ("request_id", models.UUIDField(editable=False, null=True)),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "issuer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="issuer",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="payer",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversal",
                        to="invoicing.payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "amount",
                    resellerhub.kernel.money.NumberField(decimal_places=3, max_digits=18, verbose_name="amount"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "credit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used",
                        to="invoicing.document",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settled", to="invoicing.document"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="invoicing.payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "allocation",
                "verbose_name_plural": "allocations",
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "currency",
                    models.CharField(
                        max_length=3, validators=[resellerhub.kernel.money.is_currency], verbose_name="currency"
                    ),
                ),
                (
                    "billed",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3, default=0, max_digits=18, verbose_name="billed"
                    ),
                ),
                (
                    "paid",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3, default=0, max_digits=18, verbose_name="paid"
                    ),
                ),
                (
                    "allocated",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3, default=0, max_digits=18, verbose_name="allocated"
                    ),
                ),
                (
                    "owed",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("billed"), "-", models.F("paid")
                        ),
                        output_field=resellerhub.kernel.money.NumberField(decimal_places=3, max_digits=18),
                        verbose_name="owed",
                    ),
                ),
                (
                    "unallocated",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("paid"), "-", models.F("allocated")
                        ),
                        output_field=resellerhub.kernel.money.NumberField(decimal_places=3, max_digits=18),
                        verbose_name="not allocated",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        db_index=False,
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
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "balance",
                "verbose_name_plural": "balances",
                "indexes": [
                    models.Index(
                        models.F("provider"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="balance_of_provider",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("issuer", "payer", "currency"), name="balance_once")],
            },
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="payment_of_provider"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                models.F("issuer"), models.OrderBy(models.F("id"), descending=True), name="payment_of_issuer"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(models.F("payer"), models.F("issuer"), models.F("received_on"), name="payment_of_payer"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind", "payment"), ("reverses", None)),
                    models.Q(("amount__lt", 0), ("kind", "refund"), ("reverses", None)),
                    models.Q(("kind", "reversal"), ("reverses__isnull", False)),
                    _connector="OR",
                ),
                name="payment_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("issuer", models.F("payer")), _negated=True), name="payment_between_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", ""), _negated=True), fields=("issuer", "source"), name="payment_read_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("issuer", "request_id"), name="payment_request_once"),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("credit", None), ("payment__isnull", False)),
                    models.Q(("credit__isnull", False), ("payment", None)),
                    _connector="OR",
                ),
                name="allocation_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="allocation_of_something"
            ),
        ),
        migrations.RunSQL((SQL / "payments.sql").read_text(), (SQL / "payments_undo.sql").read_text()),
    ]
