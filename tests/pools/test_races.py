"""Who is first, on committed data."""

from datetime import timedelta
from uuid import uuid4

import pytest

from resellerhub.kernel.refusals import Refusal
from subscriptions.models import Pool
from subscriptions.pool_verify import pools
from subscriptions.services.pools.assigning import assign_seats
from subscriptions.services.pools.editing import edit_pool
from subscriptions.services.pools.expiry import Expiry
from subscriptions.services.pools.purchasing import change_stock, extend_pool
from subscriptions.services.pools.resolving import accept_pool, return_pool
from tests.pools.stage import END, line
from tests.together import together
from tests.world import NOW

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
    for _ in range(3):
        pool = stage.offer(stock, world.north, 5)
        outcomes = together(
            lambda pk=pool.pk: accept_pool(actor=world.north.actor, pool_id=pk, now=NOW),
            lambda pk=pool.pk: return_pool(actor=world.provider.actor, pool_id=pk, now=NOW),
            lambda pk=pool.pk: edit_pool(actor=world.provider.actor, pool_id=pk, expiry=Expiry("now"), now=NOW),
        )
        pool.refresh_from_db()
        taken, back = (not isinstance(one, Refusal) for one in outcomes[:2])
        ended = pool.ends_at <= NOW
        assert all(isinstance(one, Refusal | Pool) for one in outcomes)
        assert not (back and (taken or ended))
        assert taken or back or ended
        assert pool.state == ("active" if taken else "returned" if back else "pending")
    assert pools() == []


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
