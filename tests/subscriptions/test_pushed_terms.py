"""What was pushed is there after the term, too: a renewal or a plan takes nothing of it back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.services.packages import content_on
from subscriptions.models import Phase, PlannedChange
from subscriptions.services.life.settling import settle_one
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.taking import take_step
from tenants.models import Event
from tests.subscriptions.life import at, sound
from tests.subscriptions.market import held
from tests.subscriptions.prices import TODAY, fee, owed
from tests.subscriptions.pushes import Sold
from tests.subscriptions.test_renewal_prices import say
from tests.world import NOW

END = date(2026, 12, 20)


def names_other_fees(sold: Sold, **amounts: str):
    """A new version: the same limits, and other fees than what was sold; they are returned by kind."""
    fees = {kind: fee(sold.market, kind, amount, name=f"{kind} B") for kind, amount in amounts.items()}
    sold.become(replace(content_on(sold.package, TODAY), **{f"{kind}_fee_id": one.pk for kind, one in fees.items()}))
    return fees


def due(row, on: str) -> None:
    settle_one(subscription_id=row.pk, now=at(on))


def test_pushed_prices_stay(sold):
    """North asks the fee of the new version of its customer; what it owes itself is not its to push, nor the limits."""
    world = sold.world
    row = sold.sell(world.shop, world.north)
    shop, north, house = world.shop.id, world.north.id, world.provider.id
    new = names_other_fees(sold, account="25", reseller="12")
    assert sold.push(world.north, limits=False) == {row.pk: "changed"}
    assert sold.push(world.north, limits=False) == {row.pk: "unchanged"}
    due(row, "2026-12-21")
    assert owed(row) == {(shop, north): 25, (north, house): 10}
    assert Event.objects.filter(kind="subscription.repriced").count() == 1
    say(new["account"], "26", END, world.provider.actor)
    due(row, "2027-01-21")
    assert owed(row) == {(shop, north): 26, (north, house): 10}
    assert Phase.objects.get(subscription=row, ends_on=None).version_id == sold.package.versions.earliest("pk").pk
    assert sound()


def test_a_pushed_cost_stays_and_the_price_above_it_too(sold):
    world = sold.world
    row = sold.sell(world.shop, world.north)
    names_other_fees(sold, account="25", reseller="12")
    assert sold.push(world.provider, limits=False) == {row.pk: "changed"}
    due(row, "2026-12-21")
    assert owed(row) == {(world.shop.id, world.north.id): 20, (world.north.id, world.provider.id): 12}
    assert sound()


def test_what_is_free_after_a_push_stays_free(sold):
    world = sold.world
    row = sold.sell(world.direct, world.provider)
    sold.become(replace(content_on(sold.package, TODAY), account_fee_id=None))
    sold.push(world.provider, limits=False)
    due(row, "2027-02-21")
    assert owed(row) == {}
    assert sound()


def test_a_fee_that_costs_the_same_is_followed_all_the_same(sold):
    world = sold.world
    row = sold.sell(world.shop, world.north)
    new = names_other_fees(sold, account="20")
    assert sold.push(world.north, limits=False) == {row.pk: "changed"}
    say(new["account"], "21", END, world.provider.actor)
    due(row, "2026-12-21")
    assert owed(row)[world.shop.id, world.north.id] == 21
    assert sound()


def test_pushed_limits_leave_the_price_to_the_fees_of_before(sold):
    world = sold.world
    row = sold.sell(world.shop, world.north)
    names_other_fees(sold, account="25", reseller="12")
    sold.grant(3)
    assert sold.push(world.provider, prices=False) == {row.pk: "changed"}
    due(row, "2026-12-21")
    assert owed(row) == {(world.shop.id, world.north.id): 20, (world.north.id, world.provider.id): 10}
    assert held(row, sold.market.mailbox)[0] == 3
    assert sound()


def test_a_planned_quantity_keeps_the_price_and_what_was_pushed(sold):
    world, actor = sold.world, sold.world.north.actor
    row = sold.sell(world.shop, world.north, quantity=4, unit_price=Decimal(8))
    step = ChangeQuantity(2, when="period_end")
    take_step(actor=actor, subscription_id=row.pk, step=step, now=NOW)
    sold.grant(2)
    assert sold.push(world.provider, prices=False) == {row.pk: "changed"}
    take_step(actor=actor, subscription_id=row.pk, step=step, now=NOW)
    assert PlannedChange.objects.count() == 1
    due(row, "2026-12-21")
    row.refresh_from_db()
    assert (row.quantity, owed(row)[world.shop.id, world.north.id]) == (2, 8)
    assert held(row, sold.market.mailbox)[0] == 4
    assert sound()


def test_another_price_that_is_planned_keeps_what_was_pushed(sold):
    world = sold.world
    row = sold.sell(world.shop, world.north)
    step = ChangePackage(sold.package.pk, unit_price=Decimal(7), when="period_end")
    take_step(actor=world.north.actor, subscription_id=row.pk, step=step, now=NOW)
    sold.grant(2)
    sold.push(world.provider, prices=False)
    due(row, "2026-12-21")
    assert owed(row)[world.shop.id, world.north.id] == 7
    assert held(row, sold.market.mailbox)[0] == 2
    assert sound()
