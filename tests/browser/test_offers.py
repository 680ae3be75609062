"""What resellers may sell, in German: plans of their own once they hold something, and what was chosen for them."""

import pytest
from playwright.sync_api import Page, expect

from subscriptions.models import PhaseFee, Subscription
from tests.browser.test_accounts import follow, press
from tests.browser.test_seed_story import choose
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import recording


@pytest.fixture
def german(window, context, live_server):
    context.add_cookies([{"name": "language", "value": "de", "url": live_server.url}])

    return window.log_in


def packages(page: Page) -> set[str]:
    return {name for name in page.locator("#id_package option").all_inner_texts() if name.strip("-–—")}


def test_plans_and_offers(window, page, german, committed_world):
    world, market = committed_world, build_market(committed_world)
    package = recording(market)
    new = page.get_by_role("main").get_by_role("link", name="Neuer Tarif", exact=True)

    german(world.north)
    window.open("/portal/packages/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tarife")
    expect(page.get_by_role("main")).to_contain_text("Groupware GmbH")
    expect(new).to_have_count(0)

    german(world.provider)
    window.open(f"/console/subscriptions/new/?tenant={world.north.id}")
    choose(page, "package", market.wholesale.name)
    press(page, "Als Reseller abonnieren")
    expect(page.get_by_role("main")).to_contain_text("ist aktiv.")
    assert window.open(f"/console/subscriptions/new/?tenant={world.south.id}") == 403
    window.complaints.clear()  # the browser notes it
    window.open(f"/console/resellers/{world.south.id}/?tab=offerings")
    follow(page, "Pakete wählen")
    page.locator("#id_packages-free").select_option(label="Call recording · Microsoft Exchange (Kunden)")
    page.get_by_role("button", name="Hinzufügen", exact=True).click()
    press(page, "Speichern")
    expect(page.get_by_role("main")).to_contain_text("Das Angebot von South ist gespeichert.")
    expect(page.get_by_role("link", name="Call recording")).to_be_visible()
    assert window.findings() == []

    german(world.south)
    window.open("/portal/offering/")
    expect(page.get_by_role("cell", name="Call recording")).to_be_visible()
    window.open("/portal/packages/")
    expect(page.get_by_role("main")).to_contain_text("Ein Provisionsreseller legt keine Tarife an")
    expect(new).to_have_count(0)
    window.open(f"/portal/subscriptions/new/?tenant={world.mill.id}")
    assert packages(page) == {"Call recording (Microsoft Exchange)", "Standard (Microsoft Exchange)"}
    choose(page, "package", "Call recording")
    expect(page.get_by_label("Preis je Einheit")).to_have_value("20.00")
    press(page, "Abonnement verkaufen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Call recording")
    billed = PhaseFee.objects.get(phase__subscription__tenant=world.mill.id)
    assert (billed.payer_id, billed.issuer_id, billed.unit_price) == (world.mill.id, world.provider.id, 20)

    german(world.north)
    window.open("/portal/packages/")
    new.click()
    page.get_by_label("Name", exact=True).fill("Unser Tarif")
    page.get_by_role("group", name="Limits").get_by_label("User mailboxes").fill("7")
    expect(page.get_by_label("Mails sent")).to_have_count(0)
    press(page, "Tarif anlegen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Unser Tarif")
    window.open(f"/portal/subscriptions/new/?tenant={world.shop.id}")
    choose(page, "package", "Unser Tarif")
    press(page, "Abonnement verkaufen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Unser Tarif")
    assert Subscription.objects.get(tenant=world.shop.id).package_id not in {package.pk, market.standard.pk}
    assert window.complaints == []
