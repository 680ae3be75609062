"""What was measured."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Resource
from subscriptions.models.subscriptions import Subscription
from tenants.models import Tenant
from tenants.models.scope import TenantScoped


class UsageEvent(models.Model):
    """What was measured, as it was reported. An event id counts once for its provider, however often it is sent.

    That subscription, holder, provider and service fit together is checked once for all rows of a statement, in place
    of three foreign keys for each.
    """

    append_only = True

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    event_id = models.CharField(_("event id"), max_length=100)
    quantity = models.BigIntegerField(_("quantity"))
    at = models.DateTimeField(_("measured"))
    received_at = models.DateTimeField(_("received"))

    objects = TenantScoped["UsageEvent"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("usage event"), _("usage events")
        constraints = [
            models.UniqueConstraint("provider", "event_id", name="usage_event_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="usage_event_not_negative"),
        ]
        indexes = [models.Index("subscription", "resource", "at", name="usage_of_holding")]
