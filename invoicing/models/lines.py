"""What stands on a document: its lines, and its tax for each category and rate."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from invoicing.models.charges import Charge
from invoicing.models.documents import Document, amount
from invoicing.rating.taxes import Category
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import NumberField
from resellerhub.kernel.money import unit_price as price_column
from tenants.models import Tenant

if TYPE_CHECKING:
    from datetime import date

    from tenants.actor import Actor

CATEGORIES: list[tuple[str, Any]] = [
    (Category.STANDARD.value, _("Taxed")),
    (Category.ZERO.value, _("Zero rate")),
    (Category.EXEMPT.value, _("Exempt")),
    (Category.REVERSE_CHARGE.value, _("Reverse charge")),
    (Category.OUTSIDE.value, _("Outside the scope of tax")),
]
TAXED = Q(category="S", rate__gt=0) | Q(category__in=("Z", "E", "AE", "O"), rate=0)


def percent() -> NumberField:
    return NumberField(_("tax rate"), max_digits=6, decimal_places=3, default=0)


class OfDocument(LockedQuerySet[Any]):
    def visible_to(self, actor: "Actor") -> Self:
        """With their document."""
        seen = Document.objects.visible_to(actor).filter(pk=OuterRef("document_id"))
        return self.filter(Q(Exists(seen)), provider_id=actor.provider_id)


class DocumentLine(models.Model):
    """One charge on a document, or a part of it where its tax changes inside its days: `piece` tells parts apart. On
    paper alike lines may be one.

    `section` is the customer whom it is about, on what a reseller is billed for several. A line of a credit note
    `corrects` one of what it corrects. `counts` says that its charge stands on no other document: not of a proforma
    invoice, and no longer of what is void.
    """

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField(_("position"))
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="lines", null=True, db_index=False)
    piece = models.PositiveSmallIntegerField(default=0)
    counts = models.BooleanField(default=True)
    corrects = models.ForeignKey("self", models.PROTECT, related_name="corrections", null=True, db_index=False)
    section = models.ForeignKey(
        Tenant, models.PROTECT, related_name="+", null=True, db_index=False, verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Charge.Kind.choices)
    label = models.CharField(_("description"), max_length=200)
    service_start: "models.DateField[date | None, date | None]" = models.DateField(_("service from"), null=True)
    service_end: "models.DateField[date | None, date | None]" = models.DateField(_("service until"), null=True)
    quantity = models.BigIntegerField(_("quantity"))
    unit_price = price_column(_("unit price"))
    part = models.PositiveBigIntegerField(_("part"), default=1)
    whole = models.PositiveBigIntegerField(_("of"), default=1)
    amount: Any = amount(_("amount"))
    category = models.CharField(_("tax"), max_length=2, choices=CATEGORIES)
    rate: Any = percent()

    objects = OfDocument.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("line"), _("lines")
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="document_line_place"),
            models.UniqueConstraint(
                fields=["charge", "piece"], condition=Q(counts=True), name="document_line_charged_once"
            ),
            models.CheckConstraint(condition=TAXED, name="document_line_taxed"),
            models.CheckConstraint(condition=Q(whole__gte=1), name="document_line_share"),
            models.CheckConstraint(condition=~Q(label=""), name="document_line_labelled"),
            models.CheckConstraint(
                condition=Q(service_start=None, service_end=None) | Q(service_end__gte=F("service_start")),
                name="document_line_forwards",
            ),
        ]
        indexes = [
            models.Index("corrects", condition=Q(corrects__isnull=False), name="document_line_corrected"),
            models.Index("provider", F("id").desc(), name="document_line_of_provider"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def ratio(self) -> str:
        return f"{self.part}/{self.whole}"


class DocumentTax(models.Model):
    """The net of a document in one category and at one rate, and the tax on it: rounded once, never line by line."""

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="taxes", db_index=False)
    category = models.CharField(_("category"), max_length=2, choices=CATEGORIES)
    rate: Any = percent()
    net: Any = amount(_("net"))
    tax: Any = amount(_("tax"))

    objects = OfDocument.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("tax of a document"), _("taxes of documents")
        constraints = [
            models.UniqueConstraint(fields=["document", "category", "rate"], name="document_tax_once"),
            models.CheckConstraint(condition=TAXED & (Q(category="S") | Q(tax=0)), name="document_tax_taxed"),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="document_tax_of_provider")]

    def __str__(self) -> str:
        return f"{self.category} {self.rate}"
