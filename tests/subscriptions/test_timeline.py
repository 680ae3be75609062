"""What was held when: each change ends a phase and begins the next, at the prices that were agreed."""

from decimal import Decimal

import pytest

from subscriptions.models import Phase, PhaseFee, Subscription
from subscriptions.refusals import NothingAdded
from subscriptions.services.life.standing import close_subscription, resume_subscription, suspend_subscription
from subscriptions.timeline import phases as timeline
from subscriptions.timeline import told, with_figures
from subscriptions.verify import phases as faults
from tenants.actor import Actor
from tenants.models import Membership
from tenants.services.managers import assign_customers
from tenants.services.moves import move_tenant
from tests.subscriptions.market import Market, change_quantity
from tests.subscriptions.prices import later, owed, phases, price_list, recording, rule
from tests.together import together
from tests.world import NOW, reseller


@pytest.fixture
def package(market):
    market.subscribe(market.world.north)
    return recording(market)


@pytest.fixture
def sold(market, package):
    return market.sell(market.world.shop, by=market.world.north, package=package, unit_price=Decimal(25))


def by(market, call, subscription, day, **values):
    return call(actor=market.world.north.actor, subscription_id=subscription.pk, now=later(day), **values)


def test_the_life_of_a_subscription(market, sold):
    before = owed(sold)
    by(market, change_quantity, sold, 3, quantity=4)
    by(market, suspend_subscription, sold, 5)
    by(market, resume_subscription, sold, 36)
    assert owed(sold) == before
    assert faults() == []
    by(market, close_subscription, sold, 40)
    assert phases(sold) == [
        (0, 3, 1, "active"),
        (3, 5, 4, "active"),
        (5, 36, 4, "suspended"),
        (36, 40, 4, "active"),
    ]
    assert PhaseFee.objects.filter(phase__subscription=sold).count() == 8
    assert faults() == []


def test_of_several_changes_on_a_day_the_last_counts(market, sold):
    by(market, change_quantity, sold, 2, quantity=2)
    by(market, change_quantity, sold, 2, quantity=3)
    by(market, suspend_subscription, sold, 2)
    assert phases(sold) == [(0, 2, 1, "active"), (2, 2, 2, "active"), (2, 2, 3, "active"), (2, None, 3, "suspended")]
    by(market, close_subscription, sold, 2)
    assert phases(sold)[-1] == (2, 2, 3, "suspended")
    assert faults() == []


def test_what_changes_nothing_begins_nothing(market, sold):
    by(market, change_quantity, sold, 1, quantity=1)
    assert phases(sold) == [(0, None, 1, "active")]


def test_a_change_of_prices_never_reaches_what_was_agreed(market, package, sold):
    before = owed(sold)
    rule(price_list(market.world.north), "fixed", "99", package=package)
    rule(price_list(market.world.provider, "reseller"), "fixed", "88", package=package)
    by(market, change_quantity, sold, 1, quantity=2)
    assert owed(sold) == before
    fresh = market.sell(market.world.shop, by=market.world.north, package=package)
    assert set(owed(fresh).values()) == {99, 88}


def test_a_customer_that_moves_owes_its_new_seller_at_its_price(market, package, sold):
    world = market.world
    west = reseller(world.provider, "West")
    market.subscribe(west)
    rule(price_list(west), "fixed", "19")
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=west.id, now=later(4))
    assert owed(sold) == {(world.shop.id, west.id): 19, (west.id, world.provider.id): 10}
    first, second = Phase.objects.filter(subscription=sold).order_by("pk")
    assert (first.seller_id, second.seller_id) == (world.north.id, west.id)
    assert faults() == []
    assert [row.pk for row in timeline(west.actor).filter(subscription=sold)] == [second.pk]
    assert not PhaseFee.objects.visible_to(west.actor).filter(phase=first).exists()
    assert not PhaseFee.objects.visible_to(world.north.actor).filter(phase=second).exists()


