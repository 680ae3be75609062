"""What can be ordered, the order and the answer to it, as people see them."""

from playwright.sync_api import Page, expect

from subscriptions.models import Subscription
from tests.browser.test_accounts import follow, press
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import recording
from tests.world import World


def test_a_customer_orders_and_its_reseller_approves(window, page: Page, committed_world: World):
    world = committed_world
    market = build_market(world)
    market.subscribe(world.north)
    recording(market)
    window.log_in(world.north)
    window.open("/portal/listings/new/")
    assert window.findings() == []
    page.locator("#id_package").evaluate(
        "box => box.tomselect.setValue([...box.options].find(o => o.text.startsWith('Call')).value)"
    )
    page.get_by_label("Description").fill("Records your calls")
    press(page, "Save")
    expect(page.get_by_role("heading", name="Call recording")).to_be_visible()

    window.log_in(world.shop)
    window.open("/portal/services/")
    follow(page, "Call recording")
    page.get_by_label("Quantity", exact=True).fill("3")
    press(page, "Preview")
    expect(page.get_by_text("€60.00 per month")).to_be_visible()
    assert window.findings() == []
    assert window.overflow() <= 0
    press(page, "Order now")
    expect(page.get_by_text("Waiting for approval")).to_be_visible()

    window.log_in(world.north)
    page.get_by_role("link", name="Orders waiting").click()
    page.get_by_role("main").get_by_role("cell").get_by_role("link").first.click()
    follow(page, "Approve")
    page.get_by_label("Comment").fill("Welcome")
    press(page, "Approve")
    expect(page.get_by_text("is approved")).to_be_visible()
    assert window.findings() == []
    assert Subscription.objects.get(tenant=world.shop.id).quantity == 3
