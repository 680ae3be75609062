"""What tax is charged from which day on, who charges none, and what was said of VAT IDs."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import resellerhub.kernel.money

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0002_documents"),
        ("tenants", "0028_support_ends"),
    ]

    operations = [
        migrations.CreateModel(
            name="SmallBusiness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField(verbose_name="effective from")),
                ("is_small", models.BooleanField(verbose_name="charges no VAT, as a small business")),
                ("made_at", models.DateTimeField(verbose_name="made")),
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
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_business",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "small business",
                "verbose_name_plural": "small businesses",
                "constraints": [models.UniqueConstraint(fields=("tenant", "effective_on"), name="small_business_once")],
            },
        ),
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                ("effective_on", models.DateField(verbose_name="effective from")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("S", "Taxed"),
                            ("Z", "Zero rate"),
                            ("E", "Exempt"),
                            ("O", "Outside the scope of tax"),
                        ],
                        default="S",
                        max_length=2,
                        verbose_name="category",
                    ),
                ),
                (
                    "percent",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3,
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="percent",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
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
                "verbose_name": "tax rate",
                "verbose_name_plural": "tax rates",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "country", "effective_on"), name="tax_rate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="tax_rate_country"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)), name="tax_rate_percent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "S"), ("percent__gt", 0)),
                            models.Q(("category__in", ["Z", "E", "O"]), ("percent", 0)),
                            _connector="OR",
                        ),
                        name="tax_rate_category",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VatCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vat_id", models.CharField(max_length=20, verbose_name="VAT ID")),
                ("requester", models.CharField(blank=True, max_length=20, verbose_name="asked by")),
                (
                    "state",
                    models.CharField(
                        choices=[("unknown", "Not answered yet"), ("valid", "Valid"), ("invalid", "Not valid")],
                        default="unknown",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("asked_at", models.DateTimeField(null=True, verbose_name="asked")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("retry_at", models.DateTimeField(null=True, verbose_name="asked next")),
                ("tries", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=100, verbose_name="why there is no answer")),
                ("consultation", models.CharField(blank=True, max_length=40, verbose_name="consultation number")),
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
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vat_checks",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "check of a VAT ID",
                "verbose_name_plural": "checks of VAT IDs",
                "indexes": [
                    models.Index(
                        models.F("tenant"),
                        models.F("vat_id"),
                        models.OrderBy(models.F("answered_at"), descending=True),
                        name="vat_check_newest",
                    ),
                    models.Index(models.F("retry_at"), condition=models.Q(("state", "unknown")), name="vat_check_due"),
                    models.Index(
                        models.F("provider"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="vat_check_of_provider",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "unknown")), fields=("tenant",), name="vat_check_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("vat_id__regex", "^[A-Z]{2}[A-Z0-9]+$")), name="vat_check_vat_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("retry_at__isnull", False), ("state", "unknown")),
                            models.Q(
                                ("answered_at__isnull", False), ("retry_at", None), ("state__in", ["valid", "invalid"])
                            ),
                            _connector="OR",
                        ),
                        name="vat_check_answered",
                    ),
                ],
            },
        ),
        migrations.RunSQL((SQL / "taxes.sql").read_text(), (SQL / "taxes_undo.sql").read_text()),
    ]
