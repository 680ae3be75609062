"""Service types, resources and instances over REST. Packages are in `subscriptions.api`: resellers make them, too."""

from typing import Any

from django.db.models import QuerySet

from catalog.filters import ResourceFilter, ServiceInstanceFilter, ServiceTypeFilter
from catalog.models import Resource, ServiceInstance, ServiceType
from catalog.selectors import types as selectors
from catalog.serializers.types import (
    ActiveNameIn,
    ResourceChangeIn,
    ResourceIn,
    ResourceOut,
    ServiceInstanceIn,
    ServiceInstanceOut,
    ServiceTypeIn,
    ServiceTypeOut,
)
from catalog.services import types as services
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi


class ServiceTypeApi(ReadApi):
    """Kinds of services, such as Microsoft Exchange."""

    singular, permission, out = "service_type", "catalog.view", ServiceTypeOut
    filterset_class = ServiceTypeFilter
    ordering_fields = {"name": "name", "code": "code"}

    def rows(self, actor: Any) -> QuerySet[ServiceType]:
        return ServiceType.objects.visible_to(actor)

    @operation_endpoint(input=ServiceTypeIn, output=ServiceTypeOut, status=201, permission="catalog.edit")
    def create(self, call: Call) -> ServiceType:
        """Make a service type; its resources and instances follow."""
        return services.create_service_type(actor=call.actor, now=call.now, **call.values)

    @operation_endpoint(
        input=ActiveNameIn, output=ServiceTypeOut, detail=True, method="patch", permission="catalog.edit"
    )
    def change(self, call: Call) -> ServiceType:
        """Rename a service type, or stop selling anything of it."""
        row = found(self.rows(call.actor), pk=call.pk)
        values: dict[str, Any] = {"name": row.name, "is_active": row.is_active} | call.values
        return services.change_service_type(actor=call.actor, service_type_id=row.pk, now=call.now, **values)


class ResourceApi(ReadApi):
    """What is metered: packages limit it, add-ons raise it."""

    singular, permission, out = "resource", "catalog.view", ResourceOut
    filterset_class = ResourceFilter
    ordering = ("service_type_id", "position")
    ordering_fields = {"name": "name", "code": "code"}

    def rows(self, actor: Any) -> QuerySet[Resource]:
        return selectors.resources(actor)

    @operation_endpoint(input=ResourceIn, output=ResourceOut, status=201, permission="catalog.edit")
    def create(self, call: Call) -> Resource:
        """Add a resource to a service type. Its code and how it is metered never change."""
        service_type_id = call.values.pop("service_type")
        return services.create_resource(actor=call.actor, service_type_id=service_type_id, now=call.now, **call.values)

    @operation_endpoint(
        input=ResourceChangeIn, output=ResourceOut, detail=True, method="patch", permission="catalog.edit"
    )
    def change(self, call: Call) -> Resource:
        """Name, unit, group and position of a resource."""
        row = found(self.rows(call.actor), pk=call.pk)
        values = {field: getattr(row, field) for field in ("name", "unit", "group", "position")} | call.values
        return services.change_resource(actor=call.actor, resource_id=row.pk, now=call.now, **values)


class ServiceInstanceApi(ReadApi):
    """Where services run, such as Exchange 2019."""

    singular, permission, out = "service_instance", "catalog.view", ServiceInstanceOut
    filterset_class = ServiceInstanceFilter
    ordering_fields = {"name": "name"}

    def rows(self, actor: Any) -> QuerySet[ServiceInstance]:
        return ServiceInstance.objects.visible_to(actor)

    @operation_endpoint(input=ServiceInstanceIn, output=ServiceInstanceOut, status=201, permission="catalog.edit")
    def create(self, call: Call) -> ServiceInstance:
        """Add an instance of a service type."""
        return services.create_service_instance(
            actor=call.actor, service_type_id=call.values["service_type"], name=call.values["name"], now=call.now
        )

    @operation_endpoint(
        input=ActiveNameIn, output=ServiceInstanceOut, detail=True, method="patch", permission="catalog.edit"
    )
    def change(self, call: Call) -> ServiceInstance:
        """Rename an instance, or put nothing new on it."""
        row = found(self.rows(call.actor), pk=call.pk)
        values: dict[str, Any] = {"name": row.name, "is_active": row.is_active} | call.values
        return services.change_service_instance(actor=call.actor, service_instance_id=row.pk, now=call.now, **values)
