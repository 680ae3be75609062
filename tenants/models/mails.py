"""Mails: what they say, and the outbox they leave from."""

from typing import Any
from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.models.scope import TenantScoped


class MailTemplate(models.Model):
    """A tenant's own wording of a mail; the nearest tenant above the reader that has one wins, else the usual one."""

    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="mail_templates")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    kind = models.CharField(_("mail"), max_length=60)
    language = models.CharField(_("language"), max_length=7)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=20_000)
    is_on = models.BooleanField(_("is sent"), default=True)

    objects = TenantScoped["MailTemplate"].as_manager()

    class Meta:
        verbose_name = _("mail template")
        verbose_name_plural = _("mail templates")
        constraints = [
            models.UniqueConstraint(name="tenants_mailtemplate_once", fields=["tenant", "kind", "language"]),
            models.CheckConstraint(name="tenants_mailtemplate_said", condition=~Q(subject="") & ~Q(body="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"


class Mail(models.Model):
    """A mail to be sent or sent. Secret links are made while it is sent, and stand in no row."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        OFF = "off", _("Switched off")

    class Rank(models.IntegerChoices):
        """Who is served first: whoever waits at a screen, then single readers, then the many."""

        AWAITED = 0, _("Awaited")
        SINGLE = 1, _("Single")
        MANY = 2, _("One of many")

    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="mails", db_index=False)
    """In whose name it is sent."""
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    about: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, null=True, related_name="+", db_index=False)
    """The tenant that the recipient belongs to or that the mail is about, if any."""
    kind = models.CharField(_("mail"), max_length=60)
    language = models.CharField(_("language"), max_length=7)
    to = models.EmailField(_("to"))
    facts = models.JSONField(_("facts"), default=dict)
    invitation = models.ForeignKey("tenants.Invitation", models.PROTECT, null=True, related_name="mails")
    subject = models.CharField(_("subject"), max_length=300, blank=True, editable=False)
    body = models.TextField(_("text"), blank=True, editable=False)
    """As sent, without secret links."""
    state = models.CharField(_("status"), max_length=7, choices=State.choices, default=State.WAITING)
    rank = models.PositiveSmallIntegerField(choices=Rank.choices, default=Rank.SINGLE, db_default=1, editable=False)
    salt = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False)
    """Its secrets are made of this: the same however often a worker sends it. Another when somebody sends it again."""
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    error = models.CharField(_("error"), max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("due"))
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)

    objects = TenantScoped["Mail"].as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["provider", "-id"], name="tenants_mail_provider"),
            models.Index(fields=["tenant", "-id"], name="tenants_mail_tenant"),
            models.Index(fields=["rank", "due_at", "id"], name="tenants_mail_next", condition=Q(state="waiting")),
            models.Index(fields=["to", "created_at"], name="tenants_mail_to"),
            models.Index(fields=["tenant", "created_at"], name="tenants_mail_written"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.to}"
