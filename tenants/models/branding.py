"""White label: what a tenant's house looks like to those beneath it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.models.scope import TenantScoped


class Branding(models.Model):
    """The nearest tenant at or above the reader that has one wins, as a whole."""

    tenant: Any = models.OneToOneField("tenants.Tenant", models.PROTECT, primary_key=True, related_name="branding")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    product_name = models.CharField(_("name of the portal"), max_length=60)
    logo = models.BinaryField(null=True, editable=False)
    """A PNG that we wrote ourselves, whatever was uploaded."""
    logo_digest = models.CharField(max_length=64, blank=True, editable=False)
    colour = models.CharField(_("colour"), max_length=7, default="#066fd1", help_text=_("Of buttons and links."))
    sender_name = models.CharField(_("sender of mails"), max_length=100, blank=True)
    sender_email = models.EmailField(_("address of the sender"), blank=True)
    support_email = models.EmailField(_("support address"), blank=True)
    footer = models.CharField(_("foot of pages and mails"), max_length=300, blank=True)
    domain = models.CharField(_("domain"), max_length=253, null=True, blank=True, unique=True)

    objects = TenantScoped["Branding"].as_manager()

    class Meta:
        verbose_name = _("branding")
        verbose_name_plural = _("brandings")
        constraints = [
            models.CheckConstraint(name="tenants_branding_colour", condition=Q(colour__regex=r"^#[0-9a-f]{6}$")),
            models.CheckConstraint(
                name="tenants_branding_domain", condition=Q(domain=None) | (Q(domain=Lower("domain")) & ~Q(domain=""))
            ),
            models.CheckConstraint(name="tenants_branding_named", condition=~Q(product_name="")),
        ]

    def __str__(self) -> str:
        return self.product_name
