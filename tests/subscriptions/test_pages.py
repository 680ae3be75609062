from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from subscriptions.models import Subscription
from tenants.services.visibility import hide_customers
from tests.subscriptions.market import held
from tests.tenants.test_creation import form_values
from tests.world import NOW, customer, reseller


def url(name, *args, inside="console", **query):
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"{inside}:{name}", args=args) + (f"?{text}" if text else "")


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def sold(market):
    return {
        "wholesale": market.subscribe(market.world.north),
        "standard": market.sell(market.world.shop, by=market.world.north),
    }


def test_the_list_names_subscription_id_owner_package_and_status(market, sold):
    page = text(market.world.provider.browser().get(url("subscriptions")))
    for heading in ("Subscription", "ID", "Owner", "Package", "Status"):
        assert heading in page
    for row in sold.values():
        assert f'href="{url("subscription", row.pk)}"' in page
    assert "Shop" in page
    assert "North" in page


def test_the_list_takes_the_same_queries_for_many_rows(market, sold):
    """Also of one seller: with more sellers and owners to choose, and more rows to count."""
    world = market.world
    browser = world.provider.browser()
    pages = [url("subscriptions"), url("subscriptions", seller=world.north.id)]

    def counted():
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                browser.get(page)
            found.append(len(queries))
        return found

    counted()  # notes that the login was used
    before = counted()
    for number in range(3):
        market.subscribe(reseller(world.provider, f"Seller {number}"))
        customer(world.north, f"Buyer {number}")
    market.sell(world.direct)
    for _ in range(3):
        market.sell(world.shop, by=world.north)
    assert counted() == before
    assert max(before) <= 18


def labels(page, name):
    """What can be chosen, by name."""
    field = page.context["filters"].set.form.fields[name]
    return [field.label_from_instance(row) for row in field.queryset]


def test_the_filters_name_what_can_be_chosen_and_nobody_else(market, sold):
    world = market.world
    page = world.north.browser().get(url("subscriptions", inside="portal", tenant=world.shop.id))
    assert [row.record.pk for row in page.context["table"].rows] == [sold["standard"].pk]
    assert [(str(chip.label), chip.value) for chip in page.context["filters"].chips] == [("Owner", "Shop")]
    assert labels(page, "tenant") == ["Kiosk", "North", "North-East", "Shop"]
    assert labels(page, "seller") == ["North", "North-East"]
    assert labels(page, "source") == [f"Wholesale · {sold['wholesale'].pk}"]
    assert set(labels(page, "package")) == {"Standard", "Wholesale"}
    browser = world.north.browser()
    for name, chosen in (("seller", world.north.id), ("source", sold["wholesale"].pk)):
        found = browser.get(url("subscriptions", inside="portal", **{name: chosen})).context["table"].rows
        assert [row.record.pk for row in found] == [sold["standard"].pk]
    hidden = browser.get(url("subscriptions", inside="portal", tenant=world.mill.id))
    assert not hidden.context["filters"].is_valid
    assert len(hidden.context["table"].rows) == 0


def test_a_name_that_is_hidden_is_not_offered(market, sold):
    world = market.world
    hide_customers(actor=world.north.actor, reseller_id=world.north.id, now=NOW)
    page = world.provider.browser().get(url("subscriptions"))
    assert f"Customer {world.shop.id}" in labels(page, "tenant")
    assert "Shop" not in text(page)


def test_packages_are_filtered_by_whose_they_are(market, sold):
    world = market.world
    page = world.provider.browser().get(url("packages", owner=world.provider.id))
    assert [(str(chip.label), chip.value) for chip in page.context["filters"].chips] == [("Owner", "Groupware GmbH")]
    assert labels(page, "owner") == ["Groupware GmbH", "North", "North-East", "South"]
    assert "Wholesale" in text(page)
    mine = world.provider.browser().get(url("packages", owner=world.north.id))
    assert len(mine.context["table"].rows) == 0


