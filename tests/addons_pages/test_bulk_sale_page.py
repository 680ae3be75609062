"""The page of a bulk sale: progress, outcomes, every target, cancelling, trying again."""

from decimal import Decimal

import pytest

from addons.models import AddOn, BulkSale
from resellerhub.kernel.models import Job, JobItem
from tests.addons.shop import charges
from tests.addons_pages.stage import Window, work
from tests.addons_pages.test_wizard import TO_CUSTOMERS, TO_RESELLERS


@pytest.fixture
def started(shop_window) -> BulkSale:
    """To all customers, not run yet."""
    shop_window.stage.world.provider.browser().post(TO_CUSTOMERS, shop_window.customers_order(sell="1"))
    return BulkSale.objects.get()


def url_of(sale: BulkSale, path: str = "") -> str:
    return f"/console/bulk-sales/{sale.pk}/{path}"


def browser(window: Window):
    return window.stage.world.provider.browser()


def shown(page) -> dict[str, int]:
    return {str(counter.label): counter.value for counter in page.context["counters"]}


def test_it_polls_while_it_runs_and_stops_at_the_end(shop_window, started):
    before = browser(shop_window).get(url_of(started))
    assert 'hx-trigger="every 1s"' in before.content.decode()
    assert 'hx-select="#list tbody > tr"' in before.content.decode()
    assert shown(before) == {"Sold": 0, "Waiting": 4}
    poll = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "job-progress"}
    assert "HX-Refresh" not in browser(shop_window).get(url_of(started), **poll)
    work(started)
    after = browser(shop_window).get(url_of(started))
    assert 'hx-trigger="every' not in after.content.decode()
    assert browser(shop_window).get(url_of(started), **poll)["HX-Refresh"] == "true"
    assert shown(after) == {"Sold": 2, "Would oversell": 2}
    assert sum(shown(after).values()) == started.job.total


def test_every_target_says_how_it_ended_and_why(shop_window, started):
    work(started)
    page = browser(shop_window).get(url_of(started)).content.decode()
    for name in ("Shop", "Kiosk", "Mill", "Direct"):
        assert name in page
    assert "The seller may not oversell" in page
    only = browser(shop_window).get(url_of(started, "?outcome=oversell_refused")).content.decode()
    assert "Kiosk" in only
    assert "Mill" not in only
    found = browser(shop_window).get(url_of(started, "?q=mill")).content.decode()
    assert "Mill" in found
    assert "Kiosk" not in found


def test_the_targets_as_csv(shop_window, started):
    work(started)
    lines = b"".join(browser(shop_window).get(url_of(started, "?export=csv"))).decode().splitlines()
    assert len(lines) == 5
    assert any("Mill" in line and "Sold" in line for line in lines)
    assert any("Kiosk" in line and "Would oversell" in line for line in lines)


def test_a_second_run_sells_nothing_and_says_why(shop_window):
    to_north = {"resellers": [shop_window.stage.world.north.id]}
    for _ in range(2):
        browser(shop_window).post(TO_RESELLERS, shop_window.order(sell="1", **to_north))
        sale = work(BulkSale.objects.latest("pk"))
    page = browser(shop_window).get(url_of(sale))
    assert shown(page) == {"Sold": 0, "Already sold": 1}
    assert "This add-on is active on it already." in page.content.decode()
    assert AddOn.objects.filter(copied_from=shop_window.shared).count() == 1


def test_a_preview_of_the_second_run_says_that_nothing_would_be_sold(shop_window):
    browser(shop_window).post(TO_RESELLERS, shop_window.order(sell="1"))
    work(BulkSale.objects.get())
    page = browser(shop_window).post(TO_RESELLERS, shop_window.order())
    assert shown(page) == {"Would be sold": 0, "Already sold": 1}
    assert "nothing would be sold" in page.content.decode()


