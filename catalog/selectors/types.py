"""Service types, what is metered of them, and where they run."""

from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet

from catalog.models import Resource, ServiceInstance, ServiceType

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
