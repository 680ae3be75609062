"""Steps in the life of a subscription by page and by REST: the preview, then the doing."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from subscriptions.models import PlannedChange, Subscription
from tests.subscriptions.life import package
from tests.subscriptions.prices import fee
from tests.subscriptions.test_pages import text, url
from tests.world import NOW, customer


@pytest.fixture
def row(market):
    """Sold today, as the pages' clock says."""
    market.subscribe(market.world.north)
    made = market.sell(market.world.shop, by=market.world.north, package=package(market, "Small", "10"), quantity=2)
    today = timezone.now().date()
    term, held = made.renews_on.replace(year=today.year + 5), Subscription.objects.filter(pk=made.pk)
    held.update(renews_on=term)
    held.update(renews_on=term.replace(day=today.day), term_starts_on=today, anchor_day=today.day)
    made.refresh_from_db()
    return made


def page(name, row):
    return url(name, row.pk, inside="portal")


def test_a_change_is_previewed_and_then_done(market, row):
    large, browser = package(market, "Large", "25", 5), market.world.north.browser()
    form = page("subscription_package", row)
    assert "Preview" in text(browser.get(form))
    values = {"package": large.pk, "quantity": "3", "unit_price": "12", "when": "now", "request_id": uuid4()}
    shown = browser.post(form, values | {"preview": "1"})
    body = text(shown)
    for word in ("What it comes to", "Credit", "Charge", "This is below the cost", 'value="12"', "Preview again"):
        assert word in body
    quote = shown.context["quote"]
    assert not PlannedChange.objects.exists()
    outdated = text(browser.post(form, values | {"quantity": "4", "seal": quote.seal}), 422)
    assert "no longer be what the preview said" in outdated
    assert browser.post(form, values | {"seal": quote.seal}).status_code == 302
    row.refresh_from_db()
    assert (row.package_id, row.quantity) == (large.pk, 3)
    assert "Package changed" in text(browser.get(page("subscription", row)))


def test_what_is_planned_is_shown_and_withdrawn(market, row):
    browser = market.world.north.browser()
    values = {"quantity": "1", "when": "period_end", "request_id": uuid4()}
    assert browser.post(page("subscription_change", row), values).status_code == 302
    body = text(browser.get(page("subscription", row)))
    assert "Planned" in body
    assert "Withdraw" in body
    assert "Planned" in text(market.world.shop.browser().get(page("subscription", row)))
    assert "Withdraw" not in text(market.world.shop.browser().get(page("subscription", row)))
    assert page("subscription_keep", row) in body
    shown = browser.get(page("subscription_keep", row))
    assert "Nothing is charged or given back." in text(shown)
    assert PlannedChange.objects.get().state == "planned"
    values = {"seal": shown.context["quote"].seal, "request_id": uuid4()}
    assert browser.post(page("subscription_keep", row), values).status_code == 302
    assert PlannedChange.objects.get().state == "withdrawn"
    assert "Withdraw" not in text(browser.get(page("subscription", row)))
    assert "Nothing is planned" in text(browser.get(page("subscription_keep", row)))
    assert "Nothing is planned" in text(browser.post(page("subscription_keep", row), {"request_id": uuid4()}), 422)


def test_every_step_has_its_page(market, row):
    browser, corner = market.world.north.browser(), customer(market.world.north, "Corner")
    other = market.sell(market.world.shop, by=market.world.north)
    later = row.renews_on.replace(year=row.renews_on.year + 1)
    Subscription.objects.filter(pk=other.pk).update(renews_on=later, anchor_day=later.day)
    for name, values, done in (
        ("subscription_suspend", {"reason": "Unpaid"}, "suspended"),
        ("subscription_resume", {}, "is active"),
        ("subscription_renewal", {}, "Ends on"),
        ("subscription_renewal", {"renews": "on"}, "Renews on"),
        ("subscription_renew", {}, "renewed"),
        ("subscription_co_term", {"subscription": other.pk}, "term"),
        ("subscription_move", {"customer": corner.id}, "new holder"),
    ):
        assert browser.get(page(name, row)).status_code == 200
        values |= {"request_id": uuid4()}
        seal = browser.post(page(name, row), values | {"preview": "1"}).context["quote"].seal
        answer = browser.post(page(name, row), values | {"seal": seal}, follow=True)
        assert done in text(answer)
    assert "Type Yes" in text(browser.post(page("subscription_cancel", row), {"request_id": uuid4()}), 422)
    assert market.world.south.browser().get(page("subscription_package", row)).status_code == 404
    assert market.world.shop.browser().get(page("subscription_package", row)).status_code in {403, 404}


def test_a_refusal_stands_beside_the_field_and_values_are_kept(market, row):
    browser = market.world.north.browser()
    values = {"quantity": "400", "preview": "1", "request_id": uuid4()}
    refused = text(browser.post(page("subscription_change", row), values), 422)
    assert "remain to be sold" in refused
    assert 'value="400"' in refused