def test_who_was_chosen_and_is_no_target_is_listed(shop_window):
    world = shop_window.stage.world
    both = shop_window.order(sell="1", resellers=[world.north.id, world.south.id])
    browser(shop_window).post(TO_RESELLERS, both)
    sale = work(BulkSale.objects.get())
    page = browser(shop_window).get(url_of(sale))
    assert shown(page) == {"Sold": 1}, "each target ends sold, skipped or failed; South is none"
    text = page.content.decode()
    assert "1 chosen reseller has no subscription of this service: South." in text
    assert url_of(sale, "unreached/") in text
    listed = browser(shop_window).get(url_of(sale, "unreached/"))
    assert [row.record.pk for row in listed.context["table"].rows] == [world.south.id]
    file = b"".join(browser(shop_window).get(url_of(sale, "unreached/?export=csv"))).decode()
    assert "South" in file
    assert "no_subscription" in file
    assert world.stranger.browser().get(url_of(sale, "unreached/")).status_code == 404


def test_cancelling_stops_what_has_not_begun(shop_window, started):
    answer = browser(shop_window).post(url_of(started, "cancel/"))
    assert answer.url == url_of(started)
    work(started)
    page = browser(shop_window).get(url_of(started))
    assert shown(page) == {"Sold": 0, "Cancelled": 4}
    again = browser(shop_window).post(url_of(started, "cancel/"), follow=True)
    assert (again.status_code, "has ended already" in again.content.decode()) == (200, True)


def test_what_failed_can_be_tried_again(shop_window, started):
    work(started)
    one = JobItem.objects.filter(job=started.job, state="skipped").first()
    JobItem.objects.filter(pk=one.pk).update(state="failed", reason="error")
    Job.objects.filter(pk=started.job_id).update(skipped=1, failed=1)
    assert "Try the failed again" in browser(shop_window).get(url_of(started)).content.decode()
    browser(shop_window).post(url_of(started, "retry/"))
    work(started)
    assert shown(browser(shop_window).get(url_of(started))) == {"Sold": 2, "Would oversell": 2}


def test_rivals_and_strangers_find_nothing(shop_window, started):
    world = shop_window.stage.world
    for path in ("", "cancel/", "retry/"):
        assert world.stranger.browser().post(url_of(started, path)).status_code in (404, 405)
        portal = url_of(started, path).replace("console", "portal")
        assert world.south.browser().post(portal).status_code in (404, 405)
    assert world.stranger.browser().get(url_of(started)).status_code == 404
    assert world.south.browser().get(url_of(started).replace("console", "portal")).status_code == 404
    assert world.mill.browser().get(url_of(started).replace("console", "portal")).status_code == 403
    listed = world.south.browser().get("/portal/bulk-sales/").content.decode()
    assert "Shared Mailbox" not in listed


def test_the_list_of_bulk_sales_leads_to_each(shop_window, started):
    page = browser(shop_window).get("/console/bulk-sales/").content.decode()
    assert url_of(started) in page
    assert "Waiting" in page
    assert browser(shop_window).get(f"/console/bulk-sales/of-job/{started.job_id}/").url == url_of(started)


def test_a_reseller_sells_its_copy_to_its_customers(shop_window):
    world = shop_window.stage.world
    browser(shop_window).post(TO_RESELLERS, shop_window.order(sell="1"))
    work(BulkSale.objects.get())
    copy = AddOn.objects.get(tenant=world.north.id)
    portal = world.north.browser()
    edit = f"/portal/add-ons/{copy.pk}/edit/"
    assert set(portal.get(edit).context["form"].fields) >= {"name", "customer_price"}
    change = {
        "request_id": shop_window.order()["request_id"],
        "name": "Team boxes",
        "account_fee": copy.versions.get().account_fee_id,
        "reseller_price": "3",
        "customer_price": "5.25",
    }
    assert portal.post(edit, change).status_code == 302
    copy.refresh_from_db()
    assert (copy.name, charges(copy)) == ("Team boxes", (3, Decimal("5.25")))
    assert "Team boxes" in portal.get("/portal/add-ons/").content.decode()
    order = shop_window.customers_order(add_on=copy.pk, sell="1")
    answer = portal.post(TO_CUSTOMERS.replace("console", "portal"), order)
    assert answer.status_code == 302
    sale = work(BulkSale.objects.latest("pk"))
    assert (sale.tenant_id, sale.job.done) == (world.north.id, 1)
    assert world.south.browser().get(f"/portal/add-ons/{copy.pk}/").status_code == 404
