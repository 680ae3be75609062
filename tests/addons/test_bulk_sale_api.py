"""Bulk sales over REST, as an integrator uses them."""

from uuid import uuid4

import pytest

from addons.models import AddOn, AddOnSale, BulkSale
from resellerhub.kernel.jobs.run import run
from tests.addons.callers import answered, body, price
from tests.world import customer


def test_a_bulk_sale_from_preview_to_its_targets(shop, api, sent, django_capture_on_commit_callbacks):
    world, market = shop.world, shop.market
    targets = [market.sell(customer(world.provider, name)) for name in ("=Anna", "Bert")]
    shop.sell(targets[1])
    wanted = body(shop, skip_already_sold=True)
    preview = answered(api.post("bulk-sales/preview", wanted))
    assert preview["total"] == 2
    assert (preview["counts"]["sold"], preview["counts"]["already_sold"]) == (1, 1)
    owed = {"seller": world.provider.id, "seller_name": "Groupware GmbH", "sales": 1, "cycle": "month"}
    assert preview["charges"] == [owed | {"amount": price("4.00"), "cost": price("0.00"), "activation": price("0.00")}]
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
    changed = north.patch(f"add-ons/{copy['id']}", {"name": "Team box"})
    assert answered(changed)["name"] == "Team box"
    more = {"values": [{"resource": shop.shared.pk, "value": 10_000}]}
    refused = north.patch(f"add-ons/{copy['id']}", more)
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
