"""The database holds the tree against raw SQL of the application's own login."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from tenants.models import Tenant
from tenants.models.tenant import TreeWriteOutsideService
from tenants.services.moves import move_tenant
from tenants.services.rebuild import rebuild_branch
from tenants.verify import tree
from tests.world import NOW, World

INSERT = """
    INSERT INTO tenants_tenant (kind, provider_id, parent_id, ancestors, status, created_at, tree_id, lft, rght, level)
    VALUES ({kind}, {provider}, {parent}, {ancestors}, 'active', now(), {tree}, {lft}, {rght}, {level})
"""

COMMITTED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


def insert(world: World, **values) -> str:
    defaults = {
        "kind": "'customer'",
        "provider": world.provider.id,
        "parent": world.north.id,
        "ancestors": "'{}'",
        "tree": world.north.tenant.tree_id,
        "lft": 2,
        "rght": 3,
        "level": 1,
    }
    return INSERT.format(**(defaults | values))


def attack(sql: str, params: list | None = None) -> None:
    """As raw SQL in a transaction of its own, up to and including the checks of a commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COMMITTED)
        cursor.execute(sql, params)
        cursor.execute(COMMITTED)


def update(what: str, tenant: int) -> str:
    return f"UPDATE tenants_tenant SET {what} WHERE id = {tenant}"


