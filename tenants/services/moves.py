"""A tenant changes its seller, and takes along what follows it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import NotFound, Refusal
from tenants import hooks
from tenants.actor import Actor
from tenants.models import ManagedCustomer, Profile, Tenant
from tenants.roles import Kind
from tenants.services.inviting import end_from_above
from tenants.services.obstacles import CannotFollow
from tenants.services.tree import lock_branches, may_sell, must_be_open, tree_operation


class InvalidMove(Refusal):
    code, message = "invalid-move", _("A tenant cannot be moved beneath itself.")


class NamesWouldShow(Refusal):
    code, message = (
        "names-would-show",
        _("Its reseller hides the names of its customers: only those who may read them move one to where you could."),
    )


@tree_operation
def move_tenant(*, actor: Actor, tenant_id: int, seller_id: int, now: datetime) -> Tenant:
    """Put a tenant, with all beneath it, under another seller of the same provider; to where it is changes nothing.

    Only who sees both sellers may. What is open follows, what was before stays with the old seller; account managers of
    sellers that it leaves lose it. Refused: `InvalidMove`, `TenantClosed`, `CannotSell`, `TenantSuspended`, and
    `CannotFollow` with the list of what could not come along; `NamesWouldShow` where names that are hidden from the
    actor would be so no longer.
    """
    fresh = lock_branches(actor, tenant_id, seller_id)
    tenant, seller = fresh[tenant_id], fresh[seller_id]
    actor.require(f"{tenant.kind}.move")
    _check(actor, tenant, seller)
    if (before := tenant.seller_id) == seller.pk:
        return tenant
    if blocked := following(actor, tenant, seller).blocked:
        raise CannotFollow(blocked)
    Tenant.objects.move_node(tenant, seller if seller.kind == Kind.RESELLER else None, "last-child")
    tenant.refresh_from_db()
    Tenant.objects.within(tenant.pk).update(moved_at=now)
    facts: dict[str, Any] = {"assignments": _end_assignments(tenant), "invitations": end_from_above(tenant, now)}
    Profile.objects.filter(pk=tenant.pk).update(memo="")  # a note of the old seller's to itself
    for take_along in hooks.MOVED:
        facts |= take_along(actor, tenant, seller, now)
    tenant.refresh_from_db()
    actor.record(
        f"{tenant.kind}.moved",
        tenant,
        at=now,
        before={"seller": before},
        seller=seller.pk,
        **{k: v for k, v in facts.items() if v},
    )
    return tenant


def preview_move(actor: Actor, tenant: Tenant, seller: Tenant) -> hooks.Following:
    """What a move would take along and what stops it, without moving. Both are in the actor's scope."""
    actor.require(f"{tenant.kind}.move")
    _check(actor, tenant, seller)
    return following(actor, tenant, seller)


def following(actor: Actor, tenant: Tenant, seller: Tenant) -> hooks.Following:
    if tenant.seller_id == seller.pk:
        return hooks.Following()
    looks = [look(actor, tenant, seller) for look in hooks.FOLLOWING]
    return hooks.Following(
        along=[part for look in looks for part in look.along if part.count],
        blocked=[part for look in looks for part in look.blocked if part.count],
    )


def _check(actor: Actor, tenant: Tenant, seller: Tenant) -> None:
    if tenant.pk == actor.tenant_id or tenant.pk in seller.ancestors:
        raise InvalidMove()
    if tenant.seller_id not in {actor.tenant_id, *_seen(actor, tenant.seller_id)}:
        raise NotFound()
    must_be_open(tenant)
    may_sell(seller)
    _stays_hidden(actor, tenant)


def _stays_hidden(actor: Actor, tenant: Tenant) -> None:
    """Nobody takes names that are hidden from them to a seller who may read them, least of all to one of their own."""
    if tenant.veil > actor.depth:
        raise NamesWouldShow()


def _seen(actor: Actor, seller_id: int | None) -> list[int]:
    return list(Tenant.objects.visible_to(actor).filter(pk=seller_id).values_list("pk", flat=True))


def _end_assignments(tenant: Tenant) -> int:
    """Who managed one of these customers for a seller that no longer stands above it."""
    rows = ManagedCustomer.objects.within(tenant.pk).exclude(membership__tenant__in=tenant.ancestors)
    beneath = Tenant.objects.within(tenant.pk).order_by().values("pk")
    return rows.exclude(membership__tenant__in=beneath).delete()[0]
