"""Customer plans: packages that a reseller makes for its customers, from what it was granted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from catalog.models import Package, Resource
from catalog.services.packages import Content, Said, content_on, editable, new_package, rewrite_package, said_on
from catalog.services.pairs import check_reseller_fee as _check_reseller_fee
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Forbidden, Refusal
from subscriptions.models import Holding, Subscription
from subscriptions.refusals import CommissionPlans, NotGranted, NothingGranted
from subscriptions.selectors.offers import is_prepaid
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.naming import name_of_seller
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

    Refused: `CommissionPlans`, `NothingGranted` before it holds an active subscription, `NotGranted` for a resource
    that none grants, and `ResellerFeeFixed`: it says what its sub-resellers owe, not what it owes itself.
    """
    actor.require("catalog.edit")
    if (refusal := without_plans(actor)) is not None:
        raise refusal
    _check(actor, content.limits)
    _check_reseller_fee(actor, content.reseller_fee_id, None)
    return new_package(actor, service_type_id, name, audience, content, is_shared=is_shared, now=now)


@operation
def change_plan(
    *,
    actor: Actor,
    package_id: int,
    content: Said,
    effective_on: date | None = None,
    now: datetime,
    **own: Any,
) -> Package:
    """Change a plan that one manages; what was sold keeps its limits. What the reseller owes stays as it is. `own` as
    `change_package` takes it.

    A commission reseller, which has no grants, leaves the limits as who gave it the package has set them.
    """
    actor.require("catalog.edit")
    plan = editable(actor, package_id)
    day = effective_on or day_of(now)
    had, content = content_on(plan, day), said_on(plan, content, day)
    _check(actor, {resource: limit for resource, limit in content.limits.items() if had.limits.get(resource) != limit})
    _check_reseller_fee(actor, content.reseller_fee_id, had.reseller_fee_id)
    return rewrite_package(actor, plan, content, effective_on, now, **own)


def without_plans(actor: Actor) -> Refusal | None:
    """Why a reseller makes no plans, or not yet."""
    if actor.kind != Kind.RESELLER:
        return None
    if not is_prepaid(actor.tenant_id):
        return CommissionPlans()
    if Subscription.objects.active().filter(tenant=actor.tenant_id).exists():
        return None
    own = Tenant.objects.get(pk=actor.tenant_id)
    seller: Tenant = Tenant.objects.select_related("profile").get(pk=own.seller_id or 0)
    return NothingGranted(seller=name_of_seller(seller))


def _check(actor: Actor, limits: Mapping[int, int]) -> None:
    actor.require("catalog.edit")
    if actor.kind != Kind.RESELLER:
        raise Forbidden(permission="catalog.edit", actor=actor)
    wanted = {resource_id for resource_id, limit in limits.items() if limit}
    if wanted and not is_prepaid(actor.tenant_id):
        raise CommissionPlans()
    active = {"subscription__state": Subscription.State.ACTIVE, "allocated__gt": 0}
    held = Holding.objects.filter(tenant=actor.tenant_id, resource__in=wanted, **active)
    if missing := wanted - set(held.values_list("resource_id", flat=True)):
        names = Resource.objects.visible_to(actor).filter(pk__in=missing).in_order().values_list("name", flat=True)
        raise NotGranted(resource=", ".join(names))
