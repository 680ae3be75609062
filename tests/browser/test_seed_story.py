"""Call recording in a browser: the provider asks 10 for each account and recommends 20; the reseller asks what it
likes, and sees what is left to it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from playwright.sync_api import Page, expect

from catalog.models import Package
from subscriptions.models import PhaseFee, Subscription
from tests.browser.test_accounts import follow, press
from tests.subscriptions.market import Market, build_market
from tests.subscriptions.prices import fee
from tests.world import customer, reseller

COST, RECOMMENDED = "Recording at cost", "Recording recommended"


NOVEMBER, DECEMBER, JANUARY = (datetime(*day, 9, tzinfo=UTC) for day in ((2026, 11, 21), (2026, 12, 1), (2027, 1, 1)))


@pytest.fixture
def market(committed_world) -> Market:
    return build_market(committed_world)


def choose(page: Page, field: str, words: str) -> None:
    """In a select that can be searched."""
    page.locator(f"#id_{field} ~ .ts-wrapper .ts-control").click()
    page.locator(f"#id_{field}-ts-dropdown").get_by_role("option", name=words).first.click()


def make_fee(window, kind: str, name: str, amount: str, switch: str, on: bool = True) -> None:
    page: Page = window.page
    window.open("/console/fees/new/")
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Amount per unit").fill(amount)
    page.get_by_label(switch).set_checked(on)
    page.get_by_role("button", name="Create fee").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def fill_in_package(window, name: str) -> None:
    page: Page = window.page
    window.open("/console/packages/new/")
    page.get_by_label("Name", exact=True).fill(name)
    expect(page.get_by_label("Shared with resellers")).to_be_checked()
    choose(page, "reseller_fee", COST)
    choose(page, "account_fee", RECOMMENDED)
    page.get_by_role("group", name="Limits").get_by_label("User mailboxes").fill("1")


def make_package(window, name: str) -> Package:
    fill_in_package(window, name)
    press(window.page, "Create package")
    expect(window.page.get_by_role("heading", level=1)).to_have_text(name)
    return Package.objects.get(name=name)


def subscribe_as_reseller(window, holder, package: str) -> None:
    window.open(f"/console/subscriptions/new/?tenant={holder.id}")
    choose(window.page, "package", package)
    press(window.page, "Subscribe as reseller")
    expect(window.page.get_by_role("main")).to_contain_text("is active.")


def sell(window, holder, package: str, price: str, margin: str, warning: bool = False) -> Subscription:
    """What stands in the form before is what is sold."""
    page: Page = window.page
    window.open(f"/portal/subscriptions/new/?tenant={holder.id}")
    choose(page, "package", package)
    expect(page.get_by_label("Price of one unit")).to_have_value("20.00")
    shown = page.get_by_role("status").filter(has=page.get_by_role("heading", name="What it comes to"))
    expect(shown).to_contain_text("Recommended price€20.00 per month")
    expect(shown).to_contain_text("Your cost€10.00 per month")
    if price != "20":
        page.get_by_label("Price of one unit").fill(price)
        page.get_by_label("Price of one unit").blur()
    expect(shown).to_contain_text(f"Your margin{margin} per month")
    expect(shown.get_by_text("This is below the cost: €2.00 are lost")).to_have_count(int(warning))
    page.get_by_role("button", name="Sell subscription").click()
    expect(page.get_by_role("main")).to_contain_text(f"Your margin{margin} per month")
    return Subscription.objects.latest("pk")


def test_thirty_are_owed_whatever_the_reseller_asks(window, page, market, committed_world):
    """The server's clock goes on with the story: sold in November, suspended for December."""
    world = committed_world
    shops = [world.shop, customer(world.north, "Second"), customer(world.north, "Third")]
    asked = (("20", "€10.00", False), ("25", "€15.00", False), ("8", "−€2.00", True))

    with time_machine.travel(NOVEMBER):
        window.log_in(world.provider)
        make_fee(window, "Reseller fee", COST, "10", "May be applied more than once")
        make_fee(window, "Account fee", RECOMMENDED, "20", "Share with resellers")
        package = make_package(window, "Call recording")
        subscribe_as_reseller(window, world.north, market.wholesale.name)
        assert not PhaseFee.objects.exists(), "shared and not assigned: nothing is owed"
        window.log_in(world.north)
        sold = [sell(window, shop, package.name, *each) for shop, each in zip(shops, asked, strict=True)]
    with time_machine.travel(DECEMBER):
        window.log_in(world.north)
        window.open(f"/portal/subscriptions/{sold[1].pk}/suspend/")
        press(page, "Suspend")
        expect(page.get_by_role("main")).to_contain_text("is suspended.")
    with time_machine.travel(JANUARY):
        window.log_in(world.north)
        window.open(f"/portal/subscriptions/{sold[1].pk}/")
        follow(page, "Resume")
        press(page, "Resume")
        expect(page.get_by_role("main")).to_contain_text("is active.")
        window.open(f"/portal/subscriptions/{sold[1].pk}/?tab=timeline")
        december = page.get_by_role("row").filter(has_text="Suspended")
        for words in ("1 Dec 2026", "1 Jan 2027", "€25.00 per month", "€10.00", "€15.00"):
            expect(december).to_contain_text(words)
        assert window.findings() == []
        assert window.overflow() <= 0

        window.log_in(world.provider)
        owed = []
        for subscription in sold:
            window.open(f"/console/subscriptions/{subscription.pk}/?tab=timeline")
            row = page.get_by_role("row").filter(has_text="1 Dec 2026" if subscription == sold[1] else "Active").first
            expect(row.get_by_role("cell").last).to_have_text("€10.00")
            owed.append(Decimal(row.get_by_role("cell").last.inner_text().strip("€")))
        assert sum(owed) == 30
    assert window.complaints == []


def test_what_the_reseller_manages_itself(window, page, market, committed_world, without_script):
    """It edits the package and its account fee, and cannot touch what it owes; a rival finds nothing."""
    world = committed_world
    market.subscribe(world.north)
    owed, asked = fee(market, "reseller", "10"), fee(market, "account", "20", by=world.north, name="By North")
    fees = {"reseller_fee_id": owed.pk, "account_fee_id": fee(market, "account", "25").pk}
    package = market.package("Recording", "customer", {market.mailbox: 1}, fees, managed_by_id=world.north.id)
    window.log_in(world.north)
    window.open(f"/portal/packages/{package.pk}/edit/")
    expect(page.locator("#id_reseller_fee")).to_be_disabled()
    expect(page.get_by_text("It is what you owe: whoever sells to you sets it.")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Our recording")
    choose(page, "account_fee", asked.name)
    page.get_by_label("Shared with resellers").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Our recording")
    assert window.open(f"/portal/fees/{owed.pk}/revise/") == 403
    assert window.open(f"/portal/fees/{asked.pk}/revise/") == 200

    without_script.log_in(reseller(world.provider, "West"))
    for path in (f"packages/{package.pk}", f"fees/{owed.pk}", f"fees/{asked.pk}"):
        assert without_script.open(f"/portal/{path}/") == 404
    without_script.log_in(world.north)
    without_script.open(f"/portal/subscriptions/new/?tenant={world.shop.id}")
    form = without_script.page
    form.get_by_label("Package").select_option(label="Our recording (Microsoft Exchange)")
    form.get_by_label("Price of one unit").fill("8")
    form.get_by_role("button", name="Preview").click()
    expect(form.get_by_text("This is below the cost: €2.00 are lost")).to_be_visible()
    form.get_by_role("button", name="Sell subscription").click()
    expect(form.get_by_role("main")).to_contain_text("Your margin−€2.00 per month")
