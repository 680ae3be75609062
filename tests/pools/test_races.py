"""Who is first, on committed data."""

from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest

from resellerhub.kernel.refusals import Invalid, NotFound, Refusal
from subscriptions.models import Pool, PoolAssignment
from subscriptions.pool_verify import pools
from subscriptions.services.pools.assigning import assign_seats
from subscriptions.services.pools.editing import edit_pool
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.purchasing import change_stock, extend_pool
from subscriptions.services.pools.resolving import accept_pool, return_pool
from tenants import hooks
from tenants.hooks import Following
from tenants.models import ResellerTerms
from tenants.services.closing import close_tenant
from tenants.services.moves import move_tenant
from tests.pools.stage import END, line, mapped
from tests.together import together
from tests.world import NOW, reseller

A_MOMENT = timedelta(milliseconds=5)
pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_who_take_the_last_seat_one_gets_it(committed_stage):
    stage, world = committed_stage, committed_stage.world
    given = stage.give(stage.stock(5), world.north, 5)

    def take():
        return assign_seats(
            actor=world.north.actor, pool_id=given.pk, customer_id=world.shop.id, seats=5, request_id=uuid4(), now=NOW
        )

    outcomes = together(*[take] * 8)
    assert sorted(getattr(one, "code", "taken") for one in outcomes) == ["pool-exhausted"] * 7 + ["taken"]
    assert pools() == []


def test_accepted_returned_and_ended_at_once_exactly_one_wins(committed_stage):
    stage, world = committed_stage, committed_stage.world
    stock = stage.stock(50)
    at = NOW + A_MOMENT  # it has looked at its clock last
    for _ in range(3):
        pool = stage.offer(stock, world.north, 5)
        outcomes = together(
            lambda pk=pool.pk: accept_pool(actor=world.north.actor, pool_id=pk, now=NOW),
            lambda pk=pool.pk: return_pool(actor=world.provider.actor, pool_id=pk, now=NOW),
            lambda pk=pool.pk: edit_pool(actor=world.provider.actor, pool_id=pk, expiry=Expiry("now"), now=at),
        )
        pool.refresh_from_db()
        taken, back = (not isinstance(one, Refusal) for one in outcomes[:2])
        ended = pool.ends_at <= at
        assert all(isinstance(one, Refusal | Pool) for one in outcomes)
        assert not (back and (taken or ended))
        assert taken or back or ended
        assert pool.state == ("active" if taken else "returned" if back else "pending")
    assert pools() == []


def test_what_is_handed_out_while_a_pool_ends_was_handed_out_before(committed_stage):
    stage, world = committed_stage, committed_stage.world
    given = stage.give(stage.stock(50), world.north, 20)
    at = NOW + A_MOMENT
    assigned, passed_on, ended = together(
        lambda: stage.assign(given, world.shop, 5),
        lambda: stage.offer(given, world.north_east, 5, by=world.north),
        lambda: edit_pool(actor=world.provider.actor, pool_id=given.pk, expiry=Expiry("now"), now=at),
    )
    assert (type(assigned), type(passed_on), type(ended)) == (PoolAssignment, Pool, Pool)
    assert not Pool.objects.exclude(parent=None).live(at).exists()
    assert pools() == []


def in_between(monkeypatch, hook: str, call):
    """`call` at the moment at which a service asks the last of these hooks; it may have to wait for that service."""
    begun, done = Event(), Event()

    def asked(*_facts):
        begun.set()
        done.wait(0.3)
        return Following() if hook == "FOLLOWING" else {}

    def late():
        assert begun.wait(5)
        try:
            return call()
        finally:
            done.set()

    monkeypatch.setattr(hooks, hook, [*getattr(hooks, hook), asked])
    return late


def test_who_is_deleted_meanwhile_is_assigned_nothing(committed_stage, monkeypatch):
    """Its seats were given back a moment ago, and it is not closed yet."""
    stage, world = committed_stage, committed_stage.world
    given = stage.give(stage.stock(50), world.north, 5)
    _closed, assigned = together(
        lambda: close_tenant(actor=world.north.actor, tenant_id=world.shop.id, confirmation="Yes", now=NOW),
        in_between(monkeypatch, "CLOSING_TENANT", lambda: stage.assign(given, world.shop, 1)),
    )
    assert getattr(assigned, "code", assigned) == "holder-not-active"
    assert not PoolAssignment.objects.current().exists()
    assert pools() == []


def test_who_moves_meanwhile_takes_no_seats_along(committed_stage, monkeypatch):
    """It was found to have none a moment ago, and has not moved yet."""
    stage, world = committed_stage, committed_stage.world
    given = stage.give(stage.stock(50), world.north, 5)
    moved, assigned = together(
        lambda: move_tenant(
            actor=world.provider.actor, tenant_id=world.shop.id, seller_id=world.north_east.id, now=NOW
        ),
        in_between(monkeypatch, "FOLLOWING", lambda: stage.assign(given, world.shop, 1)),
    )
    assert getattr(moved, "code", moved) == "cannot-follow"
    assert isinstance(assigned, PoolAssignment)
    assert pools() == []


def test_who_is_deleted_meanwhile_is_given_nothing(committed_stage, monkeypatch):
    stage, world = committed_stage, committed_stage.world
    stock, taker = stage.stock(50), mapped(reseller(world.north, "Late"))
    closed, given = together(
        lambda: close_tenant(actor=world.north.actor, tenant_id=taker.id, confirmation="Yes", now=NOW),
        in_between(monkeypatch, "CLOSING_TENANT", lambda: stage.offer(stock, taker, 5)),
    )
    assert closed.status == "closed"
    assert isinstance(given, Invalid | NotFound), given
    assert not Pool.objects.filter(tenant=taker.id).exists()


def test_nothing_is_bought_for_who_is_deleted_meanwhile(committed_stage, monkeypatch):
    stage, world = committed_stage, committed_stage.world
    holder = reseller(world.provider, "Late")
    ResellerTerms.objects.filter(pk=holder.id).update(is_large=True)
    closed, bought = together(
        lambda: close_tenant(actor=world.provider.actor, tenant_id=holder.id, confirmation="Yes", now=NOW),
        in_between(monkeypatch, "CLOSING_TENANT", lambda: stage.stock(5, holder=holder)),
    )
    assert closed.status == "closed"
    assert bought.code == "holder-not-active"
    assert not Pool.objects.filter(tenant=holder.id).exists()


def test_what_is_given_while_its_top_is_extended_ends_with_it(committed_stage):
    stage, world = committed_stage, committed_stage.world
    stock = stage.stock(500)
    levels = line(stage, 3)
    first = stage.give(stock, levels[0], 200)
    second = stage.give(first, levels[1], 100, by=levels[0])
    at = [END + timedelta(days=day) for day in range(1, 5)]
    provider = world.provider.actor
    for end in at:
        outcomes = together(
            lambda end=end: extend_pool(actor=provider, pool_id=stock.pk, ends_at=end, now=NOW),
            lambda: stage.offer(second, levels[2], 1, by=levels[1]),
            lambda: stage.offer(first, levels[1], 1, by=levels[0]),
            lambda: change_stock(actor=provider, pool_id=stock.pk, seats=500, now=NOW),
        )
        assert not [one for one in outcomes if isinstance(one, Exception)]
    assert set(Pool.objects.values_list("ends_at", flat=True)) == {at[-1]}
    assert pools() == []
