"""What a provider sells to a reseller, that one to a reseller of its own, and that one to its customer: each level at
its own price, within the bounds of the level above, and never more than it was allocated."""

import pytest
from playwright.sync_api import Page, expect

from subscriptions.models import PhaseFee, Subscription
from tests.browser.test_accounts import follow, press
from tests.browser.test_pools import unexpected
from tests.browser.test_prices import say
from tests.browser.test_seed_story import COST, RECOMMENDED, fill_in_package, make_fee
from tests.subscriptions.market import Market, build_market, held
from tests.subscriptions.prices import recording
from tests.world import customer

ABOVE = ("€10.00", "10,00 €")
"""What North pays the provider, as an English and a German reader would see it."""


@pytest.fixture
def market(committed_world) -> Market:
    return build_market(committed_world)


def type_in(page: Page, field: str, words: str) -> None:
    """Choose from the keyboard in a select that can be searched."""
    page.locator(f"#id_{field}-ts-control").focus()
    page.keyboard.type(words)
    expect(page.locator(f"#id_{field}-ts-dropdown .option.active")).to_contain_text(words)
    page.keyboard.press("Enter")


def change(page: Page, label: str, value: str) -> None:
    """And leave the field, which brings the preview."""
    page.get_by_label(label).fill(value)
    page.keyboard.press("Tab")


def test_a_fee_that_is_owed_once_and_one_that_has_to_be_shared(window, page, market, committed_world):
    """The refused package waits in one tab while the toggle it names is switched on in another."""
    world = committed_world
    market.subscribe(world.north)
    window.log_in(world.provider)
    make_fee(window, "Reseller fee", COST, "10", "May be applied more than once", on=False)
    make_fee(window, "Account fee", RECOMMENDED, "20", "Share with resellers", on=False)
    account_fee = page.url
    fill_in_package(window, "Call recording")
    press(page, "Create package")
    expect(page.locator("#id_account_fee_error")).to_contain_text("switch on “Share with resellers” at the fee")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Call recording")
    assert window.findings() == []

    tab = page.context.new_page()
    tab.goto(account_fee)
    follow(tab, "Edit")
    tab.get_by_label("Share with resellers").focus()
    tab.keyboard.press("Space")
    press(tab, "Save")
    expect(tab.get_by_text("Share with resellersYes")).to_be_visible()
    tab.close()
    press(page, "Create package")
    expect(page.get_by_role("heading", level=1)).to_have_text("Call recording")

    window.log_in(world.north)
    for shop in (world.shop, customer(world.north, "Second"), customer(world.north, "Third")):
        window.open(f"/portal/subscriptions/new/?tenant={shop.id}")
        type_in(page, "package", "Call recording")
        shown = page.get_by_role("status").filter(has=page.get_by_role("heading", name="What it comes to"))
        expect(shown).to_contain_text("The cost is owed once, however many subscriptions are sold.")
        expect(shown).not_to_contain_text("Your margin")
        press(page, "Sell subscription")
        expect(page.get_by_role("main")).to_contain_text("Your cost€10.00 per month · once per reseller")
    once = {(fee.fee_version.fee_id, fee.applies_more_than_once) for fee in PhaseFee.objects.filter(stream="reseller")}
    assert [more for _fee, more in once] == [False], "three accounts, one fee, once"
    assert unexpected(window) == []


def test_each_level_sells_at_its_own_price_within_what_it_was_given(window, page, market, committed_world):
    """North pays 10 and asks its resellers 11; North-East, who reads German, may ask 14 to 20 and holds three."""
    world = committed_world
    package = recording(market)
    market.subscribe(world.north)
    three = market.package("Three mailboxes", "reseller", {market.mailbox: 3})
    below = market.subscribe(world.north_east, by=world.north, package=three)
    type(world.north_east.user).objects.filter(pk=world.north_east.user.pk).update(language="de")
    window.log_in(world.north)
    set_prices(window)
    explain(page, buyer="North-East")
    assert window.findings() == []

    window.log_in(world.north_east)
    window.open(f"/portal/subscriptions/new/?tenant={world.kiosk.id}")
    type_in(page, "package", "Call recording")
    shown = page.get_by_role("status").filter(has=page.get_by_role("heading", name="Was es ausmacht"))
    for words in ("Eigene Kosten11,00 €", "Mindestens14,00 €", "Höchstens20,00 €"):
        expect(shown).to_contain_text(words)
    for price in ("13.99", "20.01"):
        refused(page, price)
    change(page, "Preis je Einheit", "18")
    expect(shown).to_contain_text("Eigene Marge7,00 €")
    change(page, "Menge", "4")
    expect(page.get_by_role("status").get_by_text("Nur 3 von User mailboxes sind noch zu verkaufen")).to_be_visible()
    press(page, "Abonnement verkaufen")
    expect(page.locator(".error-summary")).to_contain_text("Nur 3 von User mailboxes sind noch zu verkaufen")
    expect(page.get_by_label("Menge")).to_have_value("4")
    assert not Subscription.objects.filter(tenant=world.kiosk.id).exists()
    assert window.findings() == []
    change(page, "Menge", "3")
    expect(shown).to_contain_text("Insgesamt54,00 €")
    press(page, "Abonnement verkaufen")
    expect(page.get_by_role("main")).to_contain_text("Eigene Kosten11,00 € pro Monat")
    sold = Subscription.objects.get(tenant=world.kiosk.id)
    assert held(below, market.mailbox) == (3, 3, 0, 0)
    of_sale = [f"subscriptions/{sold.pk}/?tab=timeline", f"subscriptions/{sold.pk}/"]
    hides(window, [f"packages/{package.pk}/", f"prices/explain/?buyer={world.kiosk.id}", *of_sale], *ABOVE)

    window.log_in(world.kiosk)
    hides(window, of_sale, *ABOVE, "€11.00")
    expect(page.get_by_role("main")).to_contain_text("€18.00")
    window.log_in(world.north)
    window.open(f"/portal/subscriptions/{sold.pk}/")
    for words in ("You are paid€11.00", "Your cost€10.00", "Your margin€1.00"):
        expect(page.get_by_role("main")).to_contain_text(words)
    assert unexpected(window) == []


