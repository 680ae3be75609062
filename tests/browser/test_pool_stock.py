"""Pools in stock and in lists: bought, extended, renewed; searched, filtered, arranged and taken back by the controls
of the tables; and what these do not tell of customers whose names are hidden."""

from datetime import UTC, datetime

import time_machine
from playwright.sync_api import Page, expect

from catalog.services.types import create_service_type
from subscriptions.models import Pool
from subscriptions.pool_verify import pools
from subscriptions.tasks import tend_pools
from tenants.models import Profile, ResellerTerms
from tenants.services.visibility import hide_customers
from tests.browser.test_accounts import follow, press
from tests.browser.test_pools import counted, unexpected
from tests.browser.test_seed_story import choose
from tests.pools.stage import Stage
from tests.world import NOW, customer

LAST_DAY = datetime(2027, 6, 30, 12, tzinfo=UTC)


def test_stock_is_bought_increased_extended_and_renews_itself(window, page: Page, pool_stage: Stage):
    """What was given of it with the same expiry follows."""
    stage, world = pool_stage, pool_stage.world
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    window.log_in(world.provider)
    window.open("/console/pools/")
    follow(page, "New purchase")
    choose(page, "holder", "Groupware GmbH")
    choose(page, "service_type", "Cloud backup")
    page.get_by_label("Name", exact=True).fill("Backup 2027")
    page.get_by_label("Unit").select_option(label="User seats")
    page.get_by_label("Number", exact=True).fill("100")
    page.get_by_label("Source").select_option(label="Distributor")
    page.get_by_label("Payment type").select_option(label="Yearly")
    page.get_by_label("Last day").fill("2026-11-18")
    press(page, "New purchase")
    expect(page.locator("#id_ends_on_error")).to_contain_text("A purchase ends in the future.")
    expect(page.get_by_label("Number", exact=True)).to_have_value("100")
    assert window.findings() == []
    page.get_by_label("Last day").fill("2026-12-31")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Backup 2027 is in stock.")).to_be_visible()
    stock = Pool.objects.get()
    stage.give(stock, world.north, 40)

    follow(page, "Change or extend")
    page.get_by_label("Number", exact=True).fill("39")
    page.get_by_label("Last day").fill("2027-06-30")
    page.get_by_label("Renew automatically").focus()
    page.keyboard.press("Space")
    page.get_by_label("Term in months").fill("12")
    press(page, "Save")
    expect(page.get_by_text(f"North · {world.north.id}: 40").first).to_be_visible()
    expect(page.get_by_label("Last day")).to_have_value("2027-06-30")
    page.get_by_label("Number", exact=True).fill("150")
    press(page, "Save")
    expect(page.get_by_text("Backup 2027 was changed.")).to_be_visible()
    told = counted(page)
    assert (told["Total"], told["Available"], told["Allocated to resellers"]) == ("150", "110", "40")
    for words in ("Expires30 Jun 2027", "Renews automaticallyEvery 12 months"):
        expect(page.get_by_role("main")).to_contain_text(words)
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Given to resellers").click()
    expect(page.get_by_role("row").filter(has_text="North")).to_contain_text("30 Jun 2027")

    with time_machine.travel(LAST_DAY):
        tend_pools()
        window.log_in(world.north)
        window.open("/portal/pools/")
        expect(page.get_by_role("row").filter(has_text="Backup 2027")).to_contain_text("30 Jun 2028")
    assert unexpected(window) == []
    assert pools() == []


def test_the_lists_are_searched_filtered_arranged_and_taken_back_from(window, page: Page, pool_stage: Stage):
    """Pools and Customers – search, filter by Source, Payment type and Status, by Customer and Pool; all your filter
    criteria are displayed at the top of the table, and you can remove them; Manage columns. Select the record and click
    Return to pool. In German, with the keyboard where there is one."""
    stage, world = pool_stage, pool_stage.world
    second = customer(world.north, "Second")
    backup = stage.stock(100)
    stage.service = create_service_type(actor=world.provider.actor, code="archive", name="Archiving", now=NOW)
    archive = stage.stock(50, name="Archive")
    given = [stage.give(archive, world.north, 10), stage.give(backup, world.north, 40)]
    waiting = {stage.offer(backup, world.north, 7), stage.offer(backup, world.south, 5)}
    for pool, whom in ((given[0], world.shop), (given[1], world.shop), (given[1], second)):
        stage.assign(pool, whom, 3)
    type(world.provider.user).objects.filter(pk=world.provider.user.pk).update(language="de")
    window.log_in(world.provider)
    page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Pools", exact=True).click()
    rows, chips = page.locator("#list tbody tr"), page.locator(".chip")

    search(page, "backup")
    expect(rows).to_have_count(4)
    filter_by(page, {"Zahlungsart": "Monatlich", "Quelle": "Distributor", "Status": "Annahme ausstehend"})
    told = ["Suchen: backup", "Status: Annahme ausstehend", "Quelle: Distributor", "Zahlungsart: Monatlich"]
    expect(chips).to_have_text(told)
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Filter Suchen entfernen").click()
    expect(chips).to_have_count(3)
    page.get_by_role("link", name="Filter Status entfernen").press("Enter")
    expect(rows).to_have_count(4)
    arrange(page, off="Leistung", on="Zahlungsart")
    expect(chips).to_have_count(2)
    assert window.findings() == []
    page.get_by_role("link", name="Alle entfernen").click()
    expect(rows).to_have_count(6)
    expect(page.get_by_role("columnheader", name="Zahlungsart")).to_be_visible()

    for row in (*rows.filter(has_text="Annahme ausstehend").all(), rows.filter(has_text="Archive").first):
        row.get_by_role("checkbox").focus()
        page.keyboard.press("Space")
    page.locator("#bulk").get_by_role("button", name="In den Pool zurückholen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 Pools zurückholen")
    expect(page.get_by_text("1 wartet nicht auf Annahme und bleibt.")).to_be_visible()
    assert window.findings() == []
    press(page, "In den Pool zurückholen")
    expect(page.get_by_text("2 Pools wurden zurückgeholt.")).to_be_visible()
    assert set(Pool.objects.filter(state="returned")) == waiting

    window.open(f"/console/resellers/{world.north.id}/?tab=pools")
    customers = page.locator("section").filter(has=page.get_by_role("heading", name="Kunden mit Plätzen aus Pools"))
    customers.get_by_role("link", name="Alle davon").click()
    expect(rows).to_have_count(2)
    search(page, "shop")
    expect(rows).to_have_count(1)
    filter_by(page, {"Kunde": "Shop", "Pool": f"Archive · {given[0].pk}"})
    expect(chips).to_have_count(4)
    arrange(page, off="Objekte", on="ID")
    expect(rows).to_contain_text([str(world.shop.id)])
    page.get_by_role("link", name="Filter Suchen entfernen").click()
    expect(chips).to_have_count(3)
    filter_by(page, {"Kunde": "Second"})
    expect(page.get_by_text("Nichts passt")).to_be_visible()
    assert (unexpected(window), pools()) == ([], [])


