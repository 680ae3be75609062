"""Pages, charts and REST of pools take as many queries with many pools as with few."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subscriptions.models import Pool
from subscriptions.services.pools.assigning import assign_seats
from tests.pools.stage import Stage
from tests.world import NOW

PAGES = (
    "/console/pools/?holder={north}",
    "/console/pools/{stock}/",
    "/console/pools/{stock}/?tab=given",
    "/console/pools/customers/",
    "/console/resellers/{north}/?tab=pools",
)
ENDPOINTS = ("pools", "pools/{stock}/trend", "resellers/{north}/dashboard")


@pytest.fixture
def counting(stage: Stage):
    """The number of queries of each; of two looks the fewer, as once a minute a page notes that a login was used."""
    browser, api = stage.world.provider.browser(), stage.world.provider.api()
    ids = {"north": stage.world.north.id, "stock": stage.stock(1_000).pk}

    def counted(look, path: str) -> int:
        taken = []
        for _again in range(2):
            with CaptureQueriesContext(connection) as captured:
                assert look(path.format(**ids)).status_code == 200
            taken.append(len(captured))
        return min(taken)

    def counts() -> dict[str, int]:
        pages = {path: counted(browser.get, path) for path in PAGES}
        return pages | {path: counted(api.get, path) for path in ENDPOINTS}

    return ids["stock"], counts


def grow(stage: Stage, stock: int, number: int) -> None:
    world, parent = stage.world, Pool.objects.get(pk=stock)
    for _each in range(number):
        pool = stage.give(parent, world.north, 3)
        stage.offer(parent, world.south, 2)
        assign_seats(
            actor=world.north.actor, pool_id=pool.pk, customer_id=world.shop.id, seats=1, request_id=uuid4(), now=NOW
        )


def test_no_more_queries_for_more_pools(stage: Stage, counting):
    stock, counts = counting
    grow(stage, stock, 1)
    few = counts()
    grow(stage, stock, 3)
    many = counts()
    assert {path: (few[path], count) for path, count in many.items() if count > few[path]} == {}
