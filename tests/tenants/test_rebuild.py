"""Ancestors that disagree with the parents are put right as the owner, who alone can damage them."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from resellerhub.kernel.owner import as_owner
from tenants.models import Tenant
from tenants.verify import tree
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

DAMAGE = """
    ALTER TABLE tenants_tenant DISABLE TRIGGER USER;
    UPDATE tenants_tenant SET ancestors = ARRAY[id], rght = rght + 7 WHERE tree_id = %s;
    ALTER TABLE tenants_tenant ENABLE TRIGGER USER;
"""
OFF = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'tenants_tenant'::regclass AND tgenabled <> 'O'"


def repair(tree_id: int) -> str:
    out = StringIO()
    call_command("rebuild_tree", str(tree_id), stdout=out)
    return out.getvalue()


def test_damaged_ancestors_are_put_right(committed_world: World):
    world = committed_world
    before = list(Tenant.objects.order_by("pk").values("pk", "ancestors", "lft", "rght", "level"))
    tree_id = world.north.tenant.tree_id
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(DAMAGE, [tree_id])
    assert tree()
    with override_settings(DATABASE_OWNER=None):
        assert "DATABASE_OWNER_URL" in repair(tree_id)
    assert tree()
    assert "4 tenants got other ancestors or veils" in repair(tree_id)
    assert tree() == []
    assert list(Tenant.objects.order_by("pk").values("pk", "ancestors", "lft", "rght", "level")) == before
    assert "0 tenants got other ancestors or veils" in repair(tree_id)
    with connection.cursor() as cursor:
        cursor.execute(OFF)
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.DATABASE_LOGIN["USER"],)
