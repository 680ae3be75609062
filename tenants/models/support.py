"""Support over time: what each level costs from which day, who had which level when, and who owes whom for it."""

from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from tenants.models.accounts import SupportLevel
from tenants.models.scope import TenantScoped, Viewer, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from datetime import date


class SupportPriceQuerySet(TenantScoped["SupportPrice"]):
    def visible_to(self, actor: Viewer) -> Self:
        """A seller's own and those beneath it; what is asked from above is read as a price, where it is owed."""
        rows = super().visible_to(actor)
        return rows.none() if actor.kind == Kind.CUSTOMER else rows

    def in_force(self, on: "date") -> Self:
        """Of each seller and level the one that counts on a day; of two for one day the one that was made last."""
        rows = self.filter(effective_on__lte=on)
        return rows.order_by("tenant", "level", "-effective_on", "-pk").distinct("tenant", "level")


class SupportPrice(models.Model):
    """What `tenant` asks a month of whoever buys from it for a level, from a day on. The provider's is what counts
    where a reseller asks no price of its own. Added to, never changed."""

    append_only = True

    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="support_prices", db_index=False)
    level = models.ForeignKey(SupportLevel, models.PROTECT, related_name="prices")
    effective_on = models.DateField(_("effective from"))
    amount = price_column(_("monthly fee"), validators=[MinValueValidator(0)])
    currency = currency_code()
    made_at = models.DateTimeField(_("made"))

    objects = SupportPriceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("price of support"), _("prices of support")
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="tenants_support_price")]
        indexes = [
            models.Index("tenant", "level", F("effective_on").desc(), F("id").desc(), name="tenants_support_in_force"),
            models.Index("provider", F("id").desc(), name="tenants_support_price_of"),
        ]


class SupportPhaseQuerySet(TenantScoped["SupportPhase"]):
    def visible_to(self, actor: Viewer) -> Self:
        """In scope; what was before the customer moved here stays with who sold it."""
        rows = super().visible_to(actor)
        if actor.kind == Kind.PROVIDER:
            return rows
        return rows.filter(Q(tenant=actor.tenant_id) | Q(seller=actor.tenant_id) | Q(below(actor.roots, "seller_id")))


class SupportPhase(models.Model):
    """A stretch of days [starts_on, ends_on) in which a customer had one level from one seller. Only the end is ever
    written, once; the day of a change belongs to what comes after."""

    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="support_phases")
    seller: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    level = models.ForeignKey(SupportLevel, models.PROTECT, related_name="phases")
    starts_on = models.DateField(_("from"))
    ends_on: "models.DateField[date | None, date | None]" = models.DateField(_("until"), null=True)
    made_at = models.DateTimeField(_("made"))

    objects = SupportPhaseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("support phase"), _("support phases")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="tenants_support_forwards"
            ),
            models.UniqueConstraint("tenant", condition=Q(ends_on__isnull=True), name="tenants_support_open_once"),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="tenants_support_phase_of")]


class SupportDebt(models.Model):
    """Who pays whom for a phase, at the issuer's price of each day: the customer its seller, each reseller above who
    sells to it. Never changed."""

    append_only = True

    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    phase = models.ForeignKey(SupportPhase, models.PROTECT, related_name="debts")
    payer: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    issuer: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")

    objects = models.Manager["SupportDebt"]()

    class Meta:
        verbose_name, verbose_name_plural = _("debt for support"), _("debts for support")
        constraints = [
            models.UniqueConstraint("phase", "payer", name="tenants_support_debt_once"),
            models.CheckConstraint(condition=~Q(payer=F("issuer")), name="tenants_support_between_two"),
        ]