def test_a_reseller_that_moves_pays_its_new_seller_for_what_it_sells(market, package):
    world = market.world
    small = market.package("Small wholesale", "reseller", {market.mailbox: 30})
    market.subscribe(world.north_east, by=world.north, package=small)
    rule(price_list(world.north, "reseller"), "markup", "50")
    sold = market.sell(world.kiosk, by=world.north_east, package=package, unit_price=Decimal(21))
    assert owed(sold)[world.north_east.id, world.north.id] == 15
    move_tenant(actor=world.provider.actor, tenant_id=world.north_east.id, seller_id=world.provider.id, now=later(2))
    assert owed(sold) == {(world.kiosk.id, world.north_east.id): 21, (world.north_east.id, world.provider.id): 10}
    assert phases(sold) == [(0, 2, 1, "active"), (2, None, 1, "active")]
    assert faults() == []


def test_each_level_sees_its_own_cost_and_price(market, package):
    world = market.world
    small = market.package("Small wholesale", "reseller", {market.mailbox: 30})
    market.subscribe(world.north_east, by=world.north, package=small)
    rule(price_list(world.north, "reseller"), "markup", "20")
    sold = market.sell(world.kiosk, by=world.north_east, package=package, unit_price=Decimal(25))

    def seen(player):
        row = timeline(player.actor).get(subscription=sold)
        told = row.figures
        return told.price, told.income, told.cost, told.margin, len(row.seen)

    assert seen(world.kiosk) == (25, None, None, None, 1)
    assert seen(world.north_east) == (25, 25, 12, 13, 2)
    assert seen(world.north) == (25, 12, 10, 2, 3)
    assert seen(world.provider) == (25, 10, None, None, 3)
    for rival in (world.south, world.shop, world.stranger):
        assert not timeline(rival.actor).filter(subscription=sold).exists()
        assert not PhaseFee.objects.visible_to(rival.actor).filter(phase__subscription=sold).exists()


def test_a_long_timeline_takes_as_many_statements(market, sold, django_assert_num_queries):
    for day in range(1, 6):
        by(market, change_quantity, sold, day, quantity=1 + day)
    with django_assert_num_queries(2):
        rows = list(told(market.world.north.actor, sold.pk))
    assert [row.figures.margin for row in rows] == [15] * 6
    with django_assert_num_queries(3):
        list(with_figures(Subscription.objects.visible_to(market.world.north.actor), market.world.north.actor))


def test_who_sells_on_commission_sees_the_price_alone(market):
    world, package = market.world, recording(market)
    market.offers(world.south, package)
    sold = market.sell(world.mill, by=world.south, package=package)
    seen = timeline(world.south.actor).get(subscription=sold).figures
    assert (seen.price, seen.income, seen.cost) == (20, None, None)


def test_an_account_manager_sees_those_assigned_alone(market, sold):

    world = market.world
    manager = world.north.member("account_manager", "manager@north.example")
    assert not PhaseFee.objects.visible_to(manager).exists()
    member = Membership.objects.get(user=manager.user_id, tenant=world.north.id)
    assign_customers(actor=world.north.actor, membership_id=member.pk, customer_ids=[world.shop.id], now=NOW)
    told = timeline(Actor.of(member, "test")).get(subscription=sold).figures
    assert (told.price, told.income, told.cost) == (25, 25, 10)


def test_verify_finds_what_is_held_and_not_said(market, sold):
    assert faults() == []
    Phase.objects.filter(subscription=sold).update(ends_on=later(1).date())
    assert faults() == [f"subscription {sold.pk}: no open phase says what it is"]
    Subscription.objects.filter(pk=sold.pk).update(quantity=7)
    phase = Phase.objects.get(subscription=sold)
    phase.pk, phase.quantity, phase.starts_on, phase.ends_on = None, 7, later(1).date(), None
    phase.save(force_insert=True)
    assert faults() == []
    Subscription.objects.filter(pk=sold.pk).update(quantity=8)
    assert len(faults()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_make_one_timeline(committed_market: Market):
    market = committed_market
    market.subscribe(market.world.north)
    sold = market.sell(market.world.shop, by=market.world.north, unit_price=Decimal(5))
    changes = [lambda n=n: by(market, change_quantity, sold, 1, quantity=n) for n in range(2, 6)]
    outcomes = together(*changes, lambda: by(market, suspend_subscription, sold, 1))
    refused = [one for one in outcomes if isinstance(one, Exception)]
    assert all(isinstance(one, NothingAdded) for one in refused), "only what came after the suspension"
    assert len(phases(sold)) == 6 - len(refused)
    sold.refresh_from_db()
    assert phases(sold)[-1][1:] == (None, sold.quantity, "suspended")
    assert faults() == []
