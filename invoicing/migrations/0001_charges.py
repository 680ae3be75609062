"""What is owed, line by line; until when each stream is billed; and how an issuer counts."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import invoicing.models.policies
import resellerhub.kernel.money

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("subscriptions", "0035_pool_rules_again"),
        ("tenants", "0028_support_ends"),
    ]

    operations = [
        migrations.CreateModel(
            name="BillingPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_on", models.DateField(verbose_name="effective from")),
                (
                    "day_count",
                    models.CharField(
                        choices=[("actual", "as the calendar has them"), ("fixed_30", "thirty in each month")],
                        default="actual",
                        max_length=10,
                        verbose_name="days of a month",
                    ),
                ),
                (
                    "rounding",
                    models.CharField(
                        choices=[("half_up", "half up"), ("away_from_zero", "away from zero")],
                        default="half_up",
                        max_length=15,
                        verbose_name="rounding",
                    ),
                ),
                (
                    "anchoring",
                    models.CharField(
                        choices=[
                            ("anniversary", "on the day on which it began"),
                            ("calendar", "on one day of the calendar for all"),
                        ],
                        default="anniversary",
                        max_length=15,
                        verbose_name="periods begin",
                    ),
                ),
                (
                    "anchor_day",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="From 1 to 31; a month without that day has its last one.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="day of the calendar",
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[invoicing.models.policies.is_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "last_day_included",
                    models.BooleanField(default=False, verbose_name="the last day of a period counts"),
                ),
                (
                    "change_day_is_old",
                    models.BooleanField(default=False, verbose_name="the day of a change belongs to what was before"),
                ),
                (
                    "end_day_is_billed",
                    models.BooleanField(default=False, verbose_name="the day on which something ends is charged"),
                ),
                (
                    "ahead",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(12)],
                        verbose_name="periods billed ahead",
                    ),
                ),
                (
                    "changes",
                    models.CharField(
                        choices=[
                            ("difference", "the difference alone"),
                            ("replacement", "all of the old back, all of the new charged"),
                        ],
                        default="difference",
                        max_length=15,
                        verbose_name="a change of the quantity shows",
                    ),
                ),
                (
                    "free_days",
                    models.CharField(
                        choices=[("left_out", "left out"), ("shown", "charged, and given back on a line of their own")],
                        default="left_out",
                        max_length=10,
                        verbose_name="free and suspended days",
                    ),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="days before a draft is issued",
                    ),
                ),
                (
                    "needs_second",
                    models.BooleanField(default=False, verbose_name="a billing run needs two to approve it"),
                ),
                (
                    "currency",
                    models.CharField(
                        default="EUR",
                        max_length=3,
                        validators=[resellerhub.kernel.money.is_currency],
                        verbose_name="currency",
                    ),
                ),
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
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="issuer",
                    ),
                ),
            ],
            options={
                "verbose_name": "billing policy",
                "verbose_name_plural": "billing policies",
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("subscription", "Subscription"),
                            ("add_on", "Add-on"),
                            ("once", "Fee owed once"),
                            ("support", "Support"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "about_id",
                    models.BigIntegerField(
                        help_text="The subscription, the sale with which an add-on began, the fee that is owed once, or the customer."
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        max_length=3, validators=[resellerhub.kernel.money.is_currency], verbose_name="currency"
                    ),
                ),
                ("began_on", models.DateField()),
                ("until", models.DateField(null=True)),
                ("since", models.DateField(null=True)),
                ("seen", models.CharField(default="", max_length=32)),
                (
                    "issuer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.billingpolicy",
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
                "verbose_name": "mark",
                "verbose_name_plural": "marks",
            },
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stream",
                    models.CharField(
                        choices=[
                            ("account", "Account fee"),
                            ("reseller", "Reseller fee"),
                            ("add_on", "Add-on"),
                            ("support", "Support"),
                            ("usage", "Over-usage"),
                            ("manual", "Charged by hand"),
                        ],
                        max_length=10,
                        verbose_name="what for",
                    ),
                ),
                (
                    "source_kind",
                    models.CharField(
                        choices=[
                            ("phase_fee", "Fee of a phase"),
                            ("one_off", "One-off amount"),
                            ("add_on_sale", "Add-on sale"),
                            ("add_on_one_off", "One-off amount of an add-on"),
                            ("support_phase", "Support"),
                            ("over_usage", "Over-usage"),
                            ("manual", "Charged by hand"),
                        ],
                        max_length=15,
                        verbose_name="source",
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("recurring", "Recurring"),
                            ("credit", "Given back"),
                            ("suspension", "Suspended days"),
                            ("trial", "Free trial"),
                            ("activation", "Activation fee"),
                            ("cancellation", "Early cancellation fee"),
                            ("one_off", "One-off"),
                            ("usage", "Usage"),
                            ("commitment", "Minimum commitment"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(max_length=200, verbose_name="description")),
                ("service_start", models.DateField(verbose_name="service from")),
                ("service_end", models.DateField(verbose_name="service until")),
                ("billing_start", models.DateField(verbose_name="period from")),
                ("billing_end", models.DateField(verbose_name="period until")),
                ("quantity", models.PositiveBigIntegerField(verbose_name="quantity")),
                (
                    "unit_price",
                    resellerhub.kernel.money.NumberField(decimal_places=6, max_digits=18, verbose_name="unit price"),
                ),
                ("part", models.PositiveIntegerField(default=1, verbose_name="part")),
                ("whole", models.PositiveIntegerField(default=1, verbose_name="of")),
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
                ("due_on", models.DateField(verbose_name="due on")),
                ("nth", models.PositiveIntegerField(default=0)),
                ("request_id", models.UUIDField(editable=False, null=True)),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "credits",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credited_by",
                        to="invoicing.charge",
                        verbose_name="gives back",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="holder",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subscriptions.subscription",
                        verbose_name="subscription",
                    ),
                ),
                (
                    "mark",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="invoicing.mark",
                    ),
                ),
            ],
            options={
                "verbose_name": "charge",
                "verbose_name_plural": "charges",
            },
        ),
        migrations.AddIndex(
            model_name="billingpolicy",
            index=models.Index(
                models.F("tenant"),
                models.OrderBy(models.F("effective_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="billing_policy_in_force",
            ),
        ),
        migrations.AddIndex(
            model_name="billingpolicy",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="billing_policy_of_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="billingpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("day_count__in", ["actual", "fixed_30"]),
                    ("rounding__in", ["half_up", "away_from_zero"]),
                    ("anchoring__in", ["calendar", "anniversary"]),
                    ("changes__in", ["difference", "replacement"]),
                    ("free_days__in", ["left_out", "shown"]),
                ),
                name="billing_policy_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("anchor_day__gte", 1), ("anchor_day__lte", 31)), name="billing_policy_anchor"
            ),
        ),
        migrations.AddConstraint(
            model_name="billingpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("ahead__lte", 12), ("grace_days__lte", 60)), name="billing_policy_bounds"
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.UniqueConstraint(
                models.F("payer"),
                models.F("issuer"),
                models.F("about"),
                models.F("about_id"),
                models.F("currency"),
                name="mark_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.UniqueConstraint(
                fields=("id", "provider", "issuer", "payer", "currency"), name="mark_between"
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(("payer", models.F("issuer")), _negated=True), name="mark_between_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(("about__in", ("subscription", "add_on", "once", "support"))), name="mark_about"
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(models.F("issuer"), models.F("due_on"), name="charge_of_issuer"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(models.F("payer"), models.F("due_on"), name="charge_of_payer"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(models.F("mark"), condition=models.Q(("mark__isnull", False)), name="charge_of_mark"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                models.F("credits"), condition=models.Q(("credits__isnull", False)), name="charge_credited"
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="charge_of_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                fields=("source_kind", "source_id", "issuer", "payer", "kind", "service_start", "credits", "nth"),
                name="charge_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                models.F("issuer"),
                models.F("request_id"),
                condition=models.Q(("request_id__isnull", False)),
                name="charge_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            [
                                "recurring",
                                "credit",
                                "suspension",
                                "trial",
                                "activation",
                                "cancellation",
                                "one_off",
                                "usage",
                                "commitment",
                            ],
                        ),
                        ("stream__in", ("account", "reseller", "add_on", "support")),
                        ("source_kind__in", ("phase_fee", "one_off", "add_on_sale", "add_on_one_off", "support_phase")),
                    ),
                    models.Q(
                        ("kind__in", ("usage", "commitment", "credit")),
                        ("source_kind", "over_usage"),
                        ("stream", "usage"),
                    ),
                    models.Q(
                        ("kind", "one_off"),
                        ("source_id", models.F("id")),
                        ("source_kind", "manual"),
                        ("stream", "manual"),
                    ),
                    models.Q(
                        ("credits__isnull", False), ("kind", "credit"), ("source_kind", "manual"), ("stream", "manual")
                    ),
                    _connector="OR",
                ),
                name="charge_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mark__isnull", True), ("stream__in", ("usage", "manual"))),
                    models.Q(("mark__isnull", False), ("stream__in", ("account", "reseller", "add_on", "support"))),
                    _connector="OR",
                ),
                name="charge_of_stream",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("payer", models.F("issuer")), _negated=True), name="charge_between_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(condition=models.Q(("label", ""), _negated=True), name="charge_labelled"),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("billing_end__gte", models.F("billing_start")), ("service_end__gte", models.F("service_start"))
                ),
                name="charge_forwards",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_price__gte", 0), ("whole__gte", 1)), name="charge_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credits__isnull", False),
                    ("amount__gte", 0),
                    ("kind__in", ("suspension", "trial")),
                    _connector="OR",
                ),
                name="charge_gives_back_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("request_id__isnull", True), ("stream", "manual"), _connector="OR"),
                name="charge_asked_by_hand",
            ),
        ),
        migrations.RunSQL((SQL / "charges.sql").read_text(), (SQL / "charges_undo.sql").read_text()),
    ]
