"""Logging in as somebody else: who, as whom, why, and for how long."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.models.scope import TenantScoped


class Visit(models.Model):
    """A member of staff acts as a member of a tenant beneath theirs, until `ends_at` at the latest.

    Both are named as people: what they were members of may be gone when the visit is looked at.
    """

    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="visits")
    """The tenant that is visited."""
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    visitor = models.ForeignKey("tenants.User", models.PROTECT, related_name="visits")
    visitor_tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    """Where the visitor works."""
    member = models.ForeignKey("tenants.User", models.PROTECT, related_name="visited")
    reason = models.CharField(_("reason"), max_length=300)
    started_at = models.DateTimeField(_("began"))
    ends_at = models.DateTimeField(_("ends"))
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    objects = TenantScoped["Visit"].as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(name="tenants_visit_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="tenants_visit_span", condition=Q(ends_at__gt=F("started_at"))),
            models.CheckConstraint(
                name="tenants_visit_ended",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at"), ended_at__lte=F("ends_at")),
            ),
            models.CheckConstraint(name="tenants_visit_other", condition=~Q(visitor=F("member"))),
            models.CheckConstraint(name="tenants_visit_beneath", condition=~Q(visitor_tenant=F("tenant"))),
        ]
        indexes = [models.Index(fields=["ends_at"], name="tenants_visit_open", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"visit {self.pk}"