def test_a_sale_for_a_day_to_come(market, row):
    browser = market.world.north.browser()
    day = timezone.now().date() + timedelta(days=365)
    form = url("subscription_create", inside="portal", tenant=market.world.shop.id)
    values = {"package": row.package_id, "service_instance": market.instance.pk, "quantity": "1", "unit_price": "9"}
    assert browser.post(form, values | {"starts_on": day.isoformat(), "request_id": uuid4()}).status_code == 302
    made = Subscription.objects.latest("pk")
    assert (made.state, made.started_on) == ("pending", day)
    body = text(browser.get(page("subscription", made)))
    assert "Begins" in body
    assert page("subscription_change", made) not in body


def test_by_rest(market, row):
    large, api = package(market, "Large", "25", 5), market.world.north.api()
    at = f"subscriptions/{row.pk}"
    asked = {"package": large.pk, "unit_price": {"amount": "30.00", "currency": "EUR"}}
    quote = api.post(f"{at}/preview", {"operation": "change", **asked}).json()
    assert quote["total"] == {
        "amount": f"{sum(Decimal(x['amount']['amount']) for x in quote['lines']):.2f}",
        "currency": "EUR",
    }
    assert quote["seller_margin"] == {"amount": "17.50", "currency": "EUR"}
    assert [line["code"] for line in quote["lines"]] == ["credit", "charge"]
    stale = api.post(f"{at}/change", {**asked, "quantity": 9, "seal": quote["seal"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "quote-changed")
    changed = api.post(f"{at}/change", {**asked, "seal": quote["seal"]})
    assert (changed.status_code, changed.json()["package"]) == (200, large.pk)
    for step, state in (("suspend", "suspended"), ("resume", "active")):
        other = api.post(f"{at}/{step}", {"seal": quote["seal"]})
        assert (other.status_code, other.json()["code"]) == (409, "quote-changed")
        seal = api.post(f"{at}/preview", {"operation": step}).json()["seal"]
        assert api.post(f"{at}/{step}", {"seal": seal}).json()["state"] == state

    planned = api.post(f"{at}/change", {"quantity": 1, "when": "period_end"}).json()["planned"]
    assert (planned["kind"], planned["on"], planned["quantity"]) == ("change", row.renews_on.isoformat(), 1)
    assert api.post(f"{at}/renewal", {"renews": False}).json()["code"] == "already-planned"
    assert api.get("subscriptions", tenant=market.world.shop.id).json()["results"][0]["planned"] == planned
    assert api.post(f"{at}/keep").json()["planned"] is None
    assert api.post(f"{at}/keep").json()["code"] == "nothing-planned"
    assert api.post(f"{at}/renewal", {"renews": False}).json()["renews"] is False
    assert api.post(f"{at}/renew").json()["renews_on"] > row.renews_on.isoformat()
    assert api.post(f"{at}/cancel", {"when": "period_end"}).json()["planned"]["kind"] == "end"
    assert api.post(f"{at}/cancel").json()["state"] == "closed"


def test_bad_values_by_rest(market, row):
    api, at = market.world.north.api(), f"subscriptions/{row.pk}"
    for path, body in (
        ("change", {}),
        ("change", {"quantity": 0}),
        ("change", {"quantity": 1, "when": "later"}),
        ("change", {"quantity": 1, "unit_price": {"amount": "1.00", "currency": "EUR"}}),
        ("preview", {"operation": "move"}),
        ("preview", {"operation": "fly"}),
        ("co-term", {"subscription": row.pk}),
        ("move", {"customer": market.world.north_east.id}),
    ):
        assert api.post(f"{at}/{path}", body).status_code == 422, (path, body)
    for path in ("preview", "change", "cancel", "keep", "renewal", "renew", "co-term", "move"):
        assert market.world.south.api().post(f"{at}/{path}", {}).status_code in {404, 422}
    bound = package(market, "Bound", "1", cancellation_hours=0)
    sold = market.sell(market.world.shop, by=market.world.north, package=bound)
    with time_machine.travel(NOW, tick=False):
        refused = api.post(f"subscriptions/{sold.pk}/cancel").json()
    assert (refused["code"], refused["ends_on"]) == ("cancellation-window-closed", "2026-12-20")


def test_a_fee_says_its_window(market):
    api = market.world.provider.api()
    row = fee(market, "account", "5")
    body = {"amount": {"amount": "5.00", "currency": "EUR"}, "cancellation_hours": 168}
    assert api.post(f"fees/{row.pk}/versions", body).json()["cancellation_hours"] == 168
    page = text(market.world.provider.browser().get(url("fee_revise", row.pk)))
    assert "Cancellation window in hours" in page
