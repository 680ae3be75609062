"""Stories of the lists: searched, filtered, exported under a name of one's own, suspended; and of hidden names."""

import pytest
from playwright.sync_api import expect

from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.models import Job
from tenants.models import Tenant
from tests.world import World

WORDS = {
    "en": {
        "columns": "Columns", "save": "Save", "country": "Country", "export": "Export", "file": "File name",
        "filter": "Add filter", "status": "Status", "apply": "Apply", "active": "Active", "suspend": "Suspend",
        "suspended": "Suspended", "reason": "Reason", "hide": "Hide customers", "hidden": "Hide",
        "customer": "Customer",
        "visible": "Those above may read the names of your customers",
    },
    "de": {
        "columns": "Spalten", "save": "Speichern", "country": "Land", "export": "Exportieren", "file": "Dateiname",
        "filter": "Filter hinzufügen", "status": "Status", "apply": "Anwenden", "active": "Aktiv", "suspend": "Sperren",
        "suspended": "Gesperrt", "reason": "Grund", "hide": "Kunden verbergen", "hidden": "Verbergen",
        "customer": "Kunde", "visible": "Die Ebenen darüber dürfen die Namen der eigenen Kunden lesen",
    },
}  # fmt: skip


@pytest.fixture(params=["en", "de"])
def words(request, context, live_server):
    context.add_cookies([{"name": "language", "value": request.param, "url": live_server.url}])
    return WORDS[request.param]


def test_a_list_is_searched_filtered_exported_and_suspended(window, committed_world: World, words):
    page = window.page
    window.log_in(committed_world.provider)
    window.open("/console/customers/")
    page.locator("#list-search").fill("o")
    page.locator("#list-search").press("Enter")
    expect(page.get_by_role("link", name="Shop", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Mill", exact=True)).to_have_count(0)
    page.get_by_text(words["filter"], exact=True).click()
    page.locator(".filter-panel select[name=status]").select_option("active")
    page.get_by_role("button", name=words["apply"]).click()
    expect(page.locator(".chip").nth(1)).to_contain_text(words["active"])
    page.locator("summary", has_text=words["columns"]).click()
    page.get_by_label(words["country"], exact=True).check()
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("columnheader", name=words["country"])).to_be_visible()
    page.locator("summary", has_text=words["export"]).click()
    page.get_by_label(words["file"]).fill("Kunden Nord 2026")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "Kunden_Nord_2026.csv"
    window.open("/console/customers/")
    assert window.findings() == []
    assert window.overflow() <= 0
    page.locator("tbody input[name=selected]").nth(0).check()
    page.locator("tbody input[name=selected]").nth(1).check()
    page.locator("#bulk").get_by_role("button", name=words["suspend"], exact=True).click()
    page.get_by_label(words["reason"]).fill("unpaid")
    assert window.findings() == []
    page.get_by_role("main").get_by_role("button", name=words["suspend"]).click()
    page.wait_for_url(lambda url: "/jobs/" in url)
    run_job(Job.objects.get().pk, seconds=30)
    assert Tenant.objects.filter(status="suspended").count() == 2
    assert window.complaints == []


def test_names_are_hidden_and_shown_again(window, committed_world: World, words):
    page, north, shop = window.page, committed_world.north, committed_world.shop
    window.log_in(committed_world.provider)
    window.open(f"/console/resellers/{north.id}/")
    menu = page.locator(".page-actions summary")
    menu.press("Enter")
    assert window.findings() == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=words["hide"])).to_be_hidden()
    menu.press("Enter")
    page.get_by_role("link", name=words["hide"]).click()
    assert window.findings() == []
    page.get_by_role("button", name=words["hidden"], exact=True).click()
    page.wait_for_url(lambda url: url.endswith(f"/resellers/{north.id}/"))
    expect(page.get_by_role("link", name=words["hide"])).to_have_count(0)
    window.open("/console/customers/")
    expect(page.get_by_role("link", name=f"{words['customer']} {shop.id}", exact=True)).to_be_visible()
    expect(page.get_by_text("Shop", exact=True)).to_have_count(0)
    window.log_in(north)
    window.open("/portal/customers/")
    expect(page.get_by_role("link", name="Shop", exact=True)).to_be_visible()
    window.open("/portal/settings/customer-visibility/")
    assert window.findings() == []
    assert window.overflow() <= 0
    page.get_by_label(words["visible"]).check()
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_label(words["visible"])).to_be_checked()
    assert Tenant.objects.get(pk=north.id).hides_customers_at is None
    assert Tenant.objects.get(pk=shop.id).veil == 0
    assert window.complaints == []
