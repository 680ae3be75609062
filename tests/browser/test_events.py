"""The event log on a narrow screen: nothing is cut off, and nothing has to be pushed aside to be read."""

from playwright.sync_api import expect

from tenants.services.status import suspend_tenant
from tests.world import NOW, World

WIDER = "box => box.scrollWidth - box.clientWidth"


def test_a_narrow_screen_shows_all_of_an_event(window, committed_world: World):
    reason = "Not paid since the first of May, although we wrote three times and called once"
    suspend_tenant(actor=committed_world.north.actor, tenant_id=committed_world.shop.id, reason=reason, now=NOW)
    page = window.page
    window.log_in(committed_world.north)
    page.set_viewport_size({"width": 320, "height": 900})
    window.open("/portal/events/")
    expect(page.get_by_text(reason)).to_be_visible()
    assert page.locator(".table-scroll").evaluate(WIDER) <= 0
    assert (window.overflow(), window.findings()) == (0, [])
    page.get_by_role("link", name="Customer suspended").click()
    expect(page.get_by_text(reason)).to_be_visible()
    assert page.locator(".table-scroll").evaluate(WIDER) <= 0
    assert window.overflow() <= 0
    page.get_by_role("link", name="Sessions", include_hidden=True).first.evaluate("link => link.click()")
    expect(page.get_by_text("Chrome on", exact=False).first).to_be_visible()
