"""Add-ons, sales and bulk sales over REST, as an integrator uses them."""

from uuid import uuid4

import pytest

from addons.models import AddOn, AddOnSale, BulkSale
from resellerhub.kernel.jobs.run import run
from subscriptions.services.standing import close_subscription
from tenants.services.moves import move_tenant
from tests.addons.shop import allocated, let_oversell
from tests.world import NOW, customer

EUR = {"currency": "EUR"}


def price(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


@pytest.fixture
def api(shop):
    return shop.world.provider.api()


def answered(response, status=200):
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def body(shop, **changes):
    return {
        "audience": "customers",
        "owner": "all",
        "service_type": shop.market.exchange.pk,
        "add_on": shop.add_on.pk,
        "only_over_quota": False,
        "quantity": 1,
        **changes,
    }


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
    changed = api.client.patch(f"/api/v1/{path}", {"name": "Room mailboxes", "is_active": False}, "application/json")
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
    AddOn.objects.filter(copied_from=shop.add_on).update(reseller_price=9)
    copy = AddOn.objects.get(copied_from=shop.add_on)
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
        "south": {of_shop.pk: None},
        "shop": {of_shop.pk: None},
        "kiosk": {of_kiosk.pk: None},
    }
    for player in (world.north_east, world.kiosk):
        told = player.api().get("events", limit=200).content.decode()
        pages = [f"add-ons/{copy.pk}/", f"add-ons/{copy.pk}/?tab=sales", f"subscriptions/{of_kiosk.pk}/", "add-ons/"]
        told += "".join(player.browser().get(f"/portal/{page}").content.decode() for page in pages)
        assert copy.name in told
        assert "2.5" not in told


def test_a_bulk_sale_from_preview_to_its_targets(shop, api, sent, django_capture_on_commit_callbacks):
    world, market = shop.world, shop.market
    targets = [market.sell(customer(world.provider, name)) for name in ("=Anna", "Bert")]
    shop.sell(targets[1])
    wanted = body(shop, skip_already_sold=True)
    preview = answered(api.post("bulk-sales/preview", wanted))
    assert preview["total"] == 2
    assert (preview["counts"]["sold"], preview["counts"]["already_sold"]) == (1, 1)
    owed = {"seller": world.provider.id, "seller_name": "Groupware GmbH", "sales": 1, "cycle": "month"}
    assert preview["charges"] == [owed | {"amount": price("4.00"), "cost": price("0.00")}]
    assert preview["unreached"] == []
    assert preview["granted"] == {str(shop.shared.pk): 9999}
    key = uuid4().hex
    with django_capture_on_commit_callbacks(execute=True):
        first = api.post("bulk-sales", wanted, key=key)
    sale = answered(first, 202)
    assert answered(api.post("bulk-sales", wanted, key=key), 202) == sale
    assert answered(api.post("bulk-sales", wanted | {"quantity": 2}, key=key), 422)["code"]
    assert first.headers["Location"].endswith(f"/api/v1/jobs/{sale['job']}")
    assert sale["counts"] == {"total": 2, "sold": 0, "skipped": 0, "failed": 0, "pending": 2}
    assert sent == [sale["job"]]
    run(sale["job"], seconds=60)
    done = answered(api.get(f"bulk-sales/{sale['id']}", expand="reasons"))
    assert done["counts"] == {"total": 2, "sold": 1, "skipped": 1, "failed": 0, "pending": 0}
    assert (done["state"], done["percent"], done["reasons"]) == ("done", 100, {"already_sold": 1})
    items = f"bulk-sales/{sale['id']}/items"
    rows = answered(api.get(items))["results"]
    assert [(row["subscription"], row["state"], row["reason"]) for row in rows] == [
        (targets[0].pk, "sold", ""),
        (targets[1].pk, "skipped", "already_sold"),
    ]
    assert rows[0]["sale"] == AddOnSale.objects.get(subscription=targets[0]).pk
    only = answered(api.get(items, reason="already_sold", state="skipped", limit=1))
    assert [row["tenant_name"] for row in only["results"]] == ["Bert"]
    page = answered(api.get(items, limit=1))
    follow = answered(api.client.get(page["next"]))
    assert [row["position"] for row in follow["results"]] == [2]
    text = b"".join(api.get(f"{items}.csv")).decode().splitlines()
    assert len(text) == 3
    assert "'=Anna" in text[1]
    assert len(b"".join(api.get(f"{items}.csv", state="sold")).decode().splitlines()) == 2
    assert BulkSale.objects.count() == 1


