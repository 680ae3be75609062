"""Ends, renewals and what is told of them, with worker and beat stopped or late."""

from datetime import timedelta
from uuid import uuid4

import pytest

from resellerhub.kernel.refusals import Refusal
from subscriptions.models import Pool
from subscriptions.pool_verify import pools
from subscriptions.selectors.pools import pools as seen
from subscriptions.services.pools.assigning import assign_seats
from subscriptions.services.pools.ending import due_for_reclaim, due_for_renewal, reclaim_seats, renew_pool
from subscriptions.services.pools.notices import tell_ends
from tenants.models import Mail
from tests.pools.stage import END
from tests.world import NOW


def test_past_the_end_of_the_top_everything_beneath_is_expired_and_gives_nothing(stage):
    world = stage.world
    stock = stage.stock(50)
    given = stage.give(stock, world.north, 20)
    below = stage.give(given, world.north_east, 5, by=world.north)
    after = END + timedelta(seconds=1)
    assert set(seen(world.provider.actor, after).values_list("status", flat=True)) == {"expired"}
    for player, pool, customer in ((world.north, given, world.shop), (world.north_east, below, world.kiosk)):
        with pytest.raises(Refusal) as refused:
            assign_seats(
                actor=player.actor, pool_id=pool.pk, customer_id=customer.id, seats=1, request_id=uuid4(), now=after
            )
        assert refused.value.code == "pool-not-active"
    with pytest.raises(Refusal):
        stage.offer(given, world.north_east, 1, by=world.north, now=after)


def test_seats_of_what_has_ended_go_back_and_are_available_before(stage):
    world = stage.world
    stock = stage.stock(50)
    stage.give(stock, world.north, 20, mode="date", at=NOW + timedelta(days=3))
    later = NOW + timedelta(days=4)
    row = seen(world.provider.actor, later).get(pk=stock.pk)
    assert (row.free, row.available) == (30, 50)
    assert due_for_reclaim(later) == [stock.pk]
    assert [reclaim_seats(parent_id=stock.pk, now=later) for _ in range(2)] == [20, 0]
    row = seen(world.provider.actor, later).get(pk=stock.pk)
    assert (row.free, row.available) == (50, 50)
    assert pools() == []


def test_a_purchase_renews_itself_as_often_as_it_takes(stage):
    stock = stage.stock(50, term_months=1, renews=True, ends_at=NOW + timedelta(days=1))
    given = stage.give(stock, stage.world.north, 20)
    late = NOW + timedelta(days=80)
    assert due_for_renewal(late) == [stock.pk]
    renewed = renew_pool(pool_id=stock.pk, now=late)
    assert renewed.ends_at > late
    assert Pool.objects.get(pk=given.pk).ends_at == renewed.ends_at
    assert renew_pool(pool_id=stock.pk, now=late) is None


def test_an_end_is_told_once_for_each_number_of_days_and_anew_for_another_end(stage):
    stage.give(stage.stock(50), stage.world.north, 20, mode="date", at=NOW + timedelta(days=100))

    def told(now) -> list[str]:
        before = set(Mail.objects.values_list("pk", flat=True))
        while tell_ends(now=now):
            pass
        return sorted(Mail.objects.exclude(pk__in=before).values_list("kind", flat=True))

    assert told(NOW) == []
    days = {day: told(NOW + timedelta(days=day)) for day in (71, 72, 90, 94, 99)}
    assert [day for day, kinds in days.items() if kinds == ["pool_ending"]] == [71, 90, 94, 99]
    assert told(NOW + timedelta(days=100)) == ["pool_ended"]
    assert told(NOW + timedelta(days=101)) == []


def test_an_offer_that_ran_out_is_told_to_who_made_it(stage):
    """Though its seats went back before anybody was told."""
    stock = stage.stock(50)
    stage.offer(stock, stage.world.north, 20, mode="date", at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=1, hours=1)
    assert reclaim_seats(parent_id=stock.pk, now=later) == 20
    while tell_ends(now=later):
        pass
    told = {row.kind: row for row in Mail.objects.filter(kind__in=("pool_ended", "pool_lapsed"))}
    assert told["pool_ended"].to == "admin@north.example"
    assert told["pool_lapsed"].to == "admin@groupware-gmbh.example"
    facts = told["pool_lapsed"].facts
    assert (facts["organisation"], facts["number"]) == ("North", "20 user seats")
