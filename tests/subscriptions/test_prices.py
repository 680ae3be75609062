"""What a sale is agreed at: who owes whom, at which price, by which rule."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from catalog.refusals import BadLines
from catalog.services.fees import Charging, revise_fee
from catalog.services.packages import Content, change_package
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from subscriptions.models import PhaseFee, Subscription
from subscriptions.owing import chain
from subscriptions.refusals import CommissionReseller, PriceOutOfBounds, PriceTooLarge
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.taking import take_step
from subscriptions.services.selling.opening import preview_subscription, sell_subscription, sell_subscriptions
from subscriptions.verify import phases as faults
from tenants.models import Event
from tests.catalog.lists import assign, line, make, put
from tests.subscriptions.prices import TODAY, fee, later, owed, price_list, recording, rule
from tests.world import NOW, customer


@pytest.fixture
def package(market):
    market.subscribe(market.world.north)
    return recording(market)


def preview(market, holder, package, by, **options):
    return preview_subscription(
        actor=by.actor, tenant_id=holder.id, offer=market.offer(package, **options), now=options.pop("now", NOW)
    ).account


@pytest.mark.parametrize(
    ("asked", "price", "margin", "below"),
    [(None, 20, 10, False), ("20", 20, 10, False), ("25", 25, 15, False), ("10", 10, 0, False), ("8", 8, -2, True)],
)
def test_the_sellers_price_is_free_and_the_sale_says_what_the_preview_said(
    market, package, asked, price, margin, below
):
    world = market.world
    unit_price = asked and Decimal(asked)
    said = preview(market, world.shop, package, world.north, unit_price=unit_price)
    assert (said.amount, said.recommended, said.cost, said.margin) == (price, 20, 10, margin)
    assert (said.is_below_cost, said.currency, said.cycle) == (below, "EUR", "month")
    sold = market.sell(world.shop, by=world.north, package=package, unit_price=unit_price)
    assert owed(sold) == {(world.shop.id, world.north.id): price, (world.north.id, world.provider.id): 10}
    assert faults() == []


def test_the_terms_of_the_fees_are_kept_as_they_were(market, package):
    world = market.world
    sold = market.sell(world.shop, by=world.north, package=package)
    account, reseller = PhaseFee.objects.filter(phase__subscription=sold).order_by("stream")
    assert (account.stream, account.public_name, account.billed) == ("account", "Call recording", "advance")
    assert (account.credits_suspension, reseller.credits_suspension) == (True, False)
    assert reseller.applies_more_than_once
    reseller_fee = reseller.fee_version.fee
    charging = replace(Charging.of(reseller.fee_version), amount=Decimal(12))
    revise_fee(actor=world.provider.actor, fee_id=reseller_fee.pk, charging=charging, effective_on=TODAY, now=NOW)
    assert owed(sold)[world.north.id, world.provider.id] == 10
    another = market.sell(world.shop, by=world.north, package=package)
    assert owed(another)[world.north.id, world.provider.id] == 12


def test_more_than_a_price_has_room_for_is_refused(market, package):
    """The sale, by a rule that was written before what it is reckoned on cost so much; and such a rule."""
    world = market.world
    gold, much = make(world.north), line("markup", "999999999999")
    assign(world.north, gold, world.shop)
    put(world.north, gold, much)
    dear = replace(Charging.of(package.versions.get().reseller_fee.versions.get()), amount=Decimal(1000))
    fee_id = package.versions.get().reseller_fee_id
    revise_fee(actor=world.provider.actor, fee_id=fee_id, charging=dear, effective_on=TODAY, now=NOW)
    for ask in (preview, lambda market, holder, package, by: market.sell(holder, by=by, package=package)):
        with pytest.raises(PriceTooLarge) as refused:
            ask(market, world.shop, package, world.north)
        assert list(refused.value.errors) == ["unit_price"]
    with pytest.raises(BadLines) as refused:
        put(world.north, gold, replace(much, package_id=package.pk))
    assert refused.value.errors["lines"] == [{"value": ["Call recording would cost more than can be charged."]}]


def test_what_comes_later_does_not_count_yet(market, package):
    world = market.world
    later_on = price_list(world.north)
    rule(later_on, "fixed", "5", effective_on=later(1).date())
    assert preview(market, world.shop, package, world.north).amount == 20
    assert (
        preview_subscription(
            actor=world.north.actor, tenant_id=world.shop.id, offer=market.offer(package), now=later(1)
        ).account.amount
        == 5
    )


def test_each_level_pays_its_seller(market, package):
    """Without a rule the cost is passed on unchanged; a price list makes it another."""
    world = market.world
    small = market.package("Small wholesale", "reseller", {market.mailbox: 30})
    market.subscribe(world.north_east, by=world.north, package=small)
    sold = market.sell(world.kiosk, by=world.north_east, package=package)
    assert owed(sold) == {
        (world.kiosk.id, world.north_east.id): 20,
        (world.north_east.id, world.north.id): 10,
        (world.north.id, world.provider.id): 10,
    }
    rule(price_list(world.north, "reseller"), "markup", "25")
    rule(price_list(world.provider, "reseller", world.north), "off", "60")
    sold = market.sell(world.kiosk, by=world.north_east, package=package)
    assert owed(sold) == {
        (world.kiosk.id, world.north_east.id): 20,
        (world.north_east.id, world.north.id): 10,
        (world.north.id, world.provider.id): 8,
    }
    said = preview(market, world.kiosk, package, world.north_east)
    assert (said.cost, said.margin) == (10, 10)


def test_customers_of_a_commission_reseller_owe_the_provider(market):
    world = market.world
    package = recording(market)
    market.offers(world.south, package)
    sold = market.sell(world.mill, by=world.south, package=package)
    assert owed(sold) == {(world.mill.id, world.provider.id): 20}
    said = preview(market, world.mill, package, world.south)
    assert (said.amount, said.cost, said.margin) == (20, None, None)


def test_a_price_list_of_the_seller_counts_for_those_who_hold_it(market, package):
    world = market.world
    other = customer(world.north, "Other shop")
    rule(price_list(world.north, "customer", world.shop), "fixed", "17.5", package=package)
    rule(price_list(world.north, "customer"), "markup", "15", service_type=market.exchange)
    sold = sell_subscriptions(
        actor=world.north.actor, customer_ids=[world.shop.id, other.id], offer=market.offer(package), now=NOW
    )
    prices = {row.tenant_id: owed(row)[row.tenant_id, world.north.id] for row in sold}
    assert prices == {world.shop.id: Decimal("17.5"), other.id: Decimal("11.5")}
    assert PhaseFee.objects.filter(price_rule__isnull=False).count() == 2


def test_a_list_in_another_currency_does_not_count(market, package):
    world = market.world
    rule(price_list(world.north, currency="USD"), "fixed", "1")
    assert preview(market, world.shop, package, world.north).amount == 20


@pytest.mark.parametrize(("asked", "is_taken"), [("9", True), ("8.999999", False), ("30", True), ("30.01", False)])
def test_floor_and_ceiling_of_who_sells_to_the_seller(market, package, asked, is_taken):
    world = market.world
    rule(price_list(world.provider, "reseller"), "off", "50", floor=9, ceiling=30)
    if is_taken:
        assert market.sell(world.shop, by=world.north, package=package, unit_price=Decimal(asked))
        return
    for attempt in (
        lambda: market.sell(world.shop, by=world.north, package=package, unit_price=Decimal(asked)),
        lambda: preview(market, world.shop, package, world.north, unit_price=Decimal(asked)),
    ):
        with pytest.raises(PriceOutOfBounds) as refused:
            attempt()
        assert (refused.value.facts["floor"], refused.value.facts["ceiling"]) == ("9", "30")
        assert list(refused.value.errors) == ["unit_price"]


@pytest.mark.parametrize("bad", ["-1", "0.0000001", "NaN", "Infinity", "1000000000000"])
def test_a_price_is_a_price(market, package, bad):
    with pytest.raises(Invalid) as refused:
        market.sell(market.world.shop, by=market.world.north, package=package, unit_price=Decimal(bad))
    assert list(refused.value.errors) == ["unit_price"]


def test_a_price_has_the_currency_of_the_fees(market, package):
    for options, is_taken in (({"currency": "EUR"}, True), ({"currency": "USD"}, False)):
        offer = {"unit_price": Decimal(9), **options}
        if is_taken:
            assert market.sell(market.world.shop, by=market.world.north, package=package, **offer)
        else:
            with pytest.raises(Invalid):
                market.sell(market.world.shop, by=market.world.north, package=package, **offer)


def test_without_fees_nothing_is_owed_unless_the_seller_names_a_price(market, package):
    world = market.world
    assert owed(market.sell(world.shop, by=world.north)) == {}
    sold = market.sell(world.shop, by=world.north, unit_price=Decimal(4))
    assert owed(sold) == {(world.shop.id, world.north.id): 4}
    named = PhaseFee.objects.get(phase__subscription=sold)
    assert (named.public_name, named.currency, named.fee_version) == ("Standard", "EUR", None)


def test_cost_and_price_of_different_cycles_are_compared_by_month(market):
    world = market.world
    market.subscribe(world.north)
    yearly = market.package("Yearly", "customer", {market.mailbox: 1})
    fees = (fee(market, "reseller", "10").pk, fee(market, "account", "200", cycle="year").pk)
    change_package(
        actor=world.provider.actor,
        package_id=yearly.pk,
        name="Yearly",
        content=Content({market.mailbox.pk: 1}, *fees),
        is_shared=True,
        is_active=True,
        now=NOW,
    )
    said = preview(market, world.shop, yearly, world.north)
    assert (said.amount, said.cycle, said.cost, said.margin) == (200, "year", 120, 80)


def test_a_request_id_counts_once_at_its_price(market, package):
    world, request_id = market.world, uuid4()

    def sell(price, to=world.shop, once=request_id, **options):
        offer = market.offer(package, unit_price=Decimal(price), **options)
        return sell_subscription(actor=world.north.actor, customer_id=to.id, offer=offer, request_id=once, now=NOW)

    sold, corner, pending = sell("9"), customer(world.north, "Corner"), {"once": uuid4(), "starts_on": later(9).date()}
    assert sold == sell("9.00") == sell("9", starts_on=TODAY) == sell("9", source_id=sold.source_id)
    take_step(actor=world.north.actor, subscription_id=sold.pk, step=Move(corner.id), now=NOW)
    assert sell("9") == sold
    planned = sell("9", **pending)
    assert planned == sell("9", **pending)
    for other in (
        {"price": "8"},
        {"price": "9", "starts_on": TODAY + timedelta(days=1)},
        {"price": "9", "source_id": market.subscribe(world.north).pk},
        {"price": "9", "to": corner},
        {"price": "9", "quantity": 2},
        {"price": "9", **pending, "starts_on": None},
        {"price": "8", **pending},
    ):
        with pytest.raises(RequestReused):
            sell(**other)
    assert Subscription.objects.filter(package=package).count() == 2


def test_the_event_tells_the_price_and_no_cost(market, package):
    world = market.world
    market.sell(world.shop, by=world.north, package=package, unit_price=Decimal("8.50"))
    event = Event.objects.filter(kind="subscription.opened").latest("pk")
    assert event.after["unit_price"] == "8.5"
    assert (event.after["currency"], event.after["cycle"]) == ("EUR", "month")
    assert "10" not in {str(value) for value in event.after.values()}
    assert not {"cost", "margin"} & set(event.after)


def test_who_may_ask(market, package):
    world = market.world
    with pytest.raises(NotFound):
        preview(market, world.shop, package, world.south)
    with pytest.raises(Forbidden):
        preview(market, world.shop, package, world.shop)
    with pytest.raises(CommissionReseller):
        preview(market, world.south, market.wholesale, world.provider)
    assert preview(market, world.shop, package, world.provider).cost == 10


def test_many_holders_cost_no_more_statements(market, package, django_assert_num_queries):
    world = market.world
    rule(price_list(world.north, "customer", world.shop), "fixed", "17.5")
    holders = [world.shop.tenant, *(customer(world.north, f"Shop {n}").tenant for n in range(5))]
    version = package.versions.select_related("package", "reseller_fee", "account_fee").get()
    for some in (holders[:1], holders):
        with django_assert_num_queries(5):
            found = chain(world.north.tenant, version, some, TODAY)
    assert len(found.account) == 6