def test_to_resellers_with_a_copy(shop, api):
    world = shop.world
    shop.market.subscribe(world.north)
    wanted = body(shop, audience="resellers", resellers=[world.north.id], create_copy=True, quantity=99_999)
    del wanted["owner"]
    sale = answered(api.post("bulk-sales", wanted), 202)
    run(sale["job"], seconds=60)
    north = world.north.api()
    (copy,) = answered(north.get("add-ons", owner=world.north.id))["results"]
    assert (copy["copied_from"], copy["tenant"]) == (shop.add_on.pk, world.north.id)
    changed = north.client.patch(f"/api/v1/add-ons/{copy['id']}", {"name": "Team box"}, "application/json")
    assert answered(changed)["name"] == "Team box"
    refused = north.client.patch(f"/api/v1/add-ons/{copy['id']}", {"cycle": "year"}, "application/json")
    assert answered(refused, 422)["code"] == "copy-is-fixed"
    assert answered(north.post(f"add-ons/{shop.add_on.pk}/associate", {"packages": []}), 403)
    assert AddOn.objects.count() == 2


def test_every_target_of_a_preview_a_page_at_a_time(shop, api):
    world, market = shop.world, shop.market
    targets = [market.sell(customer(world.provider, name)) for name in "ABC"]
    shop.sell(targets[1])
    wanted, seen = body(shop, skip_already_sold=True), []
    page = {"results": [], "next": 0}
    while page["next"] is not None:
        page = answered(api.post("bulk-sales/preview/targets", wanted | {"after": page["next"], "limit": 2}))
        seen += page["results"]
    assert [(row["position"], row["subscription"], row["tenant_name"], row["outcome"]) for row in seen] == [
        (1, targets[0].pk, "A", "sold"),
        (2, targets[1].pk, "B", "already_sold"),
        (3, targets[2].pk, "C", "sold"),
    ]
    assert answered(api.post("bulk-sales/preview/targets", wanted | {"limit": 1001}), 422)
    assert answered(world.north.api().post("bulk-sales/preview/targets", wanted), 404)


def test_who_was_chosen_and_has_no_subscription_is_told(shop, api):
    """Before and after; what is sold to them later changes nothing about it."""
    world = shop.world
    shop.market.subscribe(world.north)
    chosen = [world.north.id, world.south.id, world.north_east.id]
    wanted = body(shop, audience="resellers", resellers=chosen)
    del wanted["owner"]
    missing = [
        {"tenant": player.id, "tenant_name": name, "reason": "no_subscription"}
        for player, name in ((world.north_east, "North-East"), (world.south, "South"))
    ]
    preview = answered(api.post("bulk-sales/preview", wanted))
    assert (preview["total"], preview["counts"]["sold"], preview["unreached"]) == (1, 1, missing)
    sale = answered(api.post("bulk-sales", wanted), 202)
    assert sale["counts"]["total"] == 1
    run(sale["job"], seconds=60)
    small = shop.market.package("Small", "reseller", {shop.market.mailbox: 20})
    shop.market.subscribe(world.north_east, by=world.north, package=small)
    url = f"bulk-sales/{sale['id']}/unreached"
    assert answered(api.get(url))["results"] == missing
    for rival in (world.south, world.stranger):
        assert answered(rival.api().get(url), 404)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"quantity": 0}, "#/quantity"),
        ({"quantity": 100_000}, "#/quantity"),
        ({"owner": "some"}, "#/owner"),
        ({"resellers": [1]}, "#/resellers"),
        ({"audience": "resellers"}, "#/resellers"),
        ({"audience": "everybody"}, "#/audience"),
    ],
)
def test_a_wrong_order_is_pointed_at(shop, api, changes, pointer):
    for path in ("bulk-sales", "bulk-sales/preview"):
        problem = answered(api.post(path, body(shop, **changes)), 422)
        assert pointer in [error["pointer"] for error in problem["errors"]]
    assert answered(api.post("bulk-sales", body(shop, colour="red")), 400)
    assert answered(api.post("bulk-sales", body(shop, quantity="1")), 422)


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
        with django_assert_max_num_queries(9):
            assert len(answered(api.client.get(f"/api/v1/{path}"))["results"]) >= 5
