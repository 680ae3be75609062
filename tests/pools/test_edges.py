"""Where rules meet: circles of suppliers, what has ended and was not taken back, who is deleted, days far ahead."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction

from resellerhub.kernel.refusals import Refusal
from subscriptions import tasks
from subscriptions.models import Pool
from subscriptions.pool_verify import pools
from subscriptions.selectors.pools import stock_holders
from subscriptions.services.pools import giving, notices
from subscriptions.services.pools.editing import change_pool, edit_pool
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.giving import Wanted, give_pools
from subscriptions.services.pools.purchasing import extend_pool
from subscriptions.services.pools.resolving import accept_pool, decline_pool, return_pool
from tenants import hooks
from tenants.models import Mail, ResellerTerms
from tenants.services.closing import close_tenant
from tenants.services.conversion import convert_tenant
from tests.pools.stage import END, Stage, mapped
from tests.world import NOW, Player, reseller

TOMORROW, LATER = NOW + timedelta(days=1), NOW + timedelta(days=2)


@pytest.fixture
def later():
    with time_machine.travel(LATER, tick=False):
        yield


def refusal(call, **values) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(**values)
    return refused.value


def patch(api, pool: Pool, **body):
    return api.client.patch(f"/api/v1/pools/{pool.pk}", body, content_type="application/json")


def one_of(pool: Pool, seats: int, **changed) -> dict:
    one = {"source_pool": pool.pk, "source": "direct", "payment_type": "monthly", "seats": seats}
    return {"pools": [one | changed]}


def give_both(stage: Stage, stock: Pool, seats: int, now=NOW) -> list[Pool]:
    world = stage.world
    asked = {"reseller_ids": [world.north.id, world.south.id], "wanted": [Wanted(stock.pk, "direct", "monthly", seats)]}
    return give_pools(actor=world.provider.actor, request_id=uuid4(), now=now, **asked)


def test_nothing_comes_round_to_who_gave_it(stage: Stage, monkeypatch):
    world = stage.world
    ResellerTerms.objects.filter(pk__in=[world.north.id, world.south.id]).update(is_large=True)
    for taker, supplier in ((world.south, world.north), (world.north, world.south)):
        made = world.provider.api().post(f"resellers/{taker.id}/suppliers", {"supplier": supplier.id})
        assert made.status_code == 201
    given = stage.give(stage.stock(100, holder=world.north), world.south, 40, by=world.north)
    refused = world.south.api().post(f"resellers/{world.north.id}/pools", one_of(given, 5))
    assert (refused.status_code, refused.json()["code"]) == (409, "not-supplied")
    monkeypatch.setattr(giving, "may_supply", lambda *_: True)  # a supply that was ended meanwhile
    stock = stage.stock(10, holder=world.south)
    refused = world.provider.api().post(f"resellers/{world.north_east.id}/pools", one_of(stock, 5))
    assert (refused.status_code, refused.json()["code"]) == (409, "not-supplied")
    assert pools() == []


def test_what_is_available_again_can_be_dropped_without_a_job(stage: Stage):
    world = stage.world
    stock = stage.stock(50)
    given = stage.give(stock, world.north, 40, mode="date", at=TOMORROW)
    by = {"actor": world.provider.actor, "now": LATER}
    assert change_pool(pool_id=stock.pk, seats=20, **by).seats == 20
    given = stage.give(stock, world.north, 20)
    stage.give(given, world.north_east, 15, by=world.north, mode="date", at=TOMORROW)
    assert edit_pool(pool_id=given.pk, seats=5, **by).seats == 5
    assert pools() == []


@pytest.mark.parametrize("end", ["deleted", "made a customer"])
def test_what_was_held_by_who_is_gone_stays_over(stage: Stage, later, end):
    world = stage.world
    gone = mapped(reseller(world.provider, "Gone"))
    stock = stage.stock(100, ends_at=TOMORROW)
    held = stage.give(stock, gone, 40)
    waits = stage.offer(stock, gone, 5)
    by = {"actor": world.provider.actor, "now": LATER}
    if end == "deleted":
        close_tenant(tenant_id=gone.id, confirmation="Yes", **by)
    else:
        convert_tenant(tenant_id=gone.id, **by)
    change_pool(pool_id=stock.pk, expiry=Expiry("date", END), **by)
    assert set(Pool.objects.with_status(LATER).filter(tenant=gone.id).values_list("status", flat=True)) == {"expired"}
    assert pools() == []
    assert refusal(edit_pool, pool_id=held.pk, expiry=Expiry(), **by).code == "pool-over"
    tasks.tend_pools()
    assert set(Pool.objects.filter(pk__in=[held.pk, waits.pk]).values_list("reclaimed_at", flat=True)) == {TOMORROW}
    assert Pool.objects.get(pk=stock.pk).free == 100
    assert pools() == []


def test_what_comes_back_to_life_meanwhile_keeps_its_holder(stage: Stage, later, monkeypatch):
    """It was found to have ended a moment ago, and who held it was not closed yet."""
    world = stage.world
    stock, taker = stage.stock(50, ends_at=TOMORROW), mapped(reseller(world.provider, "Late"))
    stage.give(stock, taker, 5)
    by = {"actor": world.provider.actor, "now": LATER}

    def extended(*_facts):
        extend_pool(pool_id=stock.pk, ends_at=END, **by)
        return []

    monkeypatch.setattr(hooks, "ACTIVE", [*hooks.ACTIVE, extended])
    assert refusal(close_tenant, tenant_id=taker.id, confirmation="Yes", **by).code == "busy"


def test_nothing_is_bought_for_who_is_deleted(stage: Stage):
    world = stage.world
    gone: Player = mapped(reseller(world.provider, "Gone"))
    ResellerTerms.objects.filter(pk=gone.id).update(is_large=True)
    assert stock_holders(world.provider.actor).filter(pk=gone.id).exists()
    close_tenant(actor=world.provider.actor, tenant_id=gone.id, confirmation="Yes", now=NOW)
    body = {"service_type": stage.service.pk, "name": "Backup", "seats": 100, "payment_type": "yearly",
            "ends_on": "2099-12-31", "holder": gone.id}  # fmt: skip
    refused = world.provider.api().post("pools", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "holder-not-active")
    assert not stock_holders(world.provider.actor).filter(pk=gone.id).exists()
    stock = stage.stock(1)
    stock.pk, stock.tenant_id, stock._state.adding = None, gone.id, True
    with pytest.raises(IntegrityError, match="purchases no pools"), transaction.atomic():
        stock.save(force_insert=True)


def test_a_day_without_its_mode_is_refused(stage: Stage):
    world = stage.world
    stock = stage.stock(50)
    given = stage.give(stock, world.north, 20)
    api = world.provider.api()
    for pool, expiry in (
        (given, {"on": "2026-12-31"}), (given, {"mode": "same_as_pool", "on": "2026-12-31"}),
        (stock, {"mode": "now", "on": "2027-12-31"}),
    ):  # fmt: skip
        refused = patch(api, pool, expiry=expiry)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/expiry/on")
    refused = api.post(f"resellers/{world.north.id}/pools", one_of(stock, 1, expiry={"on": "2026-12-31"}))
    assert refused.status_code == 422
    both = Expiry("now", END + timedelta(days=30))
    assert change_pool(actor=world.provider.actor, pool_id=stock.pk, expiry=both, now=NOW).ends_at == NOW


def test_what_expires_now_asks_for_room_as_anything_else(stage: Stage):
    world = stage.world
    stock = stage.stock(10)
    now = {"expiry": {"mode": "now"}}
    refused = world.provider.api().post(f"resellers/{world.north.id}/pools", one_of(stock, 11, **now))
    assert (refused.status_code, refused.json()["code"]) == (409, "pool-exhausted")
    ended = stage.stock(50)
    stage.give(ended, world.north, 40, mode="date", at=TOMORROW)
    with time_machine.travel(LATER, tick=False):
        made = world.provider.api().post(f"resellers/{world.north.id}/pools", one_of(ended, 20, **now))
    assert (made.status_code, made.json()[0]["status"]) == (201, "expired")
    assert pools() == []


def test_room_is_made_for_all_to_whom_is_given(stage: Stage):
    stock = stage.stock(100)
    stage.give(stock, stage.world.north, 40, mode="date", at=TOMORROW)
    assert [pool.seats for pool in give_both(stage, stock, 50, LATER)] == [50, 50]
    refused = refusal(give_both, stage=stage, stock=stage.stock(100), seats=51)
    assert refused.detail == "This pool has only 100 user seats free; 102 were asked for."
    assert pools() == []


FAR = "9999-12-31"


@pytest.mark.parametrize("far", ["bought", "extended", "given", "filtered", "form"])
def test_a_day_too_far_ahead_is_refused(stage: Stage, far):
    world = stage.world
    stock = stage.stock(50)
    api, expiry = world.provider.api(), {"mode": "date", "on": FAR}
    if far == "filtered":
        assert [row["id"] for row in api.get("pools", ends_before=FAR).json()["results"]] == [stock.pk]
        return
    calls = {
        "bought": lambda: api.post("pools", {
            "service_type": stage.service.pk, "name": "x", "seats": 1, "payment_type": "yearly", "ends_on": FAR,
        }),
        "extended": lambda: patch(api, stock, expiry=expiry),
        "given": lambda: api.post(f"resellers/{world.north.id}/pools", one_of(stock, 1, expiry=expiry)),
        "form": lambda: world.provider.browser().post(
            f"/console/pools/{stock.pk}/stock/",
            {"request_id": str(uuid4()), "seats": 50, "ends_on": FAR, "term_months": 0},
        ),
    }  # fmt: skip
    refused = calls[far]()
    assert refused.status_code == 422
    assert "This is too far ahead" in refused.content.decode()


@pytest.mark.parametrize("resolve", [accept_pool, decline_pool, return_pool])
def test_what_expired_now_is_over_for_a_clock_that_is_behind(stage: Stage, resolve):
    """Both had looked at their clocks before one of them had to wait for the other."""
    world = stage.world
    stock = stage.stock(10)
    offered, at = stage.offer(stock, world.north, 4), NOW + timedelta(milliseconds=5)
    edit_pool(actor=world.provider.actor, pool_id=offered.pk, expiry=Expiry("now"), now=at)
    by = world.provider if resolve is return_pool else world.north
    refused = refusal(resolve, actor=by.actor, pool_id=offered.pk, now=NOW)
    assert refused.code in {"pool-resolved", "pool-over"}
    stock.refresh_from_db()
    assert (stock.free, pools()) == (10, [])


def test_how_what_is_over_is_paid_for_stays(stage: Stage):
    world = stage.world
    offered = stage.offer(stage.stock(50), world.north, 20)
    decline_pool(actor=world.north.actor, pool_id=offered.pk, now=NOW)
    by = {"actor": world.provider.actor, "pool_id": offered.pk, "now": NOW}
    assert refusal(edit_pool, payment_type="yearly", **by).code == "pool-over"


def test_stock_ends_now_from_its_page(stage: Stage):
    world = stage.world
    stock = stage.stock(50, term_months=1, renews=True)
    url = f"/console/pools/{stock.pk}/stock/"
    values = {"seats": 50, "ends_on": "2027-11-19", "renews": "on", "term_months": 1, "ends_now": "on"}
    assert world.provider.browser().post(url, {"request_id": str(uuid4()), **values}).status_code == 302
    stock.refresh_from_db()
    assert not stock.renews
    assert stock.ends_at < END


def test_what_cannot_be_looked_at_keeps_no_mail_waiting(stage: Stage, monkeypatch, later):
    def breaking(_now):
        raise RuntimeError

    stage.give(stage.stock(50), stage.world.north, 5, mode="date", at=TOMORROW)
    monkeypatch.setattr(notices, "nearly_used", breaking)
    tasks.tend_pools()
    assert Mail.objects.filter(kind="pool_ended").exists()


def test_what_is_available_is_told_where_a_pool_is_edited(stage: Stage):
    world = stage.world
    stock = stage.stock(100, name="Stock of 100")
    given = stage.give(stock, world.north, 40)
    below = stage.give(given, world.north_east, 10, by=world.north)
    page = world.provider.browser().get(f"/console/pools/{given.pk}/edit/").content.decode()
    assert "View details of what is available" in page
    assert f"Stock of 100 · {stock.pk}" in page
    page = world.north.browser().get(f"/portal/pools/{below.pk}/edit/").content.decode()
    assert f"Stock of 100 · {given.pk}" in page
    assert f"Stock of 100 · {stock.pk}" not in page
