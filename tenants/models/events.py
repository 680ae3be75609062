"""The event log: the audit trail, and the outbox from which others are told."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.scope import TenantScoped


class Event(models.Model):
    """One business change: who, for whom, what, before and after, when, in which request. Never changed."""

    append_only = True

    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("what"), max_length=60)
    subject_type = models.CharField(_("kind of object"), max_length=40)
    subject_id = models.BigIntegerField(_("object"), null=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), default=dict)
    user = models.ForeignKey("tenants.User", models.PROTECT, null=True, related_name="+", db_index=False)
    user_name = models.CharField(_("who"), max_length=200, blank=True)
    user_tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, null=True, related_name="+", db_index=False)
    api_key = models.ForeignKey("tenants.ApiKey", models.PROTECT, null=True, related_name="+", db_index=False)
    on_behalf_of = models.ForeignKey("tenants.User", models.PROTECT, null=True, related_name="+", db_index=False)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    at = models.DateTimeField(_("when"))

    objects = TenantScoped["Event"].as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["provider", "-id"], name="tenants_event_provider"),
            models.Index(fields=["tenant", "-id"], name="tenants_event_tenant"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="tenants_event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type} {self.subject_id}"