def test_the_list_is_exported(market, sold):
    answer = market.world.provider.browser().get(url("subscriptions", export="csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("Subscription,ID,Owner,Package")


def test_the_page_of_one_shows_what_it_holds(market, sold):
    browser = market.world.provider.browser()
    page = text(browser.get(url("subscription", sold["wholesale"].pk)))
    for word in ("User mailboxes", "Allocated", "Remaining", "1,000", "950"):
        assert word in page
    assert "Package" in text(browser.get(url("subscription", sold["wholesale"].pk, tab="grants")))
    drawn = text(browser.get(url("subscription", sold["wholesale"].pk, tab="drawn")))
    assert f'href="{url("subscription", sold["standard"].pk)}"' in drawn


def test_subscribe_as_reseller_in_the_browser(market):
    world, browser = market.world, market.world.provider.browser()
    buyers = text(browser.get(url("subscription_create")))
    assert f"?tenant={world.north.id}" in buyers
    assert f"?tenant={world.south.id}" not in buyers
    form = url("subscription_create", tenant=world.north.id)
    assert "Subscribe as reseller" in text(browser.get(form))
    values = {"package": market.wholesale.pk, "service_instance": market.instance.pk, "request_id": uuid4()}

    refused = text(browser.post(form, values | {"quantity": "0"}), 422)
    assert 'value="0"' in refused
    for _ in range(2):  # sent twice by mistake
        answer = browser.post(form, values | {"quantity": "2"})
        assert answer.status_code == 302
    made = Subscription.objects.get()
    assert answer.url == url("subscription", made.pk)
    assert held(made, market.mailbox)[0] == 200
    assert browser.get(url("subscription_create", tenant=world.south.id)).status_code == 403


def test_a_reseller_sells_in_the_portal_and_is_told_what_remains(market, sold):
    browser = market.world.north.browser()
    form = url("subscription_create", inside="portal", tenant=market.world.shop.id)
    values = {"package": market.standard.pk, "service_instance": market.instance.pk, "request_id": uuid4()}
    refused = text(browser.post(form, values | {"quantity": "10"}), 422)
    assert "Only 90 of User mailboxes remain" in refused
    assert browser.post(form, values | {"quantity": "9"}).status_code == 302
    assert held(sold["wholesale"], market.mailbox) == (100, 100, 0, 0)


def test_change_suspend_resume_and_cancel_in_the_browser(market, sold):
    browser, row = market.world.north.browser(), sold["standard"]

    def post(name, **values):
        answer = browser.post(url(name, row.pk, inside="portal"), values | {"request_id": uuid4()})
        row.refresh_from_db()
        return answer.status_code

    assert post("subscription_change", quantity=2) == 302
    assert row.quantity == 2
    assert post("subscription_suspend", reason="Unpaid") == 302
    assert row.state == "suspended"
    assert post("subscription_resume") == 302
    assert post("subscription_cancel", confirm="yes") == 422
    assert post("subscription_cancel", confirm="Yes") == 302
    assert row.state == "closed"


def test_nobody_changes_their_own(market, sold):
    browser = market.world.north.browser()
    page = text(browser.get(url("subscription", sold["wholesale"].pk, inside="portal")))
    assert url("subscription_cancel", sold["wholesale"].pk, inside="portal") not in page
    for name in ("change", "suspend", "resume", "keep", "cancel"):
        assert browser.get(url(f"subscription_{name}", sold["wholesale"].pk, inside="portal")).status_code == 403


def test_a_rival_finds_nothing(market, sold):
    browser = market.world.south.browser()
    assert "Shop" not in text(browser.get(url("subscriptions", inside="portal")))
    parts = ("", "_change", "_suspend", "_resume", "_keep", "_cancel")
    for name in (f"subscription{part}" for part in parts):
        for row in sold.values():
            assert browser.get(url(name, row.pk, inside="portal")).status_code == 404
    assert browser.post(url("subscription_resume", sold["standard"].pk, inside="portal")).status_code == 404
    assert browser.get(url("subscription_create", inside="portal", tenant=market.world.shop.id)).status_code == 404


def test_the_pages_of_tenants_show_what_they_hold(market, sold):
    browser = market.world.provider.browser()
    reseller = text(browser.get(url("reseller", market.world.north.id, tab="subscriptions")))
    assert f'href="{url("subscription", sold["wholesale"].pk)}"' in reseller
    assert "Subscribe as reseller" in reseller
    commission = text(browser.get(url("reseller", market.world.south.id, tab="subscriptions")))
    assert "Subscribe as reseller" not in commission
    assert "Sell subscription" in text(browser.get(url("customer", market.world.shop.id, tab="subscriptions")))


def test_a_reseller_makes_a_plan_in_the_portal(market, sold):
    browser = market.world.north.browser()
    form = url("package_create", inside="portal", service_type=market.exchange.pk)
    page = text(browser.get(form))
    assert f"limit_{market.mailbox.pk}" in page
    assert f"limit_{market.traffic.pk}" not in page
    values = {"name": "Our plan", "audience": "customer", f"limit_{market.mailbox.pk}": "5", "request_id": uuid4()}
    answer = browser.post(form, values)
    assert answer.status_code == 302
    assert "Our plan" in text(browser.get(answer.url))
    edit = f"{answer.url}edit/"
    changed = browser.post(edit, values | {"name": "Better plan", "is_active": "on"})
    assert changed.status_code == 302
    assert "Better plan" in text(browser.get(url("packages", inside="portal")))
    assert market.world.south.browser().get(answer.url).status_code == 404


def test_the_provider_says_what_counts_as_over(market, sold):
    browser, form = market.world.provider.browser(), url("reseller_settings")
    page = browser.get(form)
    assert "Reseller settings" in text(page)
    values = form_values(page)
    assert browser.post(form, values | {"over_quota_basis": "felt"}).status_code == 422
    assert browser.post(form, values | {"over_quota_basis": "used"}).status_code == 302
    assert set(sold["wholesale"].holdings.values_list("basis", flat=True)) == {"used"}
    assert market.world.north.browser().get(form).status_code == 404
