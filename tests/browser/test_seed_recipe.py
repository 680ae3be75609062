"""The recipe that the product is measured by, step by step in a browser: two add-ons of 9999, sold in bulk to resellers
and to the customers of all, by a real worker."""

import re

import pytest
from playwright.sync_api import Page, expect

from addons.models import AddOn, AddOnSale
from subscriptions.models import Holding
from tenants.models import ResellerTerms
from tests.addons_pages.stage import Stage, build_stage
from tests.browser.workers import worker

TO_RESELLER, TO_CUSTOMER = 999_890_001, 9_999
RECIPE = {
    "Shared Mailbox": ("Shared mailboxes", ["Shared mailboxes", "Archives of shared mailboxes"]),
    "Resource Mailbox": ("Resource mailboxes", ["Room mailboxes", "Equipment mailboxes"]),
}
"""Add-on → the group of its resources, and what is in the group."""
UNTIL_DONE = 60_000
"""Milliseconds: the worker may still be starting."""
CODES = ("shared_mailbox", "shared_archive", "room_mailbox", "equipment_mailbox")


@pytest.fixture
def stage(committed_world) -> Stage:
    """Prepaid resellers may oversell here, as the recipe has it."""
    stage = build_stage(committed_world)
    ResellerTerms.objects.update(may_oversell=True)
    return stage


@pytest.fixture
def at_work(stage, window, tmp_path, monkeypatch):
    with worker(tmp_path / "worker.log", monkeypatch) as child:
        yield child


def go(page: Page, entry: str) -> None:
    """By the side navigation."""
    menu = page.get_by_role("navigation", name="Main")
    link = menu.get_by_role("link", name=entry, exact=True)
    if not link.is_visible():
        menu.get_by_text("Add-ons", exact=True).click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Add-ons" if entry == "All add-ons" else entry)


def choose_type(page: Page, name: str) -> None:
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("Service type").select_option(label=name)


def make(page: Page, name: str) -> None:
    """Type 9999 into the first field; the rest fills."""
    group, resources = RECIPE[name]
    go(page, "All add-ons")
    page.get_by_role("main").get_by_role("link", name="New add-on").first.click()
    choose_type(page, "Microsoft Exchange")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Show resources of").select_option(label=group)
    fields = [page.get_by_role("spinbutton", name=each, exact=True) for each in resources]
    fields[0].press_sequentially("9999")
    for field in fields:
        expect(field).to_have_value("9999")
    page.get_by_label("Show resources of").select_option(label="All groups")
    expect(page.get_by_role("spinbutton", name="User mailboxes", exact=True)).to_have_value("")
    page.get_by_label("All reseller and customer packages").check()
    page.get_by_label("Price for resellers").fill("2.50")
    page.get_by_label("Price for customers").fill("4")
    page.get_by_role("button", name="Create add-on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("cell", name="9,999")).to_have_count(2)


def fill_in(page: Page, add_on: str, quantity: str) -> None:
    choose_type(page, "Microsoft Exchange")
    page.get_by_label("Provider (service instance)").select_option(label="Exchange 2019")
    page.get_by_label("Add-on", exact=True).select_option(label=add_on)
    page.get_by_label("Sell only to over quota").uncheck()
    page.get_by_label("Do not sell when already sold").check()
    page.get_by_label("Quantity").fill(quantity)


def sell_to_resellers(page: Page, add_on: str) -> None:
    go(page, "Sell to resellers")
    page.get_by_role("button", name="Add all shown").click()
    expect(page.get_by_label("Selected", exact=True).get_by_role("option")).to_have_count(3)
    fill_in(page, add_on, "99999")
    page.get_by_label("Create copy under reseller").check()
    page.get_by_role("button", name="Preview").click()


def sell_to_customers(page: Page, add_on: str) -> None:
    go(page, "Sell to customers")
    expect(page.locator("#id_owner")).to_have_value("all")
    fill_in(page, add_on, "1")
    page.get_by_role("button", name="Preview").click()


def confirm(page: Page, button: str) -> dict[str, int]:
    """Sell, and wait until the page itself says that the job is done: how many targets ended in which way."""
    page.get_by_role("button", name=button).click()
    expect(page.locator("#job-progress")).to_contain_text("100 %", timeout=UNTIL_DONE)
    expect(page.locator("#job-progress")).not_to_have_attribute("hx-trigger", re.compile("."))
    expect(page.locator("#outcomes")).not_to_contain_text("Waiting")
    counters = page.locator("#outcomes .counter").all()
    return {
        each.locator(".counter-label").inner_text(): int(each.locator(".counter-value").inner_text().replace(",", ""))
        for each in counters
    }


def allocated(subscription) -> dict[str, int]:
    rows = Holding.objects.filter(subscription=subscription, resource__code__in=CODES)
    return dict(rows.values_list("resource__code", "allocated"))


def test_the_recipe(window, page, stage, at_work, committed_world):
    world = committed_world
    window.log_in(world.provider)
    for name in RECIPE:
        make(page, name)
    for name in RECIPE:
        sell_to_resellers(page, name)
        assert confirm(page, "Sell to 2 subscriptions") == {"Sold": 2}
    for name in RECIPE:
        sell_to_customers(page, name)
        assert confirm(page, "Sell to 4 subscriptions") == {"Sold": 4}

    assert allocated(stage.of_north) == dict.fromkeys(CODES, TO_RESELLER)
    assert allocated(stage.of_shop) == dict.fromkeys(CODES, TO_CUSTOMER)
    for subscription, granted in ((stage.of_north, "999,890,001"), (stage.of_shop, "9,999")):
        window.open(f"/console/subscriptions/{subscription.pk}/")
        for name, (_group, resources) in RECIPE.items():
            expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
            for resource in resources:
                expect(page.get_by_role("main")).to_contain_text(f"{resource}: {granted}")
    user_mailboxes = Holding.objects.get(subscription=stage.of_north, resource=stage.resources["user_mailbox"])
    assert user_mailboxes.allocated == 500, "the resources of an add-on stay apart from the package's"

    sold = AddOnSale.objects.count()
    for sell, targets in ((sell_to_resellers, 2), (sell_to_customers, 4)):
        sell(page, "Shared Mailbox")
        assert confirm(page, "Run it, though nothing would be sold") == {"Sold": 0, "Already sold": targets}
        expect(page.get_by_role("cell", name="This add-on is active on it already.")).to_have_count(targets)
    assert AddOnSale.objects.count() == sold
    assert AddOn.objects.filter(copied_from__isnull=False).count() == 4, "one of each for each reseller, once"

    window.log_in(world.north)
    window.open(f"/portal/subscriptions/{stage.of_north.pk}/")
    expect(page.get_by_role("main")).to_contain_text("Shared mailboxes: 999,890,001")
    go(page, "All add-ons")
    copies = page.get_by_role("row").filter(has=page.get_by_role("cell", name="North", exact=True))
    for name in RECIPE:
        expect(copies.get_by_role("link", name=name, exact=True)).to_have_count(1)

    window.log_in(world.shop)
    window.open(f"/portal/subscriptions/{stage.of_shop.pk}/")
    expect(page.get_by_role("main")).to_contain_text("Shared mailboxes: 9,999")
    expect(page.get_by_role("main")).not_to_contain_text("2.50")
    assert window.complaints == []
