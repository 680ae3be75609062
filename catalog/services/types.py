"""Service types, what is metered of them, and where they run. Only a provider's staff writes them."""

from datetime import datetime
from typing import Any

from catalog.models import Resource, ServiceInstance, ServiceType
from catalog.services.writing import write
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import found
from tenants.actor import Actor


@operation
def create_service_type(*, actor: Actor, code: str, name: str, now: datetime) -> ServiceType:
    """A kind of service. Its code is what programs call it, once in a house, and never changes."""
    actor.require_provider("catalog.edit")
    service_type = ServiceType(provider_id=actor.provider_id, code=code, name=name.strip())
    write(service_type)
    actor.record("service_type.created", service_type, at=now, code=code, name=name)
    return service_type


@operation
def change_service_type(
    *, actor: Actor, service_type_id: int, name: str, is_active: bool, now: datetime
) -> ServiceType:
    """Inactive: nothing new is sold of it; what is held stays."""
    actor.require_provider("catalog.edit")
    service_type = found(ServiceType.objects.visible_to(actor).locked(), pk=service_type_id)
    before = {"name": service_type.name, "is_active": service_type.is_active}
    service_type.name, service_type.is_active = name.strip(), is_active
    write(service_type, ["name", "is_active"])
    actor.record("service_type.changed", service_type, at=now, before=before, name=name, is_active=is_active)
    return service_type


@operation
def create_resource(
    *,
    actor: Actor,
    service_type_id: int,
    code: str,
    name: str,
    unit: str = "",
    group: str = "",
    metering: str = Resource.Metering.GAUGE,
    position: int | None = None,
    now: datetime,
) -> Resource:
    """A resource at a position, unsaid at the end. What it measures and how never changes afterwards."""
    actor.require_provider("catalog.edit")
    service_type = found(ServiceType.objects.visible_to(actor).locked(), pk=service_type_id)
    if position is None:
        position = service_type.resources.count()
    resource = Resource(
        service_type=service_type,
        code=code,
        name=name.strip(),
        unit=unit.strip(),
        group=group.strip(),
        metering=metering,
        position=position,
    )
    write(resource)
    actor.record("resource.created", resource, at=now, code=code, name=name, service_type=service_type.pk)
    return resource


@operation
def change_resource(
    *, actor: Actor, resource_id: int, name: str, unit: str, group: str, position: int, now: datetime
) -> Resource:
    """What it is called and where it stands; not what it measures."""
    actor.require_provider("catalog.edit")
    resource = found(Resource.objects.visible_to(actor).locked(), pk=resource_id)
    fields = ["name", "unit", "group", "position"]
    before = {field: getattr(resource, field) for field in fields}
    resource.name, resource.unit, resource.group, resource.position = (
        name.strip(),
        unit.strip(),
        group.strip(),
        position,
    )
    write(resource, fields)
    after: dict[str, Any] = {field: getattr(resource, field) for field in fields}
    actor.record("resource.changed", resource, at=now, before=before, **after)
    return resource


@operation
def create_service_instance(*, actor: Actor, service_type_id: int, name: str, now: datetime) -> ServiceInstance:
    """Another place where the service runs."""
    actor.require_provider("catalog.edit")
    service_type = found(ServiceType.objects.visible_to(actor), pk=service_type_id)
    instance = ServiceInstance(provider_id=actor.provider_id, service_type=service_type, name=name.strip())
    write(instance)
    actor.record("service_instance.created", instance, at=now, name=name, service_type=service_type.pk)
    return instance


@operation
def change_service_instance(
    *, actor: Actor, service_instance_id: int, name: str, is_active: bool, now: datetime
) -> ServiceInstance:
    """Inactive: nothing new is put there; what runs there stays."""
    actor.require_provider("catalog.edit")
    instance = found(ServiceInstance.objects.visible_to(actor).locked(), pk=service_instance_id)
    before = {"name": instance.name, "is_active": instance.is_active}
    instance.name, instance.is_active = name.strip(), is_active
    write(instance, ["name", "is_active"])
    actor.record("service_instance.changed", instance, at=now, before=before, name=name, is_active=is_active)
    return instance
