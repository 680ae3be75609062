"""What a reseller does to what it sold: each step is looked at first, and comes to what was shown."""

from datetime import date

import pytest
import time_machine
from playwright.sync_api import Page, expect

from subscriptions.models import PlannedChange, Subscription
from subscriptions.services.selling.opening import sell_subscription
from tests.browser.test_accounts import press
from tests.browser.test_seed_story import choose
from tests.subscriptions.life import Stage, package
from tests.subscriptions.market import build_market
from tests.subscriptions.prices import later, owed

PREVIEW = "What it comes to"


@pytest.fixture
def stage(committed_world) -> Stage:
    return Stage(build_market(committed_world))


class Step:
    """The page of a step, come to from the page of its subscription."""

    def __init__(self, window, row: Subscription, name: str) -> None:
        self.window, self.page = window, window.page
        window.open(f"/portal/subscriptions/{row.pk}/")
        link = self.page.get_by_role("main").get_by_role("link", name=name, exact=True)
        if not link.is_visible():
            self.page.locator(".page-actions summary").click()
        link.click()

    def look(self, *shown: str) -> None:
        press(self.page, "Preview")
        for words in shown:
            expect(self.page.get_by_role("status").filter(has_text=PREVIEW)).to_contain_text(words)

    def take(self, button: str, done: str) -> Page:
        press(self.page, button)
        expect(self.page.get_by_role("main")).to_contain_text(done)
        return self.page


def test_from_an_upgrade_to_the_end(window, page, stage):
    """Two were sold for 10 a month on 20 November, and this is 2 December: 18 of 30 days are left."""
    small, large, tiny = (package(stage.market, *of) for of in (("Small", "10"), ("Large", "25", 5), ("Tiny", "2")))
    row, other = stage.sold(small, quantity=2), stage.sold(tiny)
    Subscription.objects.filter(pk=other.pk).update(renews_on=date(2027, 1, 4), anchor_day=4)
    with time_machine.travel(later(12)):
        window.log_in(stage.world.north)

        step = Step(window, row, "Change package")
        choose(page, "package", "Large")
        step.look("Credit", "−€12.00", "Charge", "€30.00", "In total€18.00", "18 / 30", "Margin€12.50")
        assert window.findings() == []
        assert window.overflow() <= 0
        step.take("Change package", "is changed.")
        assert owed(row)[stage.world.shop.id, stage.world.north.id] == 25

        step = Step(window, row, "Change package")
        choose(page, "package", "Tiny")
        step.look("Takes effect20 Dec 2026", "€2.00 per month")
        step.take("Change package", "It is planned for Small on 20 Dec 2026, and can be withdrawn until then.")
        planned = page.locator("section").filter(has=page.get_by_role("heading", name="Planned", exact=True))
        expect(planned).to_contain_text("20 Dec 2026")
        expect(planned).to_contain_text("Tiny")
        Step(window, row, "Withdraw").take("Withdraw", "stays as it is.")
        expect(planned).to_have_count(0)
        assert PlannedChange.objects.get().state == "withdrawn"

        step = Step(window, row, "Change quantity")
        page.get_by_label("Quantity").fill("5")
        step.look("In total€45.00", "User mailboxes1025")
        step.take("Change quantity", "is changed.")

        step = Step(window, row, "End together with…")
        choose(page, "subscription", "Tiny")
        step.look("To come", "€60.48", "15 / 31", "Renews on4 Jan 2027")
        step.take("End together", "20 Nov 2026 – 4 Jan 2027")

        for renews, words in ((False, "Ends on4 Jan 2027"), (True, "Renews on4 Jan 2027")):
            step = Step(window, row, "Renewal")
            page.get_by_label("Renews by itself").set_checked(renews)
            step.look(words)
            step.take("Save", words)
    row.refresh_from_db()
    assert (row.package_id, row.quantity, row.renews, row.renews_on) == (large.pk, 5, True, date(2027, 1, 4))
    assert window.complaints == []


def test_it_is_cancelled_within_its_window(window, page, stage):
    """A year's commitment that can be left for 168 hours: one is twelve days old, the other two."""
    bound = package(stage.market, "Committed", "12", minimum_months=12, cancellation_hours=168)
    old, offer = stage.sold(bound), stage.market.offer(bound)
    new = sell_subscription(actor=stage.actor, customer_id=stage.world.shop.id, offer=offer, now=later(10))
    with time_machine.travel(later(12)):
        window.log_in(stage.world.north)
        Step(window, old, "Cancel subscription")
        page.get_by_label("Now", exact=True).check()
        press(page, "Preview")
        summary = page.locator(".error-summary")
        expect(summary).to_contain_text("27 Nov 2026, 12:00 (UTC)")
        expect(summary).to_contain_text("20 Nov 2027")
        window.complaints.clear()  # the browser notes the 409

        step = Step(window, new, "Cancel subscription")
        page.get_by_label("Now", exact=True).check()
        step.look("28 / 30", "In total−€11.20")
        page.get_by_label("Type Yes to confirm").fill("Yes")
        assert window.findings() == []
        step.take("Cancel subscription", "is cancelled.")
        expect(page.locator(".page-head")).to_contain_text("Closed")

        step = Step(window, old, "Cancel subscription")
        step.look("Ends on20 Nov 2027")
        page.get_by_label("Type Yes to confirm").fill("Yes")
        step.take("Cancel subscription", "Planned")
    assert PlannedChange.objects.get(subscription=old).kind == "end"
    assert window.complaints == []
