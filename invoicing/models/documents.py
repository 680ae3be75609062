"""Documents: invoices, credit notes, commission statements and proforma invoices."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from invoicing.models.series import DocumentKind, NumberSeries
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import NumberField, currency_code
from tenants.models import Tenant
from tenants.models.scope import below
from tenants.roles import Kind as TenantKind

if TYPE_CHECKING:
    from datetime import date, datetime

    from tenants.actor import Actor


def amount(verbose_name: object = None, **options: object) -> NumberField:
    """A column for a posted amount: in the currency's minor unit, of which no currency has more than three places."""
    return NumberField(verbose_name, max_digits=18, decimal_places=3, **options)  # type: ignore[arg-type]


SUM: Any = models.DecimalField(max_digits=18, decimal_places=3)
"""Of amounts: without the check that each of them has."""


class DocumentQuerySet(LockedQuerySet["Document"]):
    def visible_to(self, actor: "Actor") -> Self:
        """What the actor's tenant is to pay, and what is sold beneath it; never what the level above pays or charges.

        A provider sees its house. Who pays sees no drafts. What was sold before somebody moved stays with who sold it:
        `seller` is who that was. An account manager sees what its customers are to pay, and nothing of its reseller's.
        """
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == TenantKind.PROVIDER:
            return house
        if actor.managed is not None:
            return house.filter(seller_id=actor.tenant_id, payer_id__in=actor.managed)
        owed = Q(payer_id=actor.tenant_id) & ~Q(state=Document.State.DRAFT)
        if actor.kind == TenantKind.CUSTOMER:
            return house.filter(owed)
        return house.filter(owed | Q(below(actor.roots, "seller_id")))

    def issued_by(self, tenant_id: int) -> Self:
        return self.filter(issuer_id=tenant_id)

    def drafts(self) -> Self:
        return self.filter(state=Document.State.DRAFT)


