"""Add-ons, sales and bulk sales over REST, as an integrator uses them."""

from decimal import Decimal
from uuid import uuid4

import pytest

from addons.services.add_ons import change_add_on
from resellerhub.kernel.jobs.run import run
from subscriptions.services.life.standing import close_subscription
from tenants.services.moves import move_tenant
from tests.addons.callers import answered, body, price
from tests.addons.shop import allocated, copy_of, let_oversell
from tests.world import NOW, customer

EUR = {"currency": "EUR"}


def test_an_add_on_is_made_changed_and_associated(shop, api):
    made = api.post(
        "add-ons",
        {
            "service_type": shop.market.exchange.pk,
            "name": "Rooms",
            "cycle": "year",
            "reseller_price": price("10"),
            "customer_price": price("12.5"),
            "values": [{"resource": shop.rooms.pk, "value": 9999, "minimum": 5}],
            "packages": "all",
        },
    )
    row = answered(made, 201)
    assert made.headers["Location"].endswith(f"/api/v1/add-ons/{row['id']}")
    assert row["values"] == [
        {"resource": shop.rooms.pk, "code": "room_mailbox", "name": "Room mailbox", "value": 9999, "minimum": 5}
    ]
    assert (row["reseller_price"], row["customer_price"]) == (price("10.00"), price("12.50"))
    path = f"add-ons/{row['id']}"
    both = {shop.market.wholesale.pk, shop.market.standard.pk}
    assert set(answered(api.get(path, expand="packages"))["packages"]) == both
    assert "packages" not in answered(api.get(path))
    changed = api.patch(path, {"name": "Room mailboxes", "is_active": False})
    assert (answered(changed)["name"], changed.json()["is_active"]) == ("Room mailboxes", False)
    answered(api.post(f"{path}/associate", {"packages": [shop.market.standard.pk]}))
    assert answered(api.get(path, expand="packages"))["packages"] == [shop.market.standard.pk]
    assert [each["name"] for each in answered(api.get("add-ons", search="room"))["results"]] == ["Room mailboxes"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"customer_price": {"amount": "1", "currency": "USD"}}, "#/customer_price"),
        ({"values": []}, "#/values"),
        ({"values": [{"resource": 1, "value": 0}]}, "#/values/0/value"),
        ({"cycle": "week"}, "#/cycle"),
        ({"packages": "some"}, "#/packages"),
        ({"name": "Shared Mailbox"}, "#/name"),
    ],
)
def test_wrong_values_are_pointed_at(shop, api, changes, pointer):
    wanted = {
        "service_type": shop.market.exchange.pk,
        "name": "Rooms",
        "reseller_price": price("10"),
        "customer_price": price("12.5"),
        "values": [{"resource": shop.rooms.pk, "value": 1}],
    }
    problem = answered(api.post("add-ons", wanted | changes), 422)
    assert pointer in [error["pointer"] for error in problem["errors"]]


def test_one_sale_is_made_read_and_cancelled(shop, api):
    subscription = shop.market.sell(shop.world.direct)
    wanted = {"subscription": subscription.pk, "add_on": shop.add_on.pk, "quantity": 3}
    key = uuid4().hex
    first, again = (api.post("add-on-sales", wanted, key=key) for _time in range(2))
    sale = answered(first, 201)
    assert answered(again, 201) == sale
    assert again.headers["Idempotent-Replayed"] == "true"
    assert sale["granted"] == [{"resource": shop.shared.pk, "code": "shared_mailbox", "amount": 29_997}]
    assert (sale["unit_price"], sale["unit_cost"], sale["state"]) == (price("4.00"), None, "active")
    found = answered(api.get("add-on-sales", subscription=subscription.pk))["results"]
    assert [each["id"] for each in found] == [sale["id"]]
    assert answered(api.get("add-on-sales", subscription=10**9))["results"] == []
    assert answered(api.post(f"add-on-sales/{sale['id']}/cancel"))["state"] == "cancelled"
    assert allocated(subscription, shop.shared) == 0
    assert api.client.post("/api/v1/add-on-sales", wanted, "application/json").status_code == 400


def test_a_subscription_lists_what_was_sold_on_it(shop):
    world, market = shop.world, shop.market
    subscription, other = market.sell(world.direct), market.sell(customer(world.provider, "Corner"))
    first, second, third = (shop.sell(subscription, quantity=number) for number in (1, 2, 3))
    shop.sell(other)
    path, api = f"subscriptions/{subscription.pk}/add-ons", world.direct.api()
    page = answered(api.get(path, limit=2))
    assert [sale["id"] for sale in page["results"]] == [third.pk, second.pk]
    (last,) = answered(api.client.get(page["next"]))["results"]
    assert last == answered(api.get(f"add-on-sales/{first.pk}"))
    assert answered(api.get(path, state="cancelled"))["results"] == []
    for stranger in (world.north, world.shop, world.stranger):
        assert stranger.api().get(path).status_code == 404
    assert world.direct.api("subscription.view").get(path).status_code == 403


