"""Reads of the catalogue that join or count."""

from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, QuerySet

from catalog.models import Package, PackageResource, Resource, ServiceInstance, ServiceType
from tenants.naming import seller_name

if TYPE_CHECKING:
    from tenants.actor import Actor


def service_types(actor: "Actor") -> QuerySet[ServiceType]:
    """With how many resources and instances each has."""
    rows = ServiceType.objects.visible_to(actor)
    return rows.annotate(
        resource_count=Count("resources", distinct=True), instance_count=Count("instances", distinct=True)
    )


def resources(actor: "Actor") -> QuerySet[Resource]:
    return Resource.objects.visible_to(actor).select_related("service_type")


def service_instances(actor: "Actor") -> QuerySet[ServiceInstance]:
    return ServiceInstance.objects.visible_to(actor).select_related("service_type")


def packages(actor: "Actor") -> QuerySet[Package]:
    """With service type and owner's name."""
    rows = Package.objects.visible_to(actor).select_related("service_type", "tenant")
    return rows.annotate(owner_name=seller_name("tenant"))


def packages_with_limits(actor: "Actor") -> QuerySet[Package]:
    """The same with their limits, in one more query for all."""
    limits = PackageResource.objects.select_related("resource").order_by("resource__position", "resource_id")
    return packages(actor).prefetch_related(Prefetch("limits", limits))
