"""What is refused with a sentence, and leaves everything as it was."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from resellerhub.kernel.refusals import Busy, Forbidden, Invalid, NotFound, Refusal, RequestReused
from subscriptions import tasks
from subscriptions.models import Pool, PoolAssignment, SeatEntry
from subscriptions.pool_verify import pools
from subscriptions.services.pools import ending
from subscriptions.services.pools.assigning import assign_seats, change_assignment
from subscriptions.services.pools.at_once import assign_at_once
from subscriptions.services.pools.editing import change_pool, edit_pool
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.giving import Wanted, give_pools
from subscriptions.services.pools.purchasing import Purchase, Renewal, purchase_pool
from subscriptions.services.pools.resolving import accept_pool, decline_pool, return_pool
from subscriptions.services.pools.supplying import add_supplier
from tenants.models import Mail, ResellerTerms
from tenants.services.closing import close_tenant
from tenants.services.conversion import convert_tenant
from tenants.services.moves import move_tenant
from tenants.services.obstacles import CannotConvert, CannotFollow
from tenants.services.status import suspend_tenant
from tests.pools.stage import END, Stage
from tests.world import NOW, Player


def hand(by: Player, pool: Pool, to: Player, seats: int = 1, request_id=None) -> PoolAssignment:
    return assign_seats(
        actor=by.actor, pool_id=pool.pk, customer_id=to.id, seats=seats, request_id=request_id or uuid4(), now=NOW
    )


def test_customers_of_somebody_else_are_assigned_nothing(stage: Stage):
    """Neither by the reseller above their seller, nor by the provider of its own stock, nor by one statement."""
    world = stage.world
    stock = stage.stock(100)
    given = stage.give(stock, world.north, 40)
    for holder, pool, buyer in (
        (world.north, given, world.kiosk), (world.provider, stock, world.shop), (world.provider, given, world.kiosk),
    ):  # fmt: skip
        asked = {"pool_id": pool.pk, "customer_id": buyer.id, "seats": 1, "request_id": uuid4(), "now": NOW}
        assert assign_at_once(actor=holder.actor, **asked) is None
        with pytest.raises(NotFound):
            hand(holder, pool, buyer)
        answer = holder.api().post(f"pools/{pool.pk}/assignments", {"customer": buyer.id, "seats": 1})
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    # What is left of a customer that buys from another now.
    left = hand(world.north, given, world.shop)
    change_assignment(actor=world.north.actor, assignment_id=left.pk, seats=0, now=NOW)
    move_tenant(actor=world.provider.actor, tenant_id=world.shop.id, seller_id=world.north_east.id, now=NOW)
    with pytest.raises(NotFound):
        hand(world.north, given, world.shop)
    with pytest.raises(NotFound):
        change_assignment(actor=world.north.actor, assignment_id=left.pk, seats=1, now=NOW)
    assert not PoolAssignment.objects.current().exists()


def test_who_is_suspended_or_deleted_is_assigned_nothing(stage: Stage):
    world = stage.world
    given = stage.give(stage.stock(100), world.north, 40)
    request_id = uuid4()
    had = hand(world.north, given, world.shop, 3, request_id)
    by = {"actor": world.north.actor, "now": NOW}
    suspend_tenant(tenant_id=world.shop.id, reason="Unpaid", **by)

    def refused(call) -> None:
        with pytest.raises(Refusal) as told:
            call()
        assert told.value.code == "holder-not-active"

    asked = {"pool_id": given.pk, "customer_id": world.shop.id, "seats": 1, "request_id": uuid4()}
    assert assign_at_once(**asked, **by) is None
    refused(lambda: hand(world.north, given, world.shop))
    refused(lambda: change_assignment(assignment_id=had.pk, seats=4, **by))
    assert hand(world.north, given, world.shop, 3, request_id).pk == had.pk
    assert change_assignment(assignment_id=had.pk, seats=2, **by).seats == 2
    close_tenant(tenant_id=world.shop.id, confirmation="Yes", **by)
    assert assign_at_once(**asked, **by) is None
    refused(lambda: hand(world.north, given, world.shop))
    answer = world.north.api().post(f"pools/{given.pk}/assignments", {"customer": world.shop.id, "seats": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "holder-not-active")
    assert Pool.objects.get(pk=given.pk).assigned == 0


def test_who_deletes_a_customer_of_a_reseller_beneath_has_its_seats_go_back(stage: Stage):
    """Of whatever pool they are: what the seller was given by one above, and what it has from a supplier."""
    world = stage.world
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    add_supplier(actor=world.provider.actor, reseller_id=world.north_east.id, supplier_id=world.south.id, now=NOW)
    given = stage.give(stage.stock(100), world.north, 40)
    below = stage.give(given, world.north_east, 15, by=world.north)
    supplied = stage.give(stage.stock(50, holder=world.south), world.north_east, 20, by=world.south)
    for pool in (supplied, below):
        hand(world.north_east, pool, world.kiosk, 3)
    api = world.north.api("customer.view", "customer.delete")
    closed = api.post(f"customers/{world.kiosk.id}/close", {"confirmation": "Yes"})
    assert closed.status_code == 200, closed.content
    assert not PoolAssignment.objects.current().exists()
    assert set(Pool.objects.values_list("assigned", flat=True)) == {0}
    assert pools() == []


def test_past_its_end_an_offer_is_neither_returned_nor_declined_nor_accepted(stage: Stage):
    world = stage.world
    offered = stage.offer(stage.stock(50), world.north, 20, mode="date", at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=1)
    entries = SeatEntry.objects.count()
    told = {}
    for by, answer in ((world.provider, return_pool), (world.north, decline_pool), (world.north, accept_pool)):
        with pytest.raises(Refusal) as refused:
            answer(actor=by.actor, pool_id=offered.pk, now=later)
        told[answer.__name__] = refused.value.code
    assert told == {
        "return_pool": "pool-resolved", "decline_pool": "pool-resolved", "accept_pool": "pool-not-active",
    }  # fmt: skip
    assert SeatEntry.objects.count() == entries
    assert Pool.objects.with_status(later).get(pk=offered.pk).status == "expired"


def test_what_was_ended_by_hand_does_not_renew_itself(stage: Stage):
    world = stage.world
    stock = stage.stock(50, term_months=1, renews=True)
    given = stage.give(stock, world.north, 20)
    ended = change_pool(actor=world.provider.actor, pool_id=stock.pk, expiry=Expiry("now"), now=NOW)
    assert not ended.renews
    tasks.tend_pools()
    assert set(Pool.objects.values_list("own_end", flat=True)) == {NOW, None}
    assert Pool.objects.get(pk=given.pk).ends_at == NOW


def test_a_large_reseller_buys_for_itself_alone(stage: Stage):
    world = stage.world
    ResellerTerms.objects.filter(pk__in=[world.north.id, world.north_east.id]).update(is_large=True)
    body = {"service_type": stage.service.pk, "name": "Backup", "seats": 10, "payment_type": "yearly",
            "ends_on": "2099-12-31"}  # fmt: skip
    api = world.north.api()
    refused = api.post("pools", body | {"holder": world.north_east.id})
    assert (refused.status_code, refused.json()["code"]) == (403, "no-large-account")
    refused = world.provider.api().post("pools", body | {"holder": world.south.id})  # who is none
    assert (refused.json()["code"], refused.json()["errors"][0]["pointer"]) == ("no-large-account", "#/holder")
    assert world.south.browser().get("/portal/pools/new/").status_code == 403
    assert not Pool.objects.exists()
    assert api.post("pools", body | {"holder": world.north.id}).status_code == 201
    assert world.provider.api().post("pools", body | {"holder": world.north_east.id}).status_code == 201


def test_a_request_repeated_with_other_values_is_refused(stage: Stage):
    world = stage.world
    purchase = Purchase(stage.service.pk, "Backup", "seats", 100, "direct", "yearly", END)
    request_id = uuid4()

    def buy(purchase: Purchase) -> Pool:
        by = {"actor": world.provider.actor, "tenant_id": world.provider.id, "request_id": request_id, "now": NOW}
        return purchase_pool(purchase=purchase, **by)

    stock = buy(purchase)
    assert buy(replace(purchase, name=" Backup ")).pk == stock.pk
    later = END + timedelta(days=1)
    other = {
        "name": "x", "unit": "objects", "seats": 99, "source": "promotion", "payment_type": "monthly",
        "ends_at": later, "term_months": 1,
    }  # fmt: skip
    for name, value in other.items():
        with pytest.raises(RequestReused):
            buy(replace(purchase, **{name: value}))

    def give(wanted: Wanted, now=NOW, takers=(world.north.id, world.south.id)) -> list[int]:
        by = {"actor": world.provider.actor, "reseller_ids": takers}
        return [pool.pk for pool in give_pools(wanted=[wanted], request_id=given_id, now=now, **by)]

    for expiry in (Expiry(), Expiry("date", END - timedelta(days=1)), Expiry("now")):
        given_id = uuid4()
        wanted = Wanted(stock.pk, "direct", "monthly", 10, expiry)
        made = give(wanted)
        assert len(made) == 2
        assert give(replace(wanted, name="Backup"), NOW + timedelta(minutes=1)) == made
        other = {
            "source": "promotion", "payment_type": "yearly", "seats": 9, "name": "x",
            "expiry": Expiry("date", END - timedelta(days=2)),
        }  # fmt: skip
        for name, value in other.items():
            with pytest.raises(RequestReused):
                give(replace(wanted, **{name: value}))
        for fewer_or_others in ([world.north.id], [world.north.id, world.north_east.id], [world.north_east.id]):
            with pytest.raises(RequestReused):
                give(wanted, takers=fewer_or_others)
    assert pools() == []


def test_what_does_not_apply_to_a_pool_is_refused_beside_its_field(stage: Stage):
    world = stage.world
    stock = stage.stock(50)
    given = stage.give(stock, world.north, 20)
    provider = world.provider.actor
    with pytest.raises(Invalid) as refused:
        change_pool(actor=provider, pool_id=given.pk, seats=30, renewal=Renewal(True, 1), now=NOW)
    assert list(refused.value.errors) == ["renewal"]
    with pytest.raises(Invalid) as refused:
        change_pool(actor=provider, pool_id=stock.pk, seats=60, expiry=Expiry(), now=NOW)
    assert list(refused.value.errors) == ["expiry"]
    api = world.provider.api()
    for pool, body in ((given, {"renewal": {"renews": False}}), (stock, {"expiry": {"mode": "same_as_pool"}})):
        answer = api.client.patch(f"/api/v1/pools/{pool.pk}", body, content_type="application/json")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"#/{next(iter(body))}")
    assert sorted(Pool.objects.values_list("seats", flat=True)) == [20, 50]


def test_what_has_ended_does_not_grow_and_may_shrink(stage: Stage):
    """Seats of a living pool are not put where nobody can use them; extended with it, it can grow."""
    world = stage.world
    stock = stage.stock(100)
    pool = stage.give(stock, world.north, 20, mode="date", at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    by = {"actor": world.provider.actor, "pool_id": pool.pk, "now": later}
    with pytest.raises(Refusal) as refused:
        edit_pool(seats=30, **by)
    assert refused.value.code == "pool-not-active"
    assert edit_pool(seats=10, **by).seats == 10
    assert edit_pool(seats=30, expiry=Expiry("date", END), **by).seats == 30
    assert pools() == []


def test_an_account_manager_assigns_and_decides_over_no_pool(stage: Stage):
    """It sees what its reseller holds, to give its own customers seats of it; not what was given on."""
    world = stage.world
    stock = stage.stock(100)
    held, offered = stage.give(stock, world.north, 40), stage.offer(stock, world.north, 10)
    below = stage.give(held, world.north_east, 5, by=world.north)
    manager = replace(world.north.member("account_manager"), managed=(world.shop.id,))
    for answer in (accept_pool, decline_pool):
        with pytest.raises(Forbidden):
            answer(actor=manager, pool_id=offered.pk, now=NOW)
    assert set(Pool.objects.visible_to(manager)) == {held, offered}
    assert set(Pool.objects.visible_to(world.north.actor)) == {held, offered, below}
    assert not SeatEntry.objects.visible_to(manager).filter(pool=below).exists()
    asked = {"pool_id": held.pk, "customer_id": world.shop.id, "seats": 1, "request_id": uuid4(), "now": NOW}
    assert assign_seats(actor=manager, **asked)
    for path in ("accept", "decline"):
        answer = world.north.api("pool.view", "pool.assign").post(f"pools/{offered.pk}/{path}")
        assert answer.status_code == 403


def test_a_pool_that_breaks_keeps_no_other_waiting(stage: Stage, monkeypatch):
    world = stage.world
    first, second = (stage.stock(50, term_months=1, renews=True, ends_at=NOW + timedelta(hours=1)) for _ in range(2))
    lent = stage.stock(50)
    given = stage.give(lent, world.north, 5, mode="date", at=NOW + timedelta(hours=1))
    renew = ending.renew_pool

    def breaking(*, pool_id, now):
        if pool_id == first.pk:
            raise Busy()
        return renew(pool_id=pool_id, now=now)

    monkeypatch.setattr(ending, "renew_pool", breaking)
    tasks.tend_pools()
    ends = dict(Pool.objects.values_list("pk", "own_end"))
    assert ends[first.pk] == first.own_end
    assert ends[second.pk] > second.own_end
    assert Pool.objects.get(pk=given.pk).reclaimed_at is not None
    assert Mail.objects.filter(kind="pool_ended").exists()


def test_who_has_seats_is_made_no_reseller_and_moves_nowhere(stage: Stage):
    world = stage.world
    had = hand(world.north, stage.give(stage.stock(100), world.north, 40), world.shop)
    by = {"actor": world.provider.actor, "tenant_id": world.shop.id, "now": NOW}
    for refusal, call in (
        (CannotConvert, lambda: convert_tenant(reseller_type="prepaid", **by)),
        (CannotFollow, lambda: move_tenant(seller_id=world.north_east.id, **by)),
    ):
        with pytest.raises(refusal) as refused:
            call()
        assert "Seats of pools: 1" in refused.value.detail
    change_assignment(actor=world.north.actor, assignment_id=had.pk, seats=0, now=NOW)
    assert move_tenant(seller_id=world.north_east.id, **by).parent_id == world.north_east.id
