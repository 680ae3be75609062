"""Customer plans: packages that a reseller makes for its customers, from what it was granted."""

from collections.abc import Mapping
from datetime import datetime

from catalog.models import Package, Resource
from catalog.services.packages import new_package, rewrite_package
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden, found
from subscriptions.models import Holding
from subscriptions.refusals import CommissionReseller, NotGranted
from subscriptions.selectors import is_prepaid
from tenants.actor import Actor
from tenants.roles import Kind


@operation
def create_plan(
    *,
    actor: Actor,
    service_type_id: int,
    name: str,
    limits: Mapping[int, int],
    audience: str = Package.Audience.CUSTOMER,
    is_shared: bool = False,
    now: datetime,
) -> Package:
    """A package of the reseller's own, for its customers or its sub-resellers; shared, those may sell it on.

    Refused: `CommissionReseller`, and `NotGranted` for a resource that no subscription of the reseller grants.
    """
    _check(actor, limits)
    return new_package(actor, service_type_id, name, audience, limits, is_shared, now)


@operation
def change_plan(
    *,
    actor: Actor,
    package_id: int,
    name: str,
    limits: Mapping[int, int],
    is_shared: bool,
    is_active: bool,
    now: datetime,
) -> Package:
    """Change a plan of one's own; what was sold keeps its limits."""
    _check(actor, limits)
    plan = found(Package.objects.visible_to(actor).filter(tenant=actor.tenant_id).locked(), pk=package_id)
    return rewrite_package(actor, plan, name, limits, is_shared, is_active, now)


def _check(actor: Actor, limits: Mapping[int, int]) -> None:
    actor.require("catalog.edit")
    if actor.kind != Kind.RESELLER:
        raise Forbidden(permission="catalog.edit", actor=actor)
    if not is_prepaid(actor.tenant_id):
        raise CommissionReseller()
    wanted = {resource_id for resource_id, limit in limits.items() if limit}
    held = Holding.objects.filter(tenant=actor.tenant_id, resource__in=wanted, allocated__gt=0)
    if missing := wanted - set(held.values_list("resource_id", flat=True)):
        names = Resource.objects.visible_to(actor).filter(pk__in=missing).in_order().values_list("name", flat=True)
        raise NotGranted(resource=", ".join(names))
