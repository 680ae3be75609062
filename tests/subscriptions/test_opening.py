import threading
from uuid import uuid4

import pytest
from django.db import connection

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from subscriptions.models import Grant, Subscription
from subscriptions.refusals import (
    CommissionReseller,
    HolderNotActive,
    NoSource,
    NotOffered,
    OversellRefused,
    OwnSubscription,
)
from subscriptions.services.selling.opening import sell_subscription, sell_subscriptions, subscribe_reseller
from subscriptions.verify import holdings
from tenants.models import Event, ResellerTerms
from tenants.services.status import suspend_tenant
from tests.subscriptions.market import Market, held
from tests.world import NOW, customer


def test_a_prepaid_reseller_is_subscribed(market):
    subscription = market.subscribe(market.world.north, quantity=2)

    assert (subscription.seller_id, subscription.source_id) == (market.world.provider.id, None)
    assert subscription.name == "Wholesale"
    assert held(subscription, market.mailbox) == (200, 0, 0, 200)
    assert held(subscription, market.storage) == (2000, 0, 0, 2000)
    assert subscription.holdings.get(resource=market.mailbox).basis == "sold"
    assert list(subscription.grants.order_by("resource_id").values_list("kind", "amount")) == [
        ("package", 200),
        ("package", 2000),
    ]
    event = Event.objects.get(kind="subscription.opened")
    assert (event.tenant_id, event.subject_id) == (market.world.north.id, subscription.pk)
    assert holdings() == []


def test_a_commission_reseller_is_not(market):
    with pytest.raises(CommissionReseller):
        market.subscribe(market.world.south)


def test_a_customer_draws_on_what_its_reseller_holds(market):
    wholesale = market.subscribe(market.world.north)
    standard = market.sell(market.world.shop, by=market.world.north)

    assert standard.source_id == wholesale.pk
    assert held(standard, market.mailbox) == (10, 0, 0, 10)
    assert held(wholesale, market.mailbox) == (100, 10, 0, 90)
    assert standard.holdings.first().basis == "used"
    assert holdings() == []


def test_a_sub_reseller_draws_on_its_reseller(market):
    north, north_east, kiosk = market.world.north, market.world.north_east, market.world.kiosk
    small = market.package("Small wholesale", "reseller", {market.mailbox: 30})
    above = market.subscribe(north)
    below = market.subscribe(north_east, by=north, package=small)
    light = market.package("Light", "customer", {market.mailbox: 3})
    market.sell(kiosk, by=north_east, package=light)

    assert below.source_id == above.pk
    assert held(above, market.mailbox) == (100, 30, 0, 70)
    assert held(below, market.mailbox) == (30, 3, 0, 27)
    assert holdings() == []


def test_direct_and_commission_customers_draw_on_nothing(market):
    assert market.sell(market.world.direct).source_id is None
    sold = market.sell(market.world.mill, by=market.world.south)
    assert (sold.source_id, sold.seller_id) == (None, market.world.south.id)


def test_without_oversell_the_sale_that_passes_the_allocation_is_refused(market):
    wholesale = market.subscribe(market.world.north)
    market.sell(market.world.shop, by=market.world.north, quantity=10)
    with pytest.raises(OversellRefused) as refused:
        market.sell(market.world.shop, by=market.world.north)

    assert refused.value.facts["remaining"] == 0
    assert refused.value.facts["asked"] == 10
    assert held(wholesale, market.mailbox) == (100, 100, 0, 0)
    assert Subscription.objects.count() == 2


def test_with_oversell_it_is_sold_and_shows(market):
    ResellerTerms.objects.filter(pk=market.world.north.id).update(may_oversell=True)
    wholesale = market.subscribe(market.world.north)
    market.sell(market.world.shop, by=market.world.north, quantity=12)
    assert held(wholesale, market.mailbox) == (100, 120, 0, -20)
    assert holdings() == []


def test_without_a_subscription_a_prepaid_reseller_has_nothing_to_sell(market):
    with pytest.raises(NoSource):
        market.sell(market.world.shop, by=market.world.north)


def test_a_named_source_is_drawn_on_and_a_rivals_is_not(market):
    market.subscribe(market.world.north)
    second = market.subscribe(market.world.north)
    assert market.sell(market.world.shop, by=market.world.north, source_id=second.pk).source_id == second.pk
    ResellerTerms.objects.filter(pk=market.world.south.id).update(type="prepaid")
    rivals = market.subscribe(market.world.south)
    with pytest.raises(NoSource):
        market.sell(market.world.shop, by=market.world.north, source_id=rivals.pk)


