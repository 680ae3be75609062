"""Packages and their limits. A change of limits counts for what is sold from then on; what is held keeps its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import COUNT_MAX, Package, PackageResource, Resource, ServiceType
from catalog.services.writing import write
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, found
from tenants.actor import Actor


@operation
def create_package(
    *,
    actor: Actor,
    service_type_id: int,
    name: str,
    audience: str,
    limits: Mapping[int, int],
    is_shared: bool = True,
    now: datetime,
) -> Package:
    """A package of the provider. `limits` maps resources to what one unit grants; what is left out grants nothing."""
    actor.require_provider("catalog.edit")
    return new_package(actor, service_type_id, name, audience, limits, is_shared, now)


@operation
def change_package(
    *,
    actor: Actor,
    package_id: int,
    name: str,
    limits: Mapping[int, int],
    is_shared: bool,
    is_active: bool,
    now: datetime,
) -> Package:
    """Rename, limit anew, share or withdraw a package of the provider. Inactive: it is not sold any more."""
    actor.require_provider("catalog.edit")
    package = found(Package.objects.visible_to(actor).filter(tenant=actor.tenant_id).locked(), pk=package_id)
    return rewrite_package(actor, package, name, limits, is_shared, is_active, now)


@operation
def deactivate_package(*, actor: Actor, package_id: int, now: datetime) -> Package:
    """Sell it no more; who holds it keeps it."""
    actor.require("catalog.edit")
    mine = Package.objects.visible_to(actor).filter(tenant=actor.tenant_id)
    package = found(mine.locked(), pk=package_id)
    if package.is_active:
        package.is_active = False
        package.save(update_fields=["is_active"])
        actor.record("package.deactivated", package, at=now, before={"is_active": True}, is_active=False)
    return package


def new_package(
    actor: Actor,
    service_type_id: int,
    name: str,
    audience: str,
    limits: Mapping[int, int],
    is_shared: bool,
    now: datetime,
) -> Package:
    """For the operations that have checked who may: a package owned by the actor's tenant."""
    service_type = found(ServiceType.objects.visible_to(actor).active(), pk=service_type_id)
    limits = checked_limits(service_type.pk, limits)
    package = Package(
        provider_id=actor.provider_id,
        tenant_id=actor.tenant_id,
        service_type=service_type,
        name=name.strip(),
        audience=audience,
        is_shared=is_shared,
        created_at=now,
    )
    write(package)
    _set_limits(package, limits)
    facts: dict[str, Any] = {"name": package.name, "audience": audience, "limits": _words(limits)}
    actor.record("package.created", package, at=now, service_type=service_type.pk, **facts)
    return package


def rewrite_package(
    actor: Actor,
    package: Package,
    name: str,
    limits: Mapping[int, int],
    is_shared: bool,
    is_active: bool,
    now: datetime,
) -> Package:
    """For the operations that have checked who may, on a locked package."""
    limits = checked_limits(package.service_type_id, limits)
    had = dict(package.limits.values_list("resource_id", "limit"))
    before = {
        "name": package.name,
        "is_shared": package.is_shared,
        "is_active": package.is_active,
        "limits": _words(had),
    }
    package.name, package.is_shared, package.is_active = name.strip(), is_shared, is_active
    write(package, ["name", "is_shared", "is_active"])
    if limits != had:
        _set_limits(package, limits)
    after: dict[str, Any] = {
        "name": package.name,
        "is_shared": is_shared,
        "is_active": is_active,
        "limits": _words(limits),
    }
    actor.record("package.changed", package, at=now, before=before, **after)
    return package


def checked_limits(service_type_id: int, limits: Mapping[int, int]) -> dict[int, int]:
    """The limits that grant something, of resources of the service type; `Invalid` names what is wrong."""
    wanted = {resource: limit for resource, limit in limits.items() if limit}
    errors = {}
    if not wanted:
        errors["limits"] = [_("Give at least one resource a limit.")]
    if any(not 0 < limit <= COUNT_MAX for limit in wanted.values()):
        errors["limits"] = [_("A limit is a whole number from 1 to %(most)s.") % {"most": COUNT_MAX}]
    known = set(Resource.objects.filter(service_type=service_type_id).values_list("pk", flat=True))
    if not set(wanted) <= known:
        errors["limits"] = [_("A resource is not of this service type.")]
    if errors:
        raise Invalid(errors)
    return wanted


def _set_limits(package: Package, limits: Mapping[int, int]) -> None:
    package.limits.exclude(resource__in=limits).delete()
    PackageResource.objects.bulk_create(
        [PackageResource(package=package, resource_id=resource, limit=limit) for resource, limit in limits.items()],
        update_conflicts=True,
        unique_fields=["package", "resource"],
        update_fields=["limit"],
    )


def _words(limits: Mapping[int, int]) -> dict[str, int]:
    """JSON knows no numbers as keys."""
    return {str(resource): limit for resource, limit in limits.items()}
