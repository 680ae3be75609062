"""Nobody has a hand in what it owes itself, nor, on commission, gives away what is owed to somebody else."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import PriceList
from catalog.refusals import CommissionLists
from catalog.selectors.explaining import explain
from catalog.services.fees import Charging, revise_fee
from catalog.services.packages import Content
from subscriptions.refusals import BilledByAnother
from subscriptions.services.life.settling import settle_due
from subscriptions.services.selling.plans import create_plan
from tests.catalog.lists import line, make, preview, put
from tests.subscriptions.prices import TODAY, fee, later, owed, price_list, recording, rule
from tests.subscriptions.pushes import Sold
from tests.world import NOW


def revise(by, of, amount, **terms):
    """A fee says another amount from today on."""
    charging = replace(Charging.of(of.versions.latest("pk")), amount=Decimal(amount), **terms)
    revise_fee(actor=by.actor, fee_id=of.pk, charging=charging, effective_on=TODAY, now=NOW)


@pytest.mark.parametrize("who", ["north", "north_east"])
def test_what_is_owed_does_not_follow_from_a_fee_of_who_owes_it(market, who):
    """A package that a reseller manages: half of its own account fee would be half of what it likes. At two depths."""
    world = market.world
    manager = getattr(world, who)
    above, holder = (world.provider, world.shop) if who == "north" else (world.north, world.kiosk)
    market.subscribe(world.north)
    if who == "north_east":
        market.subscribe(manager, by=above, package=market.package("Small", "reseller", {market.mailbox: 30}))
    account = fee(market, "account", "20", by=manager)
    pair = {"reseller_fee_id": fee(market, "reseller", "10", by=above).pk, "account_fee_id": account.pk}
    package = market.package("Ours", "customer", {market.mailbox: 1}, fees=pair, managed_by_id=manager.id)
    rule(price_list(above, "reseller"), "off", "50")
    first = owed(market.sell(holder, by=manager, package=package))
    revise(manager, account, "2")
    sold = market.sell(holder, by=manager, package=package)
    assert first[manager.id, above.id] == owed(sold)[manager.id, above.id] == 10
    revise(manager, account, "0.5")
    settle_due(now=later(31))
    assert owed(sold)[manager.id, above.id] == 10


@pytest.mark.parametrize("own", [None, {"applies_more_than_once": False}, {"cycle": "year"}])
def test_a_plan_of_a_resellers_own_is_owed_to_nobody_above_it(market, own):
    """Its allocation was bought. What it charges those beneath it says nothing about what it owes."""
    world = market.world
    market.subscribe(world.north)
    fees = {"account_fee_id": fee(market, "account", "30", by=world.north).pk}
    if own is not None:
        fees["reseller_fee_id"] = fee(market, "reseller", "5", by=world.north, **own).pk
    content = Content({market.mailbox.pk: 1}, **fees)
    parts = {"service_type_id": market.exchange.pk, "name": "Plan", "content": content, "now": NOW}
    plan = create_plan(actor=world.north.actor, **parts)
    for method, value in (("off", "50"), ("fixed", "6")):
        PriceList.objects.update(is_default=False)
        rule(price_list(world.provider, "reseller"), method, value)
        assert owed(market.sell(world.shop, by=world.north, package=plan)) == {(world.shop.id, world.north.id): 30}


def test_a_price_that_a_list_makes_is_shown_where_it_is_made(market):
    """A package that a reseller manages and owes a fee for: in the grid, its preview, the explanation and the sale."""
    world = market.world
    market.subscribe(world.north)
    pair = {"reseller_fee_id": fee(market, "reseller", "10").pk}
    pair["account_fee_id"] = fee(market, "account", "20", by=world.north).pk
    package = market.package("Ours", "customer", {market.mailbox: 1}, fees=pair, managed_by_id=world.north.id)
    tier = make(world.provider, "reseller", is_default=True)
    assert "Ours" in world.provider.browser().get(reverse("console:price_list_prices", args=[tier.pk])).text
    lines = [line("fixed", "7"), line("off", "50", package_id=package.pk)]
    changed = preview(world.provider, tier, *lines)
    assert [(one.was, one.becomes) for one in changed if one.thing.about.package_id == package.pk] == [(10, 7)]
    put(world.provider, tier, line("fixed", "7"))
    said = explain(world.provider.actor, buyer_id=world.north.id, package_id=package.pk, on=TODAY)
    assert (said.amount, said.thing.recommended) == (7, None)
    assert owed(market.sell(world.shop, by=world.north, package=package))[world.north.id, world.provider.id] == 7
    asked = {"buyer": world.north.id, "package": package.pk, "on": TODAY.isoformat()}
    assert world.provider.api().post("prices/explain", asked).json()["amount"]["amount"] == "7.00"
    assert world.south.api().post("prices/explain", asked).status_code == 404


@pytest.fixture
def commission(market):
    """South sells call recording on commission; its customers owe the provider 20."""
    package = recording(market)
    market.offers(market.world.south, package)
    return Sold(market, package)


def test_on_commission_nothing_is_given_away(market, commission):
    """More may be asked, and whoever bills may ask less."""
    world, package = market.world, commission.package
    account = (world.mill.id, world.provider.id)
    for wrong in ("0", "19.99"):
        with pytest.raises(BilledByAnother) as refused:
            market.sell(world.mill, by=world.south, package=package, unit_price=Decimal(wrong))
    assert refused.value.facts == {"amount": "20", "currency": "EUR"}
    body = {"tenant": world.mill.id, "package": package.pk, "service_instance": market.instance.pk, "quantity": 1}
    body["unit_price"] = {"amount": "0.00", "currency": "EUR"}
    for path in ("subscriptions", "subscriptions/preview"):
        answer = world.south.api().post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "billed-by-another")
        assert [error["pointer"] for error in answer.json()["errors"]] == ["#/unit_price"]
    for seller, price in ((world.south, "25"), (world.south, "20"), (world.provider, "8")):
        sold = market.sell(world.mill, by=seller, package=package, unit_price=Decimal(price))
        assert owed(sold) == {account: Decimal(price)}


def test_on_commission_the_lists_of_who_bills_count(market, commission):
    """In the sale, in its explanation and at renewal; a list of the seller's own counts for nothing."""
    world, package = market.world, commission.package
    rule(price_list(world.south), "fixed", "1")
    sold = commission.sell(world.mill, world.south)
    assert owed(sold)[world.mill.id, world.provider.id] == 20
    rule(price_list(world.provider), "fixed", "18")
    said = explain(world.south.actor, buyer_id=world.mill.id, package_id=package.pk, on=TODAY)
    assert (said.amount, said.cost) == (18, None)
    assert owed(commission.sell(world.mill, world.south))[world.mill.id, world.provider.id] == 18
    settle_due(now=later(31))
    assert owed(sold)[world.mill.id, world.provider.id] == 18


def test_on_commission_who_bills_pushes_its_price(market, commission):
    sold = commission.sell(market.world.mill, market.world.south)
    commission.charge("account", "24")
    assert commission.push(market.world.south, limits=False) == {sold.pk: "unchanged"}
    assert commission.push(market.world.provider, limits=False) == {sold.pk: "changed"}
    assert owed(sold) == {(market.world.mill.id, market.world.provider.id): 24}


def test_on_commission_a_list_is_refused_with_the_reason(market):
    with pytest.raises(CommissionLists):
        make(market.world.south)
    answer = market.world.south.api().post("price-lists", {"name": "G", "audience": "customer", "currency": "EUR"})
    assert (answer.status_code, answer.json()["code"]) == (403, "commission-reseller")