def test_what_a_seller_pays_is_not_for_the_holder(shop):
    world, market = shop.world, shop.market
    shop.sell(market.subscribe(world.north), quantity=9)
    sale = shop.sell(market.sell(world.shop))
    seen = {
        player: answered(getattr(world, player).api().get(f"add-on-sales/{sale.pk}"))["unit_cost"]
        for player in ("provider", "north", "shop")
    }
    assert seen == {"provider": price("2.50"), "north": price("2.50"), "shop": None}
    (add_on,) = answered(world.shop.api().get("add-ons"))["results"]
    assert (add_on["reseller_price"], add_on["customer_price"]) == (None, price("4.00"))
    for stranger in (world.south, world.stranger, world.mill):
        assert stranger.api().get(f"add-on-sales/{sale.pk}").status_code == 404
        assert answered(stranger.api().get("add-on-sales"))["results"] == []


def test_nobody_reads_what_another_level_pays(shop):
    """Not beneath it, nor after the holder has moved to another seller."""
    world, market = shop.world, shop.market
    market.subscribe(world.north)
    small = market.package("Small", "reseller", {market.mailbox: 20, market.storage: 100})
    market.subscribe(world.north_east, by=world.north, package=small)
    of_shop, of_kiosk = market.sell(world.shop), market.sell(world.kiosk)
    shop.run(shop.to_resellers(world.north, create_copy=True, quantity=9))
    let_oversell(world.north_east)
    copy = copy_of(shop.add_on)
    change_add_on(actor=world.north.actor, add_on_id=copy.pk, reseller_price=Decimal(9), currency="EUR", now=NOW)
    shop.run(shop.to_customers(add_on_id=copy.pk), by=world.north)
    close_subscription(actor=world.provider.actor, subscription_id=of_shop.pk, now=NOW)
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=world.south.id, now=NOW)
    seen = {
        player: {
            sale["subscription"]: sale["unit_cost"] and sale["unit_cost"]["amount"]
            for sale in answered(getattr(world, player).api().get("add-on-sales", add_on=copy.pk))["results"]
        }
        for player in ("provider", "north", "north_east", "south", "shop", "kiosk")
    }
    assert seen == {
        "provider": {of_shop.pk: "2.50", of_kiosk.pk: "9.00"},
        "north": {of_kiosk.pk: "9.00"},
        "north_east": {of_kiosk.pk: "9.00"},
        "south": {},
        "shop": {of_shop.pk: None},
        "kiosk": {of_kiosk.pk: None},
    }
    assert [player.api().get(f"add-ons/{copy.pk}").status_code for player in (world.south, world.north)] == [404, 200]
    for player in (world.north_east, world.kiosk):
        told = player.api().get("events", limit=200).content.decode()
        pages = [f"add-ons/{copy.pk}/", f"add-ons/{copy.pk}/?tab=sales", f"subscriptions/{of_kiosk.pk}/", "add-ons/"]
        told += "".join(player.browser().get(f"/portal/{page}").content.decode() for page in pages)
        assert copy.name in told
        assert "2.5" not in told


def test_cancel_and_retry(shop, api):
    shop.market.sell(shop.world.direct)
    sale = answered(api.post("bulk-sales", body(shop)), 202)
    answered(api.post(f"bulk-sales/{sale['id']}/cancel"), 202)
    run(sale["job"], seconds=60)
    assert answered(api.get(f"bulk-sales/{sale['id']}"))["state"] == "cancelled"
    assert answered(api.post(f"bulk-sales/{sale['id']}/retry"), 409)["code"] == "nothing-failed"
    assert answered(api.post(f"bulk-sales/{sale['id']}/cancel"), 409)["code"] == "job-finished"


def test_a_rival_finds_nothing(shop, api):
    world = shop.world
    shop.market.sell(world.direct)
    sale = answered(api.post("bulk-sales", body(shop)), 202)
    for rival in (world.north, world.stranger):
        theirs = rival.api()
        assert answered(theirs.get("bulk-sales"))["results"] == []
        for path in (
            f"bulk-sales/{sale['id']}",
            f"bulk-sales/{sale['id']}/items",
            f"bulk-sales/{sale['id']}/items.csv",
        ):
            assert theirs.get(path).status_code == 404
        assert theirs.post(f"bulk-sales/{sale['id']}/cancel").status_code == 404
        assert theirs.post("bulk-sales", body(shop)).status_code in (403, 404)
    reading = world.provider.api("read")
    assert answered(reading.get("bulk-sales"))["results"]
    assert reading.post("bulk-sales", body(shop)).status_code == 403


def test_lists_take_few_queries(shop, api, django_assert_max_num_queries):
    for name in "ABCDE":
        shop.sell(shop.market.sell(customer(shop.world.provider, name)))
        shop.make(name, {shop.rooms: 1})
        shop.start(shop.to_customers())
    for path in ("add-ons", "add-ons?expand=packages", "add-on-sales", "bulk-sales"):
        with django_assert_max_num_queries(10):
            assert len(answered(api.client.get(f"/api/v1/{path}"))["results"]) >= 5
