"""New terms pushed to what is sold, as a reseller and its provider see it."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from subscriptions.models import Push
from tests.browser.conftest import Window
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import owed
from tests.subscriptions.pushes import Sold, build_sold, work
from tests.world import World, customer


@pytest.fixture
def sold(committed_world: World) -> Sold:
    return build_sold(build_market(committed_world))


def test_a_new_price_reaches_what_is_sold(window: Window, page, sold: Sold):
    world = sold.world
    of_shop = sold.sell(world.shop, world.north)
    sold.sell(customer(world.north, "Free"), world.north, unit_price=Decimal(25))
    sold.charge("account", "24")
    window.log_in(world.north)
    window.open(f"/portal/packages/{sold.package.pk}/")
    page.get_by_role("link", name="Push to what is sold").click()
    page.get_by_label("On a day").check()
    page.locator("[name=effective_on]").fill(date.today().isoformat())
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="2 targets")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("€20.00 → €24.00")).to_be_visible()
    assert (window.overflow(), window.findings(), window.complaints) == (0, [], [])
    page.get_by_role("button", name="Change 1 subscription").click()
    expect(page.get_by_role("heading", name="New terms for Call recording")).to_be_visible()
    work(Push.objects.get())
    page.reload()
    expect(page.get_by_text("Its seller set the price freely")).to_be_visible()
    assert owed(of_shop)[world.shop.id, world.north.id] == 24
