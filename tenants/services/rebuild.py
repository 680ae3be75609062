"""Repair of a branch whose bounds disagree with its parents: one statement, under the branch's lock."""

from django.db import connection

from resellerhub.kernel.locks import TREE
from tenants.services.tree import tree_operation
from tenants.verify import REBUILD


@tree_operation
def rebuild_branch(*, tree_id: int) -> int:
    """How many tenants got other bounds; 0 where all was well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TREE, tree_id])
        cursor.execute(REBUILD, {"tree": tree_id})
        return int(cursor.rowcount)
