"""Names that a reader of pools does not know: of customers that are hidden, and of a rival's sub-resellers."""

import pytest

from resellerhub.kernel.refusals import Refusal
from subscriptions.services.pools.editing import edit_pool
from subscriptions.services.pools.supplying import add_supplier
from tenants.models import ResellerTerms
from tenants.services.visibility import hide_customers
from tests.pools.stage import Stage, mapped
from tests.world import NOW, reseller


def read(browser, shell: str, *paths: str) -> str:
    """Pages, and the files of lists."""
    answers = [browser.get(f"/{shell}/{path}") for path in paths]
    assert [answer.status_code for answer in answers] == [200] * len(paths), paths
    return "".join(
        b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
        for answer in answers
    )


def test_hidden_customers_are_numbers_wherever_pools_name_them(stage: Stage):
    world = stage.world
    given = stage.give(stage.stock(100), world.north, 40)
    hand = stage.assign(given, world.shop, 5)
    lists = ("pools/customers/", "assignments/", f"pools/{given.pk}/?tab=customers")
    places = (
        *lists, "pools/customers/?export=csv&filename=x", "assignments/?export=csv&filename=x",
        f"pools/holders/{world.north.id}/", f"resellers/{world.north.id}/?tab=pools", f"assignments/{hand.pk}/",
    )  # fmt: skip
    console, api = world.provider.browser(), world.provider.api()
    assert all(world.shop.name in read(console, "console", path) for path in places)
    hide_customers(actor=world.provider.actor, reseller_id=world.north.id, now=NOW)
    whole = read(console, "console", *places, "pools/customers/?sort=-customer", "assignments/?sort=customer")
    assert world.shop.name not in whole
    assert whole.count(f"Customer {world.shop.id}") >= len(places)
    for path in ("pools/customers/", "assignments/"):
        for words, count in ((world.shop.name, 0), ("", 1)):
            assert console.get(f"/console/{path}", {"q": words}).context["count"] == count
    assert api.get("assignments").json()["results"][0]["customer_name"] == f"Customer {world.shop.id}"
    assert api.get("assignments", search=world.shop.name).json()["results"] == []
    with pytest.raises(Refusal) as refused:
        edit_pool(actor=world.provider.actor, pool_id=given.pk, seats=4, now=NOW)
    assert f"Customer {world.shop.id} · {world.shop.id}: 5" in refused.value.detail
    assert world.shop.name not in refused.value.detail
    assert world.shop.name in read(world.north.browser(), "portal", "pools/customers/")


def test_a_supplier_reads_no_names_of_a_rival_s_branch(stage: Stage):
    """It knows to whom it gives. To whom those give it on is theirs: the provider and they read it."""
    world = stage.world
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    add_supplier(actor=world.provider.actor, reseller_id=world.north.id, supplier_id=world.south.id, now=NOW)
    given = stage.give(stage.stock(100, holder=world.south), world.north, 40, by=world.south)
    below = stage.give(given, world.north_east, 15, by=world.north)
    deepest = mapped(reseller(world.north_east, "Farthest"))
    last = stage.give(below, deepest, 3, by=world.north_east)
    pages = (
        "pools/", "pools/?export=csv&filename=x", "pools/?sort=holder", f"pools/{given.pk}/?tab=given",
        f"pools/{below.pk}/", f"pools/{last.pk}/", f"pools/holders/{world.north_east.id}/", "pools/customers/",
    )  # fmt: skip
    south = read(world.south.browser(), "portal", *pages)
    assert "North-East" not in south
    assert "Farthest" not in south
    assert f"Reseller {world.north_east.id}" in south
    assert "North" in south
    rows = {row["id"]: row for row in world.south.api().get("pools").json()["results"]}
    assert (rows[given.pk]["holder_name"], rows[given.pk]["grantor_name"]) == ("North", "South")
    assert rows[last.pk]["holder_name"] == f"Reseller {deepest.id}"
    assert rows[last.pk]["grantor_name"] == f"Reseller {world.north_east.id}"
    assert [row["grantor_name"] for row in rows.values() if row["parent"] is None] == [None]
    with pytest.raises(Refusal) as refused:
        edit_pool(actor=world.south.actor, pool_id=given.pk, seats=14, now=NOW)
    assert f"Reseller {world.north_east.id} · {world.north_east.id}: 15" in refused.value.detail
    for player, shell in ((world.north, "portal"), (world.provider, "console")):
        assert "North-East" in read(player.browser(), shell, "pools/")
    # Who is given knows by whom, wherever that stands.
    assert world.north_east.api().get(f"pools/{below.pk}").json()["grantor_name"] == "North"
    assert world.north.api().get(f"pools/{given.pk}").json()["grantor_name"] == "South"
