"""Pages of add-ons that the crawl does not come to: in both themes, on a phone, without JavaScript."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from addons.models import AddOn, AddOnSale, BulkSale
from resellerhub.kernel.jobs.run import run
from tests.addons_pages.stage import build_stage, open_window
from tests.browser.conftest import CONTRAST


@pytest.fixture
def shop(committed_world):
    return open_window(build_stage(committed_world))


def look(window, name: str) -> list[str]:
    """What is wrong with the page that is shown."""
    wrong = [f"{name} light: {finding}" for finding in window.findings()]
    window.set_theme("dark")
    wrong += [f"{name} dark: {finding}" for finding in window.findings(CONTRAST)]
    window.set_theme("light")
    wrong += [f"{name} is {wide} px too wide at 320"] if (wide := window.overflow()) > 0 else []
    wrong += [f"{name} console: {complaint}" for complaint in window.complaints]
    window.complaints.clear()
    return wrong


def choose(page: Page, label: str, option: str) -> None:
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label(label).select_option(label=option)


def test_every_step_is_accessible_quiet_and_narrow(window, page, shop):
    window.log_in(shop.stage.world.provider)
    window.open("/console/add-ons/new/")
    choose(page, "Service type", "Microsoft Exchange")
    wrong = look(window, "form")
    page.get_by_role("button", name="Create add-on").click()
    expect(page.locator(".error-summary")).to_be_visible()
    window.complaints.clear()  # the browser notes the 422
    wrong += look(window, "refused form")
    for path in ("", "edit/", "packages/", "?tab=sales"):
        window.open(f"/console/add-ons/{shop.shared.pk}/{path}")
        wrong += look(window, f"add-on {path}")

    window.open("/console/bulk-sales/to-customers/")
    choose(page, "Service type", "Microsoft Exchange")
    page.get_by_label("Add-on", exact=True).select_option(label="Shared Mailbox")
    page.get_by_label("Sell only to over quota").uncheck()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="4 targets")).to_be_visible()
    wrong += look(window, "preview")
    page.get_by_role("button", name="Sell to 2 subscriptions").click()
    expect(page.get_by_role("heading", name="Shared Mailbox to customers")).to_be_visible()
    wrong += look(window, "waiting bulk sale")
    run(BulkSale.objects.get().job_id, seconds=60)
    expect(page.locator("#outcomes")).to_contain_text("Would oversell")
    expect(page.locator("#job-progress")).to_contain_text("100 %")
    wrong += look(window, "finished bulk sale")
    window.open(f"/console/subscriptions/{shop.stage.of_mill.pk}/add-ons/new/")
    wrong += look(window, "sale")
    window.open(f"/console/add-on-sales/{AddOnSale.objects.first().pk}/cancel/")
    wrong += look(window, "cancelling")
    assert not wrong, "\n".join(wrong)


def test_the_first_value_fills_the_untouched_others(window, page, shop):
    window.log_in(shop.stage.world.provider)
    window.open("/console/add-ons/new/")
    choose(page, "Service type", "Microsoft Exchange")
    fields = {
        name: page.get_by_role("spinbutton", name=name, exact=True) for name in ("User mailboxes", "Room mailboxes")
    }
    fields["Room mailboxes"].fill("")
    fields["User mailboxes"].press_sequentially("99")
    expect(fields["Room mailboxes"]).to_have_value("99")
    fields["Room mailboxes"].fill("5")
    fields["User mailboxes"].press_sequentially("99")
    expect(fields["User mailboxes"]).to_have_value("9999")
    expect(fields["Room mailboxes"]).to_have_value("5")
    expect(page.get_by_role("spinbutton", name="Shared mailboxes", exact=True)).to_have_value("9999")


def test_without_javascript_everything_can_be_done(without_script, shop):
    page = without_script.page
    without_script.log_in(shop.stage.world.provider)
    without_script.open("/console/add-ons/new/")
    page.get_by_label("Service type").select_option(label="Microsoft Exchange")
    page.get_by_role("button", name="Continue with this service type").click()
    page.get_by_label("Name", exact=True).fill("Resource Mailbox")
    page.get_by_label("Show resources of").select_option(label="Resource mailboxes")
    page.get_by_role("spinbutton", name="Room mailboxes", exact=True).fill("9999")
    page.get_by_role("button", name="Fill all with the first value").click()
    expect(page.get_by_role("spinbutton", name="Equipment mailboxes", exact=True)).to_have_value("9999")
    expect(page.get_by_role("spinbutton", name="User mailboxes", exact=True)).to_have_value("")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Resource Mailbox")
    page.get_by_label("All reseller and customer packages").check()
    page.get_by_label("Price for resellers").fill("1")
    page.get_by_label("Price for customers").fill("2")
    page.get_by_role("button", name="Create add-on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Resource Mailbox")
    assert AddOn.objects.filter(name="Resource Mailbox").exists()

    without_script.open("/console/bulk-sales/to-resellers/")
    page.get_by_label("Service type").select_option(label="Microsoft Exchange")
    page.get_by_role("button", name="Continue with this service type").click()
    page.get_by_label("Resellers").select_option(label="North")
    page.get_by_label("Add-on", exact=True).select_option(label="Resource Mailbox")
    page.get_by_label("Sell only to over quota").uncheck()
    page.get_by_label("Quantity").fill("99999")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Sell to 1 subscription").click()
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    run(BulkSale.objects.get().job_id, seconds=60)
    page.get_by_role("link", name="Refresh").click()
    expect(page.locator("#outcomes")).to_contain_text("Sold")
    assert urlsplit(page.url).path == f"/console/bulk-sales/{BulkSale.objects.get().pk}/"
    sale = AddOnSale.objects.get()
    assert (sale.subscription_id, sale.quantity) == (shop.stage.of_north.pk, 99999)
