"""When pools end that are given, as people say it."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from catalog.services.types import create_service_type
from subscriptions.models import Pool
from subscriptions.pool_verify import pools
from subscriptions.services.pools.expiry import last_day
from tests.browser.test_accounts import follow, press
from tests.browser.test_pools import unexpected
from tests.pools.stage import Stage
from tests.world import NOW


def test_services_are_given_until_a_date_and_to_expire_now(window, page: Page, pool_stage: Stage):
    """Add pool: you can select Expire now or select Specify a time to set an expiration date. If the large account
    reseller does not extend the pooled subscription, the reseller's pool will be expired immediately when the large
    reseller's pool is expired."""
    stage, world = pool_stage, pool_stage.world
    stock = stage.stock(100)
    stage.service = create_service_type(actor=world.provider.actor, code="archive", name="Cloud archiving", now=NOW)
    stage.stock(30, name="Archive")
    window.log_in(world.provider)
    window.open(f"/console/resellers/{world.north.id}/pools/add/")
    for name in ("Cloud archiving", "Cloud backup"):
        page.locator(".choice-card", has_text=name).click()
    press(page, "Next")
    backup, archiving = (page.get_by_role("group", name=name) for name in ("Cloud backup", "Cloud archiving"))
    day = last_day(stock.ends_at) - timedelta(days=30)
    for part, number in ((backup, "40"), (archiving, "3")):
        part.get_by_label("Number", exact=True).fill(number)
    backup.get_by_label("On a date").check()
    backup.get_by_label("Last day").fill(day.isoformat())
    archiving.get_by_label("Expire now").check()
    press(page, "Back")
    expect(page.get_by_role("checkbox", name="Cloud backup")).to_be_checked()
    press(page, "Next")
    expect(backup.get_by_label("Last day")).to_have_value(day.isoformat())
    press(page, "Save")
    expect(page.get_by_text("1 pool is offered")).to_be_visible()
    expect(page.get_by_text("1 pool has expired at once")).to_be_visible()
    given = Pool.objects.get(tenant=world.north.id, name="Backup")
    assert last_day(given.ends_at) == day

    window.log_in(world.north)
    window.open("/portal/pools/")
    row = page.get_by_role("row")
    expect(row.filter(has_text="Archive").get_by_text("Expired", exact=True)).to_be_visible()
    window.open(f"/portal/pools/{given.pk}/")
    press(page, "Accept")
    expect(page.get_by_role("main").get_by_text("Active", exact=True).first).to_be_visible()

    window.log_in(world.provider)
    window.open(f"/console/pools/{stock.pk}/")
    follow(page, "Change or extend")
    page.get_by_label("Expire now").check()
    press(page, "Save")
    expect(page.get_by_text("Backup was changed.")).to_be_visible()
    window.log_in(world.north)
    window.open("/portal/pools/")
    expect(row.filter(has_text="Backup").get_by_text("Expired", exact=True)).to_be_visible()
    window.open(f"/portal/pools/{given.pk}/")
    expect(page.get_by_role("main").get_by_text("Expired", exact=True).first).to_be_visible()
    expect(page.get_by_role("link", name="Assign to a customer")).to_have_count(0)
    assert window.findings() == []
    assert unexpected(window) == []
    assert pools() == []
