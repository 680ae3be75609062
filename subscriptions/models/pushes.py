"""New terms for what is sold already: what was asked for."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Package, PackageVersion
from resellerhub.kernel.models import Job
from tenants.models import Tenant
from tenants.models.scope import TenantScoped

if TYPE_CHECKING:
    from datetime import date


class Push(models.Model):
    """Limits or prices of a version of a package for the subscriptions that are sold of it.

    Its job and the job's items say what came of each. Without a day each subscription changes with its next billing
    period. Until a target's day has come it waits: `next_on` is the first day on which the job goes on.
    """

    job = models.OneToOneField(Job, models.PROTECT, related_name="push")
    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("pushed by"), db_index=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="+", verbose_name=_("package"))
    version = models.ForeignKey(PackageVersion, models.PROTECT, related_name="+", verbose_name=_("version"))
    limits = models.BooleanField(_("limits"))
    prices = models.BooleanField(_("prices"))
    effective_on: "models.DateField[date | None, date | None]" = models.DateField(_("effective from"), null=True)
    sellers = ArrayField(models.BigIntegerField(), default=list)
    keeps_own_prices = models.BooleanField(_("leave out prices that were set freely"), default=True)
    next_on: "models.DateField[date | None, date | None]" = models.DateField(_("goes on"), null=True)
    request_id = models.UUIDField()
    created_at = models.DateTimeField(_("created"))

    objects = TenantScoped["Push"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("push of new terms"), _("pushes of new terms")
        constraints = [
            models.UniqueConstraint("tenant", "request_id", name="push_request_once"),
            models.CheckConstraint(condition=Q(limits=True) | Q(prices=True), name="push_of_something"),
        ]
        indexes = [
            models.Index("provider", F("id").desc(), name="push_of_provider"),
            models.Index("next_on", condition=Q(next_on__isnull=False), name="push_due"),
        ]

    def __str__(self) -> str:
        return f"{self.package} (#{self.pk})"
