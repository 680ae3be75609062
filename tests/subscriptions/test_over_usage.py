from collections import Counter

import pytest
from django.db import connection

from subscriptions.models import Holding
from subscriptions.selectors.behind import behind
from subscriptions.selectors.over_usage import over_usage, roll_up
from subscriptions.services.life.standing import close_subscription
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from tenants.models import ResellerTerms
from tests.world import NOW


@pytest.fixture
def sold(market):
    """North oversold 20 mailboxes; its Shop uses 3 too many, the Mill exactly what it holds, Direct one too many."""
    world = market.world
    ResellerTerms.objects.filter(pk=world.north.id).update(may_oversell=True)
    held = {
        "north": market.subscribe(world.north),
        "shop": market.sell(world.shop, by=world.north, quantity=12),
        "mill": market.sell(world.mill, by=world.south),
        "direct": market.sell(world.direct),
    }
    measures = [("shop", 123), ("mill", 10), ("direct", 11)]
    ingest_usage(
        actor=world.provider.actor,
        measures=[Measure(who, held[who].pk, "user_mailbox", used, NOW) for who, used in measures],
        now=NOW,
    )
    return held


def rows(actor, **filters):
    return [(row.subscription_id, row.remaining) for row in over_usage(actor, **filters)]


def test_what_is_over_worst_first(market, sold):
    actor = market.world.provider.actor
    assert rows(actor) == [(sold["north"].pk, -20), (sold["shop"].pk, -3), (sold["direct"].pk, -1)]
    everything = list(over_usage(actor, everything=True))
    assert len(everything) == 8
    assert [row.remaining for row in everything] == sorted(row.remaining for row in everything)


def test_each_sees_what_is_theirs(market, sold):
    world = market.world
    assert rows(world.north.actor) == [(sold["north"].pk, -20), (sold["shop"].pk, -3)]
    assert rows(world.south.actor) == []
    assert rows(world.shop.actor) == [(sold["shop"].pk, -3)]
    assert rows(world.stranger.actor) == []
    assert {row.subscription_id for row in over_usage(world.south.actor, everything=True)} == {sold["mill"].pk}
    assert rows(world.south.actor, branch=world.north.id) == []
    assert rows(world.south.actor, reseller=world.north.id, everything=True) == []


def test_filters(market, sold):
    world, actor = market.world, market.world.provider.actor
    assert rows(actor, kind="reseller") == [(sold["north"].pk, -20)]
    assert rows(actor, branch=world.north.id) == [(sold["north"].pk, -20), (sold["shop"].pk, -3)]
    assert rows(actor, reseller=world.provider.id) == [(sold["direct"].pk, -1)]
    assert rows(actor, subscription=sold["shop"].pk, resource=market.mailbox.pk) == [(sold["shop"].pk, -3)]
    assert rows(actor, service_type=market.exchange.pk + 1) == []
    assert rows(actor, search="shop") == [(sold["shop"].pk, -3)]


def test_a_row_names_its_reseller(market, sold):
    names = {row.subscription_id: row.reseller_name for row in over_usage(market.world.provider.actor)}
    assert names == {
        sold["north"].pk: "North",
        sold["shop"].pk: "North",
        sold["direct"].pk: "Groupware GmbH",
    }


def test_what_stands_behind_a_row_adds_up_to_it(market, sold):
    by_subscription = {row.subscription_id: row for row in over_usage(market.world.provider.actor)}
    oversold = by_subscription[sold["north"].pk]
    assert sum(row.allocated for row in behind(oversold).drawn) == oversold.sold == 120
    overused = by_subscription[sold["shop"].pk]
    assert sum(event.quantity for event in behind(overused).events) == overused.used == 123


def test_the_roll_up_equals_the_rows_of_each_branch(market, sold):
    actor = market.world.provider.actor
    rolled = roll_up(actor)
    assert {up.branch_id for up in rolled} == {market.world.provider.id, market.world.north.id, market.world.south.id}
    for up in rolled:
        found = list(over_usage(actor, everything=True, branch=up.branch_id, resource=up.resource_id))
        sums = Counter()
        for row in found:
            sums.update(allocated=row.allocated, sold=row.sold, used=row.used, utilised=row.utilised)
        expected = (len(found), sums["allocated"], sums["sold"], sums["used"], sums["utilised"])
        assert (up.rows, up.allocated, up.sold, up.used, up.utilised) == expected
        assert up.over == sum(row.remaining < 0 for row in found)
        assert up.excess == sum(-row.remaining for row in found if row.remaining < 0)
    assert rolled[0].branch_id == market.world.provider.id
    assert rolled[0].excess == 24


def test_a_reseller_rolls_up_its_own_branch_only(market, sold):
    world = market.world
    assert {up.branch_id for up in roll_up(world.north.actor)} == {world.north.id}
    assert {up.branch_id for up in roll_up(world.south.actor)} == {world.south.id}
    assert roll_up(world.stranger.actor) == []
    assert roll_up(world.shop.actor) == []


def test_the_list_takes_one_query(market, sold, django_assert_num_queries):
    with django_assert_num_queries(1):
        for row in over_usage(market.world.provider.actor):
            str((row.title, row.resource.name, row.holder_name, row.reseller_name))


def test_the_worst_come_from_the_index_of_what_is_over(market, sold):
    page = over_usage(market.world.provider.actor)[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = page.explain()
        cursor.execute("SET LOCAL enable_seqscan = on")
    assert "holding_worst" in plan


def test_a_closed_subscription_is_not_over(market, sold):
    close_subscription(actor=market.world.provider.actor, subscription_id=sold["direct"].pk, now=NOW)
    assert not Holding.objects.filter(subscription=sold["direct"]).exists()
    assert sold["direct"].pk not in {row.subscription_id for row in over_usage(market.world.provider.actor)}
