"""Add-ons get versions with a pair of fees; sales keep on which terms they were made, and who owes whom above them."""

from typing import Any

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

CYCLES = [
    ("month", "per month"),
    ("quarter", "per quarter"),
    ("half_year", "per half-year"),
    ("year", "per year"),
]


def key(to: str, name: str = "+", **options: Any) -> Any:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, **options)


def price(words: str, **options: Any) -> Any:
    return models.DecimalField(words, max_digits=18, decimal_places=6, **options)


def cycle(words: str = "", **options: Any) -> Any:
    named = {"verbose_name": words} if words else {}
    return models.CharField(choices=CYCLES, max_length=10, **named, **options)


def currency() -> Any:
    return models.CharField(
        "currency",
        max_length=3,
        validators=[
            django.core.validators.RegexValidator("^[A-Z]{3}$", "A currency has three capital letters, such as EUR.")
        ],
    )


def ident() -> Any:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("addons", "0006_price_rules"),
        ("catalog", "0008_cancellation_window"),
        ("subscriptions", "0008_timeline_rules"),
    ]

    operations = [
        *(
            migrations.AlterField(model, name, field)
            for model, name, field in (
                ("addon", "currency", models.CharField(max_length=3, null=True)),
                ("addon", "cycle", models.CharField(max_length=10, null=True)),
                ("addon", "reseller_price", price("price for resellers", null=True)),
                ("addon", "customer_price", price("price for customers", null=True)),
                ("addonresource", "add_on", key("addons.addon", "old_resources", null=True)),
                ("bulksale", "unit_price", price("unit price", null=True)),
                ("bulksale", "reseller_cost", price("cost for resellers", null=True)),
                ("bulksale", "currency", models.CharField(max_length=3, null=True)),
                ("bulksale", "cycle", models.CharField(max_length=10, null=True)),
            )
        ),
        migrations.AddField(
            "addon",
            "is_shared",
            models.BooleanField(
                default=False,
                help_text="Resellers below the owner see it and may sell it.",
                verbose_name="shared with resellers",
            ),
        ),
        migrations.CreateModel(
            "AddOnVersion",
            [
                ("id", ident()),
                ("effective_on", models.DateField(verbose_name="effective from")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("add_on", key("addons.addon", "versions")),
                ("reseller_fee", key("catalog.fee", blank=True, null=True, verbose_name="reseller fee")),
                ("account_fee", key("catalog.fee", blank=True, null=True, verbose_name="account fee")),
            ],
            options={"verbose_name": "version of an add-on", "verbose_name_plural": "versions of an add-on"},
        ),
        migrations.AddIndex(
            "addonversion",
            models.Index(
                models.F("add_on"),
                models.OrderBy(models.F("effective_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="add_on_version_in_force",
            ),
        ),
        migrations.AddField("addonresource", "version", key("addons.addonversion", "resources", null=True)),
        migrations.AddField(
            "addonsale",
            "version",
            key("addons.addonversion", null=True, db_index=False, db_constraint=False),
        ),
        migrations.AddField(
            "addonsale", "issuer", key("tenants.tenant", null=True, db_index=False, db_constraint=False)
        ),
        migrations.AddField(
            "addonsale",
            "fee_version",
            key("catalog.feeversion", null=True, db_index=False, db_constraint=False),
        ),
        migrations.AddField("addonsale", "cost_cycle", cycle(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "addonsale",
            "cost_fee_version",
            key("catalog.feeversion", null=True, db_index=False, db_constraint=False),
        ),
        migrations.AddField(
            "addonsale",
            "applies_more_than_once",
            models.BooleanField(default=True, help_text="Of the reseller fee: for each sale, else once per reseller."),
        ),
        migrations.CreateModel(
            "AddOnSaleCost",
            [
                ("id", ident()),
                ("provider", key("tenants.tenant", db_index=False, db_constraint=False)),
                ("sale", key("addons.addonsale", "costs")),
                ("payer", key("tenants.tenant", verbose_name="payer")),
                ("issuer", key("tenants.tenant", verbose_name="issuer")),
                ("fee_version", key("catalog.feeversion", null=True)),
                ("price_rule", key("catalog.pricerule", null=True)),
                ("unit_price", price("unit price")),
                ("currency", currency()),
                ("cycle", cycle("billing cycle")),
                (
                    "applies_more_than_once",
                    models.BooleanField(default=True, verbose_name="may be applied more than once"),
                ),
            ],
            options={"verbose_name": "cost of a sale", "verbose_name_plural": "costs of sales"},
        ),
        migrations.AddConstraint(
            "addonsalecost",
            models.UniqueConstraint(models.F("sale"), models.F("payer"), name="add_on_sale_cost_once"),
        ),
        migrations.AddConstraint(
            "addonsalecost",
            models.CheckConstraint(condition=models.Q(unit_price__gte=0), name="add_on_sale_cost_not_negative"),
        ),
        migrations.AddConstraint(
            "addonsalecost",
            models.CheckConstraint(
                condition=models.Q(payer=models.F("issuer"), _negated=True), name="add_on_sale_cost_between_two"
            ),
        ),
        migrations.AddField("bulksale", "version", key("addons.addonversion", null=True)),
        migrations.CreateModel(
            "BulkPrice",
            [
                ("id", ident()),
                ("bulk_sale", key("addons.bulksale", "prices", db_index=False)),
                ("seller", key("tenants.tenant", db_index=False)),
                ("price_list_id", models.BigIntegerField(default=0)),
                ("issuer", key("tenants.tenant", db_index=False)),
                ("unit_price", price("unit price")),
                ("unit_cost", price("unit cost", null=True)),
                ("currency", currency()),
                ("cycle", cycle("billing cycle")),
                ("fee_version", key("catalog.feeversion", null=True, db_index=False)),
                ("cost_cycle", cycle(blank=True)),
                ("cost_fee_version", key("catalog.feeversion", null=True, db_index=False)),
                ("applies_more_than_once", models.BooleanField(default=True)),
                (
                    "above",
                    models.JSONField(default=list, help_text="What is owed above the seller, as its sales keep it."),
                ),
            ],
            options={"verbose_name": "price of a bulk sale", "verbose_name_plural": "prices of bulk sales"},
        ),
        migrations.AddConstraint(
            "bulkprice",
            models.UniqueConstraint(
                models.F("bulk_sale"), models.F("seller"), models.F("price_list_id"), name="bulk_price_once"
            ),
        ),
        migrations.AddConstraint(
            "bulkprice",
            models.CheckConstraint(
                condition=models.Q(("unit_price__gte", 0))
                & models.Q(("unit_cost__isnull", True), ("unit_cost__gte", 0), _connector="OR"),
                name="bulk_price_not_negative",
            ),
        ),
    ]
