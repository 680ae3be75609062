"""Add-ons follow a subscription to another customer."""

from uuid import uuid4

from addons.models import AddOnSale
from addons.services.sales import sell_add_on
from addons.verify import sales
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.taking import take_step
from subscriptions.verify import holdings
from tests.isolation.things import own_add_on
from tests.subscriptions.market import build_market, held
from tests.world import NOW, customer


def test_the_sale_ends_and_runs_on_for_the_new_holder(world):
    market = build_market(world)
    market.subscribe(world.north)
    row = market.sell(world.shop, by=world.north)
    add_on = own_add_on(world.north, market, packages=[market.standard.pk])
    sale = sell_add_on(
        actor=world.north.actor, subscription_id=row.pk, add_on_id=add_on.pk, quantity=2, request_id=uuid4(), now=NOW
    )
    corner = customer(world.north, "Corner")
    take_step(actor=world.north.actor, subscription_id=row.pk, step=Move(corner.id), now=NOW)
    old, new = AddOnSale.objects.order_by("pk")
    assert (old.pk, old.tenant_id, old.state) == (sale.pk, world.shop.id, "cancelled")
    assert (new.tenant_id, new.state, new.unit_price, new.quantity) == (corner.id, "active", sale.unit_price, 2)
    assert held(row, market.mailbox)[0] == 12
    assert [*sales(), *holdings()] == []
