"""Many invitations out of one file, carried out by a job."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.models import Job
from tenants.models.scope import TenantScoped


class InvitationBatch(models.Model):
    """What the rows of a file are invited to. How each ended stands in the item of the job."""

    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    """Who invites."""
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    seller: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    """Beneath whom those who are new will stand."""
    job = models.OneToOneField(Job, models.PROTECT, related_name="+")
    reseller_type = models.CharField(_("type"), max_length=10, blank=True)
    language = models.CharField(_("language"), max_length=7)
    mails_unregistered = models.BooleanField(_("mail those who are not registered"))
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("started"))
    request_id = models.UUIDField(editable=False)

    objects = TenantScoped["InvitationBatch"].as_manager()

    class Meta:
        verbose_name = _("batch of invitations")
        verbose_name_plural = _("batches of invitations")
        indexes = [models.Index(fields=["provider", "-id"], name="tenants_batch_provider")]
        constraints = [models.UniqueConstraint(name="tenants_batch_request", fields=["tenant", "request_id"])]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class InvitationRow(models.Model):
    """A line of the file."""

    batch = models.ForeignKey(InvitationBatch, models.PROTECT, related_name="rows", db_index=False)
    line = models.PositiveIntegerField(_("line"))
    email = models.EmailField(_("e-mail"))
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("row of a batch")
        verbose_name_plural = _("rows of a batch")
        constraints = [
            models.UniqueConstraint(name="tenants_row_line", fields=["batch", "line"]),
            models.UniqueConstraint(name="tenants_row_email", fields=["batch", "email"]),
            models.CheckConstraint(name="tenants_row_lower", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.email}"
