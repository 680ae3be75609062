"""Fees, versions of packages, price lists: the tables."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_rules"),
        ("tenants", "0015_search"),
    ]

    operations = [
        migrations.RunSQL(
            "DROP TRIGGER catalog_limit ON catalog_packageresource",
            "CREATE TRIGGER catalog_limit BEFORE INSERT OR UPDATE OF package_id, resource_id ON catalog_packageresource"
            " FOR EACH ROW EXECUTE FUNCTION catalog_limit()",
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("reseller", "Reseller fee"), ("account", "Account fee")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
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
                    "is_shared",
                    models.BooleanField(
                        default=False,
                        help_text="Resellers see it as the recommended price.",
                        verbose_name="share with resellers",
                    ),
                ),
                (
                    "applies_more_than_once",
                    models.BooleanField(
                        default=True,
                        help_text="On: for each customer subscription. Off: once per reseller.",
                        verbose_name="may be applied more than once",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "fee",
                "verbose_name_plural": "fees",
            },
        ),
        migrations.CreateModel(
            name="FeeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField(verbose_name="effective from")),
                ("public_name", models.CharField(max_length=100, verbose_name="name for end users")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=18,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount",
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
                        default="month",
                        max_length=10,
                        verbose_name="billing cycle",
                    ),
                ),
                (
                    "billed",
                    models.CharField(
                        choices=[("advance", "in advance"), ("arrears", "in arrears")],
                        default="advance",
                        max_length=7,
                        verbose_name="billed",
                    ),
                ),
                (
                    "activation_amount",
                    models.DecimalField(
                        decimal_places=6,
                        default=0,
                        max_digits=18,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="activation fee",
                    ),
                ),
                ("prorates_first", models.BooleanField(default=True, verbose_name="prorate the first period")),
                ("prorates_last", models.BooleanField(default=True, verbose_name="prorate the last period")),
                (
                    "minimum_months",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="minimum term in months",
                    ),
                ),
                (
                    "cancellation_amount",
                    models.DecimalField(
                        decimal_places=6,
                        default=0,
                        max_digits=18,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="early cancellation fee",
                    ),
                ),
                (
                    "credits_suspension",
                    models.BooleanField(
                        default=True,
                        help_text="The holder does not pay for days on which it was suspended.",
                        verbose_name="credit suspended days",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
            ],
            options={
                "verbose_name": "version of a fee",
                "verbose_name_plural": "versions of a fee",
            },
        ),
        migrations.CreateModel(
            name="PackageVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField(verbose_name="effective from")),
                ("made_at", models.DateTimeField(verbose_name="made")),
            ],
            options={
                "verbose_name": "version of a package",
                "verbose_name_plural": "versions of a package",
            },
        ),
        migrations.CreateModel(
            name="PriceList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "audience",
                    models.CharField(
                        choices=[("reseller", "Resellers"), ("customer", "Customers")],
                        max_length=10,
                        verbose_name="audience",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
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
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "price list",
                "verbose_name_plural": "price lists",
            },
        ),
        migrations.CreateModel(
            name="PriceListHolder",
            fields=[
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="price_list_held",
                        serialize=False,
                        to="tenants.tenant",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "verbose_name": "holder of a price list",
                "verbose_name_plural": "holders of a price list",
            },
        ),
        migrations.CreateModel(
            name="PriceRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField(verbose_name="effective from")),
                (
                    "add_on_id",
                    models.BigIntegerField(blank=True, help_text="An add-on; the key is made by its app.", null=True),
                ),
                (
                    "cycle",
                    models.CharField(
                        blank=True,
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
                    "method",
                    models.CharField(
                        choices=[
                            ("fixed", "fixed price"),
                            ("markup", "markup on cost, %"),
                            ("off", "recommended price minus, %"),
                            ("keep", "as the fee says"),
                        ],
                        max_length=6,
                        verbose_name="method",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=6,
                        default=0,
                        max_digits=18,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="value",
                    ),
                ),
                (
                    "floor",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="at least",
                    ),
                ),
                (
                    "ceiling",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="at most",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
            ],
            options={
                "verbose_name": "price rule",
                "verbose_name_plural": "price rules",
            },
        ),
        migrations.RemoveConstraint(
            model_name="packageresource",
            name="package_resource_once",
        ),
        migrations.RemoveConstraint(
            model_name="packageresource",
            name="package_resource_limit",
        ),
        migrations.AlterField(
            model_name="packageresource",
            name="limit",
            field=models.BigIntegerField(
                validators=[django.core.validators.MinValueValidator(1)], verbose_name="limit"
            ),
        ),
        migrations.AddField(
            model_name="fee",
            name="provider",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"),
        ),
        migrations.AddField(
            model_name="fee",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fees",
                to="tenants.tenant",
                verbose_name="managed by",
            ),
        ),
        migrations.AddField(
            model_name="feeversion",
            name="fee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="catalog.fee"
            ),
        ),
        migrations.AddField(
            model_name="packageversion",
            name="account_fee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.fee",
                verbose_name="account fee",
            ),
        ),
        migrations.AddField(
            model_name="packageversion",
            name="package",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="catalog.package"
            ),
        ),
        migrations.AddField(
            model_name="packageversion",
            name="reseller_fee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.fee",
                verbose_name="reseller fee",
            ),
        ),
        migrations.AlterField(  # so that going back, it can be filled before it has to be
            model_name="packageresource",
            name="package",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="limits",
                to="catalog.package",
            ),
        ),
        migrations.AddField(
            model_name="packageresource",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="limits",
                to="catalog.packageversion",
            ),
        ),
        migrations.AddField(
            model_name="pricelist",
            name="provider",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"),
        ),
        migrations.AddField(
            model_name="pricelist",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="price_lists",
                to="tenants.tenant",
                verbose_name="seller",
            ),
        ),
        migrations.AddField(
            model_name="pricelistholder",
            name="price_list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holders", to="catalog.pricelist"
            ),
        ),
        migrations.AddField(
            model_name="pricelistholder",
            name="seller",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
            ),
        ),
        migrations.AddField(
            model_name="pricerule",
            name="package",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.package",
            ),
        ),
        migrations.AddField(
            model_name="pricerule",
            name="price_list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rules", to="catalog.pricelist"
            ),
        ),
        migrations.AddField(
            model_name="pricerule",
            name="service_type",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.servicetype",
            ),
        ),
        migrations.AddIndex(
            model_name="fee",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="fee_of_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.UniqueConstraint(models.F("tenant"), models.F("kind"), models.F("name"), name="fee_name"),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.UniqueConstraint(fields=("id", "provider", "kind"), name="fee_of_kind"),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="fee_named"),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("reseller", "account"))), name="fee_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "account"), ("is_shared", False), _connector="OR"),
                name="fee_shared_if_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "reseller"), ("applies_more_than_once", True), _connector="OR"),
                name="fee_once_if_reseller",
            ),
        ),
        migrations.AddIndex(
            model_name="feeversion",
            index=models.Index(
                models.F("fee"),
                models.OrderBy(models.F("effective_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="fee_version_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="feeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("cycle__in", ["month", "quarter", "half_year", "year"])), name="fee_version_cycle"
            ),
        ),
        migrations.AddConstraint(
            model_name="feeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("billed__in", ("advance", "arrears"))), name="fee_version_billed"
            ),
        ),
        migrations.AddConstraint(
            model_name="feeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("public_name", ""), _negated=True), name="fee_version_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="feeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("activation_amount__gte", 0), ("amount__gte", 0), ("cancellation_amount__gte", 0)),
                name="fee_version_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="feeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum_months__lte", 120)), name="fee_version_term"
            ),
        ),
        migrations.AddIndex(
            model_name="packageversion",
            index=models.Index(
                models.F("package"),
                models.OrderBy(models.F("effective_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="package_version_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="packageversion",
            constraint=models.UniqueConstraint(fields=("id", "package"), name="package_version_of"),
        ),
        migrations.AddIndex(
            model_name="pricelist",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="price_list_of_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.UniqueConstraint(
                models.F("tenant"), models.F("audience"), models.F("name"), name="price_list_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                models.F("audience"),
                models.F("currency"),
                condition=models.Q(("is_default", True)),
                name="price_list_default_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.UniqueConstraint(fields=("id", "tenant"), name="price_list_of_seller"),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="price_list_named"),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ("reseller", "customer"))), name="price_list_audience"
            ),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_active", True), ("is_default", False), _connector="OR"),
                name="price_list_default_active",
            ),
        ),
        migrations.AddIndex(
            model_name="pricerule",
            index=models.Index(
                models.F("price_list"),
                models.OrderBy(models.F("effective_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="price_rule_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("add_on_id__isnull", True), ("package__isnull", True)),
                    models.Q(("package__isnull", True), ("service_type__isnull", True)),
                    models.Q(("add_on_id__isnull", True), ("service_type__isnull", True)),
                    _connector="OR",
                ),
                name="price_rule_about_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("cycle__in", ("", "month", "quarter", "half_year", "year"))),
                name="price_rule_cycle",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("method__in", ("fixed", "markup", "off", "keep"))), name="price_rule_method"
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__gte", 0),
                    models.Q(models.Q(("method", "off"), _negated=True), ("value__lte", 100), _connector="OR"),
                ),
                name="price_rule_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("floor__isnull", True),
                    ("ceiling__isnull", True),
                    ("floor__lte", models.F("ceiling")),
                    _connector="OR",
                ),
                name="price_rule_bounds",
            ),
        ),
    ]
