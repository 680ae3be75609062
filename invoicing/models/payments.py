"""What was paid, what of it settles which document, and what each payer owes after it."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from invoicing.models.documents import Document, amount
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import currency_code
from tenants.models import Tenant
from tenants.models.scope import Viewer, below
from tenants.roles import Kind as TenantKind


class OfAccount(LockedQuerySet[Any]):
    def visible_to(self, actor: Viewer) -> Self:
        """What the actor's tenant pays and is paid, and what is paid to those beneath it; an account manager's is what
        its customers pay to its reseller."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == TenantKind.PROVIDER:
            return house
        if actor.roots != (actor.tenant_id,):
            return house.filter(issuer_id=actor.tenant_id, payer_id__in=actor.roots)
        return house.filter(Q(payer_id=actor.tenant_id) | Q(below(actor.roots, "issuer_id")))


class Payment(models.Model):
    """Money that came from `payer` to `issuer`, or went back: below zero then. Only ever added to: a payment that was
    none is undone by one that `reverses` it. `source` names the line of a bank statement that it was read from: the
    same line is not read twice."""

    append_only = True

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        REFUND = "refund", _("Refund")
        REVERSAL = "reversal", _("Reversal")

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        DEBIT = "debit", _("Direct debit")
        CARD = "card", _("Card")
        CASH = "cash", _("Cash")
        OTHER = "other", _("Other")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, verbose_name=_("issuer"))
    payer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, verbose_name=_("payer"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    amount: Any = amount(_("amount"))
    currency = currency_code()
    received_on = models.DateField(_("received"))
    method = models.CharField(_("method"), max_length=8, choices=Method.choices, default=Method.TRANSFER)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    source = models.CharField(max_length=64, blank=True, editable=False)
    request_id = models.UUIDField(null=True, editable=False)
    made_at = models.DateTimeField(_("made"))

    objects = OfAccount.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("payment"), _("payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="payment", amount__gt=0, reverses=None)
                | Q(kind="refund", amount__lt=0, reverses=None)
                | Q(kind="reversal", reverses__isnull=False),
                name="payment_kind",
            ),
            models.CheckConstraint(condition=~Q(issuer=F("payer")), name="payment_between_two"),
            models.UniqueConstraint(fields=["issuer", "source"], condition=~Q(source=""), name="payment_read_once"),
            models.UniqueConstraint(fields=["issuer", "request_id"], name="payment_request_once"),
        ]
        indexes = [
            models.Index("provider", F("id").desc(), name="payment_of_provider"),
            models.Index("issuer", F("id").desc(), name="payment_of_issuer"),
            models.Index("payer", "issuer", "received_on", name="payment_of_payer"),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class Allocation(models.Model):
    """What of a payment settles which document; or of a `credit`, a document by which the payer gets something back,
    which then settles another one without money. Below zero where it is taken back. Only ever added to.

    Of neither side more is used than there is: a trigger locks both and counts.
    """

    append_only = True

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations", null=True)
    credit = models.ForeignKey(Document, models.PROTECT, related_name="used", null=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="settled")
    amount: Any = amount(_("amount"))
    made_at = models.DateTimeField(_("made"))

    objects = LockedQuerySet["Allocation"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("allocation"), _("allocations")
        constraints = [
            models.CheckConstraint(
                condition=Q(payment__isnull=False, credit=None) | Q(payment=None, credit__isnull=False),
                name="allocation_of_one",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="allocation_of_something"),
        ]


class Balance(models.Model):
    """What a payer owes an issuer in a currency: what was billed less what was given back, and less what was paid.

    Kept by triggers of documents and payments; `manage.py verify` counts it again.
    """

    append_only = True
    kept_by_database = True

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, verbose_name=_("issuer"))
    payer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("payer"))
    currency = currency_code()
    billed: Any = amount(_("billed"), default=0)
    paid: Any = amount(_("paid"), default=0)
    allocated: Any = amount(_("allocated"), default=0)
    owed = models.GeneratedField(
        verbose_name=_("owed"), expression=F("billed") - F("paid"), output_field=amount(), db_persist=True
    )
    unallocated = models.GeneratedField(
        verbose_name=_("not allocated"), expression=F("paid") - F("allocated"), output_field=amount(), db_persist=True
    )

    objects = OfAccount.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("balance"), _("balances")
        constraints = [models.UniqueConstraint(fields=["issuer", "payer", "currency"], name="balance_once")]
        indexes = [models.Index("provider", F("id").desc(), name="balance_of_provider")]
