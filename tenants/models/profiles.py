"""What is private of a tenant: names, addresses, terms. Apart from the tree, so that it can be hidden."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.models.scope import TenantScoped


class Profile(models.Model):
    tenant: Any = models.OneToOneField("tenants.Tenant", models.PROTECT, primary_key=True, related_name="profile")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(_("organisation"), max_length=200)
    owner_email = models.EmailField(_("tenant owner"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=7, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Berlin")
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    vat_id = models.CharField(_("VAT ID"), max_length=20, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=14)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    billing_same = models.BooleanField(_("invoices go to the main address"), default=True)
    billing_name = models.CharField(_("recipient of invoices"), max_length=200, blank=True)
    billing_email = models.EmailField(_("e-mail for invoices"), blank=True)
    billing_street = models.CharField(_("street and number"), max_length=200, blank=True)
    billing_postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    billing_city = models.CharField(_("city"), max_length=100, blank=True)
    billing_country = models.CharField(_("country"), max_length=2, blank=True)
    memo = models.TextField(_("memo"), max_length=5000, blank=True, help_text=_("Seen by the seller only."))
    suspension_reason = models.CharField(_("reason of the suspension"), max_length=200, blank=True, editable=False)
    """As its users read it while it is suspended."""
    request_id = models.UUIDField(null=True, editable=False)
    """The request that made the tenant: asked again, it makes no second one."""

    objects = TenantScoped["Profile"].as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        indexes = [models.Index(fields=["provider", "name", "tenant"], name="tenants_profile_name")]
        constraints = [
            models.CheckConstraint(name="tenants_profile_named", condition=~Q(name="")),
            models.UniqueConstraint(name="tenants_profile_request", fields=["provider", "request_id"]),
            models.CheckConstraint(name="tenants_profile_payment_days", condition=Q(payment_days__lte=365)),
            models.CheckConstraint(name="tenants_profile_currency", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(name="tenants_profile_vat_id", condition=Q(vat_id__regex=r"^([A-Z]{2}[A-Z0-9]+)?$")),
            models.CheckConstraint(
                name="tenants_profile_iban", condition=Q(iban__regex=r"^([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})?$")
            ),
            models.CheckConstraint(
                name="tenants_profile_billing",
                condition=Q(billing_same=False)
                | Q(billing_street="", billing_postal_code="", billing_city="", billing_country=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ResellerType(models.TextChoices):
    PREPAID = "prepaid", _("Prepaid")
    COMMISSION = "commission", _("Commission")


class ResellerTerms(models.Model):
    """How a reseller does business with its seller."""

    tenant: Any = models.OneToOneField("tenants.Tenant", models.PROTECT, primary_key=True, related_name="terms")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    type = models.CharField(_("type"), max_length=10, choices=ResellerType.choices)
    may_oversell = models.BooleanField(_("may oversell"), default=False)
    is_large = models.BooleanField(
        _("large account reseller"), default=False, help_text=_("Gives pools to other resellers; cannot be invited.")
    )
    terms_version = models.PositiveIntegerField(_("accepted version of the terms"), null=True, editable=False)
    terms_accepted_at = models.DateTimeField(_("terms accepted"), null=True, editable=False)

    objects = TenantScoped["ResellerTerms"].as_manager()

    class Meta:
        verbose_name = _("reseller terms")
        verbose_name_plural = _("reseller terms")
        constraints = [models.CheckConstraint(name="tenants_terms_type", condition=Q(type__in=ResellerType.values))]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class ProviderSettings(models.Model):
    """What a provider decides for its whole house."""

    class Basis(models.TextChoices):
        SOLD = "sold", _("What was sold")
        USED = "used", _("What is used")

    tenant: Any = models.OneToOneField("tenants.Tenant", models.PROTECT, primary_key=True, related_name="settings")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    over_quota_basis = models.CharField(_("over quota counts"), max_length=4, choices=Basis.choices, default=Basis.SOLD)
    oversell_default = models.BooleanField(_("new resellers may oversell"), default=False)
    slug = models.SlugField(
        _("short name"),
        max_length=40,
        null=True,
        blank=True,
        unique=True,
        help_text=_("In the address where resellers register."),
    )
    takes_registrations = models.BooleanField(_("resellers may register"), default=False)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    language = models.CharField(_("language"), max_length=7, default="en")

    objects = TenantScoped["ProviderSettings"].as_manager()

    class Meta:
        verbose_name = _("provider settings")
        verbose_name_plural = _("provider settings")
        constraints = [
            models.CheckConstraint(name="tenants_settings_own", condition=Q(provider=models.F("tenant"))),
            models.CheckConstraint(name="tenants_settings_currency", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(
                name="tenants_settings_slug", condition=Q(slug=None) | Q(slug__regex=r"^[a-z0-9][a-z0-9-]{1,39}$")
            ),
            models.CheckConstraint(
                name="tenants_settings_registering", condition=Q(takes_registrations=False) | Q(slug__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"settings {self.pk}"
