"""Invitations, and requests of those whom nobody invited."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, CharField, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.models.scope import TenantScoped


class InvitationQuerySet(TenantScoped["Invitation"]):
    def unanswered(self) -> Self:
        """Neither accepted nor revoked; expired or not, it can be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self, now: datetime) -> Self:
        """What can be accepted."""
        return self.unanswered().filter(expires_at__gt=now)

    def with_state(self, now: datetime) -> Self:
        """`state` as it is now: it follows from the dates alone, and from nothing that runs at night."""
        state = Invitation.State
        rows: Self = self.annotate(
            state=Case(
                When(accepted_at__isnull=False, then=Value(state.ACCEPTED)),
                When(revoked_at__isnull=False, then=Value(state.REVOKED)),
                When(expires_at__lte=now, then=Value(state.EXPIRED)),
                default=Value(state.INVITED),
                output_field=CharField(choices=state.choices),
            )
        )
        return rows


class Invitation(models.Model):
    """A link in a mail that makes whoever opens it a reseller or a member; of the link only a digest is kept.

    Without `into`, the invited becomes a reseller beneath `tenant`. With `into`, a member of that tenant in `role`:
    invited by that tenant itself where `tenant` is the same, else as the owner of a reseller whom `tenant` found.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Accepted")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="invitations", db_index=False)
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    into: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, null=True, related_name="+")
    role = models.CharField(_("role"), max_length=20, blank=True)
    reseller_type = models.CharField(_("type"), max_length=10, blank=True)
    email = models.EmailField(_("e-mail"))
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=7, default="en")
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001  unique, none yet
    """Of the newest link; sending again makes a new one, and the older is dead."""
    created_at = models.DateTimeField(_("invited"))
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    times_sent = models.PositiveSmallIntegerField(_("times sent"), default=0, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    accepted_tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, null=True, related_name="+")
    invited_by = models.ForeignKey("tenants.User", models.PROTECT, null=True, related_name="+", db_index=False)
    request_id = models.UUIDField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [
            models.Index(fields=["provider", "-id"], name="tenants_invitation_provider"),
            models.Index(fields=["tenant", "-id"], name="tenants_invitation_tenant"),
        ]
        constraints = [
            models.CheckConstraint(name="tenants_invitation_lower", condition=Q(email=Lower("email"))),
            models.UniqueConstraint(
                name="tenants_invitation_open",
                fields=["tenant", "email", "into"],
                condition=Q(accepted_at=None, revoked_at=None),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(name="tenants_invitation_request", fields=["tenant", "request_id", "email"]),
            models.CheckConstraint(
                name="tenants_invitation_ended_once", condition=Q(accepted_at=None) | Q(revoked_at=None)
            ),
            models.CheckConstraint(name="tenants_invitation_role", condition=Q(into=None) | ~Q(role="")),
        ]

    def __str__(self) -> str:
        return self.email


class Registration(models.Model):
    """Somebody asks to become a reseller: pending until the provider's staff approve or reject it."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="registrations", db_index=False)
    """The provider that is asked."""
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(_("status"), max_length=8, choices=State.choices, default=State.PENDING)
    email = models.EmailField(_("e-mail"))
    contact_name = models.CharField(_("name"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200)
    reseller_type = models.CharField(_("type"), max_length=10)
    details = models.JSONField(_("company"), default=dict)
    message = models.TextField(_("message"), max_length=2000, blank=True)
    language = models.CharField(_("language"), max_length=7, default="en")
    terms_version = models.PositiveIntegerField(_("version of the terms"))
    terms_accepted_at = models.DateTimeField(_("terms accepted"))
    created_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey("tenants.User", models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    reseller: Any = models.OneToOneField("tenants.Tenant", models.PROTECT, null=True, related_name="registration")
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = TenantScoped["Registration"].as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [models.Index(fields=["provider", "-id"], name="tenants_registration_provider")]
        constraints = [
            models.CheckConstraint(
                name="tenants_registration_decided",
                condition=Q(state="pending", decided_at=None, reseller=None)
                | Q(state="rejected", decided_at__isnull=False, reseller=None)
                | Q(state="approved", decided_at__isnull=False, reseller__isnull=False),
            ),
            models.UniqueConstraint(
                name="tenants_registration_open", fields=["provider", "email"], condition=Q(state="pending")
            ),
        ]

    def __str__(self) -> str:
        return self.organisation
