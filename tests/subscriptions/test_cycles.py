"""By which billing cycle something is paid: chosen when it is sold, and kept."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from catalog.selectors.explaining import explain
from resellerhub.kernel.refusals import RequestReused
from subscriptions.models import PhaseFee, PlannedChange, Subscription
from subscriptions.refusals import CycleNotOffered
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.ordering.orderable import NotOrderable, preview_order
from subscriptions.services.ordering.orders import TermsChanged, approve_order
from subscriptions.services.selling.opening import preview_subscription, sell_subscription
from tenants.models import Event
from tenants.services.moves import move_tenant
from tests.subscriptions.life import Stage, sound
from tests.subscriptions.prices import TODAY, fee, later, price_list, rule
from tests.subscriptions.pushes import Sold
from tests.subscriptions.test_orders import listed, order
from tests.world import NOW

YEAR = {"amount_year": Decimal(200)}


def cycles(subscription) -> dict[str, tuple[Decimal, str]]:
    """Of what is owed today: by stream, the price and its cycle."""
    fees = PhaseFee.objects.filter(phase__subscription=subscription, phase__ends_on=None)
    return {row.stream: (row.unit_price, row.cycle) for row in fees}


def with_fees(market, name: str, reseller=(), account=()):
    charges = [fee(market, "reseller", "10", name=f"{name} cost", charging=dict(reseller))]
    charges.append(fee(market, "account", "20", name=name, charging=dict(account)))
    pair = dict(zip(("reseller_fee_id", "account_fee_id"), (one.pk for one in charges), strict=True))
    return market.package(name, "customer", {market.mailbox: 1}, pair)


@pytest.fixture
def package(market):
    """20 a month or 200 a year, and 5 at first; a reseller owes 10 a month, whatever its customer pays by."""
    market.subscribe(market.world.north)
    return with_fees(market, "Call recording", (), YEAR | {"activation_amount": Decimal(5)})


def preview(market, package, by=None, holder=None, **options):
    world = market.world
    seller, tenant = by or world.north, holder or world.shop
    offer = market.offer(package, **options)
    return preview_subscription(actor=seller.actor, tenant_id=tenant.id, offer=offer, now=NOW)


def sell(market, package, **options):
    return market.sell(market.world.shop, by=market.world.north, package=package, **options)


def test_it_is_paid_by_the_cycle_that_was_chosen(market, package):
    said = preview(market, package, cycle="year", quantity=2)
    assert (said.account.amount, said.account.cost, said.account.margin, said.total.amount) == (200, 120, 80, 400)
    assert [(line.code, line.amount, line.starts_on, line.ends_on) for line in said.lines] == [
        ("charge", 400, TODAY, date(2027, 11, 20)),
        ("activation", 5, TODAY, TODAY),
    ]
    assert (said.first_total.amount, said.next_on) == (405, date(2027, 11, 20))
    assert [(line.amount, line.ends_on) for line in said.cost_lines] == [(20, date(2026, 12, 20))]
    row = sell(market, package, cycle="year", quantity=2)
    assert cycles(row) == {"account": (200, "year"), "reseller": (10, "month")}
    assert (row.renews_on, row.anchor_day) == (date(2027, 11, 20), 20)
    event = Event.objects.filter(kind="subscription.opened").latest("pk").after
    assert (event["total"], event["cycle"], len(event["lines"])) == ("405.00", "year", 2)
    assert cycles(sell(market, package)) == {"account": (20, "month"), "reseller": (10, "month")}


def test_what_is_not_offered_is_refused_at_the_field(market, package):
    for attempt in (lambda: preview(market, package, cycle="quarter"), lambda: sell(market, package, cycle="quarter")):
        with pytest.raises(CycleNotOffered) as refused:
            attempt()
        assert (list(refused.value.errors), refused.value.facts["offered"]) == (["cycle"], "per month, per year")
    with pytest.raises(CycleNotOffered):
        sell(market, market.standard, cycle="year")


def test_each_level_pays_by_it_where_its_own_fee_is_offered_by_it(market):
    """And the list of who sells decides by package and cycle."""
    world = market.world
    market.subscribe(world.north)
    package = with_fees(market, "Seats", {"amount_year": Decimal(96)}, YEAR)
    rule(price_list(world.provider, "reseller"), "off", "10")
    prices = price_list(world.north)
    rule(prices, "off", "5", package=package)
    assert cycles(sell(market, package, cycle="year")) == {"account": (190, "year"), "reseller": (180, "year")}
    rule(prices, "fixed", "150", package=package, cycle="year")
    said = preview(market, package, cycle="year")
    assert (said.account.amount, said.account.cost, said.account.priced.rule.cycle) == (150, 180, "year")
    assert preview(market, package).account.amount == 19
    for cycle, amount in (("year", 150), ("month", 19), ("quarter", 57)):
        told = explain(world.north.actor, buyer_id=world.shop.id, package_id=package.pk, cycle=cycle, on=TODAY)
        assert told.amount == amount


def test_a_pending_sale_keeps_it_whatever_the_fee_offers_then(market, package):
    day = date(2026, 12, 1)
    row = sell(market, package, cycle="year", starts_on=day)
    assert PlannedChange.objects.get().cycle == "year"
    Sold(market, package).charge("account", "30", amount_year=None)
    Stage.due(None, row, later(20))
    assert (row.state, cycles(row)["account"]) == ("active", (200, "year"))
    assert sound()


def test_a_repeated_sale_is_by_the_same_cycle(market, package):
    world, request_id = market.world, uuid4()

    def again(**options):
        return sell_subscription(
            actor=world.north.actor,
            customer_id=world.shop.id,
            offer=market.offer(package, **options),
            request_id=request_id,
            now=NOW,
        )

    day = {"starts_on": date(2026, 12, 1), "unit_price": Decimal(190)}
    first = again(cycle="year", **day)
    assert again(cycle="year", **day) == first == again(**day)
    with pytest.raises(RequestReused):
        again(cycle="month", **day)


def test_a_change_of_package_keeps_it_where_that_is_offered(market, stage, package):
    row = sell(market, package, cycle="year")
    other, monthly = with_fees(market, "Other", (), {"amount_year": Decimal(300)}), with_fees(market, "Monthly")
    quote = stage.preview(row, ChangePackage(other.pk))
    assert (quote.unit_price, quote.cycle, quote.cycle_before) == (300, "year", "year")
    quote = stage.preview(row, ChangePackage(monthly.pk, when="now"))
    assert (quote.unit_price, quote.cycle, quote.cycle_before) == (20, "month", "year")
    with pytest.raises(CycleNotOffered):
        stage.preview(row, ChangePackage(monthly.pk, cycle="year"))
    stage.take(row, ChangePackage(other.pk))
    assert cycles(row)["account"] == (300, "year")


def test_the_cycle_alone_changes_and_a_shorter_one_waits_for_the_end_of_the_term(market, stage, package):
    row = sell(market, package)
    stage.take(row, ChangePackage(package.pk, cycle="year", when="now"), later(10))
    assert (cycles(row)["account"], row.renews_on) == ((200, "year"), date(2027, 11, 30))
    quote = stage.preview(row, ChangePackage(package.pk, cycle="month"), later(20))
    assert (quote.is_planned, quote.on, quote.unit_price) == (True, date(2027, 11, 30), 20)
    stage.take(row, ChangePackage(package.pk, cycle="month"), later(20))
    assert PlannedChange.objects.get().cycle == "month"
    Stage.due(None, row, later(376))
    assert (cycles(row)["account"], row.renews_on) == ((20, "month"), date(2027, 12, 30))
    assert sound()


def test_pushes_and_another_seller_keep_it_where_it_is_offered(market, package):
    world, sold = market.world, Sold(market, package)
    row = sell(market, package, cycle="year")
    sold.charge("account", "24", amount_year=Decimal(240))
    assert sold.push(world.north, limits=False) == {row.pk: "changed"}
    assert cycles(row)["account"] == (240, "year")
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=world.provider.id, now=NOW)
    assert cycles(row) == {"account": (240, "year")}
    sold.charge("account", "24", amount_year=None)
    assert sold.push(world.provider, limits=False) == {row.pk: "changed"}
    assert cycles(row)["account"] == (24, "month")


def test_who_orders_chooses_unless_the_seller_did(market, package):
    world = market.world
    entry = listed(market, package, needs_approval=True)
    said = preview_order(actor=world.shop.actor, listing_id=entry.pk, quantity=2, cycle="year", now=NOW)
    assert (said.account.amount, said.total, said.first_total) == (200, 400, 405)
    with pytest.raises(CycleNotOffered):
        order(entry, world.shop, cycle="quarter")
    row = order(entry, world.shop, cycle="year")
    assert (row.unit_price, row.cycle) == (200, "year")
    Sold(market, package).charge("account", "20", amount_year=Decimal(300))
    approve_order(actor=world.north.actor, order_id=row.pk, now=later(1))
    assert cycles(Subscription.objects.latest("pk"))["account"] == (200, "year")
    row = order(entry, world.shop, cycle="year")
    Sold(market, package).charge("account", "20", amount_year=None)
    with pytest.raises(TermsChanged):
        approve_order(actor=world.north.actor, order_id=row.pk, now=later(1))


def test_a_listing_by_one_cycle_is_ordered_by_that(market, package):
    world = market.world
    entry = listed(market, package, cycle="year", unit_price=Decimal(180), currency="EUR")
    with pytest.raises(CycleNotOffered):
        order(entry, world.shop, cycle="month")
    assert cycles(order(entry, world.shop).subscription)["account"] == (180, "year")
    other = with_fees(market, "Other", (), YEAR)
    with pytest.raises(CycleNotOffered) as refused:
        listed(market, other, cycle="quarter")
    assert list(refused.value.errors) == ["cycle"]
    priced = listed(market, other, unit_price=Decimal(18), currency="EUR")
    with pytest.raises(CycleNotOffered):
        order(priced, world.shop, cycle="year")
    Sold(market, package).charge("account", "20", amount_year=None)
    with pytest.raises(NotOrderable):
        order(entry, world.shop)


def test_over_rest(market, package):
    world = market.world
    north, shop = world.north.api(), world.shop.api()
    body = {"tenant": world.shop.id, "package": package.pk, "service_instance": market.instance.pk, "cycle": "year"}
    told = north.post("subscriptions/preview", body).json()
    assert (told["unit_price"]["amount"], told["cycle"], told["seller_cost"]["amount"]) == ("200.00", "year", "120.00")
    assert [(line["code"], line["amount"]["amount"]) for line in told["lines"]] == [
        ("charge", "200.00"),
        ("activation", "5.00"),
    ]
    assert (told["first_total"]["amount"], told["seller_cost_total"]["amount"]) == ("205.00", "10.00")
    for path in ("subscriptions/preview", "subscriptions"):
        wrong = north.post(path, body | {"cycle": "quarter"})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/cycle")
        assert world.south.api().post(path, body).status_code == 404
        assert shop.post(path, body).status_code == 403
    sold = north.post("subscriptions", body).json()
    assert (sold["unit_price"]["amount"], sold["cycle"]) == ("200.00", "year")
    path = f"subscriptions/{sold['id']}"
    change = {"package": package.pk, "cycle": "month"}
    told = north.post(f"{path}/preview", {"operation": "change", **change}).json()
    assert (told["cycle"], told["cycle_before"], told["is_planned"]) == ("month", "year", True)
    assert north.post(f"{path}/change", {"quantity": 1, "cycle": "month"}).status_code == 422
    assert north.post(f"{path}/change", change).json()["planned"]["cycle"] == "month"


def test_self_service_over_rest(market, package):
    north, shop = market.world.north.api(), market.world.shop.api()
    entry = {"package": package.pk, "service_instance": market.instance.pk}
    assert north.post("listings", entry | {"cycle": "quarter"}).json()["errors"][0]["pointer"] == "#/cycle"
    made = north.post("listings", entry).json()
    said = [(one["cycle"], one["price"]["amount"]) for one in shop.get(f"listings/{made['id']}").json()["prices"]]
    assert said == [("month", "20.00"), ("year", "200.00")]
    told = shop.post(f"listings/{made['id']}/preview", {"cycle": "year"}).json()
    assert (told["price"]["amount"], told["first_total"]["amount"]) == ("200.00", "205.00")
    wrong = shop.post("orders", {"listing": made["id"], "cycle": "quarter"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/cycle")
    ordered = shop.post("orders", {"listing": made["id"], "cycle": "year"}).json()
    assert (ordered["price"]["amount"], ordered["cycle"]) == ("200.00", "year")
    market.world.north.api().patch(f"listings/{made['id']}", {"cycle": "year"})
    assert [one["cycle"] for one in shop.get(f"listings/{made['id']}").json()["prices"]] == ["year"]
