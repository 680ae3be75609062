"""A price list: its grid with what would change, and why a buyer pays what it pays."""

from playwright.sync_api import Page, expect

from catalog.models import PriceRule
from tests.browser.test_accounts import follow, press
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import recording


def say(page: Page, what: str, method: str, value: str) -> None:
    """In a row of the grid."""
    page.get_by_label(f"{what}: Method").select_option(label=method)
    page.get_by_label(f"{what}: Value").fill(value)


def test_prices_are_saved_after_a_look_at_what_they_change(window, page, committed_world):
    """Call recording costs North 10 and is recommended at 20."""
    market = build_market(committed_world)
    market.subscribe(committed_world.north)
    recording(market)
    window.log_in(committed_world.north)
    window.open("/portal/price-lists/new/")
    page.get_by_label("Name", exact=True).fill("Gold")
    page.get_by_label("Customers", exact=True).check()
    page.get_by_label("Default", exact=True).check()
    press(page, "Create price list")
    expect(page.get_by_role("heading", level=1)).to_have_text("Prices of Gold")

    say(page, "Everything", "Recommended price minus %", "10")
    say(page, "Call recording", "Fixed price", "8")
    press(page, "Preview")
    changes = page.get_by_role("region", name="What would change").get_by_role("row").filter(has_text="Call recording")
    for words in ("€20.00", "€8.00", "−€2.00", "Below cost"):
        expect(changes).to_contain_text(words)
    assert window.findings() == []
    assert window.overflow() <= 0
    assert not PriceRule.objects.exists()
    page.get_by_label("Call recording: Value").fill("15")
    press(page, "Preview")
    expect(changes).to_contain_text("€15.00")
    expect(changes).not_to_contain_text("Below cost")
    press(page, "Save prices")
    expect(page.get_by_role("main")).to_contain_text("2 prices were set.")

    window.open(f"/portal/prices/explain/?buyer={committed_world.shop.id}")
    follow(page, "Call recording")
    for words in ("€15.00 per month", "The default list is Gold.", "The rule says a fixed price: €15.00.", "€5.00"):
        expect(page.get_by_role("main")).to_contain_text(words)
    rules = page.get_by_role("region", name="Rules about it").get_by_role("row")
    expect(rules.filter(has_text="€15.00")).to_contain_text("This one counts.")
    expect(rules.filter(has_text="minus 10 %")).to_contain_text("Not asked: a more specific rule counts.")
    assert window.findings() == []
    assert (window.overflow(), window.complaints) == (0, [])
