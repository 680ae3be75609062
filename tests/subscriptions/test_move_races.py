"""Moves that meet other moves, sales and measures: one waits for the other, and the sums stay right."""

import pytest

from subscriptions.verify import holdings
from tenants.verify import tree
from tests.subscriptions.market import build_market
from tests.subscriptions.test_move import measure, move, west
from tests.together import together
from tests.world import World


@pytest.mark.django_db(transaction=True)
def test_of_two_opposite_moves_one_wins(committed_world: World):
    world = committed_world
    outcomes = together(lambda: move(world, world.north, world.south), lambda: move(world, world.south, world.north))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvalidMove", "Tenant"]
    assert tree() == []


@pytest.mark.django_db(transaction=True)
def test_selling_measuring_and_moving_at_once(committed_world: World):
    world = committed_world
    market = build_market(world)
    to = west(world)
    market.subscribe(world.north)
    market.subscribe(to)
    mail = market.sell(world.shop)
    outcomes = together(
        lambda: move(world, world.shop, to),
        lambda: measure(market, mail, 4, "1"),
        lambda: market.sell(world.shop),
        lambda: measure(market, mail, 5, "2"),
        lambda: market.sell(world.direct),
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert holdings() == []
    assert tree() == []


@pytest.mark.django_db(transaction=True)
def test_the_last_room_is_taken_once(committed_world: World):
    """Two customers move to where there is room for one."""
    world = committed_world
    market = build_market(world)
    to = west(world)
    market.subscribe(world.north)
    market.subscribe(to)
    market.sell(world.shop, quantity=6)
    market.sell(world.direct, quantity=6)
    outcomes = together(lambda: move(world, world.shop, to), lambda: move(world, world.direct, to))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CannotFollow", "Tenant"]
    assert holdings() == []
