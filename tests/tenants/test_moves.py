"""A tenant changes its seller; what may and what may not."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from resellerhub.kernel.refusals import Forbidden, NotFound
from tenants.models import Event, Tenant
from tenants.services.moves import InvalidMove, move_tenant
from tenants.services.status import suspend_tenant
from tenants.services.tree import CannotSell, TenantSuspended
from tenants.verify import tree
from tests.world import NOW, Player, World, customer, reseller


def move(by: Player, tenant: Player, seller: Player) -> Tenant:
    return move_tenant(actor=by.actor, tenant_id=tenant.id, seller_id=seller.id, now=NOW)


def test_a_reseller_moves_with_all_beneath_it(world: World):
    moved = move(world.provider, world.north_east, world.south)
    kiosk = Tenant.objects.get(pk=world.kiosk.id)
    assert (moved.seller_id, moved.tree_id) == (world.south.id, world.south.tenant.tree_id)
    assert kiosk.ancestors == [world.provider.id, world.south.id, world.north_east.id, world.kiosk.id]
    assert kiosk.level == 2
    assert tree() == []
    event = Event.objects.get(kind="reseller.moved")
    assert (event.before, event.after) == ({"seller": world.north.id}, {"seller": world.south.id})


def test_up_to_the_provider_and_down_again(world: World):
    moved = move(world.provider, world.kiosk, world.provider)
    assert (moved.parent_id, moved.seller_id, moved.level) == (None, world.provider.id, 0)
    assert tree() == []
    move(world.provider, world.direct, world.north_east)
    move(world.provider, world.kiosk, world.north_east)
    assert tree() == []
    assert Tenant.objects.within(world.north.id).count() == 5


def test_a_whole_branch_goes_beneath_another(world: World):
    move(world.provider, world.south, world.north)
    assert Tenant.objects.get(pk=world.mill.id).ancestors[1:3] == [world.north.id, world.south.id]
    assert tree() == []


def test_to_where_it_is_changes_nothing(world: World):
    before = Event.objects.count()
    move(world.provider, world.shop, world.north)
    move(world.provider, world.direct, world.provider)
    assert Event.objects.count() == before
    assert tree() == []


def test_what_is_refused(world: World):
    with pytest.raises(InvalidMove):
        move(world.provider, world.north, world.north_east)
    with pytest.raises(InvalidMove):
        move(world.provider, world.north, world.north)
    with pytest.raises(InvalidMove):
        move(world.north, world.north, world.north_east)
    with pytest.raises(CannotSell):
        move(world.provider, world.mill, world.shop)
    for pair in ((world.shop, world.south), (world.mill, world.north), (world.shop, world.provider)):
        with pytest.raises(NotFound):
            move(world.north, *pair)
    with pytest.raises(NotFound):
        move(world.provider, world.shop, world.stranger_reseller)
    actor = world.north.member("read_only")
    with pytest.raises(Forbidden):
        move_tenant(actor=actor, tenant_id=world.shop.id, seller_id=world.north_east.id, now=NOW)
    suspend_tenant(actor=world.provider.actor, tenant_id=world.south.id, now=NOW)
    with pytest.raises(TenantSuspended):
        move(world.provider, world.shop, world.south)
    assert tree() == []


def test_siblings_keep_their_order(world: World):
    first, second = customer(world.north, "First"), customer(world.north, "Second")
    move(world.provider, world.kiosk, world.north)
    order = list(Tenant.objects.filter(parent=world.north.id).order_by("lft").values_list("pk", flat=True))
    assert order == [world.north_east.id, world.shop.id, first.id, second.id, world.kiosk.id]


def test_a_deep_branch(world: World):
    seller, chain = world.north_east, [world.provider.id, world.north.id, world.north_east.id]
    for depth in range(12):
        seller = reseller(seller, f"Level {depth}")
        chain.append(seller.id)
    assert seller.tenant.ancestors == chain
    move(world.provider, world.north_east, world.south)
    moved = Tenant.objects.get(pk=seller.id)
    assert moved.ancestors == [world.provider.id, world.south.id, *chain[2:]]
    assert moved.depth == 14
    assert tree() == []


def test_verify_finds_and_rebuild_repairs_a_whole_branch(world: World):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "UPDATE tenants_tenant SET lft = id + 1000, rght = id + 1001 WHERE tree_id = %s AND parent_id IS NOT NULL",
            [world.north.tenant.tree_id],
        )
    assert len(tree()) >= 3
    out = StringIO()
    with override_settings(DATABASE_OWNER=None):  # the owner would reconnect, and see nothing of this transaction
        call_command("rebuild_tree", str(world.north.tenant.tree_id), stdout=out)
    assert out.getvalue().startswith("3 tenants")
    assert tree() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