def test_a_request_id_counts_once(market):
    values = {
        "actor": market.world.provider.actor,
        "reseller_id": market.world.north.id,
        "request_id": uuid4(),
        "now": NOW,
    }
    first = subscribe_reseller(offer=market.offer(market.wholesale), **values)
    assert subscribe_reseller(offer=market.offer(market.wholesale), **values) == first
    with pytest.raises(RequestReused):
        subscribe_reseller(offer=market.offer(market.wholesale, quantity=2), **values)
    assert Subscription.objects.count() == 1


def test_nobody_sells_to_a_rivals_customer_or_to_themselves(market):
    market.subscribe(market.world.north)
    with pytest.raises(NotFound):
        market.sell(market.world.shop, by=market.world.south)
    with pytest.raises(NotFound):
        market.sell(market.world.shop, by=market.world.stranger)
    with pytest.raises(OwnSubscription):
        market.subscribe(market.world.north, by=market.world.north)
    with pytest.raises(Forbidden):
        market.sell(market.world.shop, by=market.world.shop)


def test_who_may_only_look_sells_nothing(market):
    reader = market.world.provider.member("read_only")
    with pytest.raises(Forbidden):
        sell_subscription(
            actor=reader, customer_id=market.world.direct.id, offer=market.offer(market.standard), now=NOW
        )


def test_nothing_is_sold_to_a_suspended_tenant_or_beneath_one(market):
    market.subscribe(market.world.north)
    suspend_tenant(actor=market.world.provider.actor, tenant_id=market.world.north.id, now=NOW)
    for attempt in (lambda: market.subscribe(market.world.north), lambda: market.sell(market.world.shop)):
        with pytest.raises(HolderNotActive):
            attempt()


def test_what_is_not_shared_or_for_others_is_not_offered(market):
    market.subscribe(market.world.north)
    secret = market.package("Secret", "customer", {market.mailbox: 1}, is_shared=False)
    with pytest.raises(NotFound):
        market.sell(market.world.shop, by=market.world.north, package=secret)
    with pytest.raises(NotOffered):
        market.sell(market.world.direct, package=market.wholesale)
    assert market.sell(market.world.direct, package=secret)


@pytest.mark.parametrize("options", [{"quantity": 0}, {"quantity": 100_000}, {"quantity": -1}, {"name": "x" * 121}])
def test_bad_values_are_named(market, options):
    with pytest.raises(Invalid) as refused:
        market.sell(market.world.direct, **options)
    assert list(refused.value.errors) == list(options)


def test_many_customers_are_sold_to_at_once(market, django_assert_max_num_queries):
    wholesale = market.subscribe(market.world.north)
    many = [customer(market.world.north, f"Shop {n}").id for n in range(10)]
    with django_assert_max_num_queries(25):
        sold = sell_subscriptions(
            actor=market.world.north.actor, customer_ids=many, offer=market.offer(market.standard), now=NOW
        )
    assert len(sold) == 10
    assert held(wholesale, market.mailbox) == (100, 100, 0, 0)
    assert holdings() == []
    with pytest.raises(OversellRefused):
        sell_subscriptions(
            actor=market.world.north.actor, customer_ids=many[:1], offer=market.offer(market.standard), now=NOW
        )
    with pytest.raises(NotFound):
        sell_subscriptions(
            actor=market.world.north.actor,
            customer_ids=[market.world.mill.id],
            offer=market.offer(market.standard),
            now=NOW,
        )


def test_large_limits_are_exact(market):
    huge = market.package("Huge", "reseller", {market.mailbox: 9_999})
    sold = [market.subscribe(market.world.north, package=huge, quantity=99_999) for _ in range(3)]
    assert [held(one, market.mailbox)[0] for one in sold] == [999_890_001] * 3


@pytest.mark.django_db(transaction=True)
def test_concurrent_sales_at_the_limit_sell_exactly_what_fits(committed_market: Market):
    market = committed_market
    north = market.world.north
    wholesale = market.subscribe(north)  # 100 mailboxes: ten times the standard package
    shops = [customer(north, f"Shop {n}") for n in range(16)]
    barrier, outcomes = threading.Barrier(8), []

    def sell(part):
        try:
            barrier.wait()
            for shop in part:
                try:
                    market.sell(shop, by=north)
                    outcomes.append("sold")
                except OversellRefused:
                    outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=sell, args=(shops[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (outcomes.count("sold"), outcomes.count("refused")) == (10, 6)
    assert held(wholesale, market.mailbox) == (100, 100, 0, 0)
    assert Grant.objects.count() == 2 + 10 * 2
    assert holdings() == []
