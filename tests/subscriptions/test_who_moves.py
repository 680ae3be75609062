"""Who may move a tenant, and who loses it by that."""

import pytest

from resellerhub.kernel.refusals import Forbidden, NotFound
from tenants.models import Event, ManagedCustomer
from tenants.services.managers import assign_customers
from tenants.services.moves import InvalidMove, move_tenant
from tests.subscriptions.test_move import move, west
from tests.world import NOW, World


def test_account_managers_of_the_old_seller_lose_it(world: World):
    to = west(world)
    for player in (world.north, to):
        player.member("account_manager")
    manager = world.north.member("account_manager", "two@north.example").membership_id
    assign_customers(actor=world.north.actor, membership_id=manager, customer_ids=[world.shop.id], now=NOW)
    move(world, world.shop, to)
    assert not ManagedCustomer.objects.exists()
    assert Event.objects.get(kind="customer.moved").after["assignments"] == 1


def test_who_may(world: World):
    to = west(world)
    for by in (world.north, to, world.south, world.stranger):
        with pytest.raises(NotFound):
            move(world, world.shop, to, by=by)
    with pytest.raises(InvalidMove):
        move(world, world.north, world.north_east)
    for role in ("sales", "support", "read_only", "billing"):
        with pytest.raises(Forbidden):
            move_tenant(
                actor=world.provider.member(role) if role != "sales" else world.north.member(role),
                tenant_id=world.shop.id, seller_id=world.north_east.id, now=NOW,
            )  # fmt: skip
    assert move(world, world.shop, world.north_east, by=world.north).seller_id == world.north_east.id
