"""What tax is charged from which day on, and what was said of a VAT ID when somebody was asked."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from invoicing.models.lines import CATEGORIES
from invoicing.rating.taxes import Category
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import NumberField
from tenants.models import Tenant
from tenants.models.scope import TenantScoped
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor

AT_HOME = [pair for pair in CATEGORIES if pair[0] != Category.REVERSE_CHARGE]
"""What a rate of a country can be; that the buyer owes the tax is none."""
COUNTRY = r"^[A-Z]{2}$"


class TaxRateQuerySet(LockedQuerySet["TaxRate"]):
    def visible_to(self, actor: "Actor") -> Self:
        """The house's, for all who make out bills in it."""
        house = self.filter(provider_id=actor.provider_id)
        return house.none() if actor.kind == Kind.CUSTOMER else house

    def in_force(self, on: date) -> Self:
        """One of each country."""
        return self.filter(effective_on__lte=on).order_by("country", "-effective_on").distinct("country")


class TaxRate(models.Model):
    """What is charged on what is used in a country, from a day on, until the next rate of that country: so that two
    never overlap. What was issued keeps the rate that stands on it, whatever is corrected here."""

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    country = models.CharField(_("country"), max_length=2)
    effective_on = models.DateField(_("effective from"))
    category = models.CharField(_("category"), max_length=2, choices=AT_HOME, default=Category.STANDARD.value)
    percent = NumberField(
        _("percent"), max_digits=6, decimal_places=3, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    made_at = models.DateTimeField(_("made"))

    objects = TaxRateQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("tax rate"), _("tax rates")
        constraints = [
            models.UniqueConstraint(fields=["provider", "country", "effective_on"], name="tax_rate_once"),
            models.CheckConstraint(condition=Q(country__regex=COUNTRY), name="tax_rate_country"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="tax_rate_percent"),
            models.CheckConstraint(
                condition=Q(category="S", percent__gt=0) | Q(category__in=["Z", "E", "O"], percent=0),
                name="tax_rate_category",
            ),
        ]


class SmallBusiness(models.Model):
    """From which day on `tenant` charges no tax as a small business (in Germany § 19 UStG), and from which again."""

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="small_business", db_index=False)
    effective_on = models.DateField(_("effective from"))
    is_small = models.BooleanField(_("charges no VAT, as a small business"))
    made_at = models.DateTimeField(_("made"))

    objects = TenantScoped["SmallBusiness"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("small business"), _("small businesses")
        constraints = [models.UniqueConstraint(fields=["tenant", "effective_on"], name="small_business_once")]


class VatCheck(models.Model):
    """Whether a VAT ID is one, as the office that knows said on a day. Asked again, it is another row: what was
    answered is kept as proof. `requester` is the VAT ID of whoever bills the tenant, in whose name it was asked."""

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("Not answered yet")
        VALID = "valid", _("Valid")
        INVALID = "invalid", _("Not valid")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="vat_checks", db_index=False)
    vat_id = models.CharField(_("VAT ID"), max_length=20)
    requester = models.CharField(_("asked by"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.UNKNOWN)
    made_at = models.DateTimeField(_("made"))
    asked_at = models.DateTimeField(_("asked"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    retry_at = models.DateTimeField(_("asked next"), null=True)
    tries = models.PositiveIntegerField(default=0)
    problem = models.CharField(_("why there is no answer"), max_length=100, blank=True)
    consultation = models.CharField(_("consultation number"), max_length=40, blank=True)

    objects = TenantScoped["VatCheck"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("check of a VAT ID"), _("checks of VAT IDs")
        constraints = [
            models.UniqueConstraint(fields=["tenant"], condition=Q(state="unknown"), name="vat_check_open_once"),
            models.CheckConstraint(condition=Q(vat_id__regex=r"^[A-Z]{2}[A-Z0-9]+$"), name="vat_check_vat_id"),
            models.CheckConstraint(
                condition=Q(state="unknown", answered_at=None, retry_at__isnull=False)
                | Q(state__in=["valid", "invalid"], answered_at__isnull=False, retry_at=None),
                name="vat_check_answered",
            ),
        ]
        indexes = [
            models.Index("tenant", "vat_id", F("answered_at").desc(), name="vat_check_newest"),
            models.Index("retry_at", condition=Q(state="unknown"), name="vat_check_due"),
            models.Index("provider", F("id").desc(), name="vat_check_of_provider"),
        ]
