"""In which term a subscription ran, and what is due once."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import resellerhub.kernel.money


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0010_cycles"),
        ("subscriptions", "0020_cycles"),
        ("tenants", "0024_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="OneOff",
            fields=[
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
                (
                    "step",
                    models.CharField(
                        choices=[("start", "Start"), ("change", "Change"), ("reduction", "Reduction"), ("end", "End")],
                        max_length=9,
                        verbose_name="step",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
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
                    "amount",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=6, max_digits=18, null=True, verbose_name="amount"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(null=True, verbose_name="quantity")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "fee_version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.feeversion",
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
                    "once_of",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.fee",
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
                    "phase_fee",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="one_offs",
                        to="subscriptions.phasefee",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="one_offs",
                        to="subscriptions.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "one-off amount",
                "verbose_name_plural": "one-off amounts",
                "indexes": [
                    models.Index(
                        models.F("provider"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="one_off_of_provider",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("phase_fee"), models.F("kind"), name="one_off_once"),
                    models.UniqueConstraint(
                        models.F("payer"),
                        models.F("issuer"),
                        models.F("once_of"),
                        condition=models.Q(("once_of__isnull", False)),
                        name="one_off_once_per_payer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__gt", 0),
                                ("kind__in", ("activation", "cancellation")),
                                ("quantity__isnull", True),
                            ),
                            models.Q(("amount__isnull", True), ("kind", "credit_from"), ("quantity__gte", 1)),
                            _connector="OR",
                        ),
                        name="one_off_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "activation"), ("step__in", ("start", "change"))),
                            models.Q(("kind", "cancellation"), ("step", "end")),
                            models.Q(("kind", "credit_from"), ("step__in", ("change", "reduction", "end"))),
                            _connector="OR",
                        ),
                        name="one_off_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("once_of__isnull", True), ("kind", "activation"), _connector="OR"),
                        name="one_off_once_if_activation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubscriptionTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="term from")),
                ("ends_on", models.DateField(verbose_name="term until")),
                (
                    "anchor_day",
                    models.PositiveSmallIntegerField(
                        help_text="Of the month on which terms and billing periods begin."
                    ),
                ),
                (
                    "committed_at",
                    models.DateTimeField(
                        help_text="When it was bought or last renewed: the cancellation window opens."
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="By the clock of the database.",
                        verbose_name="made",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
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
            ],
            options={
                "verbose_name": "term",
                "verbose_name_plural": "terms",
                "indexes": [
                    models.Index(
                        models.F("subscription"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="subscription_term_last",
                    ),
                    models.Index(
                        models.F("provider"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="subscription_term_provider",
                    ),
                ],
            },
        ),
    ]
