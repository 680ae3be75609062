"""People and where they work."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.models.scope import TenantScoped
from tenants.roles import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Without a password nobody can log in until one is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address. What it may do depends on the membership it acts in."""

    email = models.EmailField(_("e-mail"), unique=True)
    account_name = models.CharField(
        _("account name"), max_length=64, null=True, blank=True, unique=True, editable=False
    )
    """Of the login that came with a customer's account: works in place of the address, and never changes."""
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=7, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Berlin")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("operator"), default=False, help_text=_("May use the operators' pages."))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(name="tenants_user_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="tenants_user_account_name",
                condition=Q(account_name=None) | Q(account_name__regex=r"^[a-z0-9][a-z0-9._-]{2,63}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()


class Membership(models.Model):
    """The role of a user in a tenant; a user may have several and acts in one at a time."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="memberships")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(_("since"))

    objects = TenantScoped["Membership"].as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(name="tenants_membership_once", fields=["user", "tenant"]),
            models.CheckConstraint(name="tenants_membership_role", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.tenant_id}"


class ManagedCustomer(models.Model):
    """A customer that an account manager looks after; such a member sees no other."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="managed_customers")
    tenant: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    provider: Any = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")

    objects = TenantScoped["ManagedCustomer"].as_manager()

    class Meta:
        verbose_name = _("managed customer")
        verbose_name_plural = _("managed customers")
        constraints = [models.UniqueConstraint(name="tenants_managed_once", fields=["membership", "tenant"])]

    def __str__(self) -> str:
        return f"{self.tenant_id} by {self.membership_id}"
