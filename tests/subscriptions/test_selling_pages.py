"""The form of a sale: what it would come to is shown before, and what it came to after."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest

from subscriptions.models import PhaseFee, Subscription
from subscriptions.services.life.standing import suspend_subscription
from tests.subscriptions.prices import fee, later, price_list, recording, rule
from tests.subscriptions.test_pages import text, url

PREVIEW = {"preview": "1"}


class Seller:
    """Somebody's browser at the form for one holder."""

    def __init__(self, market, by, holder, inside="portal"):
        self.browser, self.form = by.browser(), url("subscription_create", inside=inside, tenant=holder.id)
        self.values = {"service_instance": market.instance.pk, "quantity": "1", "request_id": uuid4()}

    def post(self, package, status=200, part=False, **values):
        headers = {"HX-Request": "true"} if part else {}
        self.values |= {"package": package.pk, **values}
        page = text(self.browser.post(self.form, self.values, headers=headers), status)
        self.values |= {name: filled(page, name) for name in ("unit_price", "suggestion")}
        self.values.pop("preview", None)
        return page

    def sell(self, **values):
        answer = self.browser.post(self.form, self.values | values)
        assert answer.status_code == 302, text(answer, answer.status_code)
        return Subscription.objects.latest("pk")


def filled(page, name):
    (field,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return (re.findall(r'value="([^"]*)"', field) or [""])[0]


def facts(page):
    return dict(re.findall(r"<dt>([^<]*)</dt><dd[^>]*>([^<]*)</dd>", page))


def price_of(subscription):
    return PhaseFee.objects.get(phase__subscription=subscription, stream="account").unit_price


@pytest.fixture
def package(market):
    market.subscribe(market.world.north)
    return recording(market)


@pytest.fixture
def seller(market):
    return Seller(market, market.world.north, market.world.shop)


def test_the_recommended_price_is_filled_in_beside_cost_and_margin(seller, package):
    page = seller.post(package, **PREVIEW)
    assert filled(page, "unit_price") == "20.00"
    assert facts(page) == {
        "Recommended price": "€20.00 per month",
        "Price of one unit": "€20.00 per month",
        "Your cost": "€10.00 per month",
        "Your margin": "€10.00 per month",
        "In total": "€20.00 per month",
        "First invoice": "€20.00",
        "Cost in total": "€10.00",
    }
    assert "as the fee says" in page
    assert "below the cost" not in page
    assert re.search(r"User mailboxes</td><td class=\"num\">1</td>.*?100</td><td class=\"num\">99<", page, re.S)
    assert not Subscription.objects.filter(package=package).exists()
    assert price_of(seller.sell()) == 20


def test_below_the_cost_is_a_warning_and_sold(seller, package):
    seller.post(package, **PREVIEW)
    page = seller.post(package, unit_price="8", quantity="3", **PREVIEW)
    assert "This is below the cost: €2.00 are lost on each unit and cycle." in page
    assert (facts(page)["Your margin"], facts(page)["In total"]) == ("−€2.00 per month", "€24.00 per month")
    assert filled(page, "unit_price") == "8.00"
    assert price_of(seller.sell()) == 8


def test_a_price_that_was_filled_in_goes_with_its_package(market, seller, package):
    """What was typed stays."""
    dear = market.package("Dear", "customer", {market.mailbox: 1}, {"account_fee_id": fee(market, "account", "90").pk})
    seller.post(package, **PREVIEW)
    page = seller.post(dear)
    assert "look at it again, then sell" in page
    assert filled(page, "unit_price") == "90.00"
    page = seller.post(dear, unit_price="70", **PREVIEW)
    assert filled(seller.post(package, **PREVIEW), "unit_price") == "70.00"
    assert not Subscription.objects.filter(package__in=(package, dear)).exists()


def test_the_price_list_says_why_and_bounds_what_may_be_asked(market, seller, package):
    rule(price_list(market.world.north), "markup", "50", package=package)
    rule(price_list(market.world.provider, "reseller"), "fixed", "12", package=package, floor=9, ceiling=30)
    page = seller.post(package, **PREVIEW)
    assert filled(page, "unit_price") == "18.00"
    assert "Cost €12.00 plus 50 % makes €18.00" in page
    assert (facts(page)["At least"], facts(page)["At most"]) == ("€9.00 per month", "€30.00 per month")
    assert "from 9 to 30 EUR" in seller.post(package, 422, unit_price="31", **PREVIEW)
    assert "from 9 to 30 EUR" in seller.post(package, 422, unit_price="31")
    assert not Subscription.objects.filter(package=package).exists()


def test_what_cannot_be_sold_is_said(market, seller, package):
    assert "Only 100 of User mailboxes remain" in seller.post(package, 422, quantity="101", **PREVIEW)
    assert "Only 100 of User mailboxes remain" in seller.post(package, part=True, quantity="101", **PREVIEW)
    for bad in ("-1", "1.0000001", "much"):
        page = seller.post(package, 422, quantity="1", unit_price=bad)
        assert filled(page, "unit_price") == bad
    said = seller.post(package, part=True, service_instance="", unit_price="", **PREVIEW)
    assert "the price follows" not in said, "one instance alone runs the service: it is filled in"
    assert "the price follows" in seller.post(package, part=True, quantity="", unit_price="", **PREVIEW)


def test_who_sells_for_another_sees_the_others_cost(market, package):
    provider = Seller(market, market.world.provider, market.world.shop, inside="console")
    told = facts(provider.post(package, unit_price="8", **PREVIEW))
    assert (told["Cost of North"], told["Margin of North"]) == ("€10.00 per month", "−€2.00 per month")
    assert told["You are paid"] == "€10.00 per month"


def test_subscribe_as_reseller_at_a_price(market):
    form = Seller(market, market.world.provider, market.world.north, inside="console")
    fees = {"account_fee_id": fee(market, "account", "500", name="Wholesale").pk}
    package = market.package("Wholesale at a price", "reseller", {market.mailbox: 100}, fees)
    assert filled(form.post(package, **PREVIEW), "unit_price") == "500.00"
    held = form.sell(unit_price="450")
    assert (held.tenant_id, price_of(held)) == (market.world.north.id, 450)
    page = text(market.world.north.browser().get(url("subscription", held.pk, inside="portal")))
    assert "€450.00 per month" in page


def test_the_timeline_tells_each_its_own(market, package):
    world = market.world
    sold = market.sell(world.shop, by=world.north, package=package, unit_price=Decimal(8))
    suspend_subscription(actor=world.north.actor, subscription_id=sold.pk, now=later(1))
    told = {
        world.north: ("portal", ["Price", "Your cost", "Your margin"]),
        world.provider: ("console", ["Price", "You are paid"]),
        world.shop: ("portal", ["Price"]),
    }
    for player, (inside, columns) in told.items():
        browser = player.browser()
        page = browser.get(url("subscription", sold.pk, inside=inside, tab="timeline"))
        (section,) = page.context["sections"]
        headings = [str(heading["label"]) for heading in section.table.headings()]
        assert headings == ["From", "Until", "Package", "Version of", "Quantity", "Status", *columns]
        assert [row.record.state for row in section.table.rows] == ["suspended", "active"]
        assert ("−€2.00" in text(page)) == (player is world.north)
        overview = facts(text(browser.get(url("subscription", sold.pk, inside=inside))))
        assert overview["Price of one unit"] == "€8.00 per month"
        assert overview.get("Your margin") == ("−€2.00 per month" if player is world.north else None)
    listed = text(world.north.browser().get(url("subscriptions", inside="portal", tenant=world.shop.id)))
    assert re.search(r"€8.00 <span[^>]*>per month", listed)
    assert world.south.browser().get(url("subscription", sold.pk, inside="portal", tab="timeline")).status_code == 404


def test_the_cycle_is_chosen_with_its_price(market, seller):
    """What was filled in for one cycle is never asked for another; the first invoice is as the preview says."""
    charging = {"amount_year": Decimal(200), "activation_amount": Decimal(5)}
    pair = {"account_fee_id": fee(market, "account", "20", name="By two", charging=charging).pk}
    market.subscribe(market.world.north)
    by_two = market.package("By two", "customer", {market.mailbox: 1}, pair)
    assert filled(seller.post(by_two, **PREVIEW), "unit_price") == "20.00"
    page = seller.post(by_two, cycle="year")
    assert "The price was for another package or billing cycle" in page
    assert (filled(page, "unit_price"), facts(page)["First invoice"]) == ("200.00", "€205.00")
    assert re.search(r'<option value="year" selected>', page)
    assert 'value="quarter"' not in page
    assert "It is not offered by this billing cycle, only per month, per year." in seller.post(
        by_two, 422, cycle="quarter", **PREVIEW
    )
    assert "€185.00" in seller.post(by_two, cycle="year", unit_price="180", **PREVIEW)
    row = seller.sell()
    assert (price_of(row), row.renews_on.year - row.started_on.year) == (180, 1)
