from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from addons.models import AddOn, AddOnSale
from addons.refusals import (
    AddOnInactive,
    BelowMinimum,
    NotAssociated,
    NotYourAddOn,
    TargetNotActive,
    TooMuch,
)
from addons.services.add_ons import Value, associate_add_on, change_add_on, deactivate_add_on
from addons.services.ending import cancel_add_on_sale
from addons.services.sales import sell_add_on
from catalog.services.fees import Charging, revise_fee
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from subscriptions.models import Grant, Holding
from subscriptions.refusals import BelowUtilised, CycleNotOffered, OversellRefused, OwnSubscription
from subscriptions.services.life.standing import close_subscription, suspend_subscription
from subscriptions.services.selling.agreeing import Price
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.actor import Actor
from tenants.models import Event, Membership
from tenants.services.managers import assign_customers
from tests.addons.shop import allocated, let_oversell, sold_on
from tests.subscriptions.market import held
from tests.subscriptions.quotas import package, use
from tests.world import NOW, customer

LATER = NOW + timedelta(hours=1)


def cancel(shop, sale, by=None):
    return cancel_add_on_sale(actor=(by or shop.world.provider).actor, sale_id=sale.pk, now=NOW)


def test_only_the_raised_resource_changes(shop):
    """Resources sold as add-ons never merge with those of the package."""
    subscription = shop.market.sell(shop.world.direct)
    before = held(subscription, shop.market.mailbox)
    sale = shop.sell(subscription, quantity=2)
    assert held(subscription, shop.market.mailbox) == before
    assert held(subscription, shop.shared) == (19_998, 0, 0, 19_998)
    grant = Grant.objects.get(kind="add_on")
    assert (grant.source_id, grant.resource_id, grant.amount) == (sale.pk, shop.shared.pk, 19_998)
    assert (sale.unit_price, sale.unit_cost, sale.currency, sale.cycle) == (4, None, "EUR", "month")
    event = Event.objects.get(kind="add_on.sold")
    assert (event.tenant_id, event.subject_id, event.user_id) == (
        shop.world.direct.id,
        sale.pk,
        shop.world.provider.user.pk,
    )
    assert event.after["granted"] == {str(shop.shared.pk): 19_998}
    assert (event.at, event.request_id) == (NOW, "test")


def test_an_add_on_makes_room_for_one_more(shop):
    """As MachPanel has it (KB 50102, T76): five mailboxes are in use; one more is sold, and a seventh stays refused."""
    market = shop.market
    sold = market.sell(shop.world.direct, package=package(market, 5, overage=0))
    row = Holding.objects.filter(subscription=sold, resource=market.mailbox)
    for used, add_on, blocked in ((4, None, False), (5, None, True), (5, "One more", False), (6, None, True)):
        use(market, sold, used, NOW + timedelta(minutes=used))
        if add_on:
            shop.sell(sold, shop.make(add_on, {market.mailbox: 1, market.storage: 1}))
        assert (row.get().ceiling, row.get().is_blocked) == (6 if used == 6 or add_on else 5, blocked), used
    assert held(sold, market.storage)[0] == 1


def test_very_large_sales_add_up_exactly(shop):
    subscription = shop.market.subscribe(shop.world.north)
    for _time in range(3):
        shop.sell(subscription, quantity=99_999)
    assert allocated(subscription, shop.shared) == 3 * 999_890_001


def test_what_does_not_fit_into_64_bits_is_refused(shop):
    subscription = shop.market.subscribe(shop.world.north)
    huge = shop.make("Huge", {shop.shared: 10**12})
    for _time in range(92):
        shop.sell(subscription, huge, quantity=99_999)
    with pytest.raises(TooMuch):
        shop.sell(subscription, huge, quantity=99_999)
    assert allocated(subscription, shop.shared) == 92 * 99_999 * 10**12


def test_prices_are_the_holders_and_costs_the_sellers(shop):
    world, market = shop.world, shop.market
    of_north = shop.sell(market.subscribe(world.north))
    of_shop = shop.sell(market.sell(world.shop))
    assert (of_north.unit_price, of_north.unit_cost) == (Decimal("2.5"), None)
    assert (of_shop.unit_price, of_shop.unit_cost) == (4, Decimal("2.5"))
    assert (of_shop.seller_id, of_shop.tenant_id) == (world.north.id, world.shop.id)


