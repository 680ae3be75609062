"""White label: what a tenant's house looks like to those beneath it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.models.scope import TenantScoped


class Branding(models.Model):
    """The nearest tenant at or above the reader that has one wins, as a whole.

    Domain and sender's address are claims. They are used once they are proven, and what is proven stands beside the
    claim: another claim has no proof.
    """

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
    domain = models.CharField(_("domain"), max_length=253, null=True, blank=True)  # noqa: DJ001  never empty
    domain_token = models.CharField(max_length=64, blank=True, editable=False)
    """What its owner is to publish under the domain; a new one with each new claim."""
    domain_checked_at = models.DateTimeField(null=True, editable=False)
    verified_domain = models.CharField(max_length=253, null=True, editable=False)  # noqa: DJ001  unique, none yet
    sender_code = models.CharField(max_length=64, blank=True, editable=False)
    """Digest of the code that was last sent to the sender's address."""
    sender_code_sent_at = models.DateTimeField(null=True, editable=False)
    verified_sender = models.EmailField(blank=True, editable=False)

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
            models.CheckConstraint(name="tenants_branding_token", condition=Q(domain=None) | ~Q(domain_token="")),
            models.UniqueConstraint(name="tenants_branding_proven", fields=["verified_domain"]),
            models.CheckConstraint(
                name="tenants_branding_domain_claimed",
                condition=Q(verified_domain=None) | Q(domain__isnull=False, verified_domain=F("domain")),
            ),
            models.CheckConstraint(
                name="tenants_branding_sender_claimed",
                condition=Q(verified_sender="") | Q(verified_sender=F("sender_email")),
            ),
        ]

    def __str__(self) -> str:
        return self.product_name

    @property
    def is_domain_open(self) -> bool:
        """Claimed, and not proven yet."""
        return bool(self.domain) and self.verified_domain != self.domain

    @property
    def is_sender_open(self) -> bool:
        return bool(self.sender_email) and self.verified_sender != self.sender_email
