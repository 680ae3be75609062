"""Reads of the catalogue that join or count."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, QuerySet

from catalog.models import Fee, Package, PackageResource, PackageVersion, Resource, ServiceInstance, ServiceType
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


def packages_in_force(actor: "Actor", on: date) -> QuerySet[Package]:
    """The same with `in_force`: a list of the version of that day, if there is one, with its limits and its fees."""
    return packages(actor).prefetch_related(
        Prefetch("versions", versions_of(actor, PackageVersion.objects.in_force(on)), to_attr="in_force")
    )


def versions_of(actor: "Actor", rows: QuerySet[PackageVersion]) -> QuerySet[PackageVersion]:
    """With limits, and with the fees that the actor may see; of the others it sees none."""
    limits = PackageResource.objects.select_related("resource").order_by("resource__position", "resource_id")
    seen = Fee.objects.visible_to(actor)
    return rows.prefetch_related(
        Prefetch("limits", limits), Prefetch("reseller_fee", seen), Prefetch("account_fee", seen)
    )