def test_what_a_reseller_made_costs_it_nothing_and_those_beneath_it_its_price(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    own = shop.make("Own", {market.mailbox: 1}, by=world.north, reseller_price=Decimal(3))
    small = market.package("Small", "reseller", {market.mailbox: 20, market.storage: 100})
    market.subscribe(world.north_east, package=small)
    of_shop, of_kiosk = market.sell(world.shop), market.sell(world.kiosk)
    let_oversell(world.north)
    sales = [shop.sell(each, own, by=world.north) for each in (of_shop, of_kiosk)]
    assert [(sale.unit_price, sale.unit_cost) for sale in sales] == [(4, None), (4, 3)]


def test_it_is_paid_by_the_cycle_that_was_chosen(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    let_oversell(world.north)
    on = market.sell(world.shop)
    fee = shop.add_on.versions.get().account_fee
    said = replace(Charging.of(fee.versions.get()), amount_year=Decimal(40))
    revise_fee(actor=world.provider.actor, fee_id=fee.pk, charging=said, effective_on=NOW.date(), now=NOW)
    request = uuid4()
    sale = shop.sell(on, price=Price(cycle="year"), request_id=request)
    assert (sale.unit_price, sale.cycle, sale.unit_cost, sale.cost_cycle) == (40, "year", Decimal("2.5"), "month")
    assert shop.sell(on, price=Price(cycle="year"), request_id=request) == sale
    with pytest.raises(RequestReused):
        shop.sell(on, price=Price(cycle="month"), request_id=request)
    with pytest.raises(CycleNotOffered) as refused:
        shop.sell(on, price=Price(cycle="quarter"))
    assert list(refused.value.errors) == ["cycle"]
    api, body = world.provider.api(), {"subscription": on.pk, "add_on": shop.add_on.pk, "quantity": 2}
    told = api.post("add-on-sales/preview", body | {"cycle": "year"}).json()
    assert (told["cycle"], told["total"]["amount"], told["unit_cost"]["amount"]) == ("year", "80.00", "30.00")
    wrong = api.post("add-on-sales/preview", body | {"cycle": "quarter"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/cycle")


def test_a_request_sells_once(shop):
    subscription, request = shop.market.sell(shop.world.direct), uuid4()
    first = shop.sell(subscription, request_id=request)
    assert shop.sell(subscription, request_id=request) == first
    assert AddOnSale.objects.count() == 1
    with pytest.raises(RequestReused):
        shop.sell(subscription, quantity=2, request_id=request)


@pytest.mark.parametrize("quantity", [0, -1, 100_000])
def test_the_quantity_has_bounds(shop, quantity):
    with pytest.raises(Invalid) as refused:
        shop.sell(shop.market.sell(shop.world.direct), quantity=quantity)
    assert set(refused.value.errors) == {"quantity"}


def test_one_sale_grants_the_minimum_at_least(shop):
    actor, subscription = shop.world.provider.actor, shop.market.sell(shop.world.direct)
    change_add_on(actor=actor, add_on_id=shop.add_on.pk, values=[Value(shop.shared.pk, 10, 25)], now=NOW)
    with pytest.raises(BelowMinimum) as refused:
        shop.sell(subscription, quantity=2)
    assert refused.value.facts == {"resource": "Shared mailbox", "minimum": 25, "quantity": 2, "granted": 20}
    shop.sell(subscription, quantity=3)
    assert allocated(subscription, shop.shared) == 30


def test_what_cannot_be_sold_is_refused(shop):
    actor, subscription = shop.world.provider.actor, shop.market.sell(shop.world.direct)
    associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages=[shop.market.wholesale.pk], now=NOW)
    with pytest.raises(NotAssociated):
        shop.sell(subscription)
    associate_add_on(actor=actor, add_on_id=shop.add_on.pk, packages="all", now=NOW)
    suspend_subscription(actor=actor, subscription_id=subscription.pk, now=NOW)
    with pytest.raises(TargetNotActive):
        shop.sell(subscription)
    deactivate_add_on(actor=actor, add_on_id=shop.add_on.pk, now=NOW)
    with pytest.raises(AddOnInactive):
        shop.sell(shop.market.sell(shop.world.mill))
    assert not AddOnSale.objects.exists()


def test_nobody_sells_to_itself_or_to_strangers_or_what_is_not_theirs(shop):
    world, market = shop.world, shop.market
    of_north, of_mill = market.subscribe(world.north), market.sell(world.mill)
    own = shop.make("Own", {market.mailbox: 1}, by=world.north)
    with pytest.raises(OwnSubscription):
        shop.sell(of_north, own, by=world.north)
    with pytest.raises(NotFound):
        shop.sell(of_mill, own, by=world.north)
    shop.sell(of_north)
    of_shop = market.sell(world.shop)
    with pytest.raises(NotYourAddOn):
        shop.sell(of_shop, by=world.north)
    with pytest.raises(NotFound):
        shop.sell(of_shop, by=world.stranger)
    with pytest.raises(Forbidden):
        shop.sell(of_shop, by=world.shop)


def test_an_account_manager_sells_what_its_tenant_owns_to_its_customers(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    of_shop, of_corner = market.sell(world.shop), market.sell(customer(world.north, "Corner"))
    own = shop.make("Own", {market.mailbox: 1}, by=world.north)
    member = world.north.member("account_manager").membership_id
    assign_customers(actor=world.north.actor, membership_id=member, customer_ids=[world.shop.id], now=NOW)
    manager = Actor.of(Membership.objects.get(pk=member), "test")
    assert list(AddOn.objects.visible_to(manager)) == [own]  # the provider's sold nothing to Shop
    parts = {"actor": manager, "add_on_id": own.pk, "quantity": 2, "now": NOW}
    assert sell_add_on(subscription_id=of_shop.pk, request_id=uuid4(), **parts).seller_id == world.north.id
    with pytest.raises(NotFound):
        sell_add_on(subscription_id=of_corner.pk, request_id=uuid4(), **parts)


def test_a_seller_that_may_not_oversell_sells_what_is_left(shop):
    world, market = shop.world, shop.market
    of_north = market.subscribe(world.north)
    own = shop.make("Ten", {market.mailbox: 10}, by=world.north)
    of_shop = market.sell(world.shop, by=world.north)  # takes 10 of 100
    shop.sell(of_shop, own, quantity=9, by=world.north)  # exactly the rest
    assert sold_on(of_north, market.mailbox) == 100
    with pytest.raises(OversellRefused) as refused:
        shop.sell(of_shop, own, by=world.north)
    assert (refused.value.facts["remaining"], refused.value.facts["asked"]) == (0, 10)
    let_oversell(world.north)
    shop.sell(of_shop, own, by=world.north)
    assert held(of_north, market.mailbox) == (100, 110, 0, -10)


def test_cancelling_takes_back_what_was_granted_once(shop):
    world, market = shop.world, shop.market
    of_north, of_shop = market.subscribe(world.north), market.sell(world.shop)
    shop.sell(of_north, quantity=3)
    sale = shop.sell(of_shop, quantity=2)
    assert sold_on(of_north, shop.shared) == 19_998
    for _time in range(2):
        assert cancel(shop, sale).state == "cancelled"
    assert (allocated(of_shop, shop.shared), sold_on(of_north, shop.shared)) == (0, 0)
    assert Event.objects.filter(kind="add_on.cancelled").count() == 1
    assert Grant.objects.filter(source_id=sale.pk, kind="add_on").count() == 2


def test_only_those_above_the_holder_cancel(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    sale = shop.sell(market.subscribe(world.north))
    with pytest.raises(OwnSubscription):
        cancel(shop, sale, by=world.north)
    for stranger in (world.south, world.stranger):
        with pytest.raises(NotFound):
            cancel(shop, sale, by=stranger)


def test_what_is_taken_already_is_not_taken_back(shop):
    subscription = shop.market.sell(shop.world.direct)
    sale = shop.sell(subscription)
    actor = shop.world.provider.actor
    ingest_usage(actor=actor, measures=[Measure("1", subscription.pk, "shared_mailbox", 1, NOW)], now=NOW)
    with pytest.raises(BelowUtilised) as refused:
        cancel(shop, sale)
    assert (refused.value.facts["asked"], refused.value.facts["utilised"]) == (0, 1)
    ingest_usage(actor=actor, measures=[Measure("2", subscription.pk, "shared_mailbox", 0, LATER)], now=LATER)
    cancel(shop, sale)


def test_closing_a_subscription_ends_what_was_sold_on_it(shop):
    """Once, with one event each; what had ended before stays as it was, and another subscription's sales go on."""
    subscription, other = shop.market.sell(shop.world.direct), shop.market.subscribe(shop.world.north)
    ended, sale, apart = shop.sell(subscription), shop.sell(subscription, quantity=2), shop.sell(other)
    cancel(shop, ended)
    close_subscription(actor=shop.world.provider.actor, subscription_id=subscription.pk, now=LATER)
    assert dict(AddOnSale.objects.values_list("pk", "ended_at")) == {ended.pk: NOW, sale.pk: LATER, apart.pk: None}
    event = Event.objects.get(kind="add_on.cancelled", subject_id=sale.pk)
    assert (event.tenant_id, event.at) == (shop.world.direct.id, LATER)
    assert event.after["taken_back"] == {str(shop.shared.pk): 19_998}
    assert cancel(shop, sale).ended_at == LATER
    assert Event.objects.filter(kind="add_on.cancelled").count() == 2
    assert not Holding.objects.filter(subscription=subscription).exists()
