"""Worker and beat stand still, and the end of a top pool has passed: every page and endpoint says so, and nothing is
handed out any more."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from subscriptions.models import Pool, SeatEntry
from subscriptions.services.pools.assigning import assign_seats
from tests.pools.stage import END
from tests.world import NOW, customer


@pytest.fixture
def ended(stage):
    """A stock, what North has of it, what North-East has of that, and an offer: with seats of customers at each."""
    world = stage.world
    stock = stage.stock(100)
    given = stage.give(stock, world.north, 50)
    below = stage.give(given, world.north_east, 20, by=world.north, mode="date", at=END)
    offered = stage.offer(given, world.north_east, 5, by=world.north)
    for holder, pool, buyer in (
        (world.provider, stock, world.direct), (world.north, given, world.shop), (world.north_east, below, world.kiosk),
    ):  # fmt: skip
        assign_seats(actor=holder.actor, pool_id=pool.pk, customer_id=buyer.id, seats=3, request_id=uuid4(), now=NOW)
    with time_machine.travel(END + timedelta(minutes=1), tick=False):
        yield stage, (stock, given, below, offered)


def test_every_page_shows_that_all_of_it_is_over(ended):
    stage, made = ended
    world = stage.world
    _stock, given, below, offered = made
    seen = {
        ("console", world.provider): made,
        ("portal", world.north): (given, below, offered),
        ("portal", world.north_east): (below, offered),
    }
    for (shell, player), held in seen.items():
        browser = player.browser()
        listed = browser.get(f"/{shell}/pools/").content.decode()
        assert listed.count(">Expired<") >= len(held), player.name
        for query in ("status=active", "status=pending", "expiring=true"):
            page = browser.get(f"/{shell}/pools/?{query}").content.decode()
            assert not [pool.pk for pool in held if f"/{shell}/pools/{pool.pk}/" in page], query
        for pool in held[-2:]:
            page = browser.get(f"/{shell}/pools/{pool.pk}/").content.decode()
            assert ">Expired<" in page
            assert not [verb for verb in ("assign", "accept", "return") if f"/pools/{pool.pk}/{verb}/" in page]
        assert browser.get(f"/{shell}/").status_code == 200
    for url in (f"/console/resellers/{world.north.id}/?tab=pools", f"/console/pools/holders/{world.north_east.id}/"):
        page = world.provider.browser().get(url).content.decode()
        assert ">Expired<" in page
    for shell, player in (("console", world.provider), ("portal", world.north), ("portal", world.shop)):
        page = player.browser().get(f"/{shell}/assignments/").content.decode()
        listed = re.sub(r"<option.*?</option>", "", page)  # the words of the filter
        assert ">Expired<" in listed, player.name
        assert ">Active<" not in listed, player.name
    assert "No customer has seats" in world.provider.browser().get("/console/pools/customers/").content.decode()


def test_every_endpoint_shows_that_all_of_it_is_over_and_gives_nothing(ended):
    stage, (stock, given, below, offered) = ended
    world = stage.world
    provider, north, north_east = (player.api() for player in (world.provider, world.north, world.north_east))
    entries = SeatEntry.objects.count()
    for api, count in ((provider, 4), (north, 3), (north_east, 2)):
        rows = api.get("pools").json()["results"]
        assert [row["status"] for row in rows] == ["expired"] * count
        assert {api.get(f"pools/{row['id']}").json()["status"] for row in rows} == {"expired"}
        assert {row["available"] for row in rows} == {0}
        assert api.get("pools", status="active").json()["results"] == []
    for api in (provider, north, world.shop.api()):
        assert {row["status"] for row in api.get("assignments").json()["results"]} == {"expired"}
    told = provider.get(f"resellers/{world.north.id}/dashboard").json()
    assert (told["pools"], told["customers"], told["units"], told["given"]["resellers"]) == (0, 0, [], 0)
    one = {"source": "direct", "payment_type": "monthly", "seats": 1}
    refused = {
        "assigned": north.post(f"pools/{given.pk}/assignments", {"customer": world.shop.id, "seats": 1}),
        "assigned deeper": north_east.post(f"pools/{below.pk}/assignments", {"customer": world.kiosk.id, "seats": 1}),
        "assigned of the stock": provider.post(
            f"pools/{stock.pk}/assignments", {"customer": world.direct.id, "seats": 1}
        ),
        "accepted": north_east.post(f"pools/{offered.pk}/accept"),
        "given": provider.post(f"resellers/{world.south.id}/pools", {"pools": [one | {"source_pool": stock.pk}]}),
        "given on": north.post(f"resellers/{world.north_east.id}/pools", {"pools": [one | {"source_pool": given.pk}]}),
    }
    told = {what: (answer.status_code, answer.json()["code"]) for what, answer in refused.items()}
    assert told == dict.fromkeys(refused, (409, "pool-not-active"))
    more = north.client.patch(f"/api/v1/pools/{offered.pk}", {"seats": 9}, content_type="application/json")
    assert (more.status_code, more.json()["code"]) == (409, "pool-not-active")
    assert SeatEntry.objects.count() == entries
    assert set(Pool.objects.values_list("reclaimed_at", flat=True)) == {None}  # no job has run


def test_forms_refuse_with_what_was_entered(ended):
    stage, (_stock, given, _below, _offered) = ended
    world = stage.world
    new = customer(world.north, "Late")
    refused = world.north.browser().post(
        f"/portal/pools/{given.pk}/assign/", {"request_id": str(uuid4()), "customer": new.id, "seats": 7}
    )
    assert refused.status_code in {409, 422}
    assert "is not active" in refused.content.decode()
    wizard = world.north.browser().get(f"/portal/resellers/{world.north_east.id}/pools/add/").content.decode()
    assert "You have no active pool to give from." in wizard
