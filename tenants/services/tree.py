"""How the tree is written: under a lock per branch, taken before the parents are read."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import TREE
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Busy, NotFound, Refusal, found
from tenants.actor import Actor
from tenants.models import Tenant, tree_writes
from tenants.roles import Kind

P = ParamSpec("P")
R = TypeVar("R")

LOCK = """
    SELECT key, pg_advisory_xact_lock(%s, key)
      FROM (SELECT DISTINCT tree_id AS key FROM tenants_tenant WHERE id = ANY (%s) ORDER BY 1 OFFSET 0) AS branches
"""

GAP = """
    UPDATE tenants_tenant SET lft = CASE WHEN lft >= %(edge)s THEN lft + %(width)s ELSE lft END, rght = rght + %(width)s
     WHERE tree_id = %(tree)s AND rght >= %(edge)s
"""


class TenantSuspended(Refusal):
    code, message = "tenant-suspended", _("This tenant is not active: nothing new can be put beneath it.")


class CannotSell(Refusal):
    code, message = "cannot-sell", _("Only a provider or a reseller can have tenants beneath it.")


def tree_write(function: Callable[P, R]) -> Callable[P, R]:
    """`operation` for services that change the tree; nothing else may."""

    @operation
    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with tree_writes():
            return function(*args, **kwargs)

    return run


def lock_branches(*ids: int) -> dict[int, Tenant]:
    """The branches of these tenants, ascending, in one statement; the tenants as they are under the lock.

    One that left for another branch while we waited gives the locks back and starts again.
    """
    for _attempt in range(10):
        savepoint = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [TREE, list(ids)])
            locked = {key for key, _void in cursor.fetchall()}
        tenants: dict[int, Tenant] = Tenant.objects.in_bulk(ids)
        if len(tenants) < len(set(ids)):
            raise NotFound()
        if {tenant.tree_id for tenant in tenants.values()} <= locked:
            transaction.savepoint_commit(savepoint)
            return tenants
        transaction.savepoint_rollback(savepoint)
    raise Busy()


def seller_in_scope(actor: Actor, seller_id: int) -> Tenant:
    """The provider or reseller beneath which the actor wants to put a tenant; a reseller's branch is locked."""
    mine = Tenant.objects.filter(pk=actor.tenant_id)  # an account manager sees customers only, and plants beside them
    seller: Tenant = found(Tenant.objects.visible_to(actor) | mine, pk=seller_id)
    if seller.kind == Kind.RESELLER:
        seller = lock_branches(seller_id)[seller_id]
        if actor.tenant_id not in seller.ancestors:
            raise NotFound()  # it moved out of sight while we waited
    if seller.kind == Kind.CUSTOMER:
        raise CannotSell()
    if seller.status != Tenant.Status.ACTIVE:
        raise TenantSuspended()
    return seller


def plant(seller: Tenant, kind: str, now: datetime) -> Tenant:
    """A new tenant beneath a seller whose branch is locked."""
    parent = seller if seller.kind == Kind.RESELLER else None
    tenant = Tenant(kind=kind, provider_id=seller.house_id, parent=parent, created_at=now)
    tenant.save()
    return tenant


def plant_many(seller: Tenant, kind: str, count: int, now: datetime) -> list[Tenant]:
    """The same for many at once. Direct tenants of a provider are branches of their own and need no gap."""
    if seller.kind == Kind.RESELLER:
        places = _gap(seller, count)
    else:
        places = [{"tree_id": tree, "lft": 1, "rght": 2, "level": 0} for tree in _new_trees(count)]
    parent_id = seller.pk if seller.kind == Kind.RESELLER else None
    tenants = [
        Tenant(kind=kind, provider_id=seller.house_id, parent_id=parent_id, created_at=now, **place) for place in places
    ]
    created: list[Tenant] = Tenant.objects.bulk_create(tenants)
    return created


def _gap(seller: Tenant, count: int) -> list[dict[str, int]]:
    """Room for `count` leaves at the right edge of a seller whose branch is locked."""
    edge, width = seller.rght, 2 * count
    with connection.cursor() as cursor:
        cursor.execute(GAP, {"edge": edge, "width": width, "tree": seller.tree_id})
    return [
        {"tree_id": seller.tree_id, "lft": lft, "rght": lft + 1, "level": seller.level + 1}
        for lft in range(edge, edge + width, 2)
    ]


def _new_trees(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('tenants_tree') FROM generate_series(1, %s)", [count])
        return [tree for (tree,) in cursor.fetchall()]
