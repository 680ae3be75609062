"""The pair of fees of add-ons: who sees and edits what, what is charged by whom, and what sales keep of it."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from addons.models import AddOn, AddOnSale, AddOnSaleCost
from addons.owing import Price as Charged
from addons.refusals import NotYourAddOn
from addons.services.add_ons import Value, change_add_on
from addons.services.sales import preview_add_on_sale
from catalog.models import PriceList, PriceRule
from catalog.refusals import BeforeToday, ResellerFeeFixed, ShareWithResellers
from catalog.services.fees import Charging, change_fee, create_fee
from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound, RequestReused
from subscriptions.refusals import PriceOutOfBounds
from subscriptions.services.selling.agreeing import Price
from tenants.models import Event, User
from tests.addons.callers import answered, price
from tests.addons.shop import charges, copy_of, let_oversell, price_list, resources_of, work
from tests.catalog.operators import page, send, shown
from tests.subscriptions.prices import price_list as by_default
from tests.subscriptions.prices import rule
from tests.world import NOW


def fee(player, kind, amount, **options):
    values = {"name": f"{kind} {amount}", "currency": "EUR", "charging": Charging("", Decimal(amount)), "now": NOW}
    return create_fee(actor=player.actor, kind=kind, **values | options)


def change(shop, add_on=None, by=None, **changes):
    actor = (by or shop.world.provider).actor
    return change_add_on(actor=actor, add_on_id=(add_on or shop.add_on).pk, now=NOW, **changes)


def test_a_shared_add_on_needs_an_account_fee_that_resellers_see(shop):
    provider = shop.world.provider
    with pytest.raises(ShareWithResellers) as refused:
        change(shop, is_shared=True)
    assert "Share with resellers" in refused.value.detail
    with pytest.raises(IntegrityError), transaction.atomic():
        AddOn.objects.filter(pk=shop.add_on.pk).update(is_shared=True)
    account = shop.add_on.versions.get().account_fee
    switches = {"name": account.name, "applies_more_than_once": True, "is_active": True}
    change_fee(actor=provider.actor, fee_id=account.pk, is_shared=True, now=NOW, **switches)
    change(shop, is_shared=True)
    with pytest.raises(ShareWithResellers):
        change_fee(actor=provider.actor, fee_id=account.pk, is_shared=False, now=NOW, **switches)
    with pytest.raises(ShareWithResellers):
        change(shop, account_fee_id=fee(provider, "account", 5).pk)


def test_what_is_shared_is_seen_and_sold_by_those_beneath_at_their_price(shop):
    world, market = shop.world, shop.market
    shared = shop.make("Archive", {shop.shared: 1}, is_shared=True)
    market.subscribe(world.north)
    of_shop = market.sell(world.shop)
    let_oversell(world.north)
    assert set(AddOn.objects.visible_to(world.north.actor)) == {shared}
    assert not AddOn.objects.visible_to(world.stranger_reseller.actor).exists()
    with pytest.raises(NotFound):
        shop.sell(of_shop, by=world.north)  # not shared
    sale = shop.sell(of_shop, shared, by=world.north, price=Price(Decimal(8)))
    assert (sale.unit_price, sale.unit_cost, sale.issuer_id) == (8, Decimal("2.5"), world.north.id)
    with pytest.raises(NotYourAddOn):
        change(shop, shared, by=world.north, name="Mine")


def test_a_reseller_edits_what_it_manages_but_not_what_it_owes(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    of_shop = market.sell(world.shop)
    theirs = shop.make(
        "Theirs", {market.mailbox: 1}, managed_by_id=world.north.id, account_fee_id=fee(world.north, "account", 9).pk,
        customer_price=None,
    )  # fmt: skip
    assert (theirs.tenant_id, charges(theirs)) == (world.north.id, (Decimal("2.5"), 9))
    change(shop, theirs, by=world.north, customer_price=Decimal(11), name="Ours")
    for wrong in ({"reseller_price": Decimal(1)}, {"reseller_fee_id": None}):
        with pytest.raises(ResellerFeeFixed):
            change(shop, theirs, by=world.north, **wrong)
    for rival in (world.south, world.stranger, world.shop):
        with pytest.raises((NotFound, Forbidden)):
            change(shop, theirs, by=rival, name="Mine")
    change(shop, theirs, reseller_price=Decimal(3))
    let_oversell(world.north)
    sale = shop.sell(of_shop, theirs, by=world.north)
    assert (sale.unit_price, sale.unit_cost) == (11, 3)
    api = world.north.api()
    row = answered(api.get(f"add-ons/{theirs.pk}"))
    assert (row["name"], row["reseller_price"], row["customer_price"]) == ("Ours", price("3.00"), price("11.00"))
    patch = {"reseller_price": price("1")}
    refused = api.patch(f"add-ons/{theirs.pk}", patch)
    assert answered(refused, 403)["code"] == "reseller-fee-fixed"
    page = world.north.browser().get(f"/portal/add-ons/{theirs.pk}/edit/")
    form = page.context["form"]
    assert form.fields["reseller_fee"].disabled
    assert "reseller_price" not in form.fields


def test_a_change_counts_from_its_day_on_and_what_is_sold_stays(shop):
    subscription = shop.market.sell(shop.world.direct)
    sold = shop.sell(subscription)
    later = NOW.date() + timedelta(days=30)
    change(shop, customer_price=Decimal(6), values=[Value(shop.shared.pk, 5)], effective_on=later)
    assert shop.sell(subscription).unit_price == 4
    assert resources_of(shop.add_on) == [(shop.shared, 5, 0)]
    assert AddOnSale.objects.get(pk=sold.pk).version_id == shop.add_on.versions.earliest("pk").pk
    with pytest.raises(BeforeToday):
        change(shop, customer_price=Decimal(7), effective_on=NOW.date() - timedelta(days=1))
    rows = answered(shop.world.provider.api().get(f"add-ons/{shop.add_on.pk}/versions"))["results"]
    assert [row["effective_on"] for row in rows] == [later.isoformat(), NOW.date().isoformat()]
    page = shop.world.provider.browser().get(f"/console/add-ons/{shop.add_on.pk}/?tab=versions").content.decode()
    assert "Used by: Active sales (2)" in page


def test_fees_are_chosen_in_place_of_prices(shop, api):
    provider = shop.world.provider
    seats, cost = fee(provider, "account", 12), fee(provider, "reseller", 10)
    body = {
        "service_type": shop.market.exchange.pk,
        "name": "Rooms",
        "values": [{"resource": shop.rooms.pk, "value": 1}],
        "reseller_fee": cost.pk,
        "account_fee": seats.pk,
    }
    row = answered(api.post("add-ons", body), 201)
    assert (row["reseller_fee"], row["account_fee"], row["customer_price"]) == (cost.pk, seats.pk, price("12.00"))
    both = answered(api.post("add-ons", body | {"name": "B", "customer_price": price("1")}), 422)
    assert [error["pointer"] for error in both["errors"]] == ["#/customer_price"]
    wrong = answered(api.post("add-ons", body | {"name": "C", "account_fee": cost.pk}), 422)
    assert wrong["code"] == "fee-does-not-fit"
    # the fee is of two add-ons now: a price for one of them is a fee of its own
    other = answered(api.post("add-ons", body | {"name": "D"}), 201)
    changed = answered(api.patch(f"add-ons/{other['id']}", {"customer_price": price("13")}))
    assert changed["account_fee"] not in (seats.pk, other["account_fee"] + 10**6)
    assert (changed["customer_price"], changed["reseller_fee"]) == (price("13.00"), cost.pk)
    assert answered(api.get(f"add-ons/{row['id']}"))["customer_price"] == price("12.00")


def test_the_sellers_price_list_counts_and_its_own_price_before_it(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    of_shop = market.sell(world.shop)
    let_oversell(world.north)
    price_list(world.north, world.shop, shop.add_on, Decimal("7.77"))
    price_list(world.provider, world.north, shop.add_on, Decimal(2), floor=Decimal(3), ceiling=Decimal(9))
    sale = shop.sell(of_shop)
    assert (sale.unit_price, sale.unit_cost) == (Decimal("7.77"), 2)
    asked = {"subscription_id": of_shop.pk, "add_on_id": shop.add_on.pk, "quantity": 3, "now": NOW}
    quote = preview_add_on_sale(actor=world.provider.actor, price=Price(Decimal(5)), **asked)
    assert (quote.unit_price, quote.unit_cost, quote.margin, quote.total) == (5, 2, 3, 15)
    for wrong, refusal in ((Decimal(1), PriceOutOfBounds), (Decimal("9.01"), PriceOutOfBounds), (Decimal(-1), Invalid)):
        with pytest.raises(refusal):
            shop.sell(of_shop, price=Price(wrong))
    request = uuid4()
    assert shop.sell(of_shop, price=Price(Decimal(5)), request_id=request).unit_price == 5
    with pytest.raises(RequestReused):
        shop.sell(of_shop, price=Price(Decimal(6)), request_id=request)
    assert shop.sell(market.subscribe(world.north)).unit_price == 2


def test_below_cost_is_warned_of_and_sold(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    of_shop = market.sell(world.shop)
    let_oversell(world.north)
    browser = world.provider.browser()
    url = f"/console/subscriptions/{of_shop.pk}/add-ons/new/"
    values = {"request_id": uuid4(), "add_on": shop.add_on.pk, "quantity": 2, "unit_price": "1.5"}
    page = browser.post(url, values | {"preview": "1"})
    assert page.status_code == 200
    assert "below the cost" in page.content.decode()
    assert not AddOnSale.objects.exists()
    api = world.provider.api()
    body = {"subscription": of_shop.pk, "add_on": shop.add_on.pk, "quantity": 2, "unit_price": price("1.5")}
    said = answered(api.post("add-on-sales/preview", body))
    assert (said["margin"], said["is_below_cost"], said["total"]) == (price("-1.00"), True, price("3.00"))
    assert browser.post(url, values).status_code == 302
    assert AddOnSale.objects.get().unit_price == Decimal("1.5")


def test_each_level_owes_its_own_seller_and_sees_no_more(shop):
    """The provider's add-on, sold to the customer of a sub-reseller: what North owes stands beside the sale."""
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    small = market.package("Small", "reseller", {market.mailbox: 20, market.storage: 100})
    market.subscribe(world.north_east, by=world.north, package=small)
    of_kiosk, of_shop = market.sell(world.kiosk), market.sell(world.shop)
    for each in (world.north, world.north_east):
        let_oversell(each)
    price_list(world.north, world.north_east, shop.add_on, Decimal("3.25"))
    sale = shop.sell(of_kiosk)
    assert (sale.unit_price, sale.unit_cost, sale.issuer_id) == (4, Decimal("3.25"), world.north_east.id)
    (cost,) = sale.costs.all()
    owed = (cost.payer_id, cost.issuer_id, cost.unit_price, cost.fee_version_id)
    said = shop.add_on.versions.get().reseller_fee.versions.get()
    assert owed == (world.north.id, world.provider.id, Decimal("2.5"), said.pk)
    assert not shop.sell(of_shop).costs.exists()
    outcomes = work(shop.start(shop.to_customers()))
    assert set(outcomes.values()) == {"sold"}
    assert AddOnSaleCost.objects.filter(sale__subscription=of_kiosk).count() == 2
    seen = {name: AddOnSaleCost.objects.visible_to(getattr(world, name).actor).count() for name in vars(world)}
    assert {name for name, number in seen.items() if number} == {"provider", "north"}


