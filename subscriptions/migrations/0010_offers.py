"""Offerings, listings and orders, and what holds of them against any SQL of the application's login."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_hard_quotas"),
        ("subscriptions", "0009_pushes"),
        ("tenants", "0020_order_of_mails"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("needs_approval", models.BooleanField(default=True, verbose_name="needs approval")),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="description")),
                (
                    "unit_price",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="price"),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "A currency has three capital letters, such as EUR."
                            )
                        ],
                        verbose_name="currency",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="can be ordered")),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "listing",
                "verbose_name_plural": "listings",
            },
        ),
        migrations.CreateModel(
            name="Offering",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(verbose_name="chosen")),
            ],
            options={
                "verbose_name": "offering",
                "verbose_name_plural": "offerings",
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("public_name", models.CharField(max_length=100, verbose_name="name for end users")),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18, null=True, verbose_name="price")),
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
                ("note", models.CharField(blank=True, max_length=500, verbose_name="message")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "held_by",
                    models.CharField(
                        blank=True,
                        help_text="The code of what spoke against it, where no approval was needed.",
                        max_length=40,
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="ordered")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="comment")),
                ("request_id", models.UUIDField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
            },
        ),
        migrations.AddField(
            model_name="listing",
            name="package",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listings",
                to="catalog.package",
                verbose_name="package",
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="provider",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="service_instance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.serviceinstance",
                verbose_name="service instance",
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="service_type",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.servicetype"
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listings",
                to="tenants.tenant",
                verbose_name="seller",
            ),
        ),
        migrations.AddField(
            model_name="offering",
            name="package",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offerings",
                to="catalog.package",
                verbose_name="package",
            ),
        ),
        migrations.AddField(
            model_name="offering",
            name="provider",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="offering",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offerings",
                to="tenants.tenant",
                verbose_name="reseller",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="fee_version",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.feeversion"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="listing",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="subscriptions.listing",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="package",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.package",
                verbose_name="package",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="provider",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="seller",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.tenant",
                verbose_name="seller",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="service_instance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.serviceinstance",
                verbose_name="service instance",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="subscription",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="order",
                to="subscriptions.subscription",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="tenants.tenant",
                verbose_name="ordered by",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.packageversion"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="listing_of_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(models.F("tenant"), models.F("package"), name="listing_once"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(fields=("id", "tenant", "package"), name="listing_of_seller"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("currency", ""), ("unit_price__isnull", True)),
                    models.Q(("unit_price__gte", 0), models.Q(("currency", ""), _negated=True)),
                    _connector="OR",
                ),
                name="listing_price",
            ),
        ),
        migrations.AddIndex(
            model_name="offering",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="offering_of_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="offering",
            constraint=models.UniqueConstraint(models.F("tenant"), models.F("package"), name="offering_once"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="order_of_provider"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("tenant"), models.OrderBy(models.F("id"), descending=True), name="order_of_tenant"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("seller"), models.OrderBy(models.F("id"), descending=True), name="order_of_seller"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(models.F("seller"), condition=models.Q(("state", "pending")), name="order_waiting"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(models.F("tenant"), models.F("request_id"), name="order_request_once"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("pending", "approved", "rejected", "withdrawn"))), name="order_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1), ("quantity__lte", 99999)), name="order_quantity"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__isnull", True), ("unit_price__gte", 0), _connector="OR"),
                name="order_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "pending")),
                    models.Q(models.Q(("state", "pending"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="order_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), ("subscription__isnull", False)),
                    models.Q(models.Q(("state", "approved"), _negated=True), ("subscription__isnull", True)),
                    _connector="OR",
                ),
                name="order_fulfilled",
            ),
        ),
        migrations.RunSQL((SQL / "offers.sql").read_text(), (SQL / "offers_undo.sql").read_text()),
    ]
