"""What pools tell: mails, counters that equal the lists behind them, points that are right whatever a job did."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellerhub.kernel.refusals import Invalid, Refusal
from subscriptions import tasks
from subscriptions.models import Pool, PoolAssignment
from subscriptions.pool_verify import pools
from subscriptions.selectors.pool_numbers import numbers, trend
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from subscriptions.services.pools.editing import change_pool, edit_pool
from subscriptions.services.pools.ending import reclaim_seats, renew_pool
from subscriptions.services.pools.expiry import Expiry, end_of, last_day
from subscriptions.services.pools.notices import nearly_used, tell_ends, tell_nearly_used
from subscriptions.services.pools.purchasing import Renewal
from tenants.models import Mail
from tests.pools.stage import END, Stage
from tests.world import NOW, customer


def assign(stage: Stage, pool: Pool, seats: int, whom=None, now=NOW) -> PoolAssignment:
    world = stage.world
    return assign_seats(
        actor=world.north.actor,
        pool_id=pool.pk,
        customer_id=(whom or world.shop).id,
        seats=seats,
        request_id=uuid4(),
        now=now,
    )


def told(kind: str) -> int:
    return Mail.objects.filter(kind=kind).count()


def test_that_a_pool_is_nearly_used_up_is_told_once_until_there_is_room(stage: Stage):
    given = stage.give(stage.stock(100), stage.world.north, 10)
    hand = assign(stage, given, 8)
    assert nearly_used(NOW) == []
    assert not tell_nearly_used(pool_id=given.pk, now=NOW)
    assign(stage, given, 1)
    assert nearly_used(NOW) == [given.pk]
    tasks.tend_pools()
    tasks.tell_nearly_used(given.pk)
    mail = Mail.objects.get(kind="pool_nearly_used")
    assert mail.to == "admin@north.example"
    assert (mail.facts["available"], mail.facts["number"]) == ("1", "10 user seats")
    assign(stage, given, 1)
    assert nearly_used(NOW) == []
    change_assignment(actor=stage.world.north.actor, assignment_id=hand.pk, seats=1, now=NOW)
    assert nearly_used(NOW) == []
    change_assignment(actor=stage.world.north.actor, assignment_id=hand.pk, seats=9, now=NOW)
    assert nearly_used(NOW) == [given.pk]


def test_each_answer_is_told_to_the_other_side(stage: Stage):
    world = stage.world
    stock = stage.stock(100)
    stage.give(stock, world.north, 10)
    assert (told("pool_offered"), told("pool_accepted")) == (1, 1)
    offered, accepted = Mail.objects.order_by("pk")
    assert (offered.to, accepted.to) == ("admin@north.example", "admin@groupware-gmbh.example")
    assert (offered.facts["number"], offered.facts["pool"]) == ("10 user seats", "Backup")


def test_what_renews_itself_is_not_announced_to_end(stage: Stage):
    near = NOW + timedelta(days=40)
    for renews in (True, False):
        stage.give(stage.stock(10, ends_at=near, term_months=1, renews=renews), stage.world.north, 5)
    while tell_ends(now=NOW + timedelta(days=11)):
        pass
    assert told("pool_ending") == 2


def test_renewed_on_the_28th_it_is_the_31st_again(stage: Stage):
    stock = stage.stock(10, ends_at=end_of(datetime(2027, 1, 31).date()), term_months=1, renews=True)
    ends = []
    for _month in range(3):
        stock = renew_pool(pool_id=stock.pk, now=stock.own_end - timedelta(hours=1))
        ends.append(last_day(stock.own_end).isoformat())
    assert ends == ["2027-02-28", "2027-03-31", "2027-04-30"]


def test_the_renewal_of_a_purchase_can_change(stage: Stage):
    world = stage.world
    stock = stage.stock(10)
    change_pool(actor=world.provider.actor, pool_id=stock.pk, renewal=Renewal(True, 6), now=NOW)
    stock.refresh_from_db()
    assert (stock.renews, stock.term_months) == (True, 6)
    with pytest.raises(Invalid):
        change_pool(actor=world.provider.actor, pool_id=stock.pk, renewal=Renewal(True, 0), now=NOW)
    api = world.provider.api()
    answer = api.client.patch(
        f"/api/v1/pools/{stock.pk}", {"renewal": {"renews": False}, "seats": 12}, content_type="application/json"
    )
    assert (answer.json()["renews"], answer.json()["seats"]) == (False, 12)
    page = f"/console/pools/{stock.pk}/stock/"
    values = {"seats": 12, "ends_on": last_day(END).isoformat(), "renews": "on"}
    browser = world.provider.browser()
    assert browser.post(page, values | {"request_id": str(uuid4())}).status_code == 422
    assert browser.post(page, values | {"request_id": str(uuid4()), "term_months": 3}).status_code == 302
    stock.refresh_from_db()
    assert (stock.renews, stock.term_months, stock.own_end) == (True, 3, END)


def test_what_is_used_is_named_where_a_pool_would_shrink_below_it(stage: Stage):
    world = stage.world
    stock = stage.stock(100)
    given = stage.give(stock, world.north, 40)
    stage.give(given, world.north_east, 10, by=world.north)
    assign(stage, given, 5)
    with pytest.raises(Refusal) as refused:
        edit_pool(actor=world.provider.actor, pool_id=given.pk, seats=14, now=NOW)
    assert refused.value.code == "pool-in-use"
    assert f"North-East · {world.north_east.id}: 10; Shop · {world.shop.id}: 5" in refused.value.detail
    with pytest.raises(Refusal) as refused:
        change_pool(actor=world.provider.actor, pool_id=stock.pk, seats=39, now=NOW)
    assert f"North · {world.north.id}: 40" in refused.value.detail


def test_what_has_ended_makes_room_without_a_job(stage: Stage):
    world = stage.world
    stock = stage.stock(50)
    stage.give(stock, world.north, 40, mode="date", at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    made = stage.offer(stock, world.south, 50, now=later)
    assert made.seats == 50
    assert Pool.objects.get(pk=stock.pk).free == 0
    assert pools() == []


def test_every_counter_equals_the_list_behind_it(stage: Stage):
    world = stage.world
    stock = stage.stock(500)
    a, b = stage.give(stock, world.north, 40), stage.give(stock, world.north, 20, mode="date", at=NOW + timedelta(9))
    stage.offer(stock, world.north, 7)
    stage.give(stage.stock(90, unit="capacity"), world.north, 60)
    gone = stage.give(stock, world.north, 5)
    edit_pool(actor=world.provider.actor, pool_id=gone.pk, expiry=Expiry("now"), now=NOW)
    assign(stage, a, 3)
    assign(stage, b, 4)
    assign(stage, b, 2, customer(world.north, "Second"))
    told = numbers(world.provider.actor, world.north.id, NOW)
    assert (told.pools, told.customers) == (3, 2)
    seats, capacity = told.units
    assert (seats.total, seats.allocated, seats.pending, seats.expiring) == (60, 9, 7, 20)
    assert (capacity.unit, capacity.total) == ("capacity", 60)


def test_counters_lead_to_lists_that_say_the_same(stage: Stage):
    """By the clock of the machine: pages read it."""
    world = stage.world
    stock = stage.stock(500, ends_at=datetime(2099, 1, 1, tzinfo=UTC))
    stage.give(stock, world.north, 40)
    assign(stage, stage.give(stock, world.north, 20), 4)
    stage.offer(stock, world.north, 7)
    browser = world.provider.browser()
    page = browser.get(f"/console/pools/holders/{world.north.id}/")
    counted = {}
    for section in page.context["sections"]:
        for counter in section.context.get("counters", ()):
            listed = browser.get(counter.url)
            assert listed.status_code == 200
            assert not listed.context["filters"].set.errors, counter.url
            counted[str(section.title), str(counter.label)] = (counter.value, listed.context)
    assert [counted["Pools", name][0] for name in ("Pools", "Customers")] == [2, 1]
    for name in ("Pools", "Customers"):
        value, listed = counted["Pools", name]
        assert listed["count"] == value
    for name, field in (("Total", "seats"), ("Pending acceptance", "seats")):
        value, listed = counted["User seats", name]
        assert [total[field] for total in listed["table"].totals] == [value]
    value, listed = counted["User seats", "Allocated to customers"]
    assert [total["seats"] for total in listed["table"].totals] == [value] == [4]
    assert world.north.browser().get("/portal/").status_code == 200


def test_counters_of_what_was_given_lead_to_lists_that_say_the_same(stage: Stage):
    world = stage.world
    stock = stage.stock(500, ends_at=datetime(2099, 1, 1, tzinfo=UTC))
    for seats in (40, 20):
        stage.give(stock, world.north, seats)
    stage.offer(stock, world.north, 7)
    browser = world.provider.browser()
    page = browser.get(f"/console/pools/holders/{world.provider.id}/")
    given = [part for part in page.context["sections"] if str(part.title).startswith("Given to resellers")]
    (resellers,), (allocated, pending, _available, unused) = (part.context["counters"] for part in given)
    assert (resellers.value, resellers.note) == (1, "with 2 pools")
    assert browser.get(resellers.url).context["count"] == 2
    for counter, seats in ((allocated, 60), (pending, 7), (unused, 60)):
        totals = browser.get(counter.url).context["table"].totals
        assert [total["seats"] for total in totals] == [seats], counter.label
    assert (allocated.value, pending.value, unused.value) == (60, 7, "100 %")


def test_points_are_right_for_past_months_whatever_the_job_did(stage: Stage):
    world = stage.world
    stock = stage.stock(100)
    given = stage.give(stock, world.north, 40, mode="date", at=datetime(2026, 12, 10, tzinfo=UTC), now=NOW)
    at = datetime(2027, 3, 5, tzinfo=UTC)
    expected = [("2026-12-01", 100, 40), ("2027-01-01", 100, 0), ("2027-02-01", 100, 0), ("2027-03-01", 100, 0)]

    def points() -> list[tuple]:
        return [(point.on.isoformat(), point.purchased, point.allocated) for point in trend([stock.pk], at)[stock.pk]][
            2:
        ]

    assert points() == expected
    reclaim_seats(parent_id=stock.pk, now=at)
    assert points() == expected
    assert Pool.objects.get(pk=given.pk).reclaimed_at == datetime(2026, 12, 10, tzinfo=UTC)


def test_lists_and_the_chart_take_the_same_queries_however_many_there_are(stage: Stage):
    world = stage.world
    stock = stage.stock(500)

    def count(path: str) -> int:
        browser = world.provider.browser()
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    pages = ("pools/", "pools/customers/", "assignments/", f"pools/holders/{world.north.id}/")
    paths = [f"/console/{page}" for page in (*pages, f"resellers/{world.north.id}/?tab=pools")]
    assign(stage, stage.give(stock, world.north, 5), 1)
    few = [count(path) for path in paths]
    for number in range(4):
        assign(stage, stage.give(stock, world.north, 5), 1, customer(world.north, f"More {number}"))
    assert [count(path) for path in paths] == few


def test_a_customer_sees_the_service_and_not_what_the_pool_is_called(stage: Stage):
    world = stage.world
    given = stage.give(stage.stock(100, name="Secret stock"), world.north, 40)
    assign(stage, given, 5)
    browser = world.shop.browser()
    whole = "".join(browser.get(path).content.decode() for path in ("/portal/", "/portal/assignments/"))
    assert "Cloud backup" in whole
    answer = world.shop.api().get("assignments")
    assert answer.json()["results"][0]["pool_name"] == "Cloud backup"
    assert "Secret" not in whole + answer.content.decode()
    for path in ("pools/", f"pools/{given.pk}/", "pools/customers/", f"pools/holders/{world.north.id}/"):
        assert browser.get(f"/portal/{path}").status_code in {403, 404}
