"""Support over time: prices by the day, who had which level when, who owes whom."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0020_order_of_mails"),
    ]

    operations = [
        migrations.CreateModel(
            name="SupportDebt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "debt for support",
                "verbose_name_plural": "debts for support",
            },
        ),
        migrations.CreateModel(
            name="SupportPhase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(null=True, verbose_name="until")),
                ("made_at", models.DateTimeField(verbose_name="made")),
            ],
            options={
                "verbose_name": "support phase",
                "verbose_name_plural": "support phases",
            },
        ),
        migrations.CreateModel(
            name="SupportPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField(verbose_name="effective from")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=18,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="monthly fee",
                    ),
                ),
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
                ("made_at", models.DateTimeField(verbose_name="made")),
            ],
            options={
                "verbose_name": "price of support",
                "verbose_name_plural": "prices of support",
            },
        ),
        migrations.AddField(
            model_name="supportdebt",
            name="issuer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"),
        ),
        migrations.AddField(
            model_name="supportdebt",
            name="payer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"),
        ),
        migrations.AddField(
            model_name="supportdebt",
            name="provider",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="supportphase",
            name="level",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="phases", to="tenants.supportlevel"
            ),
        ),
        migrations.AddField(
            model_name="supportphase",
            name="provider",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="supportphase",
            name="seller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="supportphase",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="support_phases", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="supportdebt",
            name="phase",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="debts", to="tenants.supportphase"
            ),
        ),
        migrations.AddField(
            model_name="supportprice",
            name="level",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="prices", to="tenants.supportlevel"
            ),
        ),
        migrations.AddField(
            model_name="supportprice",
            name="provider",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="supportprice",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="support_prices",
                to="tenants.tenant",
            ),
        ),
        migrations.AddIndex(
            model_name="supportphase",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="tenants_support_phase_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="supportphase",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="tenants_support_forwards",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportphase",
            constraint=models.UniqueConstraint(
                models.F("tenant"), condition=models.Q(("ends_on__isnull", True)), name="tenants_support_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="supportdebt",
            constraint=models.UniqueConstraint(models.F("phase"), models.F("payer"), name="tenants_support_debt_once"),
        ),
        migrations.AddConstraint(
            model_name="supportdebt",
            constraint=models.CheckConstraint(
                condition=models.Q(("payer", models.F("issuer")), _negated=True), name="tenants_support_between_two"
            ),
        ),
        migrations.AddIndex(
            model_name="supportprice",
            index=models.Index(
                models.F("tenant"),
                models.F("level"),
                models.OrderBy(models.F("effective_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="tenants_support_in_force",
            ),
        ),
        migrations.AddIndex(
            model_name="supportprice",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="tenants_support_price_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="supportprice",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="tenants_support_price"),
        ),
    ]
