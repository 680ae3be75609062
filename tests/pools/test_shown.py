"""What lists, pages, numbers and charts show of pools: the day that was chosen, and what is so at the moment."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from subscriptions.models import Pool, PoolAssignment
from subscriptions.pool_verify import pools
from subscriptions.selectors.pool_numbers import given, numbers, trend
from subscriptions.services.pools.assigning import assign_seats
from subscriptions.services.pools.editing import change_pool, edit_pool
from subscriptions.services.pools.ending import reclaim_seats
from subscriptions.services.pools.expiry import Expiry, end_of
from subscriptions.services.pools.resolving import accept_pool
from tenants.actor import Actor
from tenants.models import Event, ResellerTerms
from tests.pools.stage import END, Stage
from tests.world import NOW, customer

LAST = date(2026, 12, 31)


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def assign(stage: Stage, pool: Pool, seats: int, whom) -> PoolAssignment:
    asked = {"pool_id": pool.pk, "customer_id": whom.id, "seats": seats, "request_id": uuid4()}
    return assign_seats(actor=stage.world.north.actor, **asked, now=NOW)


def say(client, url, **values):
    return client.post(url, {"request_id": str(uuid4()), **values})


def patch(api, path, **values):
    return api.client.patch(f"/api/v1/{path}", values, content_type="application/json")


def test_an_end_is_shown_as_the_last_day(stage: Stage, today):
    world = stage.world
    stock = stage.stock(100, ends_at=end_of(LAST))
    pool = stage.give(stock, world.north, 40)
    assign(stage, pool, 4, world.shop)
    console, portal, shop = (player.browser() for player in (world.provider, world.north, world.shop))
    for browser, path in (
        (console, "/console/pools/"), (console, f"/console/pools/{pool.pk}/"), (console, "/console/pools/customers/"),
        (console, "/console/assignments/"), (portal, f"/portal/pools/{pool.pk}/"), (shop, "/portal/assignments/"),
    ):  # fmt: skip
        page = browser.get(path).content.decode()
        assert "31 Dec 2026" in page, path
        assert "1 Jan 2027" not in page, path
    wizard = say(console, f"/console/resellers/{world.north.id}/pools/add/", services=stage.service.pk)
    assert "<td>31 Dec 2026</td>" in wizard.content.decode()
    api = world.provider.api()
    assert api.get(f"pools/{pool.pk}").json()["ends_on"] == api.get("assignments").json()["results"][0]["ends_on"]
    assert api.get(f"pools/{pool.pk}").json()["ends_on"] == LAST.isoformat()
    on = LAST.isoformat()
    assert api.get("pools", ends_after=on, ends_before=on).json()["results"][1:]
    assert api.get("pools", ends_after="2027-01-01").json()["results"] == []
    assert Event.objects.get(kind="pool.purchased").after["ends_at"] == on
    edit_pool(actor=world.provider.actor, pool_id=pool.pk, expiry=Expiry("now"), now=NOW)
    assert "20 Nov 2026, 13:00" in console.get(f"/console/pools/{pool.pk}/").content.decode()


def test_what_has_ended_is_counted_as_back_before_a_job_ran(stage: Stage):
    world = stage.world
    stock = stage.stock(50)
    stage.give(stock, world.north, 20, mode="date", at=NOW + timedelta(days=1))
    stage.offer(stock, world.north, 5, mode="date", at=NOW + timedelta(days=1))
    stays = stage.give(stock, world.south, 8)
    later = NOW + timedelta(days=2)
    told = given(world.provider.actor, world.provider.id, later)
    assert (told.resellers, told.units[0].allocated, told.units[0].pending) == (1, 8, 0)
    assert (told.units[0].available_percent, told.units[0].unused_percent) == (84, 100)
    with time_machine.travel(later, tick=False):
        row = world.provider.api().get(f"pools/{stock.pk}").json()
        assert [row[name] for name in ("seats", "available", "pending", "allocated", "assigned")] == [50, 42, 0, 8, 0]
        browser = world.provider.browser()
        counters = browser.get(f"/console/pools/{stock.pk}/").context["counters"]
        assert [counter.value for counter in counters] == [50, 42, 0, 8, 0]
        listed = browser.get(f"/console/pools/?grantor={world.provider.id}&status=active").context["table"]
        assert [total["seats"] for total in listed.totals] == [8]
    assert Pool.objects.get(pk=stock.pk).allocated == 28
    assert Pool.objects.get(pk=stays.pk).seats == 8


def test_an_account_manager_counts_its_customers(stage: Stage):
    world = stage.world
    pool = stage.give(stage.stock(100), world.north, 40)
    second = customer(world.north, "Second")
    assign(stage, pool, 3, world.shop)
    assign(stage, pool, 4, second)
    manager: Actor = replace(world.north.member("account_manager"), managed=(second.id,))
    for actor, customers, allocated in ((world.north.actor, 2, 7), (manager, 1, 4)):
        told = numbers(actor, world.north.id, NOW)
        assert (told.customers, told.units[0].allocated) == (customers, allocated)
    assert PoolAssignment.objects.visible_to(manager).count() == 1


def test_the_chart_on_the_first_after_the_last_day(stage: Stage):
    world = stage.world
    stock = stage.stock(100, ends_at=end_of(date(2027, 1, 31)))
    pool = stage.offer(stock, world.north, 40, mode="date", at=end_of(LAST))
    accept_pool(actor=world.north.actor, pool_id=pool.pk, now=datetime(2026, 12, 5, tzinfo=UTC))
    at = datetime(2027, 3, 5, tzinfo=UTC)

    def points(of: Pool) -> list[tuple]:
        return [(point.on.isoformat(), point.purchased, point.allocated) for point in trend([of.pk], at)[of.pk]][2:]

    expected = [("2026-12-01", 100, 40), ("2027-01-01", 100, 0), ("2027-02-01", 0, 0), ("2027-03-01", 0, 0)]
    assert points(stock) == expected
    assert points(pool) == [(on, 0, 0) for on, *_rest in expected]
    reclaim_seats(parent_id=stock.pk, now=datetime(2027, 1, 1, 0, 5, tzinfo=UTC))
    assert points(stock) == expected


def test_the_seats_of_a_customer_change_over_rest(stage: Stage):
    world = stage.world
    pool = stage.give(stage.stock(100, ends_at=datetime(2099, 1, 1, tzinfo=UTC)), world.north, 10)
    path = f"assignments/{assign(stage, pool, 4, world.shop).pk}"
    north = world.north.api()
    changed = patch(north, path, seats=9)
    assert (changed.status_code, changed.json()["seats"]) == (200, 9)
    assert patch(north, path, seats=2).json()["seats"] == 2
    assert (patch(north, path, seats=11).status_code, patch(north, path, seats=11).json()["code"]) == (
        409, "pool-exhausted",
    )  # fmt: skip
    for wrong in ({"seats": 0}, {}, {"seats": "many"}):
        assert patch(north, path, **wrong).status_code == 422
    assert patch(world.south.api(), path, seats=1).status_code == 404
    assert patch(world.north.api("pool.view"), path, seats=1).status_code == 403
    assert PoolAssignment.objects.get().seats == 2
    assert pools() == []


def test_chosen_pools_are_returned_and_edited_from_the_list(stage: Stage, today):
    world = stage.world
    stock = stage.stock(100)
    waiting, other = stage.offer(stock, world.north, 10), stage.offer(stock, world.south, 5)
    active = stage.give(stock, world.north, 20)
    below = stage.offer(active, world.north_east, 2, by=world.north)
    console, portal = world.provider.browser(), world.north.browser()
    listed = console.get("/console/pools/").content.decode()
    for pool, pages in ((stock, ["stock"]), (waiting, ["edit", "return"]), (active, ["edit"])):
        for page in ("stock", "edit", "return"):
            assert (f"/console/pools/{pool.pk}/{page}/" in listed) is (page in pages), (pool, page)
    tab = console.get(f"/console/resellers/{world.north.id}/?tab=pools").content.decode()
    assert f"/console/pools/{waiting.pk}/return/" in tab
    own = portal.get("/portal/pools/").content.decode()
    assert f"/portal/pools/{waiting.pk}/return/" not in own
    assert f"/portal/pools/{below.pk}/edit/" in own
    by_holder = console.get(f"/console/pools/?holder={world.north.id}").content.decode()
    assert f"/console/resellers/{world.north.id}/pools/add/" in by_holder

    chosen = {"selected": [waiting.pk, other.pk, active.pk]}
    asked = say(console, "/console/pools/return/", **chosen).content.decode()
    assert "1 does not wait for acceptance and stays." in asked
    assert Pool.objects.filter(state="pending").count() == 3
    done = console.post("/console/pools/return/", chosen | {"return": "1", "request_id": str(uuid4())}, follow=True)
    page = done.content.decode()
    assert "2 pools were returned." in page
    assert f"Backup · {active.pk}: " in page
    assert set(Pool.objects.filter(state="returned")) == {waiting, other}
    assert "Nothing was selected." in console.post("/console/pools/return/", follow=True).content.decode()
    foreign = {"selected": [below.pk], "return": "1", "request_id": str(uuid4())}
    world.south.browser().post("/portal/pools/return/", foreign)
    assert Pool.objects.get(pk=below.pk).state == "pending"
    assert world.shop.browser().post("/portal/pools/return/", foreign).status_code == 403
    assert pools() == []


def test_seats_change_where_the_date_stays_that_is_no_more_possible(stage: Stage, today):
    """Its own date may be after that of the pool above, which ended earlier since, or have passed."""
    world = stage.world
    stock = stage.stock(100)
    pool = stage.give(stock, world.north, 20, mode="date", at=end_of(LAST))
    change_pool(actor=world.provider.actor, pool_id=stock.pk, expiry=Expiry("date", end_of(date(2026, 12, 1))), now=NOW)
    browser, url = world.provider.browser(), f"/console/pools/{pool.pk}/edit/"
    values = {"payment_type": "monthly", "mode": "date", "ends_on": LAST.isoformat()}
    assert say(browser, url, seats=25, **values).status_code == 302
    later = values | {"ends_on": "2027-01-05"}
    assert say(browser, url, seats=30, **later).status_code == 422
    pool.refresh_from_db()
    assert (pool.seats, pool.own_end) == (25, end_of(LAST))
    change_pool(actor=world.provider.actor, pool_id=stock.pk, expiry=Expiry("date", END), now=NOW)
    with time_machine.travel(end_of(LAST) + timedelta(hours=1), tick=False):
        assert say(world.provider.browser(), url, seats=24, **values).status_code == 302
    assert Pool.objects.get(pk=pool.pk).seats == 24


def test_the_list_in_the_order_of_what_is_available(stage: Stage):
    """Seats of what has ended count, though nobody took them back; pages and files say the same."""
    world = stage.world
    stocks = [stage.stock(seats, name=f"Of {seats}") for seats in (30, 10, 20, 21)]
    tomorrow = NOW + timedelta(days=1)
    for stock, seats in zip(stocks, (25, 4, 9, 21), strict=True):
        stage.give(stock, world.north, seats, mode="date", at=tomorrow if stock in stocks[:2] else END)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        browser = world.provider.browser()

        def listed(**query) -> list[tuple[int, int]]:
            page = browser.get("/console/pools/", {"holder": world.provider.id, **query}).context["page_obj"]
            return [(row.record.pk, row.record.available) for row in page.object_list]

        expected = [(stocks[position].pk, count) for position, count in ((0, 30), (2, 11), (1, 10), (3, 0))]
        assert listed(sort="-available") == expected
        assert listed(sort="available") == expected[::-1]
        assert listed(sort="-available", q="nothing like it") == []
        change_pool(actor=world.provider.actor, pool_id=stocks[2].pk, expiry=Expiry("now"), now=NOW)
        assert listed(sort="-available")[2:] == [(stocks[2].pk, 0), (stocks[3].pk, 0)]
        change_pool(actor=world.provider.actor, pool_id=stocks[2].pk, expiry=Expiry("date", END), now=NOW)
        file = browser.get(f"/console/pools/?holder={world.provider.id}&sort=-available&export=csv&filename=x")
        rows = b"".join(file.streaming_content).decode().splitlines()[1:5]
        assert [row.split(",")[0].lstrip("\ufeff") for row in rows] == ["Of 30", "Of 20", "Of 10", "Of 21"]


def test_the_pools_of_the_chart_are_chosen(stage: Stage):
    """Eight lines at once: of one unit the largest, those first that have a past; or those chosen among all."""
    world = stage.world
    stock = stage.stock(500)
    made = [stage.give(stock, world.north, 20 + number) for number in range(8)]
    with time_machine.travel(NOW, tick=False):
        assert "Nothing to show yet" in world.north.browser().get("/portal/").content.decode()
    for number in (1, 2):
        stage.give(stage.stock(9_000, unit="capacity"), world.north, 5_000 + number, now=NOW + timedelta(days=12))
    with time_machine.travel(NOW + timedelta(days=13), tick=False):
        _chosen(stage, stock, made)


def _chosen(stage: Stage, stock: Pool, made: list[Pool]) -> None:
    world, browser = stage.world, stage.world.provider.browser()
    url = f"/console/resellers/{world.north.id}/?tab=pools"

    def drawn(address: str) -> list[str]:
        (chart,) = [
            part.context["chart"] for part in browser.get(address).context["sections"] if "chart" in part.context
        ]
        return [str(series.label) for series in chart.series]

    assert drawn(url) == [f"Backup · {pool.pk}" for pool in made[::-1]]
    made.append(stage.give(stock, world.north, 1))
    page = browser.get(url).content.decode()
    assert 'name="tab" value="pools"' in page
    names = [f"Backup · {pool.pk}" for pool in made]
    assert all(f">{name}</option>" in page for name in names)
    assert drawn(url) == names[7::-1]
    assert drawn(f"{url}&drawn={made[8].pk}&drawn={made[2].pk}") == [names[2], names[8]]
    assert drawn(f"{url}&drawn={stock.pk}&drawn=x") == names[7::-1]
    everything = "".join(f"&drawn={pool.pk}" for pool in made)
    assert drawn(url + everything) == names[7::-1]
    assert "9 pools were chosen; the first 8 are shown." in browser.get(url + everything).content.decode()
    assert len(drawn(f"/console/pools/holders/{world.north.id}/")) == 8
    assert "Choose pools" in world.north.browser().get("/portal/").content.decode()


def test_a_large_reseller_that_gave_nothing_sees_what_is_available(stage: Stage):
    world = stage.world
    ResellerTerms.objects.filter(pk=world.north.id).update(is_large=True)
    stage.give(stage.stock(500), world.north, 20)
    page = world.north.browser().get("/portal/").content.decode()
    assert "Unused by resellers" in page
    assert "100 %" in page


def test_pools_of_one_reseller_over_rest(stage: Stage):
    world = stage.world
    stock = stage.stock(500)
    made = stage.give(stock, world.north, 20)
    stage.give(stock, world.south, 20)
    below = stage.give(made, world.north_east, 2, by=world.north)
    path = f"resellers/{world.north.id}/pools"
    assert [row["id"] for row in world.provider.api().get(path).json()["results"]] == [made.pk]
    assert world.provider.api().get(path, status="pending").json()["results"] == []
    mine = world.north.api().get(f"resellers/{world.north_east.id}/pools")
    assert [row["id"] for row in mine.json()["results"]] == [below.pk]
    assert world.south.api().get(path).status_code == 404
    assert world.north.api("customer.view").get(path).status_code == 403
