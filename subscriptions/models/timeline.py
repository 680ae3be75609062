"""What was held when, and at which price: the timeline that bills are made from."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from catalog.models import Fee, FeeVersion, PackageVersion, PriceRule
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from resellerhub.kernel.periods import Cycle
from subscriptions.figures import Figures, figures
from subscriptions.models.subscriptions import QUANTITY_MAX, Subscription
from tenants.models import Tenant
from tenants.models.scope import TenantScoped, Viewer, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from datetime import date

    from tenants.actor import Actor


class DateRange(Func):
    """`[start, end)` in SQL; without an end it goes on."""

    function = "daterange"
    output_field = DateRangeField()


class IdRange(Func):
    """A range of one id: what GiST compares without an extension of the database."""

    function = "int8range"
    output_field = BigIntegerRangeField()


class PhaseQuerySet(TenantScoped["Phase"]):
    def visible_to(self, actor: Viewer) -> Self:
        """In scope; what another seller sold before the holder moved here stays the other's business."""
        rows = super().visible_to(actor)
        if actor.kind == Kind.PROVIDER:
            return rows
        return rows.filter(Q(tenant=actor.tenant_id) | Q(seller=actor.tenant_id) | Q(below(actor.roots, "seller_id")))


class Phase(models.Model):
    """A stretch of days [starts_on, ends_on) in which nothing about a subscription changed. The last one is open.

    Only its end is ever written, once. A day on which something changes belongs to what comes after, so a phase that
    begins and ends on one day is empty, and owes nothing. `version` says which limits are held; the pair of fees, by
    which a new term is priced, is that version's until limits or prices alone are pushed.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("holder"), db_index=False)
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("seller"), db_index=False)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="phases", db_constraint=False)
    version = models.ForeignKey(PackageVersion, models.PROTECT, related_name="+", verbose_name=_("version"))
    reseller_fee = models.ForeignKey(Fee, models.PROTECT, related_name="+", null=True, db_index=False)
    account_fee = models.ForeignKey(Fee, models.PROTECT, related_name="+", null=True, db_index=False)
    quantity = models.PositiveIntegerField(_("quantity"))
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.ACTIVE)
    starts_on = models.DateField(_("from"))
    ends_on: "models.DateField[date | None, date | None]" = models.DateField(_("until"), null=True)
    made_at = models.DateTimeField(_("made"))

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("phase"), _("phases")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=QUANTITY_MAX), name="phase_quantity"),
            models.CheckConstraint(condition=Q(state__in=("active", "suspended")), name="phase_state"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="phase_forwards"
            ),
            models.UniqueConstraint("subscription", condition=Q(ends_on__isnull=True), name="phase_open_once"),
            ExclusionConstraint(
                name="phase_apart",
                expressions=[
                    (IdRange(F("subscription"), F("subscription"), Value("[]")), RangeOperators.EQUAL),
                    (DateRange(F("starts_on"), F("ends_on"), Value("[)")), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="phase_of_provider")]

    @property
    def priced_by(self) -> PackageVersion:
        """What prices are asked by, as if a version named these fees; it has no limits."""
        return PackageVersion(
            package=self.version.package, reseller_fee=self.reseller_fee, account_fee=self.account_fee
        )

    @property
    def figures(self) -> Figures:
        """What its reader is told, of a phase that `timeline.phases` has read."""
        seen: list[PhaseFee] = vars(self)["seen"]
        return figures(seen, vars(self)["reader_id"])


class PhaseFeeQuerySet(LockedQuerySet["PhaseFee"]):
    def visible_to(self, actor: "Actor") -> Self:
        """What the actor's tenant pays or is paid, and what is paid beneath it; never what the level above pays.

        Who sells sees what the holder pays, even where that is owed to somebody above: a commission reseller's is.
        """
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        seen = Q(payer=actor.tenant_id) | Q(issuer=actor.tenant_id) | Q(below(actor.roots, "issuer_id"))
        if actor.kind == Kind.RESELLER:
            seen |= Q(stream="account") & Q(Exists(self._phases().filter(below([actor.tenant_id], "seller_id"))))
        if actor.managed is not None:  # an account manager: of the customers assigned alone
            seen &= Q(Exists(self._phases().visible_to(actor)))
        return house.filter(seen)

    @staticmethod
    def _phases() -> PhaseQuerySet:
        return Phase.objects.filter(pk=OuterRef("phase_id"))


class PhaseFee(models.Model):
    """What one tenant owes another for a phase: the terms of the fee as they were, and the price. Never changed.

    The holder owes its seller the account fee; each seller that is a reseller owes the next above the reseller fee.
    `unit_price` is of one unit of the package and one cycle.
    """

    append_only = True

    class Stream(models.TextChoices):
        ACCOUNT = "account", _("Account fee")
        RESELLER = "reseller", _("Reseller fee")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="fees")
    stream = models.CharField(_("stream"), max_length=10, choices=Stream.choices)
    payer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("payer"))
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("issuer"))
    fee_version = models.ForeignKey(FeeVersion, models.PROTECT, related_name="+", null=True)
    price_rule = models.ForeignKey(PriceRule, models.PROTECT, related_name="+", null=True)
    public_name = models.CharField(_("name for end users"), max_length=100)
    currency = currency_code()
    unit_price = price_column(_("unit price"))
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices)
    billed = models.CharField(_("billed"), max_length=7, choices=FeeVersion.Billed.choices)
    activation_amount = price_column(_("activation fee"), default=0)
    prorates_first = models.BooleanField(_("prorate the first period"), default=True)
    prorates_last = models.BooleanField(_("prorate the last period"), default=True)
    minimum_months = models.PositiveSmallIntegerField(_("minimum term in months"), default=0)
    cancellation_amount = price_column(_("early cancellation fee"), default=0)
    cancellation_hours: "models.PositiveSmallIntegerField[int | None, int | None]" = models.PositiveSmallIntegerField(
        _("cancellation window in hours"), null=True
    )
    credits_suspension = models.BooleanField(_("credit suspended days"), default=True)
    applies_more_than_once = models.BooleanField(_("may be applied more than once"), default=True)

    objects = PhaseFeeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("fee of a phase"), _("fees of a phase")
        constraints = [
            models.UniqueConstraint("phase", "payer", name="phase_fee_once"),
            models.CheckConstraint(condition=Q(stream__in=("account", "reseller")), name="phase_fee_stream"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, activation_amount__gte=0, cancellation_amount__gte=0),
                name="phase_fee_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(stream="account") | Q(credits_suspension=False), name="phase_fee_owed_while_suspended"
            ),
            models.CheckConstraint(condition=~Q(payer=F("issuer")), name="phase_fee_between_two"),
        ]
