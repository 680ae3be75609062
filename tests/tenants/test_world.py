from django.db import transaction

from tenants.models import Event, Tenant
from tenants.verify import tree
from tests.kept import Kept, contents
from tests.world import World, build_world


def test_the_cast_stands_where_it_should(world: World):
    assert tree() == []
    assert world.kiosk.tenant.ancestors == [world.provider.id, world.north.id, world.north_east.id, world.kiosk.id]
    assert world.direct.tenant.ancestors == [world.provider.id, world.direct.id]
    assert world.north.tenant.seller_id == world.provider.id
    assert world.kiosk.tenant.seller_id == world.north_east.id
    assert world.provider.tenant.seller_id is None
    assert (world.provider.tenant.depth, world.direct.tenant.depth, world.kiosk.tenant.depth) == (0, 1, 3)


def test_everybody_sees_themselves_and_what_is_beneath_them(world: World):
    def seen(player):
        return {row.pk for row in Tenant.objects.visible_to(player.actor)}

    strangers = {world.stranger.id, world.stranger_reseller.id}
    assert seen(world.provider) == {player.id for player in world.players} - strangers
    assert seen(world.north) == {world.north.id, world.north_east.id, world.shop.id, world.kiosk.id}
    assert seen(world.south) == {world.south.id, world.mill.id}
    assert seen(world.shop) == {world.shop.id}
    assert seen(world.stranger) == strangers


def test_events_are_scoped_like_everything_else(world: World):
    kinds = Event.objects.visible_to(world.north.actor).values_list("kind", "tenant_id")
    assert set(kinds) == {
        ("reseller.created", world.north.id),
        ("reseller.created", world.north_east.id),
        ("customer.created", world.shop.id),
        ("customer.created", world.kiosk.id),
    }
    assert not Event.objects.visible_to(world.stranger.actor).filter(tenant=world.north.id).exists()


def test_the_cast_that_is_put_back_is_the_cast_that_was_built(db):
    keep = Kept(build_world)
    with transaction.atomic():
        first, rows = keep(), contents()
        transaction.set_rollback(True)
    again = keep()
    assert keep.made
    assert contents() == rows
    assert again == first
    assert again.shop.tenant is not first.shop.tenant