def search(page: Page, words: str) -> None:
    page.locator("#list-search").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**q={words}*")


def filter_by(page: Page, chosen: dict[str, str]) -> None:
    page.locator("summary", has_text="Filter hinzufügen").click()
    panel = page.locator(".filter-panel")
    for label, choice in chosen.items():
        panel.get_by_label(label, exact=True).select_option(label=choice)
    panel.get_by_role("button", name="Anwenden").click()
    expect(panel).to_be_hidden()


def arrange(page: Page, off: str, on: str) -> None:
    """By the chooser of columns, and it stays so."""
    page.locator("summary", has_text="Spalten").press("Enter")
    page.get_by_role("checkbox", name=off, exact=True).uncheck()
    page.get_by_role("checkbox", name=on, exact=True).check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("columnheader", name=on, exact=True)).to_be_visible()
    expect(page.get_by_role("columnheader", name=off, exact=True)).to_have_count(0)


def test_hidden_names_are_in_no_list_search_order_choice_file_or_refusal(window, page: Page, pool_stage: Stage):
    """Turn Customer Visibility off: who gave the pools counts seats, and reads no name."""
    stage, world = pool_stage, pool_stage.world
    players = sorted((world.shop, customer(world.north, "Other")), key=lambda player: f"Customer {player.id}")
    for player, name in zip(players, ("Zoe's bakery", "Aaron's bakery"), strict=True):
        Profile.objects.filter(pk=player.id).update(name=name)
    numbers, names = [f"Customer {player.id}" for player in players], ("Zoe", "Aaron")
    given = stage.give(stage.stock(100), world.north, 40)
    for player in players:
        stage.assign(given, player, 9)
    hide_customers(actor=world.provider.actor, reseller_id=world.north.id, now=NOW)

    def reads() -> list[str]:
        return [name for name in names if name in page.content()]

    window.log_in(world.provider)
    for path in ("console/pools/customers/", "console/assignments/"):
        window.open(f"/{path}")
        expect(page.locator("tbody tr td:first-child")).to_have_text(numbers)
        page.get_by_role("link", name="Organisation", exact=True).click()
        expect(page.locator("th[aria-sort=descending]")).to_have_text("Organisation")
        expect(page.locator("tbody tr td:first-child")).to_have_text(numbers[::-1])
        choices = page.locator(".filter-panel").get_by_label("Customer").locator("option")
        expect(choices).to_contain_text(["---", *numbers])
        assert reads() == []
        page.locator("summary", has_text="Export").click()
        with page.expect_download() as file:
            page.get_by_role("button", name="CSV").click()
        told = file.value.path().read_text()
        assert (numbers[0] in told, "bakery" in told) == (True, False)
        page.locator("#list-search").fill("bakery")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Nothing matches")).to_be_visible()
    for path in (f"pools/{given.pk}/?tab=customers", f"pools/{given.pk}/", f"resellers/{world.north.id}/?tab=pools"):
        window.open(f"/console/{path}")
        assert reads() == [], path
    window.open(f"/console/pools/{given.pk}/edit/")
    page.get_by_label("Number", exact=True).fill("17")
    press(page, "Save")
    expect(page.get_by_text(f"{numbers[0]} · {players[0].id}: 9").first).to_be_visible()
    assert reads() == []

    window.log_in(world.north)
    window.open("/portal/pools/customers/")
    for name in names:
        expect(page.get_by_role("link", name=f"{name}'s bakery")).to_be_visible()
    assert unexpected(window) == []
