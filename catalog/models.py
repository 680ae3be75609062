"""What is sold: service types and their resources, where a service runs, and packages with limits."""

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import LockedQuerySet
from tenants.models import Tenant
from tenants.models.scope import AnyOf, below

if TYPE_CHECKING:
    from tenants.actor import Actor

CODE = RegexValidator(
    r"^[a-z][a-z0-9_]*$", _("A code has small letters, digits and underscores, and begins with a letter.")
)
COUNT_MAX = 10**12
"""The largest value of one resource in a package or add-on: times the largest quantity it fits 64 bits with room."""


class ProvidedQuerySet(LockedQuerySet[models.Model]):
    """Rows that a provider keeps for all below it: they may be read there, and only the provider writes."""

    def visible_to(self, actor: "Actor") -> "ProvidedQuerySet":
        return self.filter(provider_id=actor.provider_id)


class ServiceType(models.Model):
    """A kind of service, such as Microsoft Exchange."""

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ProvidedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("service type"), _("service types")
        constraints = [
            models.UniqueConstraint("provider", "code", name="service_type_code"),
            models.CheckConstraint(condition=~Q(name=""), name="service_type_named"),
        ]

    def __str__(self) -> str:
        return self.name


class ResourceQuerySet(LockedQuerySet["Resource"]):
    def visible_to(self, actor: "Actor") -> "ResourceQuerySet":
        return self.filter(service_type__provider_id=actor.provider_id)


class Resource(models.Model):
    """A metered thing of a service type. A gauge is what is in use now; a counter adds up over a month (in UTC)."""

    class Metering(models.TextChoices):
        GAUGE = "gauge", _("in use now")
        COUNTER = "counter", _("adds up over a month")

    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="resources")
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    name = models.CharField(_("name"), max_length=100)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    group = models.CharField(_("group"), max_length=100, blank=True)
    metering = models.CharField(_("metering"), max_length=10, choices=Metering.choices, default=Metering.GAUGE)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("resource"), _("resources")
        constraints = [
            models.UniqueConstraint("service_type", "code", name="resource_code"),
            models.CheckConstraint(condition=Q(metering__in=("gauge", "counter")), name="resource_metering"),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceInstance(models.Model):
    """Where a service runs, such as Exchange 2019."""

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="instances")
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ProvidedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("service instance"), _("service instances")
        constraints = [models.UniqueConstraint("service_type", "name", name="service_instance_name")]

    def __str__(self) -> str:
        return self.name


class PackageQuerySet(LockedQuerySet["Package"]):
    def visible_to(self, actor: "Actor") -> "PackageQuerySet":
        """A provider sees all of its packages; others what they or those below made, and what they hold."""
        if actor.kind == Tenant.Kind.PROVIDER:
            return self.filter(provider_id=actor.provider_id)
        held = self.model._meta.apps.get_model("subscriptions", "Subscription").objects.visible_to(actor)
        return self.filter(
            Q(below(actor.roots)) | Q(AnyOf(F("pk"), ArraySubquery(held.order_by().values("package_id")))),
            provider_id=actor.provider_id,
        )

    def for_resellers(self) -> "PackageQuerySet":
        return self.filter(audience=Package.Audience.RESELLER)

    def for_customers(self) -> "PackageQuerySet":
        return self.filter(audience=Package.Audience.CUSTOMER)


class Package(models.Model):
    """A base plan: resources with limits, for resellers or customers. One that a reseller made is a customer plan."""

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
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("package"), _("packages")
        constraints = [
            models.UniqueConstraint("tenant", "audience", "name", name="package_name"),
            models.CheckConstraint(condition=~Q(name=""), name="package_named"),
            models.CheckConstraint(condition=Q(audience__in=("reseller", "customer")), name="package_audience"),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="package_of_provider")]

    def __str__(self) -> str:
        return self.name


class PackageResource(models.Model):
    """The limit of a resource that one unit of a package grants."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="limits")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", verbose_name=_("resource"))
    limit = models.BigIntegerField(_("limit"), validators=[MinValueValidator(0)])

    class Meta:
        verbose_name, verbose_name_plural = _("limit"), _("limits")
        constraints = [
            models.UniqueConstraint("package", "resource", name="package_resource_once"),
            models.CheckConstraint(condition=Q(limit__gte=0, limit__lte=COUNT_MAX), name="package_resource_limit"),
        ]
