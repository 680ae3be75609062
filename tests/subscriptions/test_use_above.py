"""What customers use is used of every subscription that theirs draws on."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from subscriptions.models import Holding
from subscriptions.selectors.behind import behind, counted_events
from subscriptions.services.life.standing import close_subscription, suspend_subscription
from subscriptions.services.settings import set_over_quota_basis
from subscriptions.services.usage.ingesting import Measure, ingest_usage, start_usage_month
from subscriptions.verify import holdings
from tests.subscriptions.market import held
from tests.together import together
from tests.world import NOW


@pytest.fixture
def chain(market):
    """North's subscription, North-East's that draws on it, Kiosk's on that; and Shop's on North's."""
    return build(market)


def build(market):
    world = market.world
    small = market.package("Small wholesale", "reseller", {market.mailbox: 20, market.storage: 200})
    north = market.subscribe(world.north)
    north_east = market.subscribe(world.north_east, package=small)
    return north, north_east, market.sell(world.kiosk), market.sell(world.shop)


def report(market, *measures, now=NOW):
    return ingest_usage(actor=market.world.provider.actor, measures=measures, now=now)


def measure(subscription, quantity, event_id, resource="user_mailbox", at=NOW):
    return Measure(event_id, subscription.pk, resource, quantity, at)


def used(resource, *subscriptions):
    return [held(subscription, resource)[2] for subscription in subscriptions]


def holding(subscription, resource):
    return Holding.objects.get(subscription=subscription, resource=resource)


def test_a_reseller_is_over_by_what_its_customers_use(market, chain):
    north, *_rest, shop = chain
    set_over_quota_basis(actor=market.world.provider.actor, basis="used", now=NOW)
    report(market, measure(shop, 10_000, "a"))
    assert held(north, market.mailbox) == (100, 30, 10_000, -9_900)
    row = holding(north, market.mailbox)
    assert row in Holding.objects.over_quota()
    assert [event.quantity for event in behind(row).events] == [10_000]
    assert holdings() == []


def test_a_gauge_goes_up_the_chain_and_down_again(market, chain):
    north, north_east, kiosk, shop = chain
    report(market, measure(kiosk, 7, "a"), measure(shop, 5, "b"), measure(north_east, 2, "c"), measure(north, 1, "d"))
    assert used(market.mailbox, *chain) == [15, 9, 7, 5]
    report(
        market, measure(kiosk, 3, "e", at=NOW + timedelta(hours=1)), measure(shop, 99, "late", at=NOW - timedelta(1))
    )
    assert used(market.mailbox, *chain) == [11, 5, 3, 5]
    for row in Holding.objects.filter(resource=market.mailbox):
        assert sum(event.quantity for event in counted_events(row)) == row.used
    assert holdings() == []


def test_what_is_left_to_sell_and_what_is_left_to_use(market):
    """The columns of Hosting Controller (T64): of 100, 80 are sold and 50 consumed. What is available is what is not
    sold, as Ensim has it."""
    world = market.world
    north = market.subscribe(world.north)
    shop = market.sell(world.shop, by=world.north, quantity=8)
    report(market, measure(shop, 50, "a"))
    assert held(north, market.mailbox) == (100, 80, 50, 20)
    assert held(shop, market.mailbox) == (80, 0, 50, 30)


def test_a_resource_that_only_those_below_use_gets_a_row(market, chain):
    report(market, measure(chain[2], 4, "a", "mails"), measure(chain[2], 2, "b", "mails"))
    assert used(market.traffic, *chain) == [6, 6, 6, 0]
    assert sorted(event.quantity for event in counted_events(holding(chain[0], market.traffic))) == [2, 4]
    assert holdings() == []


def test_closing_takes_the_use_away_and_suspending_does_not(market, chain):
    provider = market.world.provider.actor
    report(market, measure(chain[2], 7, "a"), measure(chain[3], 5, "b"), measure(chain[2], 9, "c", "mails"))
    suspend_subscription(actor=provider, subscription_id=chain[2].pk, now=NOW)
    assert used(market.mailbox, *chain) == [12, 7, 7, 5]
    close_subscription(actor=provider, subscription_id=chain[2].pk, now=NOW)
    assert used(market.mailbox, *chain) == [5, 0, 0, 5]
    assert used(market.traffic, *chain) == [0, 0, 0, 0]
    assert holdings() == []
    reopened = market.sell(market.world.kiosk)
    assert used(market.mailbox, chain[0], reopened) == [5, 0]
    assert holdings() == []


def test_a_new_month_begins_everywhere(market, chain):
    december = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
    report(market, measure(chain[2], 7, "a", "mails"), measure(chain[3], 5, "b", "mails"), measure(chain[3], 3, "g"))
    report(market, measure(chain[3], 2, "c", "mails", at=december), now=december)
    assert used(market.traffic, *chain) == [9, 7, 7, 2]
    assert start_usage_month(now=december) == 1
    assert start_usage_month(now=december) == 0
    assert used(market.traffic, *chain) == [2, 0, 0, 2]
    assert used(market.mailbox, *chain) == [3, 0, 0, 3]
    assert holdings() == []


def test_verify_compares_it(market, chain):
    report(market, measure(chain[2], 7, "a"))
    Holding.objects.filter(subscription=chain[0], resource=market.mailbox).update(used=8)
    assert len(holdings()) == 1
    assert "used 8, measured 0 and used by those that draw on it 7" in holdings()[0]


def test_a_batch_costs_the_same_however_many_it_is_about(market, chain, django_assert_max_num_queries):
    events = [measure(chain[n % 4], n, str(n), ("mails", "user_mailbox")[n // 4 % 2]) for n in range(1_000)]
    with django_assert_max_num_queries(11):
        report(market, *events)
    assert holdings() == []


@pytest.mark.django_db(transaction=True)
def test_rivals_do_not_lose_what_others_add(committed_market):
    market = committed_market
    chain = build(market)
    more = [market.sell(market.world.shop, name=str(n)) for n in range(3)]
    provider = market.world.provider.actor

    def send(seed):
        shuffled = random.Random(seed)  # noqa: S311
        for n in range(10):
            at = NOW + timedelta(minutes=seed * 10 + n)
            places = shuffled.sample([*chain, *more[:2]], 4)
            for name in ("mails", "user_mailbox"):
                report(market, *[measure(s, n + 1, f"{name}{seed}-{n}-{s.pk}", name, at) for s in places], now=at)

    report(market, measure(more[2], 50, "first"), measure(more[2], 50, "second", "mails"))
    outcomes = together(
        *(lambda seed=seed: send(seed) for seed in range(3)),
        lambda: close_subscription(actor=provider, subscription_id=more[2].pk, now=NOW),
        lambda: market.sell(market.world.kiosk, name="meanwhile"),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert holdings() == []
    assert connection.in_atomic_block is False