class Document(models.Model):
    """What one tenant is to pay, or gets back, on paper. A draft can be changed; what was issued never, but for `state`
    when it becomes void. It keeps its number then.

    Amounts of a credit note are what is given back, above zero; `payable` of an invoice may be below zero. Number and
    dates are there once it is issued: n stands on n − 1 of its series, and no earlier day. `until` is the day by which
    what stands on it was due; `waits` what keeps a draft from being taxed. `seller` sold to the payer when it was made.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")
        VOID = "void", _("Void")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("issuer"), db_index=False)
    payer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("payer"), db_index=False)
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("seller"), db_index=False)
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    state = models.CharField(_("status"), max_length=6, choices=State.choices, default=State.DRAFT, editable=False)
    currency = currency_code()
    language = models.CharField(_("language"), max_length=7)
    until: "models.DateField[date | None, date | None]" = models.DateField(_("due until"), null=True)
    run = models.ForeignKey(
        "invoicing.BillingRun", models.PROTECT, related_name="documents", null=True, db_index=False, editable=False
    )
    is_roll_up = models.BooleanField(default=False, editable=False)
    waits = models.CharField(_("waits for"), max_length=20, blank=True, editable=False)
    series = models.ForeignKey(
        NumberSeries, models.PROTECT, related_name="documents", null=True, db_index=False, editable=False
    )
    number: "models.PositiveIntegerField[int | None, int | None]" = models.PositiveIntegerField(
        null=True, editable=False
    )
    previous_number: "models.PositiveIntegerField[int | None, int | None]" = models.PositiveIntegerField(
        null=True, editable=False
    )
    full_number = models.CharField(_("number"), max_length=40, blank=True, editable=False)
    issued_on: "models.DateField[date | None, date | None]" = models.DateField(_("issued"), null=True, editable=False)
    due_on: "models.DateField[date | None, date | None]" = models.DateField(_("due"), null=True, editable=False)
    net: Any = amount(_("net"), default=0)
    tax: Any = amount(_("tax"), default=0)
    gross = models.GeneratedField(
        verbose_name=_("total"), expression=F("net") + F("tax"), output_field=SUM, db_persist=True
    )
    prepaid: Any = amount(_("paid beforehand"), default=0)
    rounding: Any = amount(_("rounding"), default=0)
    payable = models.GeneratedField(
        verbose_name=_("to pay"),
        expression=F("net") + F("tax") - F("prepaid") + F("rounding"),
        output_field=SUM,
        db_persist=True,
    )
    note = models.TextField(_("note"), max_length=1000, blank=True)
    buyer_reference = models.CharField(_("reference of the payer"), max_length=100, blank=True)
    order_number = models.CharField(_("order number"), max_length=100, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, related_name="corrections", null=True, db_index=False, verbose_name=_("corrects")
    )
    proforma = models.ForeignKey(
        "self", models.PROTECT, related_name="invoices", null=True, db_index=False, verbose_name=_("proforma invoice")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("made"))
    issued_at = models.DateTimeField(null=True, editable=False)
    voided_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        _("made void"), null=True, editable=False
    )
    void_reason = models.CharField(_("why it is void"), max_length=300, blank=True, editable=False)
    request_id = models.UUIDField(null=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="document_kind"),
            models.CheckConstraint(
                condition=Q(
                    state="draft",
                    series=None,
                    number=None,
                    previous_number=None,
                    full_number="",
                    issued_on=None,
                    due_on=None,
                    issued_at=None,
                )
                | Q(
                    state__in=("issued", "void"),
                    series__isnull=False,
                    number__isnull=False,
                    issued_on__isnull=False,
                    due_on__gte=F("issued_on"),
                    issued_at__isnull=False,
                    waits="",
                )
                & ~Q(full_number=""),
                name="document_number_once_issued",
            ),
            models.CheckConstraint(
                condition=Q(state="void", voided_at__isnull=False) & ~Q(void_reason="")
                | ~Q(state="void") & Q(voided_at=None, void_reason=""),
                name="document_void_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(previous_number=None) | Q(previous_number=F("number") - 1), name="document_after_the_last"
            ),
            models.CheckConstraint(
                condition=Q(kind="credit_note", corrects__isnull=False) & ~Q(reason="")
                | ~Q(kind="credit_note") & Q(corrects=None),
                name="document_corrects_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(proforma=None) | Q(kind="invoice"), name="document_of_proforma"),
            models.CheckConstraint(condition=~Q(issuer=F("payer")), name="document_between_two"),
            models.UniqueConstraint(fields=["series", "number"], name="document_number_once"),
            models.UniqueConstraint(
                fields=["issuer", "full_number"], condition=~Q(full_number=""), name="document_full_number_once"
            ),
            models.UniqueConstraint(
                fields=["proforma"],
                condition=Q(proforma__isnull=False) & ~Q(state="void"),
                name="document_of_proforma_once",
            ),
            models.UniqueConstraint(fields=["issuer", "request_id"], name="document_request_once"),
        ]
        indexes = [
            models.Index("provider", F("issued_on").desc(), F("number").desc(), name="document_of_provider"),
            models.Index("issuer", F("issued_on").desc(), F("number").desc(), name="document_of_issuer"),
            models.Index("payer", F("issued_on").desc(), F("number").desc(), name="document_of_payer"),
            models.Index("seller", F("issued_on").desc(), F("number").desc(), name="document_of_seller"),
            models.Index("corrects", condition=Q(corrects__isnull=False), name="document_corrected"),
            models.Index("issuer", "id", condition=Q(state="draft"), name="document_drafts"),
            models.Index("run", "payer", condition=Q(run__isnull=False), name="document_of_run"),
        ]

    def __str__(self) -> str:
        return self.full_number or f"{self.get_kind_display()} ({self.pk})"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_invoice(self) -> bool:
        return self.kind == DocumentKind.INVOICE


class Letterhead(models.Model):
    """A logo as it stands on what was issued, whatever its owner has by now."""

    append_only = True

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_constraint=False)
    digest = models.CharField(max_length=64)
    picture = models.BinaryField()

    class Meta:
        verbose_name, verbose_name_plural = _("letterhead"), _("letterheads")
        constraints = [models.UniqueConstraint(fields=["provider", "digest"], name="letterhead_once")]

    def __str__(self) -> str:
        return self.digest


class FrozenPaper(models.Model):
    """All that a document says, as it was issued: what its PDF, XML and CSV are made from, whatever is known of either
    side later. `content` is an `invoicing.papers.paper.Paper`."""

    append_only = True

    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="frozen")
    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    content = models.JSONField()

    class Meta:
        verbose_name, verbose_name_plural = _("frozen document"), _("frozen documents")

    def __str__(self) -> str:
        return f"paper {self.pk}"
