"""Packages, and what one unit of each version grants."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.fees import Fee
from catalog.models.types import COUNT_MAX, Resource, ServiceType, above
from catalog.models.versions import Versions
from catalog.pricing import About
from resellerhub.kernel.locks import LockedQuerySet
from tenants.models import Tenant
from tenants.models.scope import AnyOf, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor


class PackageQuerySet(LockedQuerySet["Package"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A provider sees all of its packages; a reseller what it or those below made or hold, and what those above
        share; a customer what it holds. What another seller sold and ended before its holder moved here stays the
        other's business."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        own = Q(subscriptions__tenant_id=actor.tenant_id) | Q(subscriptions__seller_id=actor.tenant_id)
        ours = Q(subscriptions__closed_on=None) | own | Q(below(actor.roots, "subscriptions__seller_id"))
        held = Package.objects.filter(ours, below(actor.roots, "subscriptions__tenant_id"))
        seen = Q(below(actor.roots)) | Q(AnyOf(F("pk"), ArraySubquery(held.order_by().values("pk"))))
        if actor.kind == Kind.RESELLER:
            seen |= Q(AnyOf(F("tenant_id"), above(actor.tenant_id))) & Q(is_shared=True, is_active=True)
            seen |= Q(tenant_id=actor.tenant_id)
        return house.filter(seen)


class Package(models.Model):
    """A base plan: resources with limits and a pair of fees, for resellers or customers; `tenant` is who manages it.

    One that a reseller manages is a customer plan. Its versions say what it grants and costs.
    """

    class Audience(models.TextChoices):
        RESELLER = "reseller", _("Resellers")
        CUSTOMER = "customer", _("Customers")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="packages", verbose_name=_("owner"))
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, related_name="packages", verbose_name=_("service type")
    )
    name = models.CharField(_("name"), max_length=100)
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices)
    is_shared = models.BooleanField(
        _("shared with resellers"), default=True, help_text=_("Resellers below the owner see it and may sell it.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("package"), _("packages")
        constraints = [
            models.UniqueConstraint("tenant", "audience", "name", name="package_name"),
            models.UniqueConstraint(fields=["id", "service_type", "provider"], name="package_of_type"),
            models.CheckConstraint(condition=~Q(name=""), name="package_named"),
            models.CheckConstraint(condition=Q(audience__in=("reseller", "customer")), name="package_audience"),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="package_of_provider")]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "PackageVersion | None":
        """The version in force, of a package that `selectors.packages_in_force` has read."""
        versions: list[PackageVersion] = vars(self)["in_force"]
        return next(iter(versions), None)


class PackageVersions(Versions["PackageVersion"]):
    of = "package"


class PackageVersion(models.Model):
    """What a package grants and costs from a day on, until a later version. Of two for one day the last made counts.

    What is held keeps the version it was sold with.
    """

    append_only = True

    package = models.ForeignKey(Package, models.PROTECT, related_name="versions")
    effective_on = models.DateField(_("effective from"))
    reseller_fee = models.ForeignKey(
        Fee, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("reseller fee")
    )
    account_fee = models.ForeignKey(
        Fee, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("account fee")
    )
    made_at = models.DateTimeField(_("made"))

    objects = PackageVersions.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("version of a package"), _("versions of a package")
        constraints = [models.UniqueConstraint(fields=["id", "package"], name="package_version_of")]
        indexes = [
            models.Index("package", F("effective_on").desc(), F("id").desc(), name="package_version_in_force"),
        ]

    def granted(self, quantity: int = 1) -> dict[int, int]:
        """What so many units grant, by resource."""
        return {key: limit * quantity for key, limit in self.limits.values_list("resource_id", "limit")}

    @property
    def reseller_fees(self) -> tuple[Fee, ...]:
        """What resellers owe for it, where something is."""
        return (self.reseller_fee,) if self.reseller_fee else ()

    @property
    def manager_id(self) -> int:
        return self.package.tenant_id

    @property
    def levels(self) -> "tuple[PackageVersion, ...]":
        """It, and what it is a copy of: nobody copies packages."""
        return (self,)

    def about(self, cycle: str) -> About:
        """What price rules are asked about."""
        return About(self.package.service_type_id, cycle, package_id=self.package_id)

    def is_for(self, kind: str) -> bool:
        """Whether a holder of this kind pays the account fee."""
        return self.package.audience == kind


class PackageResource(models.Model):
    """The limit of a resource that one unit of a version of a package grants.

    A soft quota tells of what is over it; a hard one is blocked once its limit and `overage` are used up.
    """

    append_only = True

    class Quota(models.TextChoices):
        SOFT = "soft", _("Soft")
        HARD = "hard", _("Hard")

    version = models.ForeignKey(PackageVersion, models.PROTECT, related_name="limits")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", verbose_name=_("resource"))
    limit = models.BigIntegerField(_("limit"), validators=[MinValueValidator(1)])
    overage: "models.BigIntegerField[int | None, int | None]" = models.BigIntegerField(
        _("overage"), null=True, blank=True, validators=[MinValueValidator(0)], help_text=_("Empty: a soft quota.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("limit"), _("limits")
        constraints = [
            models.UniqueConstraint("version", "resource", name="package_resource_once"),
            models.CheckConstraint(condition=Q(limit__gte=1, limit__lte=COUNT_MAX), name="package_resource_limit"),
            models.CheckConstraint(
                condition=Q(overage__isnull=True) | Q(overage__gte=0, overage__lte=COUNT_MAX),
                name="package_resource_overage",
            ),
        ]

    @property
    def quota(self) -> str:
        return self.Quota.SOFT if self.overage is None else self.Quota.HARD
