"""From which share of a quota on somebody is told, and what was crossed."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Resource
from subscriptions.models.subscriptions import Subscription
from tenants.models import Tenant
from tenants.models.scope import TenantScoped, Viewer, below
from tenants.roles import Kind

PERCENT_MAX, THRESHOLDS_MAX = 1_000, 10
USUAL = [80, 100]
"""Where nobody at or above the seller says otherwise."""
CEILING = 0
"""In place of a percentage: the ceiling of a hard quota, where use is blocked."""


class UsageAlerts(models.Model):
    """What a seller tells those who hold something of it, and those beneath it that say nothing themselves.

    The nearest at or above the seller counts. Without percentages only the blocks of hard quotas are told.
    """

    tenant = models.OneToOneField(
        Tenant, models.PROTECT, primary_key=True, related_name="usage_alerts", verbose_name=_("seller")
    )
    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    percents = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("thresholds"), default=list, blank=True)
    tells_holder = models.BooleanField(_("tell who holds it"), default=True)
    tells_seller = models.BooleanField(_("tell who sells it"), default=False)

    objects = TenantScoped["UsageAlerts"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("usage alerts"), _("usage alerts")


class UsageCrossingQuerySet(TenantScoped["UsageCrossing"]):
    def visible_to(self, actor: Viewer) -> Self:
        """In scope; what came to another seller before the holder moved here stays the other's business."""
        rows = super().visible_to(actor)
        if actor.kind == Kind.PROVIDER:
            return rows
        return rows.filter(Q(tenant=actor.tenant_id) | Q(seller=actor.tenant_id) | Q(below(actor.roots, "seller_id")))

    def open(self) -> Self:
        return self.filter(cleared_at=None)


UNTOLD = Q(told_at=None) | Q(percent=CEILING, cleared_at__isnull=False, end_told_at=None)
"""Its beginning, or the end of a block."""


class UsageCrossing(models.Model):
    """Utilisation of a resource came to a threshold, or use to the ceiling of a hard quota: open until it is below.

    One is open of each threshold, so one notice goes out for each time it is crossed. A counter's are over with its
    month. It stays with who held and sold the subscription then: when that goes elsewhere, another begins there.
    """

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="crossings", db_index=False, db_constraint=False
    )
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", db_index=False)
    percent = models.PositiveSmallIntegerField(_("threshold"), help_text=_("0: the ceiling of a hard quota."))
    value = models.BigIntegerField(_("utilised"), help_text=_("Then; of a ceiling what was used."))
    allocated = models.BigIntegerField(_("allocated"))
    ceiling: "models.BigIntegerField[int | None, int | None]" = models.BigIntegerField(_("ceiling"), null=True)
    measured_at = models.DateTimeField(null=True)
    """Of what was measured last: says in which month a counter was."""
    crossed_at = models.DateTimeField(_("crossed"))
    cleared_at = models.DateTimeField(_("cleared"), null=True)
    told_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField(null=True)

    objects = UsageCrossingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("usage alert"), _("usage alerts")
        constraints = [
            models.UniqueConstraint(
                "subscription", "resource", "percent", condition=Q(cleared_at=None), name="usage_crossing_open_once"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=PERCENT_MAX), name="usage_crossing_percent"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None) | Q(cleared_at__gte=F("crossed_at")), name="usage_crossing_forwards"
            ),
            models.CheckConstraint(
                condition=Q(end_told_at=None) | Q(cleared_at__isnull=False), name="usage_crossing_end_told"
            ),
        ]
        indexes = [
            models.Index("subscription", F("id").desc(), name="usage_crossing_of"),
            models.Index("provider", F("id").desc(), name="usage_crossing_of_provider"),
            models.Index("tenant", F("id").desc(), name="usage_crossing_of_tenant"),
            models.Index("id", condition=UNTOLD, name="usage_crossing_untold"),
        ]

    @property
    def is_block(self) -> bool:
        return self.percent == CEILING
