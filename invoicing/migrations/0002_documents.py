"""Documents, what stands on them, and how they are numbered."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import resellerhub.kernel.money

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0001_charges"),
        ("tenants", "0028_support_ends"),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                            ("commission_statement", "Commission statement"),
                            ("proforma", "Proforma invoice"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("pattern", models.CharField(blank=True, max_length=30, verbose_name="beginning of the numbers")),
                ("prefix", models.CharField(blank=True, editable=False, max_length=30)),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        editable=False,
                        help_text="Of whose documents alone these are, where the pattern names it.",
                        null=True,
                    ),
                ),
                (
                    "digits",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(9),
                        ],
                        verbose_name="digits",
                    ),
                ),
                ("start", models.PositiveIntegerField(default=1, verbose_name="first number")),
                ("next_number", models.PositiveIntegerField(editable=False, verbose_name="next number")),
                ("last_issued_on", models.DateField(editable=False, null=True, verbose_name="last issued")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("retired_at", models.DateTimeField(editable=False, null=True, verbose_name="until")),
                (
                    "issuer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="number_series",
                        to="tenants.tenant",
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
                "verbose_name": "number series",
                "verbose_name_plural": "number series",
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                            ("commission_statement", "Commission statement"),
                            ("proforma", "Proforma invoice"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("issued", "Issued"), ("void", "Void")],
                        default="draft",
                        editable=False,
                        max_length=6,
                        verbose_name="status",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        max_length=3, validators=[resellerhub.kernel.money.is_currency], verbose_name="currency"
                    ),
                ),
                ("language", models.CharField(max_length=7, verbose_name="language")),
                ("until", models.DateField(null=True, verbose_name="due until")),
                ("is_roll_up", models.BooleanField(default=False, editable=False)),
                ("waits", models.CharField(blank=True, editable=False, max_length=20, verbose_name="waits for")),
                ("number", models.PositiveIntegerField(editable=False, null=True)),
                ("previous_number", models.PositiveIntegerField(editable=False, null=True)),
                ("full_number", models.CharField(blank=True, editable=False, max_length=40, verbose_name="number")),
                ("issued_on", models.DateField(editable=False, null=True, verbose_name="issued")),
                ("due_on", models.DateField(editable=False, null=True, verbose_name="due")),
                (
                    "net",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3, default=0, max_digits=18, verbose_name="net"
                    ),
                ),
                (
                    "tax",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3, default=0, max_digits=18, verbose_name="tax"
                    ),
                ),
                (
                    "gross",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("net"), "+", models.F("tax")
                        ),
                        output_field=models.DecimalField(decimal_places=3, max_digits=18),
                        verbose_name="total",
                    ),
                ),
                (
                    "prepaid",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3, default=0, max_digits=18, verbose_name="paid beforehand"
                    ),
                ),
                (
                    "rounding",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3, default=0, max_digits=18, verbose_name="rounding"
                    ),
                ),
                (
                    "payable",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(models.F("net"), "+", models.F("tax")),
                                "-",
                                models.F("prepaid"),
                            ),
                            "+",
                            models.F("rounding"),
                        ),
                        output_field=models.DecimalField(decimal_places=3, max_digits=18),
                        verbose_name="to pay",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="note")),
                (
                    "buyer_reference",
                    models.CharField(blank=True, max_length=100, verbose_name="reference of the payer"),
                ),
                ("order_number", models.CharField(blank=True, max_length=100, verbose_name="order number")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("voided_at", models.DateTimeField(editable=False, null=True, verbose_name="made void")),
                (
                    "void_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="why it is void"),
                ),
                ("request_id", models.UUIDField(editable=False, null=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="invoicing.document",
                        verbose_name="corrects",
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
                    "proforma",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="invoicing.document",
                        verbose_name="proforma invoice",
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
                    "series",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="invoicing.numberseries",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
            },
        ),
        migrations.CreateModel(
            name="FrozenPaper",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="frozen",
                        serialize=False,
                        to="invoicing.document",
                    ),
                ),
                ("content", models.JSONField()),
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
                "verbose_name": "frozen document",
                "verbose_name_plural": "frozen documents",
            },
        ),
        migrations.CreateModel(
            name="DocumentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("piece", models.PositiveSmallIntegerField(default=0)),
                ("counts", models.BooleanField(default=True)),
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
                ("service_start", models.DateField(null=True, verbose_name="service from")),
                ("service_end", models.DateField(null=True, verbose_name="service until")),
                ("quantity", models.BigIntegerField(verbose_name="quantity")),
                (
                    "unit_price",
                    resellerhub.kernel.money.NumberField(decimal_places=6, max_digits=18, verbose_name="unit price"),
                ),
                ("part", models.PositiveBigIntegerField(default=1, verbose_name="part")),
                ("whole", models.PositiveBigIntegerField(default=1, verbose_name="of")),
                (
                    "amount",
                    resellerhub.kernel.money.NumberField(decimal_places=3, max_digits=18, verbose_name="amount"),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("S", "Taxed"),
                            ("Z", "Zero rate"),
                            ("E", "Exempt"),
                            ("AE", "Reverse charge"),
                            ("O", "Outside the scope of tax"),
                        ],
                        max_length=2,
                        verbose_name="tax",
                    ),
                ),
                (
                    "rate",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3, default=0, max_digits=6, verbose_name="tax rate"
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="invoicing.charge",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="invoicing.documentline",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="invoicing.document",
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
                    "section",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "line",
                "verbose_name_plural": "lines",
                "indexes": [
                    models.Index(
                        models.F("corrects"),
                        condition=models.Q(("corrects__isnull", False)),
                        name="document_line_corrected",
                    ),
                    models.Index(
                        models.F("provider"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="document_line_of_provider",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "position"), name="document_line_place"),
                    models.UniqueConstraint(
                        condition=models.Q(("counts", True)),
                        fields=("charge", "piece"),
                        name="document_line_charged_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "S"), ("rate__gt", 0)),
                            models.Q(("category__in", ("Z", "E", "AE", "O")), ("rate", 0)),
                            _connector="OR",
                        ),
                        name="document_line_taxed",
                    ),
                    models.CheckConstraint(condition=models.Q(("whole__gte", 1)), name="document_line_share"),
                    models.CheckConstraint(
                        condition=models.Q(("label", ""), _negated=True), name="document_line_labelled"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("service_end", None), ("service_start", None)),
                            ("service_end__gte", models.F("service_start")),
                            _connector="OR",
                        ),
                        name="document_line_forwards",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentTax",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("S", "Taxed"),
                            ("Z", "Zero rate"),
                            ("E", "Exempt"),
                            ("AE", "Reverse charge"),
                            ("O", "Outside the scope of tax"),
                        ],
                        max_length=2,
                        verbose_name="category",
                    ),
                ),
                (
                    "rate",
                    resellerhub.kernel.money.NumberField(
                        decimal_places=3, default=0, max_digits=6, verbose_name="tax rate"
                    ),
                ),
                ("net", resellerhub.kernel.money.NumberField(decimal_places=3, max_digits=18, verbose_name="net")),
                ("tax", resellerhub.kernel.money.NumberField(decimal_places=3, max_digits=18, verbose_name="tax")),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taxes",
                        to="invoicing.document",
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
                "verbose_name": "tax of a document",
                "verbose_name_plural": "taxes of documents",
                "indexes": [
                    models.Index(
                        models.F("provider"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="document_tax_of_provider",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "category", "rate"), name="document_tax_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("category", "S"), ("rate__gt", 0)),
                                models.Q(("category__in", ("Z", "E", "AE", "O")), ("rate", 0)),
                                _connector="OR",
                            ),
                            models.Q(("category", "S"), ("tax", 0), _connector="OR"),
                        ),
                        name="document_tax_taxed",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="numberseries",
            index=models.Index(
                models.F("provider"), models.OrderBy(models.F("id"), descending=True), name="number_series_of_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["invoice", "credit_note", "commission_statement", "proforma"])),
                name="number_series_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("prefix__regex", "^([A-Za-z0-9/._-]*[A-Za-z/._-])?$")), name="number_series_prefix"
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("digits__gte", 1), ("digits__lte", 9)), name="number_series_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("next_number__gte", models.F("start")), ("next_number__lte", 1000000000), ("start__gte", 1)
                ),
                name="number_series_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.UniqueConstraint(
                models.F("issuer"),
                models.F("kind"),
                condition=models.Q(("retired_at__isnull", True)),
                name="number_series_current_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.UniqueConstraint(
                models.F("issuer"),
                models.F("prefix"),
                condition=models.Q(
                    ("retired_at__isnull", True), ("next_number__gt", models.F("start")), _connector="OR"
                ),
                name="number_series_prefix_once",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                models.F("provider"),
                models.OrderBy(models.F("issued_on"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                name="document_of_provider",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                models.F("issuer"),
                models.OrderBy(models.F("issued_on"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                name="document_of_issuer",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                models.F("payer"),
                models.OrderBy(models.F("issued_on"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                name="document_of_payer",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                models.F("seller"),
                models.OrderBy(models.F("issued_on"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                name="document_of_seller",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                models.F("corrects"), condition=models.Q(("corrects__isnull", False)), name="document_corrected"
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                models.F("issuer"), models.F("id"), condition=models.Q(("state", "draft")), name="document_drafts"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["invoice", "credit_note", "commission_statement", "proforma"])),
                name="document_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("due_on", None),
                        ("full_number", ""),
                        ("issued_at", None),
                        ("issued_on", None),
                        ("number", None),
                        ("previous_number", None),
                        ("series", None),
                        ("state", "draft"),
                    ),
                    models.Q(
                        ("due_on__gte", models.F("issued_on")),
                        ("issued_at__isnull", False),
                        ("issued_on__isnull", False),
                        ("number__isnull", False),
                        ("series__isnull", False),
                        ("state__in", ("issued", "void")),
                        ("waits", ""),
                        models.Q(("full_number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="document_number_once_issued",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "void"), ("voided_at__isnull", False), models.Q(("void_reason", ""), _negated=True)
                    ),
                    models.Q(models.Q(("state", "void"), _negated=True), ("void_reason", ""), ("voided_at", None)),
                    _connector="OR",
                ),
                name="document_void_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("previous_number", None),
                    (
                        "previous_number",
                        django.db.models.expressions.CombinedExpression(models.F("number"), "-", models.Value(1)),
                    ),
                    _connector="OR",
                ),
                name="document_after_the_last",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("corrects__isnull", False), ("kind", "credit_note"), models.Q(("reason", ""), _negated=True)
                    ),
                    models.Q(models.Q(("kind", "credit_note"), _negated=True), ("corrects", None)),
                    _connector="OR",
                ),
                name="document_corrects_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("proforma", None), ("kind", "invoice"), _connector="OR"),
                name="document_of_proforma",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("issuer", models.F("payer")), _negated=True), name="document_between_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(fields=("series", "number"), name="document_number_once"),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("full_number", ""), _negated=True),
                fields=("issuer", "full_number"),
                name="document_full_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("proforma__isnull", False), models.Q(("state", "void"), _negated=True)),
                fields=("proforma",),
                name="document_of_proforma_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(fields=("issuer", "request_id"), name="document_request_once"),
        ),
        migrations.RunSQL((SQL / "documents.sql").read_text(), (SQL / "documents_undo.sql").read_text()),
    ]
