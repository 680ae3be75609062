"""The bounds of prices in bulk sales: those that whoever sells to the seller set."""

from decimal import Decimal

from addons.services.previews import preview_targets
from catalog.models import PriceRule
from tests.addons.callers import answered
from tests.addons.shop import price_list, work
from tests.world import NOW, customer


def test_a_bulk_sale_holds_the_bounds_that_were_set_when_it_started(shop):
    """What it skips takes no room, and what becomes of the bounds meanwhile does not reach it."""
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    buyers = [customer(world.north, name) for name in "ABCD"]
    cheap, dear, fair, late = (market.sell(buyer) for buyer in buyers)
    of_direct = market.sell(world.direct)
    add_on = shop.make("Room for two", {market.mailbox: 30})  # 100 mailboxes, 40 sold
    for buyer, value in zip(buyers, ("2.99", "9.01", "3"), strict=False):
        price_list(world.north, buyer, add_on, Decimal(value))
    bounds = price_list(world.provider, world.north, add_on, Decimal(2), floor=Decimal(3), ceiling=Decimal(9))
    order = shop.to_customers(add_on_id=add_on.pk)
    out, foreseen = "price_out_of_bounds", preview_targets(actor=world.provider.actor, order=order, now=NOW)
    assert {one.subscription_id: one.outcome for one in foreseen} == {
        of_direct.pk: "sold",
        cheap.pk: out,
        dear.pk: out,
        fair.pk: "sold",
        late.pk: "sold",
    }
    preview = shop.preview(order)
    assert (preview.counts["sold"], preview.counts[out], preview.granted) == (3, 2, {market.mailbox.pk: 90})
    assert {(each.seller_name, each.amount) for each in preview.charges} == {("North", 7), ("Groupware GmbH", 4)}
    bulk = shop.start(order)
    PriceRule.objects.create(
        price_list=bounds, effective_on=NOW, add_on_id=add_on.pk, method="fixed", value=2, made_at=NOW
    )
    price_list(world.north, buyers[3], add_on, Decimal(1))
    assert work(bulk) == {of_direct.pk: "sold", cheap.pk: out, dear.pk: out, fair.pk: "sold", late.pk: "sold"}
    skipped = answered(world.provider.api().get(f"bulk-sales/{bulk.pk}/items", reason=out, state="skipped"))
    assert len(skipped["results"]) == 2
