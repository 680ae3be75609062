"""Repair of a branch whose bounds, ancestors or veils disagree with its parents, under the branch's lock."""

from django.db import connection

from resellerhub.kernel.locks import TREE
from resellerhub.kernel.owner import as_owner
from tenants.services.tree import tree_operation
from tenants.verify import ANCESTORS, REBUILD, VEILS

GUARDS = ("tenants_place_update", "tenants_veil_update")
"""The triggers that put back ancestors and veils which are written directly."""


@tree_operation
def rebuild_branch(*, tree_id: int) -> int:
    """How many tenants got other bounds; 0 where all was well."""
    return _lock_and_run(tree_id, REBUILD)


def rebuild_ancestors(*, tree_id: int) -> int:
    """How many tenants got other ancestors or another veil; their bounds are repaired with them.

    Reconnects as the owner: only a table's owner may switch its trigger off. What is repaired is checked, by the rules
    that otherwise wait for the commit, before the trigger is on again; other writers of the tree wait meanwhile.
    """
    with as_owner():
        return _rebuild_all(tree_id)


@tree_operation
def _rebuild_all(tree_id: int) -> int:
    with connection.cursor() as cursor:
        for guard in GUARDS:
            cursor.execute(f"ALTER TABLE tenants_tenant DISABLE TRIGGER {guard}")
    changed = _lock_and_run(tree_id, ANCESTORS) + _lock_and_run(tree_id, VEILS)
    _lock_and_run(tree_id, REBUILD)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for guard in GUARDS:
            cursor.execute(f"ALTER TABLE tenants_tenant ENABLE TRIGGER {guard}")
    return changed


def _lock_and_run(tree_id: int, statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TREE, tree_id])
        cursor.execute(statement, {"tree": tree_id})
        return int(cursor.rowcount)
