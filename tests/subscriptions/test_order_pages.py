"""Self-service and orders in portal and console, and over REST."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subscriptions.models import Listing, Order, Subscription
from subscriptions.services.ordering.listings import Conditions, create_listing
from tests.subscriptions.prices import recording
from tests.tenants.test_creation import form_values
from tests.world import NOW


@pytest.fixture
def shop_window(market):
    """North may sell, and lists nothing yet."""
    market.subscribe(market.world.north)
    recording(market)
    return market


def words(response):
    return response.content.decode()


def listing_values(page, market, **values):
    return form_values(page, service_instance=market.instance.pk, currency="EUR", **values)


def test_a_seller_lists_and_a_customer_orders(shop_window):
    market, world = shop_window, shop_window.world
    north, shop = world.north.browser(), world.shop.browser()
    page = north.get("/portal/listings/new/")
    package = page.context["form"].fields["package"].queryset.get(name="Call recording")
    wrong = north.post(
        "/portal/listings/new/", listing_values(page, market, package=package.pk, unit_price="-1", text="Kept")
    )
    assert (wrong.status_code, "Kept" in words(wrong)) == (422, True)
    made = north.post(
        "/portal/listings/new/",
        listing_values(page, market, package=package.pk, unit_price="17.5", needs_approval="on", text="All of it"),
    )
    entry = Listing.objects.get()
    assert made.url == f"/portal/listings/{entry.pk}/"
    assert "€17.50" in words(north.get("/portal/listings/"))
    assert "€17.50 per month" in words(north.get(made.url))

    services = words(shop.get("/portal/services/"))
    assert "Call recording" in services
    assert "€17.50" in services
    assert "All of it" in services
    form = shop.get(f"/portal/services/{entry.pk}/")
    preview = shop.post(f"/portal/services/{entry.pk}/", form_values(form, quantity="4", preview="1"))
    assert (preview.status_code, Order.objects.exists()) == (200, False)
    assert "€70.00 per month" in words(preview)
    assert shop.post(f"/portal/services/{entry.pk}/", form_values(form, quantity="0")).status_code == 422
    ordered = shop.post(f"/portal/services/{entry.pk}/", form_values(form, quantity="4", note="Soon, please"))
    row = Order.objects.get()
    assert ordered.url == f"/portal/orders/{row.pk}/"
    assert "Waiting for approval" in words(shop.get(ordered.url))

    assert "Orders waiting" in words(north.get("/portal/"))
    page = words(north.get(f"/portal/orders/{row.pk}/"))
    assert "Soon, please" in page
    assert "Shop" in page
    path = f"/portal/orders/{row.pk}/reject/"
    assert north.post(path, form_values(north.get(path), comment="")).status_code == 422
    path = f"/portal/orders/{row.pk}/approve/"
    assert north.post(path, form_values(north.get(path), comment="Welcome")).status_code == 302
    assert north.get(path).status_code == 409
    assert "Welcome" in words(shop.get(ordered.url))
    assert Subscription.objects.get(tenant=world.shop.id).quantity == 4
    assert "Orders waiting" not in words(north.get("/portal/"))
    console = world.provider.browser()
    assert "Call recording" in words(console.get("/console/orders/"))
    assert console.get(f"/console/orders/{row.pk}/").status_code == 200


def test_the_customer_reads_a_neutral_sentence(shop_window):
    market, world = shop_window, shop_window.world
    entry = listed(market, market.standard)
    shop, north = world.shop.browser(), world.north.browser()
    form = shop.get(f"/portal/services/{entry.pk}/")
    page = shop.post(f"/portal/services/{entry.pk}/", form_values(form, quantity="11"), follow=True)
    assert "your seller looks at it" in words(page)
    assert "remain" not in words(page)
    row = Order.objects.get()
    assert "Only 100 of User mailboxes remain to be sold; 110 were asked for." in words(
        north.get(f"/portal/orders/{row.pk}/")
    )
    assert world.north.api().get(f"orders/{row.pk}").json()["held_by"] == "oversell-refused"
    assert world.shop.api().get(f"orders/{row.pk}").json()["held_by"] == ""
    again = shop.post(f"/portal/services/{entry.pk}/", form_values(form, quantity="1", note="Kept"))
    for shown in (again, shop.get(f"/portal/services/{entry.pk}/")):
        assert f'href="/portal/orders/{row.pk}/"' in words(shown)
        assert "Order now" not in words(shown)
    assert (again.status_code, "Kept" in words(again)) == (422, True)
    assert shop.post(f"/portal/orders/{row.pk}/withdraw/").status_code == 302
    assert Order.objects.get().state == "withdrawn"
    assert "Order now" in words(shop.get(f"/portal/services/{entry.pk}/"))


def listed(market, package, by=None, **conditions):
    seller = by or market.world.north
    terms = Conditions(market.instance.pk, **{"needs_approval": False, **conditions})
    return create_listing(actor=seller.actor, package_id=package.pk, conditions=terms, now=NOW)


def test_by_rest(shop_window):
    market, world = shop_window, shop_window.world
    north, shop = world.north.api(), world.shop.api()
    body = {"package": market.standard.pk, "service_instance": market.instance.pk}
    price = {"amount": "12.50", "currency": "EUR"}
    assert north.post("listings", body | {"price": {"amount": "1", "currency": "XX"}}).status_code == 422
    entry = north.post("listings", body | {"price": price, "description": "Ten mailboxes"}).json()
    assert (entry["needs_approval"], entry["price"], entry["cycle"]) == (True, price, "month")
    assert north.post("listings", body).json()["code"] == "already-listed"
    path = f"listings/{entry['id']}"
    assert shop.get(path).json()["price"] == price
    assert [row["id"] for row in shop.get("listings").json()["results"]] == [entry["id"]]
    assert shop.post(f"{path}/preview", {"quantity": 2}).json()["total"] == {"amount": "25.00", "currency": "EUR"}
    assert shop.post("listings", body).status_code == 403
    for stranger in (world.south, world.mill, world.stranger):
        assert stranger.api().get(path).status_code == 404
    changed = north.patch(path, {"price": None})
    assert (changed.status_code, changed.json()["own_price"], changed.json()["price"]) == (200, None, None)

    first = shop.post("orders", {"listing": entry["id"], "quantity": 2}, key="one")
    again = shop.post("orders", {"listing": entry["id"], "quantity": 2}, key="one")
    row = first.json()
    assert (first.status_code, again.json(), row["state"], row["subscription"]) == (201, row, "pending", None)
    assert again.headers["Idempotent-Replayed"] == "true"
    second = shop.post("orders", {"listing": entry["id"]}, key="two")
    assert (second.status_code, second.json()["code"], second.json()["order"]) == (409, "already-ordered", row["id"])
    without = shop.client.post("/api/v1/orders", {"listing": entry["id"]}, content_type="application/json")
    assert without.status_code == 400
    assert shop.post(f"orders/{row['id']}/approve").status_code == 403
    assert world.south.api().post(f"orders/{row['id']}/approve").status_code == 404
    assert north.post(f"orders/{row['id']}/reject", {}).status_code == 422
    done = north.post(f"orders/{row['id']}/approve", {"comment": "Welcome"}).json()
    assert (done["state"], done["comment"]) == ("approved", "Welcome")
    assert shop.get(f"subscriptions/{done['subscription']}").json()["quantity"] == 2
    assert shop.post(f"orders/{row['id']}/withdraw").json()["code"] == "order-decided"
    assert [one["id"] for one in north.get("orders", state="approved").json()["results"]] == [row["id"]]
    assert north.get("orders", state="pending").json()["results"] == []


def test_lists_take_as_many_queries_however_long_they_are(shop_window):
    market, world = shop_window, shop_window.world

    def count(browser, path):
        browser.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    def add(number):
        entry = listed(market, market.package(f"Number {number}", "customer", {market.mailbox: 1}))
        world.shop.api().post("orders", {"listing": entry.pk})

    shop, north = world.shop.browser(), world.north.browser()
    pages = [
        (shop, "/portal/services/"),
        (shop, "/portal/orders/"),
        (north, "/portal/listings/"),
        (north, "/portal/orders/"),
    ]
    add(1)
    before = [count(*page) for page in pages]
    for number in (2, 3, 4):
        add(number)
    assert [count(*page) for page in pages] == before
    assert Order.objects.filter(state="approved").count() == 4
