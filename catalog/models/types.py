"""What can be sold at all: service types, what is metered of them, and where a service runs."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import LockedQuerySet
from tenants.models import Tenant
from tenants.models.scope import AnyOf, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor

Row = TypeVar("Row", bound=models.Model, covariant=True)

CODE = RegexValidator(
    r"^[a-z][a-z0-9_]*$", _("A code has small letters, digits and underscores, and begins with a letter.")
)
COUNT_MAX = 10**12
"""The largest value of one resource in a package or add-on: times the largest quantity it fits 64 bits with room."""


def above(tenant_id: int) -> ArraySubquery:
    """The ids of the provider and resellers above a tenant, and its own."""
    line = Tenant.objects.filter(pk=tenant_id).order_by()
    return ArraySubquery(line.annotate(one=Func(F("ancestors"), function="unnest")).values("one"))


def seller_of(tenant_id: int) -> Subquery:
    """The id of who sells to a tenant."""
    rows = Tenant.objects.filter(pk=tenant_id).order_by()
    return Subquery(rows.values(seller=Coalesce("parent_id", "provider_id")))


class ProvidedQuerySet(LockedQuerySet[Row]):
    """Rows that a provider keeps for its house: resellers read all of them, customers those of what they hold."""

    held_by = ""
    """The path from a row to who holds a subscription of it."""

    def visible_to(self, actor: "Actor") -> Self:
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind != Kind.CUSTOMER:
            return house
        held = self.model._default_manager.filter(below(actor.roots, self.held_by))
        return house.filter(AnyOf(F("pk"), ArraySubquery(held.order_by().values("pk"))))

    def active(self) -> Self:
        return self.filter(is_active=True)


class ServiceTypeQuerySet(ProvidedQuerySet["ServiceType"]):
    held_by = "packages__subscriptions__tenant_id"


class ServiceType(models.Model):
    """A kind of service, such as Microsoft Exchange."""

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ServiceTypeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("service type"), _("service types")
        constraints = [
            models.UniqueConstraint("provider", "code", name="service_type_code"),
            models.UniqueConstraint(fields=["id", "provider"], name="service_type_of_provider"),
            models.CheckConstraint(condition=~Q(name=""), name="service_type_named"),
        ]

    def __str__(self) -> str:
        return self.name


class ResourceQuerySet(LockedQuerySet["Resource"]):
    def visible_to(self, actor: "Actor") -> Self:
        if actor.kind != Kind.CUSTOMER:
            return self.filter(service_type__provider_id=actor.provider_id)
        types = ServiceType.objects.visible_to(actor).order_by().values("pk")
        return self.filter(AnyOf(F("service_type_id"), ArraySubquery(types)))

    def in_order(self) -> Self:
        """As forms and tables show them."""
        return self.order_by("service_type_id", "position", "pk")


class Resource(models.Model):
    """A metered thing of a service type. A gauge is what is in use now; a counter adds up over a month (in UTC)."""

    class Metering(models.TextChoices):
        GAUGE = "gauge", _("in use now")
        COUNTER = "counter", _("adds up over a month")

    class Aggregation(models.TextChoices):
        LAST = "last", _("the last total")
        SUM = "sum", _("the sum of a month")

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
            models.CheckConstraint(condition=~Q(name=""), name="resource_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def aggregation(self) -> str:
        """What of the events that were reported is in use."""
        return self.Aggregation.LAST if self.metering == self.Metering.GAUGE else self.Aggregation.SUM


class ServiceInstanceQuerySet(ProvidedQuerySet["ServiceInstance"]):
    held_by = "subscriptions__tenant_id"


class ServiceInstance(models.Model):
    """Where a service runs, such as Exchange 2019."""

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="instances")
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ServiceInstanceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("service instance"), _("service instances")
        constraints = [
            models.UniqueConstraint("service_type", "name", name="service_instance_name"),
            models.UniqueConstraint(fields=["id", "service_type"], name="service_instance_of_type"),
            models.CheckConstraint(condition=~Q(name=""), name="service_instance_named"),
        ]

    def __str__(self) -> str:
        return self.name
