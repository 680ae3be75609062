"""Customer plans: packages that a reseller makes for its customers, from what it was granted."""

from collections.abc import Mapping
from datetime import date, datetime

from catalog.models import Package, Resource
from catalog.refusals import ResellerFeeFixed
from catalog.services.fees import today
from catalog.services.packages import Content, editable, new_package, rewrite_package
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden
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
    content: Content,
    audience: str = Package.Audience.CUSTOMER,
    is_shared: bool = False,
    now: datetime,
) -> Package:
    """A package of the reseller's own, for its customers or its sub-resellers; shared, those may sell it on.

    Refused: `CommissionReseller`, `NotGranted` for a resource that no subscription of the reseller grants, and
    `ResellerFeeFixed`: what it owes itself is set by who is above.
    """
    _check(actor, content.limits)
    if content.reseller_fee_id:
        raise ResellerFeeFixed(field="reseller_fee")
    return new_package(actor, service_type_id, name, audience, content, is_shared, None, now)


@operation
def change_plan(
    *,
    actor: Actor,
    package_id: int,
    name: str,
    content: Content,
    is_shared: bool,
    is_active: bool,
    effective_on: date | None = None,
    now: datetime,
) -> Package:
    """Change a plan that one manages; what was sold keeps its limits. The reseller fee stays what it is."""
    _check(actor, content.limits)
    plan = editable(actor, package_id)
    standing = plan.versions.in_force(effective_on or today(now)).first()
    if content.reseller_fee_id != (standing.reseller_fee_id if standing else None):
        raise ResellerFeeFixed(field="reseller_fee")
    return rewrite_package(actor, plan, name, content, is_shared, is_active, effective_on, now)


def _check(actor: Actor, limits: Mapping[int, int]) -> None:
    actor.require("catalog.edit")
    if actor.kind != Kind.RESELLER:
        raise Forbidden(permission="catalog.edit")
    if not is_prepaid(actor.tenant_id):
        raise CommissionReseller()
    wanted = {resource_id for resource_id, limit in limits.items() if limit}
    held = Holding.objects.filter(tenant=actor.tenant_id, resource__in=wanted, allocated__gt=0)
    if missing := wanted - set(held.values_list("resource_id", flat=True)):
        names = Resource.objects.visible_to(actor).filter(pk__in=missing).in_order().values_list("name", flat=True)
        raise NotGranted(resource=", ".join(names))
