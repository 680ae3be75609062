"""Pools in the browser and over REST, from the purchase to the seat of a customer."""

import pytest

from subscriptions.models import Pool, PoolAssignment
from subscriptions.pool_verify import pools


def say(client, url, **values):
    from uuid import uuid4

    return client.post(url, {"request_id": str(uuid4()), **values})


def test_from_the_purchase_to_the_seat_of_a_customer(stage):
    world = stage.world
    console, portal = world.provider.browser(), world.north.browser()
    purchase = {"name": "Backup", "unit": "seats", "seats": 100, "source": "direct", "payment_type": "yearly"}
    purchase |= {"holder": world.provider.id, "service_type": stage.service.pk, "ends_on": "2099-12-31"}
    bought = say(console, "/console/pools/new/", **purchase, term_months=12)
    assert bought.status_code == 302
    stock = Pool.objects.get()
    wizard = f"/console/resellers/{world.north.id}/pools/add/"
    assert "100 available" in console.get(wizard).content.decode()
    chosen = say(console, wizard, services=stage.service.pk)
    assert chosen.status_code == 200
    assert "View details of what is available" in chosen.content.decode()
    prefix = f"service{stage.service.pk}"
    asked = {"services": stage.service.pk, "save": "1", f"{prefix}-pool": stock.pk, f"{prefix}-source": "distributor",
             f"{prefix}-payment_type": "monthly", f"{prefix}-mode": "same_as_pool"}  # fmt: skip
    refused = say(console, wizard, **asked, **{f"{prefix}-seats": 101})
    assert refused.status_code == 422
    assert "This pool has only 100 user seats free" in refused.content.decode()
    assert say(console, wizard, **asked, **{f"{prefix}-seats": 40}).status_code == 302
    given = Pool.objects.get(tenant=world.north.id)
    assert portal.get(f"/portal/pools/{given.pk}/").status_code == 200
    early = {"customer": world.shop.id, "seats": 5}
    assert say(portal, f"/portal/pools/{given.pk}/assign/", **early).status_code == 422
    assert portal.post(f"/portal/pools/{given.pk}/accept/").status_code == 302
    assert say(portal, f"/portal/pools/{given.pk}/assign/", **early).status_code == 302
    hand = PoolAssignment.objects.get()
    kept = say(console, f"/console/pools/{given.pk}/edit/", seats=40, payment_type="yearly", mode="same_as_pool")
    assert kept.status_code == 302
    assert Pool.objects.get(pk=given.pk).payment_type == "monthly"
    assert say(portal, f"/portal/assignments/{hand.pk}/", seats=2).status_code == 302
    for client, shell in ((console, "console"), (portal, "portal")):
        for path in (
            f"pools/{stock.pk if shell == 'console' else given.pk}/?tab=movements",
            "pools/",
            "assignments/",
            "",
        ):
            assert client.get(f"/{shell}/{path}").status_code == 200
    tab = console.get(f"/console/resellers/{world.north.id}/?tab=pools").content.decode()
    assert "Available licences" in tab
    assert "Expiring in 30 days" in tab
    assert pools() == []


def test_over_rest(stage):
    world = stage.world
    provider, north, south = world.provider.api(), world.north.api(), world.south.api()
    bought = provider.post("pools", {"service_type": stage.service.pk, "name": "Backup", "seats": 10,
                                     "payment_type": "yearly", "ends_on": "2099-12-31"})  # fmt: skip
    assert bought.status_code == 201, bought.content
    stock = bought.json()
    body = {"pools": [{"source_pool": stock["id"], "source": "direct", "payment_type": "monthly", "seats": 6}]}
    given = provider.post(f"resellers/{world.north.id}/pools", body)
    assert given.status_code == 201, given.content
    pk = given.json()[0]["id"]
    assert given.json()[0]["status"] == "pending"
    assert north.get(f"pools/{stock['id']}").status_code == 404
    assert south.get(f"pools/{pk}").status_code == 404
    assert south.post(f"pools/{pk}/accept").status_code == 404
    assert provider.post(f"pools/{pk}/accept").status_code == 404
    assert north.post(f"pools/{pk}/accept").json()["status"] == "active"
    assert provider.post(f"pools/{pk}/return").json()["code"] == "pool-resolved"
    hand = north.post(f"pools/{pk}/assignments", {"customer": world.shop.id, "seats": 4})
    assert hand.status_code == 201, hand.content
    more = north.post(f"pools/{pk}/assignments", {"customer": world.shop.id, "seats": 3})
    assert (more.status_code, more.json()["code"]) == (409, "pool-exhausted")
    assert north.post(f"pools/{pk}/assignments", {"customer": world.mill.id, "seats": 1}).status_code == 404
    assert world.shop.api().get("assignments").json()["results"][0]["seats"] == 4
    assert north.client.patch(f"/api/v1/pools/{pk}", {"seats": 5}, content_type="application/json").status_code == 403
    shrunk = provider.client.patch(f"/api/v1/pools/{pk}", {"seats": 3}, content_type="application/json")
    assert (shrunk.status_code, shrunk.json()["code"]) == (409, "pool-in-use")
    assert str(world.shop.id) in shrunk.json()["detail"]
    points = north.get(f"pools/{pk}/trend").json()
    assert len(points) == 6
    assert provider.get(f"resellers/{world.north.id}/dashboard").json()["units"][0]["total"] == 6
    assert north.post(f"assignments/{hand.json()['id']}/release").status_code == 204
    assert pools() == []


@pytest.mark.parametrize("path", ["pools/new/", "pools/{pool}/edit/", "pools/{pool}/stock/", "pools/{pool}/assign/"])
def test_forms_are_there(stage, path):
    stock = stage.stock(5)
    pool = stage.give(stock, stage.world.north, 5) if "edit" in path else stock
    url = f"/console/{path.format(pool=pool.pk)}"
    assert stage.world.provider.browser().get(url).status_code == 200
