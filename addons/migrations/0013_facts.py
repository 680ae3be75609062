"""What is due once for add-ons, how sales go on as others, and whom their sellers owe."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import resellerhub.kernel.money

KEPT = {
    "addons_sale_kept ON addons_addonsale": """
CREATE TRIGGER addons_sale_kept BEFORE UPDATE ON addons_addonsale FOR EACH ROW
  WHEN (OLD.state <> 'active' OR to_jsonb(OLD) - '{state,ended_at}'::text[] <> to_jsonb(NEW) - '{state,ended_at}'::text[])
  EXECUTE FUNCTION addons_sale_kept()
""",
    "catalog_kept ON addons_bulkprice": """
CREATE TRIGGER catalog_kept BEFORE UPDATE OR DELETE ON addons_bulkprice
  FOR EACH ROW EXECUTE FUNCTION catalog_kept()
""",
}
"""Again with the rules, when what is there has its facts."""


def key(to: str, name: str = "+", **options: Any) -> Any:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, **options)


class Migration(migrations.Migration):
    dependencies = [("addons", "0012_currencies"), ("subscriptions", "0030_planned_by_list")]

    operations = [
        *(migrations.RunSQL(f"DROP TRIGGER {name}", again) for name, again in KEPT.items()),
        migrations.RemoveConstraint("addonsale", "add_on_sale_ended"),
        migrations.AddField(
            "addonsale", "cost_issuer", key("tenants.tenant", db_constraint=False, db_index=False, null=True)
        ),
        migrations.AddField(
            "addonsale",
            "is_own_price",
            models.BooleanField(default=False, help_text="The seller named it: it stays, whatever fees say."),
        ),
        migrations.AddField("addonsale", "origin", key("addons.addonsale", "continuations", null=True)),
        migrations.AddField("bulkprice", "cost_issuer", key("tenants.tenant", db_index=False, null=True)),
        migrations.AlterField(
            "addonsale",
            "state",
            models.CharField(
                choices=[("active", "Active"), ("cancelled", "Cancelled"), ("continued", "Goes on as another")],
                default="active",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.CreateModel(
            "AddOnOneOff",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("activation", "Activation fee"),
                            ("cancellation", "Early cancellation fee"),
                            ("credit_from", "Credited from"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                (
                    "currency",
                    models.CharField(
                        max_length=3, validators=[resellerhub.kernel.money.is_currency], verbose_name="currency"
                    ),
                ),
                (
                    "amount",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=6, max_digits=18, null=True, verbose_name="amount"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(null=True, verbose_name="quantity")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("fee_version", key("catalog.feeversion", db_index=False, null=True)),
                ("issuer", key("tenants.tenant", db_index=False, verbose_name="issuer")),
                ("once_of", key("catalog.fee", db_index=False, null=True)),
                ("payer", key("tenants.tenant", db_index=False, verbose_name="payer")),
                ("provider", key("tenants.tenant", db_constraint=False, db_index=False)),
                ("sale", key("addons.addonsale", "one_offs", db_index=False)),
            ],
            {
                "verbose_name": "one-off amount of an add-on",
                "verbose_name_plural": "one-off amounts of add-ons",
                "indexes": [models.Index(F("provider"), F("id").desc(), name="add_on_one_off_of_provider")],
                "constraints": [
                    models.UniqueConstraint(F("sale"), F("payer"), F("kind"), name="add_on_one_off_once"),
                    models.UniqueConstraint(
                        F("payer"),
                        F("issuer"),
                        F("once_of"),
                        condition=Q(once_of__isnull=False),
                        name="add_on_one_off_once_per_payer",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__in=("activation", "cancellation"), amount__gt=0, quantity__isnull=True)
                        | Q(kind="credit_from", amount__isnull=True, quantity__gte=1),
                        name="add_on_one_off_what",
                    ),
                    models.CheckConstraint(
                        condition=Q(once_of__isnull=True) | Q(kind="activation"),
                        name="add_on_one_off_once_if_activation",
                    ),
                ],
            },
        ),
    ]
