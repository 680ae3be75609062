"""Thresholds that a reseller sets itself, and what it is told when they are crossed."""

from playwright.sync_api import Page, expect

from tests.browser.test_accounts import press
from tests.subscriptions.market import build_market
from tests.subscriptions.quotas import HOUR, package, tell, use
from tests.world import NOW


def alerts(page: Page) -> dict[str, str]:
    """Threshold → its state."""
    page.goto(page.url)
    rows = [row.get_by_role("cell").all_inner_texts() for row in page.locator("#list tbody tr").all()]
    return {cells[3]: cells[7].strip() for cells in rows}


def test_each_threshold_is_told_once(window, page, committed_world):
    world, market = committed_world, build_market(committed_world)
    market.subscribe(world.north)
    sold = market.sell(world.shop, by=world.north, package=package(market, 20, overage=5))
    window.log_in(world.north)
    window.open("/portal/settings/usage-alerts/")
    page.get_by_label("As whoever is above says").uncheck()
    page.get_by_label("Thresholds in percent").fill("50, 5000")
    press(page, "Save")
    expect(page.locator(".error-summary")).to_contain_text("from 1 to 1000")
    expect(page.get_by_label("Thresholds in percent")).to_have_value("50, 5000")
    page.get_by_label("Thresholds in percent").fill("50, 90")
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("The usage alerts were saved.")
    window.complaints.clear()  # the browser notes the 422

    window.open("/portal/usage-alerts/")
    told = []
    for hours, used, seen in (
        (0, 9, {}),
        (1, 10, {"50 %": "Reached"}),
        (2, 12, {"50 %": "Reached"}),
        (3, 25, {"50 %": "Reached", "90 %": "Reached", "Ceiling": "Blocked"}),
        (4, 8, {"50 %": "Ended", "90 %": "Ended", "Ceiling": "Ended"}),
    ):
        use(market, sold, used, NOW + hours * HOUR)
        told.append(sorted(tell()[0]))
        assert alerts(page) == seen, used
    crossed, blocked = ["usage.crossed"], ["usage.blocked", "usage.crossed"]
    assert told == [[], crossed, [], blocked, ["usage.unblocked"]]
    assert window.findings() == []
    page.get_by_role("link", name="Twenty").first.click()
    section = page.locator("section").filter(has=page.get_by_role("heading", name="Usage alerts", exact=True))
    expect(section.get_by_role("row")).to_have_count(4)
    assert (window.overflow(), window.complaints) == (0, [])
