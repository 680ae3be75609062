"""How the tree is written: under a lock per branch, taken before the parents are read."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import TREE
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Busy, NotFound, Refusal
from tenants.actor import Actor
from tenants.models import Tenant, tree_writes
from tenants.roles import Kind

P = ParamSpec("P")
R = TypeVar("R")

LOCK = """
    SELECT key, pg_advisory_xact_lock(%(space)s, key)
      FROM (SELECT DISTINCT tree_id AS key FROM tenants_tenant
             WHERE id = ANY (%(ids)s) AND kind <> 'provider' AND (ancestors && %(roots)s::bigint[] OR id = %(mine)s)
             ORDER BY 1 OFFSET 0) AS branches
"""

GAP = """
    UPDATE tenants_tenant SET lft = CASE WHEN lft >= %(edge)s THEN lft + %(width)s ELSE lft END, rght = rght + %(width)s
     WHERE tree_id = %(tree)s AND rght >= %(edge)s
"""


class TenantSuspended(Refusal):
    code, message = "tenant-suspended", _("This tenant is not active: nothing new can be put beneath it.")


class TenantClosed(Refusal):
    code, message = "tenant-closed", _("This account is deleted: nothing changes about it any more.")


class CannotSell(Refusal):
    code, message = "cannot-sell", _("Only a provider or a reseller can have tenants beneath it.")


def tree_operation(function: Callable[P, R]) -> Callable[P, R]:
    """`operation` for services that change the tree; nothing else may."""

    @operation
    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with tree_writes():
            return function(*args, **kwargs)

    return run


def lock_branches(actor: Actor, *ids: int) -> dict[int, Tenant]:
    """The branches of these tenants, ascending, in one statement; the tenants in scope as they are under the lock.

    One that left for another branch while we waited gives the locks back and starts again; one that left the actor's
    sight is not found. The actor's own tenant is always in scope: an account manager sees customers only, and plants
    beside them. A provider is no branch, and nobody waits for it.
    """
    asked: dict[str, Any] = {"space": TREE, "ids": list(ids), "roots": list(actor.roots), "mine": actor.tenant_id}
    in_scope = Tenant.objects.filter(Q(ancestors__overlap=asked["roots"]) | Q(pk=actor.tenant_id), pk__in=ids)
    for _attempt in range(10):
        savepoint = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute(LOCK, asked)
            locked = {key for key, _void in cursor.fetchall()}
        tenants = {tenant.pk: tenant for tenant in in_scope.all()}
        if set(ids) - set(tenants):
            raise NotFound()
        if {tenant.tree_id for tenant in tenants.values() if tenant.kind != Kind.PROVIDER} <= locked:
            transaction.savepoint_commit(savepoint)
            return tenants
        transaction.savepoint_rollback(savepoint)
    raise Busy()


def seller_in_scope(actor: Actor, seller_id: int) -> Tenant:
    """The provider or reseller beneath which the actor wants to put a tenant; a reseller's branch is locked."""
    seller = lock_branches(actor, seller_id)[seller_id]
    may_sell(seller)
    return seller


def may_sell(seller: Tenant) -> None:
    if seller.kind == Kind.CUSTOMER:
        raise CannotSell()
    if seller.status != Tenant.Status.ACTIVE:
        raise TenantSuspended()


def must_be_open(tenant: Tenant) -> None:
    """Of who is changed. What is deleted stays as it was."""
    if tenant.is_closed:
        raise TenantClosed()


def plant(seller: Tenant, kind: str, now: datetime, count: int = 1) -> list[Tenant]:
    """New tenants at the right edge of a seller whose branch is locked: one gap and one INSERT, however many.

    Direct tenants of a provider are branches of their own and need no gap. mptt would do the same for one, with more
    statements under the lock.
    """
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
