"""A tenant changes its seller."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Refusal
from tenants import hooks
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.services.tree import lock_branches, may_sell, tree_operation


class InvalidMove(Refusal):
    code, message = "invalid-move", _("A tenant cannot be moved beneath itself.")


@tree_operation
def move_tenant(*, actor: Actor, tenant_id: int, seller_id: int, now: datetime) -> Tenant:
    """Put a tenant, with all beneath it, under another seller of the same provider; to where it is changes nothing."""
    fresh = lock_branches(actor, tenant_id, seller_id)
    tenant, seller = fresh[tenant_id], fresh[seller_id]
    actor.require(f"{tenant.kind}.edit")
    if tenant.pk == actor.tenant_id or tenant.pk in seller.ancestors:
        raise InvalidMove()
    may_sell(seller)
    if (before := tenant.seller_id) == seller.pk:
        return tenant
    for take_part in hooks.MOVING:
        take_part(actor, tenant, seller)
    Tenant.objects.move_node(tenant, seller if seller.kind == Kind.RESELLER else None, "last-child")
    tenant.refresh_from_db()
    actor.record(f"{tenant.kind}.moved", tenant, at=now, before={"seller": before}, seller=seller.pk)
    return tenant