def test_what_a_commission_reseller_sells_is_owed_above(shop):
    sale = shop.sell(shop.market.sell(shop.world.mill))
    assert (sale.seller_id, sale.issuer_id, sale.unit_cost) == (shop.world.south.id, shop.world.provider.id, None)


def test_a_bulk_sale_freezes_a_price_for_each_seller_and_list(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    let_oversell(world.north)
    of_shop, of_direct = market.sell(world.shop), market.sell(world.direct)
    price_list(world.north, world.shop, shop.add_on, Decimal(7))
    order = shop.to_customers()
    charged = {(each.seller_name, each.amount, each.cost) for each in shop.preview(order).charges}
    assert charged == {("North", 7, Decimal("2.5")), ("Groupware GmbH", 4, 0)}
    bulk = shop.start(order)
    assert bulk.prices.count() == 2
    change(shop, customer_price=Decimal(99))
    PriceRule.objects.create(
        price_list=PriceList.objects.get(), effective_on=NOW, add_on_id=shop.add_on.pk, method="fixed", value=88,
        made_at=NOW,
    )  # fmt: skip
    late = price_list(world.provider, world.direct, shop.add_on, Decimal(5))
    work(bulk)
    assert dict(AddOnSale.objects.values_list("subscription_id", "unit_price")) == {of_shop.pk: 7, of_direct.pk: 5}
    assert late.pk in set(bulk.prices.values_list("price_list_id", flat=True))
    row = answered(world.provider.api().get(f"bulk-sales/{bulk.pk}"))
    assert row["unit_price"] is None


def test_a_copy_costs_what_the_originals_fee_says(shop):
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    of_shop = market.sell(world.shop)
    shop.run(shop.to_resellers(world.north, create_copy=True, quantity=9))
    copy = copy_of(shop.add_on)
    change(shop, copy, by=world.north, customer_price=Decimal(9))
    assert shop.sell(of_shop, copy, by=world.north).unit_cost == Decimal("2.5")
    change(shop, reseller_price=Decimal(6))
    sale = shop.sell(of_shop, copy, by=world.north)
    assert (sale.unit_price, sale.unit_cost) == (9, 6)
    page = world.north.browser().get(f"/portal/add-ons/{copy.pk}/").content.decode()
    assert "What it costs you" in page
    assert "€6.00" in page


def test_what_a_copy_costs_does_not_follow_from_its_own_price(shop):
    """Nor does what a reseller made itself cost anything above it."""
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    of_shop = market.sell(world.shop)
    shop.run(shop.to_resellers(world.north, create_copy=True))
    copy = copy_of(shop.add_on)
    change(shop, copy, by=world.north, customer_price=Decimal(1))
    rule(by_default(world.provider, "reseller"), "off", "50")
    let_oversell(world.north)
    own = shop.make("Own", {market.mailbox: 1}, by=world.north, reseller_price=None)
    assert [shop.sell(of_shop, one, by=world.north).unit_cost for one in (copy, own)] == [2, None]


def test_operators_change_what_is_not_sold_through_the_services(shop):
    provider = shop.world.provider
    User.objects.filter(pk=provider.user.pk).update(is_staff=True, is_superuser=True)
    operator = provider.browser()
    address = page(shop.add_on)
    send(operator, address, name="Renamed", description="")
    assert AddOn.objects.get(pk=shop.add_on.pk).name == "Renamed"
    assert Event.objects.get(kind="add_on.changed").user_id == provider.user.pk
    refused = send(operator, address, is_shared="on")
    assert "Share with resellers" in refused.content.decode()
    counts = {name: value for name, value in shown(operator.get(address)).items() if name.endswith("_FORMS")}
    sale = shop.sell(shop.market.sell(shop.world.direct))
    assert operator.get(address).status_code == 200
    assert operator.post(address, counts | {"name": "X"}).status_code == 403
    of_sale = reverse("admin:addons_addonsale_change", args=[sale.pk])
    assert operator.get(of_sale).status_code == 200
    assert operator.post(of_sale, {"quantity": 2}).status_code == 403
    for name in ("addon", "addonsale"):
        assert operator.get(reverse(f"admin:addons_{name}_changelist") + "?q=1").status_code == 200


def test_a_cost_that_is_owed_once_counts_once_for_many():
    terms = {"issuer_id": 2, "unit_price": Decimal(9), "currency": "EUR", "cycle": "year", "fee_version_id": None}
    terms |= {"cost_cycle": "month", "cost_fee_version_id": None, "unit_cost": Decimal(5)}
    assert Charged(**terms, applies_more_than_once=True).issuers_cost(10) == (600, False)
    assert Charged(**terms, applies_more_than_once=False).issuers_cost(10) == (60, True)
    above = [{"payer_id": 2, "unit_price": "4", "cycle": "year", "applies_more_than_once": False}]
    sold_on_commission = Charged(**terms | {"unit_cost": None}, applies_more_than_once=True, above=above)
    assert sold_on_commission.issuers_cost(10) == (4, True)
