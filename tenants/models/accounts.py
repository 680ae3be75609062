"""A customer's account: its login, who supports it, and how many mailboxes of each tariff it may have."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import LockedQuerySet
from tenants.models.scope import TenantScoped


class SupportLevel(models.Model):
    """Who answers a customer's questions: "service package" elsewhere. `SupportPrice` says what it costs."""

    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="support_levels")
    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    provider_supports = models.BooleanField(
        _("the provider supports"), default=False, help_text=_("Only then may the provider write to the customer.")
    )
    is_active = models.BooleanField(_("can be chosen"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = LockedQuerySet["SupportLevel"].as_manager()

    class Meta:
        verbose_name = _("support level")
        verbose_name_plural = _("support levels")
        constraints = [
            models.UniqueConstraint(name="tenants_support_code", fields=["provider", "code"]),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerAccount(models.Model):
    """What makes a customer an account of its own; its account name is the name of `login`, and never changes."""

    tenant: Any = models.OneToOneField("tenants.Tenant", models.PROTECT, primary_key=True, related_name="account")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    login = models.OneToOneField("tenants.User", models.PROTECT, related_name="account")
    support_level = models.ForeignKey(SupportLevel, models.PROTECT, related_name="accounts")

    objects = TenantScoped["CustomerAccount"].as_manager()

    class Meta:
        verbose_name = _("customer account")
        verbose_name_plural = _("customer accounts")

    def __str__(self) -> str:
        return f"account {self.pk}"


class Tariff(models.TextChoices):
    LIGHT = "light", _("LIGHT mailboxes")
    STANDARD = "standard", _("STANDARD mailboxes")
    PREMIUM = "premium", _("PREMIUM mailboxes")
    MAILING_LIST = "mailing_list", _("Mailing lists")


class TariffLimit(models.Model):
    """How many of a tariff an account may have, and how many it has; no row means none."""

    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="tariff_limits")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    tariff = models.CharField(_("tariff"), max_length=12, choices=Tariff.choices)
    maximum = models.PositiveIntegerField(_("limit"), default=0)
    used = models.PositiveIntegerField(_("in use"), default=0, editable=False)

    objects = TenantScoped["TariffLimit"].as_manager()

    class Meta:
        verbose_name = _("tariff limit")
        verbose_name_plural = _("tariff limits")
        constraints = [
            models.UniqueConstraint(name="tenants_tariff_once", fields=["tenant", "tariff"]),
            models.CheckConstraint(name="tenants_tariff_known", condition=Q(tariff__in=Tariff.values)),
            models.CheckConstraint(name="tenants_tariff_kept", condition=Q(used__lte=F("maximum"))),
        ]

    def __str__(self) -> str:
        return f"{self.tariff} of {self.tenant_id}"


class Mailbox(models.Model):
    """A mailbox or mailing list of an account; it stays as a row when it is removed."""

    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="mailboxes")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    tariff = models.CharField(_("tariff"), max_length=12, choices=Tariff.choices)
    address = models.EmailField(_("address"))
    created_at = models.DateTimeField(_("created"))
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)
    request_id = models.UUIDField(null=True, editable=False)

    objects = TenantScoped["Mailbox"].as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        indexes = [models.Index(fields=["provider", "-id"], name="tenants_mailbox_provider")]
        constraints = [
            models.UniqueConstraint(
                name="tenants_mailbox_address", fields=["provider", "address"], condition=Q(removed_at=None)
            ),
            models.UniqueConstraint(name="tenants_mailbox_request", fields=["tenant", "request_id"]),
            models.CheckConstraint(name="tenants_mailbox_lower", condition=Q(address=Lower("address"))),
            models.CheckConstraint(name="tenants_mailbox_tariff", condition=Q(tariff__in=Tariff.values)),
        ]

    def __str__(self) -> str:
        return self.address
