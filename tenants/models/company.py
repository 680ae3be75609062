"""What a reseller's company is known by: signatures of its departments, and whom it is mapped to."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models.profiles import ResellerType
from tenants.models.scope import TenantScoped


class Department(models.TextChoices):
    SALES = "sales", pgettext_lazy("department", "Sales")
    SUPPORT = "support", _("Support")
    BILLING = "billing", pgettext_lazy("department", "Billing")
    TECHNICAL = "technical", _("Technical")
    MANAGEMENT = "management", _("Management")


class Signature(models.Model):
    """How a department signs mails and documents."""

    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="signatures")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    department = models.CharField(_("department"), max_length=10, choices=Department.choices)
    text = models.TextField(_("signature"), max_length=2000)

    objects = TenantScoped["Signature"].as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(name="tenants_signature_once", fields=["tenant", "department"]),
            models.CheckConstraint(name="tenants_signature_known", condition=Q(department__in=Department.values)),
            models.CheckConstraint(name="tenants_signature_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.department} of {self.tenant_id}"


class Mapping(models.Model):
    """The tenant owner and the organisation that a reseller was found to be; only a mapped one gets pools."""

    tenant: Any = models.OneToOneField("tenants.Tenant", models.PROTECT, primary_key=True, related_name="mapping")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    owner_email = models.EmailField(_("tenant owner"))
    organisation = models.CharField(_("organisation"), max_length=200)
    mapped_at = models.DateTimeField(_("mapped"))

    objects = TenantScoped["Mapping"].as_manager()

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        constraints = [
            models.CheckConstraint(name="tenants_mapping_whole", condition=~Q(owner_email="") & ~Q(organisation=""))
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.owner_email})"


class ResellerTypeSetting(models.Model):
    """Whether a provider takes resellers of a type, what it calls the type, and on which terms."""

    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="reseller_types")
    type = models.CharField(_("type"), max_length=10)
    is_enabled = models.BooleanField(_("can be chosen"), default=True)
    label = models.CharField(_("label"), max_length=60, blank=True, help_text=_("Left empty: the usual word."))
    terms = models.TextField(_("terms"), max_length=20_000, blank=True)
    version = models.PositiveIntegerField(_("version of the terms"), default=1, editable=False)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("reseller type")
        verbose_name_plural = _("reseller types")
        constraints = [
            models.UniqueConstraint(name="tenants_reseller_type_once", fields=["provider", "type"]),
            models.CheckConstraint(name="tenants_reseller_type_known", condition=Q(type__in=["prepaid", "commission"])),
        ]

    def __str__(self) -> str:
        return self.label or str(ResellerType(self.type).label)