ATTACKS = {
    "a fourth kind": lambda w: insert(w, kind="'partner'"),
    "bounds the wrong way round": lambda w: update("lft = 9, rght = 2", w.shop.id),
    "a provider beneath a provider": lambda w: insert(w, kind="'provider'", parent="NULL"),
    "a reseller without a provider": lambda w: insert(w, kind="'reseller'", provider="NULL"),
    "its own parent": lambda w: update(f"parent_id = {w.north.id}", w.north.id),
    "its own provider": lambda w: update("provider_id = id", w.north.id),
    "a customer's customer": lambda w: insert(w, parent=w.shop.id),
    "a customer as provider": lambda w: insert(
        w, provider=w.direct.id, parent="NULL", tree=9999, lft=1, rght=2, level=0
    ),
    "the branch of a rival": lambda w: insert(w, parent=w.south.id),
    "the reseller of another provider": lambda w: update(f"parent_id = {w.stranger_reseller.id}", w.shop.id),
    "another provider's house": lambda w: update(f"provider_id = {w.stranger.id}", w.shop.id),
    "a second root in a tree": lambda w: insert(w, parent="NULL", lft=1, rght=2, level=0),
    "a parent without bounds": lambda w: update(f"parent_id = {w.south.id}", w.shop.id),
    "a promotion by hand": lambda w: update("parent_id = NULL", w.shop.id),
    "a demotion by hand": lambda w: update(f"parent_id = {w.north.id}", w.direct.id),
    "a cycle": lambda w: update(f"parent_id = {w.north_east.id}", w.north.id),
    "swapped parents in one statement": lambda w: (
        f"UPDATE tenants_tenant SET parent_id = CASE id WHEN {w.north.id} THEN {w.north_east.id} ELSE {w.kiosk.id} END"
        f" WHERE id IN ({w.north.id}, {w.north_east.id})"
    ),
    "another tree": lambda w: update(f"tree_id = {w.south.tenant.tree_id}", w.shop.id),
    "another level": lambda w: update("level = 7", w.shop.id),
    "bounds outside the parent": lambda w: insert(w, lft=100, rght=101),
    "a reseller with customers becomes a customer": lambda w: update("kind = 'customer'", w.north.id),
    "a reseller becomes a provider": lambda w: update("kind = 'provider', provider_id = NULL", w.north.id),
    "a provider becomes a reseller": lambda w: update(
        f"kind = 'reseller', provider_id = {w.stranger.id}", w.provider.id
    ),
    "another id": lambda w: update("id = 999999", w.shop.id),
    "a parent that comes later": lambda w: insert(w, parent=999_999, ancestors=f"'{{{w.south.id}}}'"),
    "a seller taken away": lambda w: f"DELETE FROM tenants_tenant WHERE id = {w.north_east.id}",
    "no triggers": lambda w: "ALTER TABLE tenants_tenant DISABLE TRIGGER ALL",
    "triggers skipped as a replica": lambda w: "SET LOCAL session_replication_role = replica",
    "nothing left": lambda w: "TRUNCATE tenants_tenant CASCADE",
    "no rule": lambda w: "DROP FUNCTION tenants_place() CASCADE",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_raw_sql_cannot_break_the_tree(world: World, name: str):
    before = list(Tenant.objects.order_by("pk").values())
    with pytest.raises(DatabaseError):
        attack(ATTACKS[name](world))
    assert list(Tenant.objects.order_by("pk").values()) == before
    assert tree() == []


def test_forged_ancestors_never_land(world: World):
    attack(
        update(f"ancestors = ARRAY[{world.provider.id}, {world.south.id}, {world.shop.id}]::bigint[]", world.shop.id)
    )
    attack(
        insert(
            world, lft=world.shop.tenant.lft, rght=world.shop.tenant.rght, ancestors=f"'{{{world.south.id}}}'", level=1
        )
    )
    assert not Tenant.objects.within(world.south.id).exclude(pk__in=[world.south.id, world.mill.id]).exists()
    assert Tenant.objects.get(pk=world.shop.id).ancestors == world.shop.tenant.ancestors


def test_ancestors_forged_from_within_a_trigger_are_refused_at_commit(world: World):
    forgery = f"""
        CREATE TEMP TABLE bait (id int);
        CREATE FUNCTION pg_temp.forge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          UPDATE tenants_tenant SET ancestors = ARRAY[{world.south.id}, {world.shop.id}] WHERE id = {world.shop.id};
          RETURN NULL;
        END $$;
        CREATE TRIGGER forge AFTER INSERT ON bait FOR EACH ROW EXECUTE FUNCTION pg_temp.forge();
        INSERT INTO bait VALUES (1);
    """
    with pytest.raises(DatabaseError, match=re.escape("do not follow its seller")):
        attack(forgery)
    assert tree() == []


def test_a_nudged_bound_is_found_and_repaired_and_widens_nobodys_sight(world: World):
    attack(update("rght = 99", world.shop.id))
    assert tree()
    assert set(Tenant.objects.visible_to(world.shop.actor)) == {world.shop.tenant}
    assert rebuild_branch(tree_id=world.north.tenant.tree_id) == 1
    assert tree() == []
    assert rebuild_branch(tree_id=world.north.tenant.tree_id) == 0


def write_by_save(world: World) -> None:
    Tenant(kind="customer", provider=world.provider.tenant, parent=world.north.tenant, created_at=NOW).save()


def write_by_parent(world: World) -> None:
    shop = Tenant.objects.get(pk=world.shop.id)
    shop.parent = world.north_east.tenant
    shop.save()


WRITES = {
    "create": lambda w: Tenant.objects.create(kind="customer", provider=w.provider.tenant, created_at=NOW),
    "save": write_by_save,
    "another parent": write_by_parent,
    "move_to": lambda w: w.shop.tenant.move_to(w.south.tenant),
    "move_node": lambda w: Tenant.objects.move_node(w.shop.tenant, w.south.tenant),
    "insert_at": lambda w: Tenant(kind="customer", created_at=NOW).insert_at(w.north.tenant, save=True),
    "bulk_create": lambda w: Tenant.objects.bulk_create([Tenant(kind="customer", created_at=NOW)]),
    "delete": lambda w: w.shop.tenant.delete(),
    "delete many": lambda w: Tenant.objects.filter(pk=w.shop.id).delete(),
    "rebuild": lambda w: Tenant.objects.rebuild(),
    "partial rebuild": lambda w: Tenant.objects.partial_rebuild(1),
    "build_tree_nodes": lambda w: Tenant.objects.build_tree_nodes({}),
    "disable updates": lambda w: Tenant.objects.disable_mptt_updates(),
    "delay updates": lambda w: Tenant.objects.delay_mptt_updates(),
}


@pytest.mark.parametrize("name", WRITES)
def test_the_manager_refuses_what_does_not_come_from_a_service(world: World, name: str):
    with pytest.raises(TreeWriteOutsideService):
        WRITES[name](world)
    assert tree() == []


def test_saving_a_stale_instance_does_not_put_it_back(world: World):
    stale = Tenant.objects.get(pk=world.shop.id)
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=world.south.id, now=NOW)
    stale.status = Tenant.Status.SUSPENDED
    stale.save()
    moved = Tenant.objects.get(pk=world.shop.id)
    assert (moved.parent_id, moved.status) == (world.south.id, "suspended")
    assert tree() == []