def set_prices(window) -> None:
    """For all its resellers: by everything, by the service, by the package, and by the package and its cycle."""
    page: Page = window.page
    window.open("/portal/price-lists/new/")
    page.get_by_label("Name", exact=True).fill("Depots")
    page.get_by_label("Resellers", exact=True).check()
    page.get_by_label("Default", exact=True).check()
    press(page, "Create price list")
    say(page, "Everything", "Cost plus %", "50")
    say(page, "All of Microsoft Exchange", "Cost plus %", "30")
    say(page, "Call recording", "Fixed price", "12")
    press(page, "Preview")
    press(page, "Save prices")
    expect(page.get_by_role("main")).to_contain_text("3 prices were set.")
    follow(page, "Set prices")
    page.get_by_label("Billing cycle").select_option("month")
    press(page, "Show")
    say(page, "Call recording", "Fixed price", "11")
    page.get_by_label("Call recording: At least").fill("14")
    page.get_by_label("Call recording: At most").fill("30")
    press(page, "Preview")
    expect(page.locator(".field-error")).to_have_text("This is above the recommended price of Call recording: 20.")
    expect(page.get_by_label("Call recording: At least")).to_have_value("14")
    page.get_by_label("Call recording: At most").fill("20")
    press(page, "Preview")
    changes = page.get_by_role("region", name="What would change").get_by_role("row").filter(has_text="Call recording")
    for words in ("€12.00", "€11.00", "€14.00 – €20.00"):
        expect(changes).to_contain_text(words)
    press(page, "Save prices")
    expect(page.get_by_role("main")).to_contain_text("1 price was set.")


def explain(page: Page, buyer: str) -> None:
    """The most specific rule wins, and each of the others says why it does not."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Price lists", exact=True).click()
    follow(page, "Explain a price")
    type_in(page, "buyer", buyer)
    press(page, "Show")
    follow(page, "Call recording")
    main, rules = page.get_by_role("main"), page.get_by_role("region", name="Rules about it").get_by_role("row")
    for words in ("€11.00 per month", "The default list is Depots.", "The buyer charges at least€14.00"):
        expect(main).to_contain_text(words)
    expect(rules.filter(has_text="€11.00")).to_contain_text("This one counts.")
    for rule in ("€12.00", "plus 30 %", "plus 50 %"):
        expect(rules.filter(has_text=rule)).to_contain_text("Not asked: a more specific rule counts.")


def refused(page: Page, price: str) -> None:
    """Beside its field, while it is typed and when it is sent; and it stays as it was typed."""
    error = page.locator("#id_unit_price_error")
    change(page, "Preis je Einheit", price)
    expect(error).to_contain_text("Erlaubt ist ein Preis von 14 bis 20 EUR.")
    press(page, "Abonnement verkaufen")
    expect(page.locator(".error-summary")).to_contain_text("Erlaubt ist ein Preis von 14 bis 20 EUR.")
    expect(error).to_be_visible()
    expect(page.get_by_label("Preis je Einheit")).to_have_value(price)
    expect(page.locator("#id_package")).not_to_have_value("")


def hides(window, paths: list[str], *amounts: str) -> None:
    """What the level above pays stands on none of these pages."""
    for path in paths:
        assert window.open(f"/portal/{path}") == 200
        text = window.page.locator("body").inner_text()
        assert not [amount for amount in amounts if amount in text], path
