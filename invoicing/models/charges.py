"""What is owed, line by line: the ledger that documents are made of."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from invoicing.models.marks import Mark
from invoicing.rating.charges import Kind as Why
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import NumberField, currency_code
from resellerhub.kernel.money import unit_price as price_column
from subscriptions.models import Subscription
from tenants.models import Tenant
from tenants.models.scope import below
from tenants.roles import Kind

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.actor import Actor


KINDS = [str(kind) for kind in Why]


class ChargeQuerySet(LockedQuerySet["Charge"]):
    def visible_to(self, actor: "Actor") -> Self:
        """What the actor's tenant pays or is paid, and what is paid beneath it; never what the level above pays. Who
        sells sees what the holder pays, even where that is owed to somebody above."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        seen = Q(payer=actor.tenant_id) | Q(issuer=actor.tenant_id) | Q(below(actor.roots, "issuer_id"))
        if actor.kind == Kind.RESELLER:
            seen |= Q(payer=F("holder")) & Q(below([actor.tenant_id], "seller_id"))
        if actor.managed is not None:  # an account manager: of the customers assigned alone
            seen &= Q(below(actor.roots, "holder_id"))
        return house.filter(seen)


class Charge(models.Model):
    """So many units at a price, for a share of a cycle, that `payer` owes `issuer`; below zero where it is given back.
    Only ever added to: what is wrong is given back by another one.

    `quantity` × `unit_price` × `part` / `whole`, rounded once, is the amount; of one that gives back, at most that.
    `service` are the days that it is for, `billing` the cycle that the price is for, both [start, end). `credits` is
    what it gives back of. `source` is the fact that it is charged for, once for each period; `nth` tells apart what is
    charged again after it was undone. `holder` is whose subscription it is about, which a reseller's section of a bill
    is made by; `seller` who sold it. `mark` is the stream that it belongs to: what is charged by hand has none.
    """

    append_only = True

    class Stream(models.TextChoices):
        ACCOUNT = "account", _("Account fee")
        RESELLER = "reseller", _("Reseller fee")
        ADD_ON = "add_on", _("Add-on")
        SUPPORT = "support", _("Support")
        USAGE = "usage", _("Over-usage")
        MANUAL = "manual", _("Charged by hand")

    class Source(models.TextChoices):
        PHASE_FEE = "phase_fee", _("Fee of a phase")
        ONE_OFF = "one_off", _("One-off amount")
        ADD_ON_SALE = "add_on_sale", _("Add-on sale")
        ADD_ON_ONE_OFF = "add_on_one_off", _("One-off amount of an add-on")
        SUPPORT_PHASE = "support_phase", _("Support")
        OVER_USAGE = "over_usage", _("Over-usage")
        MANUAL = "manual", _("Charged by hand")

    class Kind(models.TextChoices):
        RECURRING = Why.RECURRING.value, _("Recurring")
        CREDIT = Why.CREDIT.value, _("Given back")
        SUSPENSION = Why.SUSPENSION.value, _("Suspended days")
        TRIAL = Why.TRIAL.value, _("Free trial")
        ACTIVATION = Why.ACTIVATION.value, _("Activation fee")
        EARLY_CANCELLATION = Why.EARLY_CANCELLATION.value, _("Early cancellation fee")
        ONE_OFF = Why.ONE_OFF.value, _("One-off")
        USAGE = Why.USAGE.value, _("Usage")
        COMMITMENT = Why.COMMITMENT.value, _("Minimum commitment")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("issuer"), db_index=False)
    payer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("payer"), db_index=False)
    holder = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("holder"), db_index=False)
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("seller"), db_index=False)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="+", null=True, verbose_name=_("subscription")
    )
    mark = models.ForeignKey(
        Mark, models.PROTECT, related_name="charges", null=True, db_constraint=False, db_index=False
    )
    stream = models.CharField(_("what for"), max_length=10, choices=Stream.choices)
    source_kind = models.CharField(_("source"), max_length=15, choices=Source.choices)
    source_id = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    label = models.CharField(_("description"), max_length=200)
    service_start = models.DateField(_("service from"))
    service_end = models.DateField(_("service until"))
    billing_start = models.DateField(_("period from"))
    billing_end = models.DateField(_("period until"))
    quantity = models.PositiveBigIntegerField(_("quantity"))
    unit_price = price_column(_("unit price"))
    part = models.PositiveIntegerField(_("part"), default=1)
    whole = models.PositiveIntegerField(_("of"), default=1)
    amount = NumberField(_("amount"), max_digits=18, decimal_places=3)
    currency = currency_code()
    due_on = models.DateField(_("due on"))
    credits = models.ForeignKey(
        "self", models.PROTECT, related_name="credited_by", null=True, db_index=False, verbose_name=_("gives back")
    )
    nth = models.PositiveIntegerField(default=0)
    request_id: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(null=True, editable=False)
    made_at = models.DateTimeField(_("made"))

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("charge"), _("charges")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("source_kind", "source_id", "issuer", "payer"),
                    *("kind", "service_start", "credits", "nth"),
                ],
                nulls_distinct=False,
                name="charge_once",
            ),
            models.UniqueConstraint("issuer", "request_id", condition=Q(request_id__isnull=False), name="charge_asked"),
            models.CheckConstraint(
                condition=Q(stream__in=("account", "reseller", "add_on", "support"), kind__in=KINDS)
                & Q(source_kind__in=("phase_fee", "one_off", "add_on_sale", "add_on_one_off", "support_phase"))
                | Q(stream="usage", source_kind="over_usage", kind__in=("usage", "commitment", "credit"))
                | Q(stream="manual", source_kind="manual", kind="one_off", source_id=F("id"))
                | Q(stream="manual", source_kind="manual", kind="credit", credits__isnull=False),
                name="charge_known",
            ),
            models.CheckConstraint(
                condition=Q(mark__isnull=True, stream__in=("usage", "manual"))
                | Q(mark__isnull=False, stream__in=("account", "reseller", "add_on", "support")),
                name="charge_of_stream",
            ),
            models.CheckConstraint(condition=~Q(payer=F("issuer")), name="charge_between_two"),
            models.CheckConstraint(condition=~Q(label=""), name="charge_labelled"),
            models.CheckConstraint(
                condition=Q(service_end__gte=F("service_start"), billing_end__gte=F("billing_start")),
                name="charge_forwards",
            ),
            models.CheckConstraint(condition=Q(whole__gte=1, unit_price__gte=0), name="charge_share"),
            models.CheckConstraint(
                condition=Q(credits__isnull=False) | Q(amount__gte=0) | Q(kind__in=("suspension", "trial")),
                name="charge_gives_back_of_one",
            ),
            models.CheckConstraint(
                condition=Q(request_id__isnull=True) | Q(stream="manual"), name="charge_asked_by_hand"
            ),
        ]
        indexes = [
            models.Index("issuer", "due_on", name="charge_of_issuer"),
            models.Index("payer", "due_on", name="charge_of_payer"),
            models.Index("mark", name="charge_of_mark", condition=Q(mark__isnull=False)),
            models.Index("credits", name="charge_credited", condition=Q(credits__isnull=False)),
            models.Index("provider", F("id").desc(), name="charge_of_provider"),
            models.Index("issuer", "payer", name="charge_by_hand", condition=Q(stream="manual")),
        ]

    @property
    def ratio(self) -> str:
        """The share of the cycle, as it was counted."""
        return f"{self.part}/{self.whole}"

    @property
    def is_credit(self) -> bool:
        return self.amount < Decimal(0)
