"""From sales, changes and ends to charges: each day of everything once, however often one charges."""

from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoicing.models import Charge
from invoicing.services.charging import charge, preview_charges
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.standing import Resume, Suspend
from tests.invoicing.billing import Billing, a_life, total, untouched
from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import fee, later
from tests.world import NOW, customer


@pytest.fixture
def stage(world) -> Stage:
    return Stage(build_market(world))


@pytest.fixture
def billing(world) -> Billing:
    return Billing(world)


def test_a_life_is_charged_step_by_step(stage, billing):
    """The same steps and numbers as are previewed (`test_facts`), through the ledger."""
    market, shop = stage.market, stage.world.shop
    small = package(market, "Small", "30", activation_amount=Decimal("4.90"))
    large = package(market, "Large", "49.99", activation_amount=Decimal("9.90"))
    row = stage.sold(small, quantity=2)
    assert billing.new(shop, NOW) == ["4.90", "60.00"]
    assert total(stage.world.north) == 30
    for day, step, amounts in a_life(large):
        stage.due(row, later(day))
        billing.run(later(day))
        stage.take(row, step, later(day))
        assert billing.new(shop, later(day)) == amounts, (day, step)
        assert billing.run(later(day)) == 0, "twice"
    assert billing.run(later(400)) == 0
    assert not Charge.objects.filter(credits__isnull=False, amount__gt=0).exists()


def test_what_nobody_touches_is_charged_by_the_month(stage, billing):
    """Twelve periods of both streams, that of the seller and that of the holder; a term that renews changes nothing."""
    row = stage.sold(package(stage.market, "Plain", "30"), quantity=2)
    for month in range(12):
        now = later(31 * month)
        stage.due(row, now)
        billing.run(now)
        assert untouched() == 2
    assert (total(stage.world.shop), total(stage.world.north)) == (720, 360)
    rows = Charge.objects.filter(payer=stage.world.shop.id).order_by("pk")
    assert all(before.service_end == after.service_start for before, after in pairwise(rows))
    assert {(each.part, each.whole) for each in rows if each.part != each.whole} == set()


def test_what_a_reseller_owes_goes_on_while_its_customer_is_suspended(stage, billing):
    """Source: PortaBilling, reseller subscription: cost 10, recommended 20; three accounts, one suspended all month."""
    of = package(stage.market, "Call recording", "20")
    rows = [stage.sold(of) for _each in range(3)]
    stage.take(rows[0], Suspend())
    billing.run(NOW)
    assert (total(stage.world.north), total(stage.world.shop)) == (30, 40)
    streams = Charge.objects.filter(subscription=rows[1].pk).order_by("stream")
    assert [(each.stream, each.payer_id, each.issuer_id, each.holder_id) for each in streams] == [
        ("account", stage.world.shop.id, stage.world.north.id, stage.world.shop.id),
        ("reseller", stage.world.north.id, stage.world.provider.id, stage.world.shop.id),
    ]


def test_a_reseller_on_commission_is_charged_nothing_and_its_customer_by_the_provider(stage, billing):
    world = stage.world
    of = package(stage.market, "Offered", "20")
    stage.market.offers(world.south, of)
    stage.market.sell(world.mill, by=world.south, package=of)
    billing.run(NOW)
    (row,) = Charge.objects.all()
    assert (row.payer_id, row.issuer_id, row.seller_id, row.amount) == (
        world.mill.id,
        world.provider.id,
        world.south.id,
        20,
    )
    told = {
        player: Charge.objects.visible_to(player.actor).count() for player in (world.south, world.mill, world.north)
    }
    assert told == {world.south: 1, world.mill: 1, world.north: 0}


def test_a_fee_owed_once_is_charged_once_however_many_are_sold(stage, billing):
    market, world = stage.market, stage.world
    of = market.package(
        "Licence",
        "customer",
        {market.mailbox: 1},
        {
            "reseller_fee_id": fee(market, "reseller", "10", applies_more_than_once=False).pk,
            "account_fee_id": fee(market, "account", "20").pk,
        },
    )
    first, second = stage.sold(of), stage.sold(of)
    billing.run(NOW)
    assert (total(world.north), total(world.shop)) == (10, 40)
    for row, day in ((first, 3), (second, 6)):
        stage.take(row, Cancel(when="now"), later(day))
        billing.run(later(day))
        assert total(world.north) == (10 if row is first else 2)
    assert Charge.objects.filter(payer=world.north.id, holder=world.north.id).count() == 2


def test_a_change_reaches_back_over_what_was_charged(stage, billing):
    """It was charged until the 20th of January; two seats less from the 25th of November on."""
    row = stage.sold(package(stage.market, "Plain", "30"), quantity=5)
    stage.due(row, later(5))
    stage.take(row, ChangeQuantity(3, when="now"), later(5))
    billing.run(later(31), until=NOW.date())
    assert [str(each.amount) for each in Charge.objects.filter(payer=stage.world.shop.id)] == ["25.000"]
    billing.run(later(31))
    assert total(stage.world.shop) == 25 + 75 + 90


def test_month_by_month_comes_to_the_same_as_all_at_once(stage):
    """Two customers with one life: up to half a cent for each line they come to the same."""
    world, of = stage.world, package(stage.market, "Plain", "9.99")
    corner = customer(world.north, "Corner")
    rows = [stage.market.sell(holder, by=world.north, package=of, quantity=7) for holder in (world.shop, corner)]
    steps = {50: ChangeQuantity(4, when="now"), 55: Suspend(), 70: Resume(), 110: Cancel(when="now")}
    for day in range(0, 125, 5):
        for row in rows:
            stage.due(row, later(day))
            if day in steps:
                stage.take(row, steps[day], later(day))
        told = {"until": later(day).date(), "now": later(day), "issuer_id": world.north.id}
        charge(payer_ids=[world.shop.id], **told)
    charge(payer_ids=[corner.id], **told)
    lines = Charge.objects.filter(issuer=world.north.id).count()
    assert abs(total(world.shop) - total(corner)) <= lines * Decimal("0.005")
    assert total(corner) == Decimal("175.55")


def test_as_many_statements_however_many_owe_something(stage):
    """New streams, streams that nobody touched, and a preview of them."""
    world, of = stage.world, package(stage.market, "Plain", "30")

    def statements(now, work) -> int:
        told = {"issuer_id": world.north.id, "payer_ids": [world.shop.id], "until": now.date(), "now": now}
        with CaptureQueriesContext(connection) as caught:
            assert work(**told)
        return len(caught)

    found = []
    for days in (0, 40):
        for _each in range(1 + days // 10):
            stage.sold(of)
        works = ((charge, days), (preview_charges, days + 31), (charge, days + 31))
        found.append([statements(later(day), work) for work, day in works])
    assert found[0] == found[1]
    assert max(found[0]) <= 14
